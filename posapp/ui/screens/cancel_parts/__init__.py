"""Parts of the cancel screen."""
