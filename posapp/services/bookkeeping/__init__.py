"""Writes payments, refunds, ledger entries and mismatches in the caller's unit of work."""
