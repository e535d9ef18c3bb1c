"""Page of the import: a file, its problems and orders, columns mapped by hand, and the way back."""
