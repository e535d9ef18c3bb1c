"""Rows for tables: ready words, one page at a time."""
