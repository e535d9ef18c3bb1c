"""Sync page and close guard."""
