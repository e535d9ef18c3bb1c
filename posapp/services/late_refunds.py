"""Refunds that PortOne refused and carried out all the same, later.

A line of the history with the tag of a refused refund is that refund. It is confirmed when that
fits without a doubt: item, stock and ledger follow, once. Otherwise it becomes a mismatch with its
evidence, which stops what else would be sent of the payment. No money moves here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from posapp.domain.payments import Payment, ReportedCancellation, ReportedPayment
from posapp.domain.refunds import Refund, RefundState, own_line
from posapp.services.found_refunds import end_rivals, fits, name_lines, rivals_of
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import PORTONE, enter_refunded, keep_rest


def late_lines(
    uow: UnitOfWork, reported: ReportedPayment, known: Collection[str]
) -> tuple[tuple[Refund, ReportedCancellation], ...]:
    """The lines that are refused refunds of this payment and are not recorded yet.

    Args:
        known: cancellation ids of the payment that are recorded.
    """
    refused = (
        one for one in uow.refunds.of_payment(reported.imp_uid) if one.state is RefundState.REFUSED
    )
    found = ((refund, own_line(refund, reported)) for refund in refused)
    return tuple(
        (refund, line)
        for refund, line in found
        if line is not None and line.cancellation_id not in known
    )


def enter_late_lines(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    known: Collection[str],
    now: datetime,
) -> bool:
    """Confirm each refused refund whose line turned up, or name it where it does not fit.

    Returns:
        ``True`` if a refund was confirmed.
    """
    confirmed = False
    for refund, line in late_lines(uow, reported, known):
        rivals = rivals_of(uow, refund, reported)
        if not fits(uow, payment, refund, rivals):
            name_lines(uow, payment, [line], now, recorded=False)
            continue
        end_rivals(uow, rivals, now)
        enter_refunded(uow, refund, line.cancellation_id, now, actor=PORTONE)
        keep_rest(uow, refund, reported.balance, now)
        confirmed = True
    return confirmed
