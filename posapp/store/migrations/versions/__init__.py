"""One file per migration, named by its number; the highest is ``schema.SCHEMA_VERSION``."""
