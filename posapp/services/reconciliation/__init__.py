"""Reconciliation of PortOne's payments with the records."""
