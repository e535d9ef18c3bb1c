"""Refunds: cancel, send, complete, unresolved money."""
