"""Payments that a lost newer database may have accepted, and what their history shows of that."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.merchant_numbers import is_remainder_tag, item_id_of, trailing_tag
from posapp.domain.money import Won
from posapp.domain.payments import ReportedCancellation, ReportedPayment
from posapp.domain.text import strip_controls
from posapp.domain.verification import PaymentProblem
from posapp.services.bookkeeping.found_refunds import describe_cancellations
from posapp.services.bookkeeping.mismatch_notes import PaymentGap, note_mismatch
from posapp.services.bookkeeping.payment_gap import unexplained_balance, was_explained
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.unit_of_work import UnitOfWork


def is_of_whole(line: ReportedCancellation) -> bool:
    """Tell whether a line returned a payment that was not accepted."""
    tag = trailing_tag(line.reason)
    return bool(tag) and item_id_of(tag) is None and not is_remainder_tag(tag)


def is_of_item(line: ReportedCancellation) -> bool:
    """Tell whether a line refunded an item, or all remaining items, of an accepted payment."""
    tag = trailing_tag(line.reason)
    return bool(tag) and (item_id_of(tag) is not None or is_remainder_tag(tag))


def note_lost_payment(
    uow: UnitOfWork, reported: ReportedPayment, problem: PaymentProblem | None, now: datetime
) -> None:
    """Note, for a person to decide, money that may have paid an order and that no rule can assign
    to it. Does nothing if all of it was explained."""
    paid = reported.paid_at.isoformat() if reported.paid_at else "-"
    why = problem.value if problem else "-"
    went = describe_cancellations(reported.cancellations)
    balance = unexplained_balance(uow, reported)
    if balance == 0 and was_explained(uow, reported.imp_uid, MismatchKind.LOST_PAYMENT):
        return
    note_mismatch(
        uow,
        MismatchKind.LOST_PAYMENT,
        merchant_uid=reported.merchant_uid,
        imp_uid=reported.imp_uid,
        amount=Won(abs(balance)),
        evidence=f"{why}: {strip_controls(reported.name)}, {reported.amount}, {paid}; {went}",
        found_at=now,
        gap=PaymentGap(balance, balance),
    )
