"""Ends refunds, confirmed or refused, each in one transaction.

Follows docs/specification.md 4, step 5.
"""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.merchant_numbers import trailing_tag
from posapp.domain.money import ZERO
from posapp.domain.payments import ReportedPayment
from posapp.domain.refund_evidence import find_new_cancellation, is_our_payment
from posapp.domain.refunds import (
    Refund,
    RefundState,
    RefundTrigger,
    find_own_cancellation,
)
from posapp.services.bookkeeping.external_cancellations import (
    record_external_cancellations,
    refunds_by_cancellation_id,
)
from posapp.services.bookkeeping.late_refunds import late_cancellations, record_late_cancellations
from posapp.services.bookkeeping.payment_gap import close_resolved_mismatches, lower_named_gaps
from posapp.services.bookkeeping.refund_records import (
    create_follow_up_refund,
    end_by_external_cancellation,
    record_refunded,
    refund_entry,
)
from posapp.services.bookkeeping.restored_refunds import restore_refunds
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork


class RefundCompletion:
    """Ends refunds. Ending one that has ended changes nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def record_tagged_lines(self, reported: ReportedPayment) -> None:
        """Record the unrecorded lines of this reading that end in a tag of ours: as refused refunds
        that were made later (``late_refunds``), or as refunds that the records lack
        (``restored_refunds``). A line of a refused refund that does not fit is noted as a mismatch
        at once, any other when it is recorded."""
        with self._store.snapshot() as uow:
            payment = uow.payments.get(reported.imp_uid)
            known = refunds_by_cancellation_id(uow, reported)
            late = late_cancellations(uow, reported, known)
            tags = {one.tag for one in uow.refunds.of_payment(reported.imp_uid)}
        ours = {trailing_tag(line.reason) for line in reported.cancellations} - {""}
        if payment is None or not is_our_payment(payment, reported) or not (late or ours - tags):
            return
        now = self._clock.now()
        with self._store.transaction() as uow:
            record_late_cancellations(
                uow, payment, reported, refunds_by_cancellation_id(uow, reported), now
            )
            known = refunds_by_cancellation_id(uow, reported)
            restore_refunds(uow, payment, reported, frozenset(known), now, name=False)
            close_resolved_mismatches(uow, payment, reported.refundable_balance, now)
            uow.commit()

    def confirm(
        self,
        refund_id: int,
        reported: ReportedPayment,
        *,
        before: ReportedPayment | None = None,
    ) -> None:
        """Confirm a refund: refund, item, stock and ledger change together, once.

        Args:
            reported: the payment with the refund in its history.
            before: the reading before the send, if the answer itself is the proof.
        """
        with self._store.transaction() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None or refund.state is RefundState.CONFIRMED:
                return
            line = find_own_cancellation(refund, reported)
            if line is None and before is not None:
                line = find_new_cancellation(refund, before, reported)
            number = line.cancellation_id if line else ""
            self.record_confirmed(uow, refund, number, reported, actor=refund.approved_by)
            uow.commit()

    def record_confirmed(
        self,
        uow: UnitOfWork,
        refund: Refund,
        cancellation_id: str,
        reported: ReportedPayment,
        *,
        actor: Actor,
    ) -> None:
        """Confirm a refund in the caller's unit of work.

        Args:
            cancellation_id: the line of PortOne's history that is this refund, or empty. If it
                is recorded as an external cancel, the ledger has the money already: the item
                follows, and the refund itself sends nothing.
            actor: the actor of the ledger entry.
        """
        now = self._clock.now()
        payment = uow.payments.get(refund.imp_uid)
        if cancellation_id in refunds_by_cancellation_id(uow, reported):
            end_by_external_cancellation(uow, refund, cancellation_id, now, actor=actor)
            if payment is not None:
                lower_named_gaps(uow, payment, reported.refundable_balance, refund.amount, now)
        else:
            record_refunded(uow, refund, cancellation_id, now, actor=actor)
        if payment is not None:
            record_external_cancellations(uow, payment, reported, now)
            close_resolved_mismatches(uow, payment, reported.refundable_balance, now)

    def reject(
        self, refund_id: int, reported: ReportedPayment, error: GatewayError | None = None
    ) -> None:
        """End a refund that certainly returns no money. Only the refund changes, and external
        cancels are recorded.

        The part of a rejected payment that PortOne still holds gets a refund of its own. An
        external cancel that left too little of an accepted payment for the item is noted as a
        mismatch.
        """
        with self._store.transaction() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None or not refund.is_open:
                return
            self.record_rejected_refund(uow, refund, reported, error)
            uow.commit()

    def record_rejected_refund(
        self,
        uow: UnitOfWork,
        refund: Refund,
        reported: ReportedPayment,
        error: GatewayError | None = None,
    ) -> None:
        """Reject a refund in the caller's unit of work."""
        now = self._clock.now()
        sending = refund.state is RefundState.SENDING
        trigger = RefundTrigger.REFUSED if sending else RefundTrigger.OBSERVED_IMPOSSIBLE
        refused = refund.apply(trigger)
        if error is not None:
            refused = replace(
                refused,
                gateway_code=error.code,
                gateway_message=error.text,
                refused_as=error.cause.value,
            )
        uow.refunds.save(refused)
        uow.ledger.append(refund_entry(LedgerEvent.REFUND_REFUSED, refused, ZERO, now))
        create_follow_up_refund(uow, refused, reported.refundable_balance, now)
        payment = uow.payments.get(refund.imp_uid)
        if payment is not None:
            record_external_cancellations(uow, payment, reported, now)
            close_resolved_mismatches(uow, payment, reported.refundable_balance, now)
