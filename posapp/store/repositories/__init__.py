"""Repositories: one table group each."""
