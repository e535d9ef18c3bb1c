"""Distinguishes a scanner's key presses from a person's, and decodes scans."""
