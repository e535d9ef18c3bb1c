"""Sync engine, sync status and close safety."""
