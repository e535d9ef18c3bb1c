"""Page of the receipt printer and the papers that wait for it."""
