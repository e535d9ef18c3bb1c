"""Request desk and buyer requests."""
