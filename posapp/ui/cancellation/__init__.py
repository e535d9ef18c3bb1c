"""Cancel screen, and refunds watched until they end."""
