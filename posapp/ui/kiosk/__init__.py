"""The kiosk: a buyer pays alone. No page of the counter is seen here."""
