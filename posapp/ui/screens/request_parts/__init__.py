"""Parts of the screens around exchange and refund requests."""
