"""Searches over orders and requests."""
