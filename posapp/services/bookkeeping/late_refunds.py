"""Refunds that PortOne refused and carried out later.

A line of the history with the tag of a refused refund is that refund. It is confirmed if it fits
unambiguously, with item, stock and ledger, once. Otherwise it becomes a mismatch with its evidence,
which stops further sends of the payment. No money moves here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from posapp.domain.actors import PORTONE
from posapp.domain.payments import Payment, ReportedCancellation, ReportedPayment
from posapp.domain.refunds import Refund, RefundState, find_own_cancellation
from posapp.services.bookkeeping.found_refunds import (
    competing_refunds,
    end_competing_refunds,
    fits,
    note_lost_lines,
)
from posapp.services.bookkeeping.refund_records import (
    create_follow_up_refund,
    record_refunded,
)
from posapp.services.ports.unit_of_work import UnitOfWork


def late_cancellations(
    uow: UnitOfWork, reported: ReportedPayment, known: Collection[str]
) -> tuple[tuple[Refund, ReportedCancellation], ...]:
    """Return the refused refunds of this payment that have an unrecorded line, with that line.

    Args:
        known: cancellation ids of the payment that are recorded.
    """
    refused = (
        one for one in uow.refunds.of_payment(reported.imp_uid) if one.state is RefundState.REFUSED
    )
    found = ((refund, find_own_cancellation(refund, reported)) for refund in refused)
    return tuple(
        (refund, line)
        for refund, line in found
        if line is not None and line.cancellation_id not in known
    )


def record_late_cancellations(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    known: Collection[str],
    now: datetime,
) -> bool:
    """Confirm each refused refund that has a line, or note a line that does not fit as a mismatch.

    Returns:
        ``True`` if a refund was confirmed.
    """
    confirmed = False
    for refund, line in late_cancellations(uow, reported, known):
        competing = competing_refunds(uow, refund, reported)
        if not fits(uow, payment, refund, competing):
            note_lost_lines(uow, payment, [line], now, recorded=False)
            continue
        end_competing_refunds(uow, competing, now)
        record_refunded(uow, refund, line.cancellation_id, now, actor=PORTONE)
        create_follow_up_refund(uow, refund, reported.refundable_balance, now)
        confirmed = True
    return confirmed
