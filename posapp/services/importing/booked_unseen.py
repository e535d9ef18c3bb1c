"""Payments that earlier versions booked because a file said so: PortOne is asked for each, once.

They are in the ledger and stay there. What PortOne does not show just so is named: the reading
before every send keeps money from going out of it, and a person has to explain it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from posapp.domain.claims import ClaimProblem, problem_of_payment
from posapp.domain.payments import Payment, ReportedPayment
from posapp.domain.verification import Problem
from posapp.services.importing.asking import AT_ONCE, IDLE_MS, KINDS, AskingJob
from posapp.services.mismatch_notes import note_mismatch
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import Store

log = logging.getLogger(__name__)

ASKED = "imports asked"
"""The milestone: everything that was booked unseen has been asked for."""


class BookedUnseen(AskingJob[Payment]):
    """The chore that asks for them; over for good once each was answered."""

    name = "booked unseen"

    def __init__(self, store: Store, gateway: PaymentGateway, clock: Clock, *, live: bool) -> None:
        super().__init__(store, gateway, clock, live=live)
        self._behind = ""
        self._unread = False

    def _portion(self) -> Sequence[Payment]:
        with self._store.reading() as uow:
            if uow.milestones.get(ASKED) is not None:
                return ()
            return uow.claims.booked_unseen(self._behind, AT_ONCE)

    def _enter(self, one: Payment, reported: ReportedPayment | None) -> None:
        problem: Problem | ClaimProblem | None = ClaimProblem.NOT_AT_PORTONE
        if reported is not None:
            problem = problem_of_payment(
                one.imp_uid, one.merchant_uid, one.amount, reported, live=self._live
            )
        if problem is not None:
            self._name(one, reported, problem)
        self._behind = one.imp_uid

    def _note_unreadable(self, one: Payment) -> None:
        self._unread = True
        self._behind = one.imp_uid

    def _pause_after(self, asked: int) -> int:
        """All were answered; or some were not, and it begins anew later."""
        if asked == AT_ONCE:
            return 1
        if self._unread:
            self._behind, self._unread = "", False
            return IDLE_MS
        with self._store.writing() as uow:
            if uow.milestones.get(ASKED) is None:
                uow.milestones.set(ASKED, self._clock.now())
                uow.commit()
        return IDLE_MS

    def _name(
        self, payment: Payment, reported: ReportedPayment | None, problem: Problem | ClaimProblem
    ) -> None:
        log.warning("an imported payment of order %s: %s", payment.order_id, problem)
        there = f"{reported.merchant_uid} {reported.amount}" if reported is not None else "-"
        here = f"order {payment.order_id} {payment.merchant_uid} {payment.amount}"
        with self._store.writing() as uow:
            note_mismatch(
                uow,
                KINDS.get(problem, MismatchKind.FOREIGN_PAYMENT),
                merchant_uid=payment.merchant_uid,
                imp_uid=payment.imp_uid,
                amount=payment.amount,
                evidence=f"{problem}: imported: {here}; PortOne {there}",
                found_at=self._clock.now(),
            )
            uow.commit()
