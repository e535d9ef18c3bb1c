"""Files around the database: backup, restore, integrity, journal, disk."""
