"""Fulfilment of paid items."""
