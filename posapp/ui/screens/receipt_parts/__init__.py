"""Parts of the receipt."""
