"""Putting back what PortOne knows and our records do not: money made after an older copy of the
database, which was put in the place of a newer one.

Numbers and tags say what they are about (``domain.numbers``). Only what fits without a doubt is put
back; everything else becomes a mismatch with its evidence, and no money moves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from posapp.domain.money import ZERO
from posapp.domain.numbers import tag_at_end
from posapp.domain.orders import Order
from posapp.domain.payments import (
    Attempt,
    AttemptState,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.verification import Problem, Remedy, verify
from posapp.services.elsewhere import record_elsewhere
from posapp.services.lost_payments import is_of_whole, note_lost_payment
from posapp.services.ports.machine import Ids
from posapp.services.ports.store import UnitOfWork
from posapp.services.settling import PUT_BACK, enter_accepted, enter_rejected, keep_return

CLOCKS_APART = timedelta(minutes=15)
"""An order that is younger than the money by more than this is another one of the same number."""


class PuttingBack:
    """Works in the caller's unit of work, on a payment that was read afresh."""

    def __init__(self, ids: Ids, *, live: bool) -> None:
        self._ids = ids
        self._live = live

    def payment(
        self, uow: UnitOfWork, order_id: int, reported: ReportedPayment, now: datetime
    ) -> bool:
        """Money under a number of this till that has no attempt: record attempt, payment and its
        refunds as they must have been.

        Args:
            order_id: what the number says.

        Returns:
            ``False`` if it fits no order as that is now; a mismatch was noted.
        """
        order = uow.orders.get(order_id)
        attempt = _attempt(reported, order_id, order, now)
        whole = replace(reported, status=ReportedStatus.PAID, cancelled=ZERO, cancellations=())
        recorded = uow.payments.get(reported.imp_uid)
        was_paid = not reported.is_unclear or any(
            tag_at_end(line.reason) for line in reported.cancellations
        )
        verdict = verify(
            whole if was_paid else reported, attempt, order, recorded=recorded, live=self._live
        )
        went_back = any(is_of_whole(line) for line in reported.cancellations)
        accepted = verdict.remedy is Remedy.ACCEPT and not went_back
        # Money for an order that is paid in this file may have paid it in the newer one: only what
        # that one had begun to send back goes back.
        rejected = recorded is None and went_back
        too_young = order is not None and order.created_at > attempt.created_at + CLOCKS_APART
        if order is None or too_young or not (accepted or rejected):
            note_lost_payment(uow, reported, verdict.problem, now)
            return False
        attempt = uow.attempts.add(attempt)
        if accepted:
            payment = enter_accepted(uow, attempt, order, reported, now)
            record_elsewhere(uow, payment, reported, now)
            return True
        problem = verdict.problem or Problem.ORDER_PAID
        payment = enter_rejected(uow, attempt, order, reported, problem, now)
        record_elsewhere(uow, payment, reported, now)
        if reported.balance > 0:
            tag = self._ids.refund_tag(None)
            keep_return(uow, payment, reported, problem, tag, now)
        return True


def _attempt(
    reported: ReportedPayment, order_id: int, order: Order | None, now: datetime
) -> Attempt:
    """As it must have been: asked for is what its order was worth, and several payments, another
    amount among them, may have come under its number."""
    asked = order.total if order is not None and not order.is_paid else reported.amount
    at = reported.moved_at or now
    return Attempt(
        id=0,
        order_id=order_id,
        merchant_uid=reported.merchant_uid,
        amount=asked if asked > 0 else reported.amount,
        created_at=at,
        state=AttemptState.EXPIRED,
        expires_at=at,
        opened_at=at,
        closed_at=at,
        reason=PUT_BACK,
        # Other tries of this number are looked for as after the end of any other attempt.
        next_check_at=now,
    )
