"""Payments: start, poll, record, receipts."""
