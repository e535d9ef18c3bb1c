"""The end of a refund, in one transaction each: confirmed, or refused (spec.md 4, step 5)."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.errors import GatewayError
from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO
from posapp.domain.payments import ReportedPayment
from posapp.domain.refunds import (
    Refund,
    RefundOrigin,
    RefundState,
    RefundTrigger,
    new_line,
    own_line,
)
from posapp.services.elsewhere import record_elsewhere
from posapp.services.ports.machine import Clock, Ids
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.refund_intents import TILL, enter_refunded, keep_intent, refund_fact


class RefundSettling:
    """Ends refunds. Ending one that has ended changes nothing."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def confirm(
        self,
        refund_id: int,
        reported: ReportedPayment,
        *,
        before: ReportedPayment | None = None,
    ) -> None:
        """The money is back: refund, item, stock and ledger change together, once.

        Args:
            reported: the payment with the refund in its history.
            before: the reading before the send, when the answer itself is the proof.
        """
        with self._store.writing() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None or refund.state is RefundState.CONFIRMED:
                return
            line = own_line(refund, reported)
            if line is None and before is not None:
                line = new_line(refund, before, reported)
            number = line.cancellation_id if line else ""
            self.enter_confirmed(uow, refund, number, reported, actor=refund.approved_by)
            uow.commit()

    def enter_confirmed(
        self,
        uow: UnitOfWork,
        refund: Refund,
        cancellation_id: str,
        reported: ReportedPayment,
        *,
        actor: str,
    ) -> None:
        """The same in the caller's unit of work.

        Args:
            cancellation_id: the line of PortOne's history that is this refund, or empty.
            actor: who the ledger names for it.
        """
        now = self._clock.now()
        enter_refunded(uow, refund, cancellation_id, now, actor=actor)
        payment = uow.payments.get(refund.imp_uid)
        if payment is not None:
            record_elsewhere(uow, payment, reported, now)

    def refuse(
        self, refund_id: int, reported: ReportedPayment, error: GatewayError | None = None
    ) -> None:
        """The money does not go back by this refund, for certain: nothing but the refund changes,
        and what was cancelled elsewhere is recorded.

        Of a rejected payment a part may still be at PortOne: it gets an intent of its own.
        """
        with self._store.writing() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None or not refund.is_open:
                return
            self.enter_refused(uow, refund, reported, error)
            uow.commit()

    def enter_refused(
        self,
        uow: UnitOfWork,
        refund: Refund,
        reported: ReportedPayment,
        error: GatewayError | None = None,
    ) -> None:
        """The same in the caller's unit of work."""
        now = self._clock.now()
        sending = refund.state is RefundState.SENDING
        trigger = RefundTrigger.REFUSED if sending else RefundTrigger.FOUND_IMPOSSIBLE
        refused = refund.after(trigger)
        if error is not None:
            refused = replace(refused, raw_code=error.code, raw_text=error.text)
        uow.refunds.save(refused)
        uow.ledger.append(refund_fact(Fact.REFUND_REFUSED, refused, ZERO, now))
        payment = uow.payments.get(refund.imp_uid)
        if payment is not None:
            record_elsewhere(uow, payment, reported, now)
        if refund.origin is RefundOrigin.REJECTED_PAYMENT and reported.balance > 0:
            keep_intent(
                uow,
                imp_uid=refund.imp_uid,
                order_id=refund.order_id,
                item_id=None,
                amount=reported.balance,
                reason=refund.reason,
                tag=self._ids.refund_tag(None),
                actor=TILL,
                now=now,
            )
