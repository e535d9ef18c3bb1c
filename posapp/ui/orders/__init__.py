"""Order list and order page."""
