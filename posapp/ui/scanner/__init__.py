"""Telling a scanner's key presses from a person's, and what was scanned."""
