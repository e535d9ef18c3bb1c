"""Gives the receipt of a sale its number, in the transaction that pays it."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.business_days import business_date
from posapp.domain.orders import Order
from posapp.domain.receipt_numbers import DAY_STARTS, next_receipt_no, receipts_of
from posapp.services.ports.unit_of_work import UnitOfWork


def number_receipt(uow: UnitOfWork, order: Order, now: datetime) -> None:
    """Number the receipt of an order of the counter that is paid now. An order that has a number
    keeps it, and one from elsewhere gets none."""
    if not order.is_counter or order.receipt_no is not None:
        return
    beginning = receipts_of(business_date(now, DAY_STARTS), uow.record_ids.till)
    last = uow.orders.last_receipt_no(beginning)
    uow.orders.give_receipt_no(order.id, next_receipt_no(beginning, last))
