"""Requests: create, decide, export."""
