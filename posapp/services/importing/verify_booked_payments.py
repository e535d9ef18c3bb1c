"""Verification of payments that earlier versions booked from a file: PortOne is queried once for
each.

They are in the ledger and stay there. A payment that PortOne does not show exactly becomes a
mismatch: the read before every refund keeps money from being sent for it, and staff must explain
it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from posapp.domain.claims import ClaimProblem, problem_of_payment
from posapp.domain.payments import Payment, ReportedPayment
from posapp.domain.verification import PaymentProblem
from posapp.services.bookkeeping.mismatch_notes import note_mismatch
from posapp.services.importing.payment_query_job import AT_ONCE, IDLE_MS, KINDS, PaymentQueryJob
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.runtime.gateways import Gateways

log = logging.getLogger(__name__)

VERIFICATION_REQUESTED = "imports asked"
"""Checkpoint: every payment booked without verification was queried."""


class BookedPaymentVerification(PaymentQueryJob[Payment]):
    """Job that queries PortOne for them; ends for good once each has an answer."""

    name = "booked unseen"

    def __init__(self, store: Store, gateways: Gateways, clock: Clock, *, live: bool) -> None:
        super().__init__(store, gateways, clock, live=live)
        self._behind = ""
        self._unread = False

    def _portion(self) -> Sequence[Payment]:
        with self._store.snapshot() as uow:
            if uow.checkpoints.get(VERIFICATION_REQUESTED) is not None:
                return ()
            return uow.claims.booked_unseen(self._behind, AT_ONCE)

    def _enter(self, one: Payment, reported: ReportedPayment | None) -> None:
        problem: PaymentProblem | ClaimProblem | None = ClaimProblem.NOT_AT_PORTONE
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

    def _pause_after(self, count: int) -> int:
        """Restart later if some were unreadable; else set the checkpoint after the last portion."""
        if count == AT_ONCE:
            return 1
        if self._unread:
            self._behind, self._unread = "", False
            return IDLE_MS
        with self._store.transaction() as uow:
            if uow.checkpoints.get(VERIFICATION_REQUESTED) is None:
                uow.checkpoints.set(VERIFICATION_REQUESTED, self._clock.now())
                uow.commit()
        return IDLE_MS

    def _name(
        self,
        payment: Payment,
        reported: ReportedPayment | None,
        problem: PaymentProblem | ClaimProblem,
    ) -> None:
        log.warning("an imported payment of order %s: %s", payment.order_id, problem)
        there = f"{reported.merchant_uid} {reported.amount}" if reported is not None else "-"
        here = f"order {payment.order_id} {payment.merchant_uid} {payment.amount}"
        with self._store.transaction() as uow:
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
