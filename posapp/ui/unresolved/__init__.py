"""Unresolved money: being refunded, unknown, or needing review."""
