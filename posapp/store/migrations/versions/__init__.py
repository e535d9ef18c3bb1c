"""Migrations, one file each, named by its number; the highest is ``schema.SCHEMA_VERSION``."""
