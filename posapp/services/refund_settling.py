"""The end of a refund, in one transaction each: confirmed, or refused.

Follows docs/specification.md 4, step 5.
"""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.errors import GatewayError
from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO
from posapp.domain.numbers import tag_at_end
from posapp.domain.payments import ReportedPayment
from posapp.domain.refund_evidence import is_our_payment, new_line
from posapp.domain.refunds import (
    Refund,
    RefundState,
    RefundTrigger,
    own_line,
)
from posapp.services.differences import forget_what_is_over, lower_named_gaps
from posapp.services.elsewhere import record_elsewhere, recorded_lines
from posapp.services.late_refunds import enter_late_lines, late_lines
from posapp.services.lost_refunds import put_back_refunds
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.refund_intents import (
    enter_made_elsewhere,
    enter_refunded,
    keep_rest,
    refund_fact,
)


class RefundSettling:
    """Ends refunds. Ending one that has ended changes nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def enter_tagged(self, reported: ReportedPayment) -> None:
        """Record the lines of this reading that end in a tag of ours and are not recorded: as the
        refused refunds that were made after all (``late_refunds``), and as refunds that the
        records lack (``lost_refunds``). What does not fit is named when it is recorded."""
        with self._store.reading() as uow:
            payment = uow.payments.get(reported.imp_uid)
            known = recorded_lines(uow, reported)
            late = late_lines(uow, reported, known)
            tags = {one.tag for one in uow.refunds.of_payment(reported.imp_uid)}
        ours = {tag_at_end(line.reason) for line in reported.cancellations} - {""}
        if payment is None or not is_our_payment(payment, reported) or not (late or ours - tags):
            return
        now = self._clock.now()
        with self._store.writing() as uow:
            enter_late_lines(uow, payment, reported, recorded_lines(uow, reported), now)
            known = recorded_lines(uow, reported)
            put_back_refunds(uow, payment, reported, frozenset(known), now, name=False)
            forget_what_is_over(uow, payment, reported.balance, now)
            uow.commit()

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
            cancellation_id: the line of PortOne's history that is this refund, or empty. If it
                is recorded as cancelled elsewhere, the money is in the ledger already: the item
                follows, and the refund itself sends nothing.
            actor: who the ledger names for it.
        """
        now = self._clock.now()
        payment = uow.payments.get(refund.imp_uid)
        if cancellation_id in recorded_lines(uow, reported):
            enter_made_elsewhere(uow, refund, cancellation_id, now, actor=actor)
            if payment is not None:
                lower_named_gaps(uow, payment, reported.balance, refund.amount, now)
        else:
            enter_refunded(uow, refund, cancellation_id, now, actor=actor)
        if payment is not None:
            record_elsewhere(uow, payment, reported, now)
            forget_what_is_over(uow, payment, reported.balance, now)

    def refuse(
        self, refund_id: int, reported: ReportedPayment, error: GatewayError | None = None
    ) -> None:
        """The money does not go back by this refund, for certain: nothing but the refund changes,
        and what was cancelled elsewhere is recorded.

        Of a rejected payment a part may still be at PortOne: it gets an intent of its own. A part
        that others took of an accepted one, and that left too little for the item, is named.
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
            refused = replace(
                refused, raw_code=error.code, raw_text=error.text, refused_as=error.cause.value
            )
        uow.refunds.save(refused)
        uow.ledger.append(refund_fact(Fact.REFUND_REFUSED, refused, ZERO, now))
        keep_rest(uow, refused, reported.balance, now)
        payment = uow.payments.get(refund.imp_uid)
        if payment is not None:
            record_elsewhere(uow, payment, reported, now)
            forget_what_is_over(uow, payment, reported.balance, now)
