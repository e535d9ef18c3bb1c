"""Payments that earlier versions booked because a file said so: PortOne is asked for each, once.

They are in the ledger and stay there. What PortOne does not show just so is named: the reading
before every send keeps money from going out of it, and a person has to explain it.
"""

from __future__ import annotations

import logging
import threading

from posapp.domain.claims import ClaimProblem, problem_of_payment
from posapp.domain.errors import GatewayError
from posapp.domain.payments import Payment, ReportedPayment
from posapp.domain.verification import Problem
from posapp.services.account import refuse_another_account
from posapp.services.chores import STANDING, Done
from posapp.services.importing.checking import (
    AGAIN_AT_MOST_MS,
    AGAIN_MS,
    AT_ONCE,
    IDLE_MS,
    KINDS,
    OF_ONE,
)
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.store import Store

log = logging.getLogger(__name__)

ASKED = "imports asked"
"""The milestone: everything that was booked unseen has been asked for."""


class BookedUnseen:
    """The chore that asks for them; over for good once each was answered.

    Args:
        live: as in ``ClaimChecking``.
    """

    name = "booked unseen"

    def __init__(self, store: Store, gateway: PaymentGateway, clock: Clock, *, live: bool) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._live = live
        self._lock = threading.Lock()
        self._due_ms = clock.monotonic()
        self._failures = 0
        self._behind = ""
        self._unread = False

    def due_in_ms(self) -> int:
        """Milliseconds until the next portion."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def run(self) -> Done:
        """Ask for a portion; see ``Chore``."""
        self._wait(AGAIN_MS)
        with self._store.reading() as uow:
            if uow.milestones.get(ASKED) is not None:
                self._wait(IDLE_MS)
                return Done()
            portion = uow.claims.booked_unseen(self._behind, AT_ONCE)
        try:
            if portion:
                refuse_another_account(self._store, self._gateway, self._clock.now())
            for payment in portion:
                self._ask(payment)
        except GatewayError as error:
            self._wait(min(AGAIN_MS << min(self._failures, 10), AGAIN_AT_MOST_MS))
            self._failures += 1
            return Done((STANDING,), error, asked=True)
        self._failures = 0
        if len(portion) == AT_ONCE:
            self._wait(1)
        else:
            self._end()
        return Done((STANDING,) if portion else (), asked=bool(portion))

    def _ask(self, payment: Payment) -> None:
        try:
            self._compare(payment)
        except GatewayError as error:
            if error.cause not in OF_ONE:
                raise
            self._unread = True
        self._behind = payment.imp_uid

    def _compare(self, payment: Payment) -> None:
        reported = self._gateway.read(payment.imp_uid)
        problem: Problem | ClaimProblem | None = ClaimProblem.NOT_AT_PORTONE
        if reported is not None:
            problem = problem_of_payment(
                payment.imp_uid, payment.merchant_uid, payment.amount, reported, live=self._live
            )
        if problem is not None:
            self._name(payment, reported, problem)

    def _name(
        self, payment: Payment, reported: ReportedPayment | None, problem: Problem | ClaimProblem
    ) -> None:
        log.warning("an imported payment of order %s: %s", payment.order_id, problem)
        there = f"{reported.merchant_uid} {reported.amount}" if reported is not None else "-"
        here = f"order {payment.order_id} {payment.merchant_uid} {payment.amount}"
        with self._store.writing() as uow:
            uow.mismatches.note(
                Mismatch(
                    id=0,
                    kind=KINDS.get(problem, MismatchKind.FOREIGN_PAYMENT),
                    merchant_uid=payment.merchant_uid,
                    imp_uid=payment.imp_uid,
                    amount=payment.amount,
                    evidence=f"{problem}: imported: {here}; PortOne {there}",
                    found_at=self._clock.now(),
                )
            )
            uow.commit()

    def _end(self) -> None:
        """All were answered; or some were not, and it begins anew later."""
        if self._unread:
            self._behind, self._unread = "", False
            self._wait(IDLE_MS)
            return
        with self._store.writing() as uow:
            uow.milestones.set(ASKED, self._clock.now())
            uow.commit()
        self._wait(IDLE_MS)

    def _wait(self, milliseconds: int) -> None:
        with self._lock:
            self._due_ms = self._clock.monotonic() + milliseconds
