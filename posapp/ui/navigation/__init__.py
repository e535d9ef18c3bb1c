"""Navigation between screens by cards, keys and scans."""
