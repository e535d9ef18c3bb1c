"""Charts of what was sold, and the file of it."""
