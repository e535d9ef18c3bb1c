"""Parts of the pay screen."""
