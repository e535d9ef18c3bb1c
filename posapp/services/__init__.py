"""Application services (use cases). Dependencies are passed in as ports."""
