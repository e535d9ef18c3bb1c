"""Home screen and its cards."""
