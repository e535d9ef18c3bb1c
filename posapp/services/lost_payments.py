"""Money that a newer file, which is gone, may have accepted: what its history says of that."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.money import Won
from posapp.domain.numbers import is_of_rest, item_in, tag_at_end
from posapp.domain.payments import ReportedCancellation, ReportedPayment
from posapp.domain.refunds import plain
from posapp.domain.verification import Problem
from posapp.services.differences import unexplained_balance, was_explained
from posapp.services.found_refunds import as_evidence
from posapp.services.mismatch_notes import Gap, note_mismatch
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import UnitOfWork


def is_of_whole(line: ReportedCancellation) -> bool:
    """It sent a payment back that was not accepted."""
    tag = tag_at_end(line.reason)
    return bool(tag) and item_in(tag) is None and not is_of_rest(tag)


def is_of_item(line: ReportedCancellation) -> bool:
    """It sent the money of an item back, or of all that were left, of a payment that was
    accepted."""
    tag = tag_at_end(line.reason)
    return bool(tag) and (item_in(tag) is not None or is_of_rest(tag))


def note_lost_payment(
    uow: UnitOfWork, reported: ReportedPayment, problem: Problem | None, now: datetime
) -> None:
    """Money that may have paid an order, and that no rule can give to it: a person has it. Nothing
    is done if all of it was explained."""
    paid = reported.paid_at.isoformat() if reported.paid_at else "-"
    why = problem.value if problem else "-"
    went = as_evidence(reported.cancellations)
    balance = unexplained_balance(uow, reported)
    if balance == 0 and was_explained(uow, reported.imp_uid, MismatchKind.LOST_PAYMENT):
        return
    note_mismatch(
        uow,
        MismatchKind.LOST_PAYMENT,
        merchant_uid=reported.merchant_uid,
        imp_uid=reported.imp_uid,
        amount=Won(abs(balance)),
        evidence=f"{why}: {plain(reported.name)}, {reported.amount}, {paid}; {went}",
        found_at=now,
        gap=Gap(balance, balance),
    )
