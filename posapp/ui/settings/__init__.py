"""Settings page, and the texts of settings."""
