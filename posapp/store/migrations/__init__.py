"""The way from one version's schema to the next, walked by Alembic."""
