"""Maintenance: backups, journal, disk."""
