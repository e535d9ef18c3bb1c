"""Moves all times of a batch by one difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from posapp.services.importing.rows import ImportOrderRow


def moved(row: ImportOrderRow, delta: timedelta) -> ImportOrderRow:
    """Return an order with all its times moved."""
    order = replace(row.order, created_at=row.order.created_at + delta)
    payment = row.payment and replace(row.payment, paid_at=row.payment.paid_at + delta)
    refunds = tuple(
        replace(
            refund,
            created_at=refund.created_at + delta,
            sent_at=refund.created_at + delta,
            confirmed_at=refund.created_at + delta,
        )
        for refund in row.refunds
    )
    requests = tuple(
        replace(
            request,
            created_at=request.created_at + delta,
            processed_at=request.processed_at and request.processed_at + delta,
        )
        for request in row.requests
    )
    return replace(row, order=order, payment=payment, refunds=refunds, requests=requests)
