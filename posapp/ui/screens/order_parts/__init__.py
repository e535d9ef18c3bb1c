"""Parts that show an order, its items and its money."""
