"""Payment screen."""
