"""Background runtime: worker pool, periodic jobs, connectivity, sync status."""
