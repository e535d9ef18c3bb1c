"""One round of the refund protocol of docs/specification.md 4.

PortOne V1 has no idempotency key. Four rules together make a refund exactly-once: the intent is
committed before anything is sent; the payment is read before every send; the amount is explicit;
and the expected balance is the one just read, which PortOne compares before it acts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.payment_ref import PaymentRef
from posapp.domain.payments import CancellationState, ReportedPayment
from posapp.domain.refund_evidence import (
    Records,
    RefundCheck,
    check_refund,
    is_our_payment,
    is_refund_confirmed,
    shows_nothing_moved,
    unattributed_cancellations,
)
from posapp.domain.refunds import (
    Refund,
    RefundAnswer,
    RefundOrigin,
    RefundState,
    RefundTrigger,
)
from posapp.services.bookkeeping.external_cancellations import (
    note_cancel_mismatch,
    record_external_cancellations,
    refunds_by_cancellation_id,
    unexplained_won,
)
from posapp.services.bookkeeping.payment_records import (
    gather_records,
    is_in_doubt,
    payment_ref_of,
)
from posapp.services.bookkeeping.refund_tax import tax_free_to_send
from posapp.services.ports.gateway import RefundCommand
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.refunds.complete_refund import RefundCompletion
from posapp.services.refunds.refund_strategy import StepOutcome, StepResult
from posapp.services.runtime.gateways import Gateways

IN_FLIGHT_WINDOW = timedelta(minutes=20)
"""How long a send without a clear answer may still be carried out (docs/faults.md, row 6: fifteen
minutes). Measured by the monotonic clock. A program that did not see the send counts from its own
start, because the time for which it was closed is unknown."""

MAX_SENDS = 12
"""Sends without a clear answer after which a refund goes to a person; the same number again after
each retry by a person."""

MAX_UNCLEAR_READS = 5
"""Consecutive readings without a clear result after which a refund goes to a person."""

MAY_LAND = "an earlier send may still be carried out"

UNSHOWN = "the provider accepted this refund and does not show it"

OLDER = "the reading is older than a refund that was made"

SAID_DONE = "the provider says that this refund was made, without the payment"

REQUESTED = "a cancel at the provider is not carried out yet"

IN_DOUBT = "a difference of this payment is not explained"


class RefundProtocol:
    """``RefundStrategy`` of ``READ_COMPARE_CANCEL``; never two rounds at once for one payment (the
    outbox ensures that)."""

    def __init__(
        self, store: Store, gateways: Gateways, clock: Clock, completion: RefundCompletion
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._completion = completion
        self._began_ms = clock.monotonic()
        self._unclear_ms: dict[int, int] = {}
        self._doubts: dict[int, int] = {}

    def run_once(self, refund_id: int, rounds: int) -> StepResult:
        """Read the payment, and send the refund if the reading permits it.

        Args:
            rounds: number of rounds of this refund, including this one.

        Never raises a gateway error. Each step is committed before the next one begins, so that a
        killed program continues from the records.
        """
        begun = self._begin(refund_id)
        if begun is None:
            return StepResult(StepOutcome.OVER, contacted_gateway=False)
        refund, ref = begun
        if not refund.is_open:
            return StepResult(StepOutcome.OVER, contacted_gateway=False)
        if refund.state is RefundState.NEEDS_REVIEW:
            return StepResult(StepOutcome.PERSON, "needs a person", contacted_gateway=False)
        try:
            reported = self._gateways.for_(ref).get_payment(ref)
        except GatewayError as error:
            return StepResult(StepOutcome.LATER, error.cause.value, error)
        if reported is None:
            return self._unclear(refund, rounds, "PortOne does not know this payment")
        return self._decide(refund, reported, rounds)

    def _begin(self, refund_id: int) -> tuple[Refund, PaymentRef] | None:
        """Return the refund, and its payment's reference. A refund in SENDING was interrupted
        there: its result becomes unknown."""
        with self._store.transaction() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None:
                return None
            ref = payment_ref_of(uow, refund.imp_uid)
            if refund.state is not RefundState.SENDING:
                return refund, ref
            unclear = replace(
                refund.apply(RefundTrigger.RESPONSE_UNKNOWN), last_unknown_at=self._clock.now()
            )
            uow.refunds.save(unclear)
            uow.commit()
            return unclear, ref

    def _decide(self, refund: Refund, reported: ReportedPayment, rounds: int) -> StepResult:
        self._completion.record_tagged_lines(reported)
        with self._store.snapshot() as uow:
            current = uow.refunds.get(refund.id)
            records = gather_records(uow, refund, reported)
        if current is None or not current.is_open:
            return StepResult(StepOutcome.OVER)  # an earlier refund of its item was made after all
        if records is None:
            return self._unclear(refund, rounds, "changed meanwhile")
        finding = check_refund(refund, reported, records)
        if finding is RefundCheck.DONE:
            self._completion.confirm(refund.id, reported)
            return StepResult(StepOutcome.OVER)
        if finding is RefundCheck.IMPOSSIBLE:
            self._completion.reject(refund.id, reported)
            return StepResult(StepOutcome.OVER)
        if finding is RefundCheck.UNCLEAR:
            return self._unclear(refund, rounds, why_unclear(refund, reported, records))
        if finding is RefundCheck.ACCEPTED and not self._may_still_land(refund):
            return self._unclear(refund, rounds, UNSHOWN)
        self._doubts.pop(refund.id, None)
        if finding is RefundCheck.ACCEPTED:
            return StepResult(StepOutcome.LATER, UNSHOWN)
        if finding is RefundCheck.PENDING:
            return StepResult(StepOutcome.LATER, REQUESTED)
        if self._may_still_land(refund):
            return StepResult(StepOutcome.LATER, MAY_LAND)
        return self._send(refund, reported)

    def _send(self, refund: Refund, reported: ReportedPayment) -> StepResult:
        now = self._clock.now()
        with self._store.transaction() as uow:
            current = uow.refunds.get(refund.id)
            payment = uow.payments.get(refund.imp_uid)
            if current is None or payment is None or current.state is not refund.state:
                return StepResult(StepOutcome.LATER, "changed meanwhile")
            # A line that exists before this send is not this send. Recording it now distinguishes
            # it from a new one.
            record_external_cancellations(uow, payment, reported, now)
            again = uow.refunds.get(refund.id)
            if again is None or again.state is not current.state:
                # One of those lines returned this money, under the tag of a refund that was lost.
                uow.commit()
                return StepResult(StepOutcome.LATER, "made already")
            if is_in_doubt(uow, refund.imp_uid):
                uow.commit()  # the mismatch was noted just now, from this reading
                return StepResult(StepOutcome.LATER, IN_DOUBT)
            gone = unexplained_won(uow, payment, reported)
            if gone > 0:
                # Money went back that no record explains: for example, a line with a copied tag.
                note_cancel_mismatch(uow, reported, now)
            if gone:
                uow.commit()
                return StepResult(StepOutcome.LATER, IN_DOUBT if gone > 0 else OLDER)
            sending = replace(
                current.apply(RefundTrigger.SEND_STARTED),
                expected_balance=reported.refundable_balance,
                send_count=current.send_count + 1,
                sent_at=now,
                accepted_line=None,
            )
            uow.refunds.save(sending)
            known = refunds_by_cancellation_id(uow, reported)
            tax_free = tax_free_to_send(payment, sending, reported, known)
            order = uow.orders.get(refund.order_id)
            buyer = uow.people.get(order.buyer_id) if order else None
            uow.commit()
        before_ms = self._unclear_ms.get(sending.id)
        self._unclear_ms[sending.id] = self._clock.monotonic()
        try:
            answer = self._gateways.for_(reported.ref).cancel(
                RefundCommand(
                    ref=reported.ref,
                    amount=sending.amount,
                    expected_balance=reported.refundable_balance,
                    reason=sending.tagged_reason,
                    tag=sending.tag,
                    send_number=sending.send_count,
                    refund_holder=buyer.name if buyer else "",
                    tax_free=tax_free,
                )
            )
        except GatewayError as error:
            if error.outcome in (GatewayOutcome.REFUSED, GatewayOutcome.RETRY_SAFE):
                self._forget_send(sending.id, before_ms)
            return self._after_error(sending, reported, error)
        if answer.state is CancellationState.FAILED:
            self._forget_send(sending.id, before_ms)
            failed = GatewayError(GatewayOutcome.REFUSED, GatewayCause.REFUSED)
            return self._after_refusal(sending, reported, failed)
        return self._after_answer(sending, reported, answer)

    def _after_answer(
        self, sending: Refund, before: ReportedPayment, answer: RefundAnswer
    ) -> StepResult:
        """Handle an answer that the money went back, or that it will."""
        after = answer.payment
        if after is not None and is_refund_confirmed(sending, before, answer):
            self._completion.confirm(sending.id, after, before=before)
            return StepResult(StepOutcome.OVER)
        if after is None or answer.state is CancellationState.REQUESTED:
            line = answer.line.cancellation_id if answer.line else ""
            self._note(sending, RefundTrigger.RESPONSE_UNKNOWN, accepted_line=line)
            # A clear answer: it does not count to ``MAX_SENDS``.
            done = answer.state is CancellationState.SUCCEEDED
            return StepResult(StepOutcome.LATER, SAID_DONE if done else REQUESTED)
        unproven = GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)
        return self._after_error(sending, before, unproven)

    def _forget_send(self, refund_id: int, before_ms: int | None) -> None:
        """Forget a send with a clear answer: only an earlier send may still be carried out."""
        if before_ms is None:
            self._unclear_ms.pop(refund_id, None)
        else:
            self._unclear_ms[refund_id] = before_ms

    def _may_still_land(self, refund: Refund) -> bool:
        """Tell whether an unclear send of this refund may still be carried out: PortOne may have
        compared the balance when it accepted the send. Meanwhile the payment is read and nothing
        is sent."""
        return self._may_land_for(refund) > timedelta(0)

    def _may_land_for(self, refund: Refund) -> timedelta:
        """Return how long an unclear send may still be carried out; 0 or less: no longer."""
        if refund.last_unknown_at is None:
            return timedelta(0)
        since_ms = self._unclear_ms.get(refund.id, self._began_ms)
        return IN_FLIGHT_WINDOW - timedelta(milliseconds=self._clock.monotonic() - since_ms)

    def _after_error(
        self, sending: Refund, before: ReportedPayment, error: GatewayError
    ) -> StepResult:
        if error.outcome is GatewayOutcome.REFUSED:
            return self._after_refusal(sending, before, error)
        nothing_sent = error.outcome is GatewayOutcome.RETRY_SAFE and sending.send_count == 1
        trigger = RefundTrigger.NOT_SENT if nothing_sent else RefundTrigger.RESPONSE_UNKNOWN
        noted = self._note(sending, trigger, error)
        return self._retry(noted, error)

    def _retry(self, noted: Refund | None, error: GatewayError) -> StepResult:
        """Continue later; after ``MAX_SENDS`` sends without a clear answer a person takes over."""
        if noted is not None and noted.send_count > 0 and noted.send_count % MAX_SENDS == 0:
            return self._give_to_person(noted, error.text or error.cause.value)
        return StepResult(StepOutcome.LATER, error.cause.value, error)

    def _after_refusal(
        self, sending: Refund, before: ReportedPayment, error: GatewayError
    ) -> StepResult:
        """Handle a known refusal. It is believed if a fresh reading shows that nothing happened and
        no earlier send of this refund can still be carried out."""
        why = error.text or error.cause.value
        try:
            fresh = self._gateways.for_(before.ref).get_payment(before.ref)
        except GatewayError:
            fresh = None
        landing = self._may_land_for(sending)
        if landing > timedelta(0):
            self._note(sending, RefundTrigger.RESPONSE_UNKNOWN, error, may_land=False)
            return StepResult(StepOutcome.LATER, why, error, landing)
        # BALANCE: PortOne holds less than was read before the send. A reading that still shows the
        # earlier balance is older than that change and proves nothing.
        is_old = error.cause is GatewayCause.BALANCE
        if fresh is not None and not is_old and shows_nothing_moved(sending, before, fresh):
            if sending.origin is RefundOrigin.REJECTED_PAYMENT:
                # A rejected payment must be returned; if PortOne refuses, a person takes over.
                noted = self._note(sending, RefundTrigger.RESPONSE_UNKNOWN, error, may_land=False)
                return self._give_to_person(noted or sending, why)
            self._completion.reject(sending.id, fresh, error)
            return StepResult(StepOutcome.OVER, why, error)
        # The balance changed or cannot be read: the next round reads again. After a plain refusal
        # no send can still be carried out.
        self._note(sending, RefundTrigger.RESPONSE_UNKNOWN, error, may_land=False)
        return StepResult(StepOutcome.LATER, why, error)

    def _note(
        self,
        sending: Refund,
        trigger: RefundTrigger,
        error: GatewayError | None = None,
        *,
        may_land: bool = True,
        accepted_line: str | None = None,
    ) -> Refund | None:
        with self._store.transaction() as uow:
            refund = uow.refunds.get(sending.id)
            if refund is None or refund.state is not RefundState.SENDING:
                return None
            after = replace(
                refund.apply(trigger),
                gateway_code=error.code if error else None,
                gateway_message=error.text if error else "",
                accepted_line=accepted_line,
            )
            if trigger is RefundTrigger.NOT_SENT:
                after = replace(after, send_count=refund.send_count - 1)
            elif may_land and (error is None or error.outcome is not GatewayOutcome.RETRY_SAFE):
                after = replace(after, last_unknown_at=self._clock.now())
            uow.refunds.save(after)
            uow.commit()
            return after

    def _unclear(self, refund: Refund, rounds: int, why: str) -> StepResult:
        doubts = self._doubts[refund.id] = self._doubts.get(refund.id, 0) + 1
        if min(rounds, doubts) < MAX_UNCLEAR_READS:
            return StepResult(StepOutcome.LATER, why)
        return self._give_to_person(refund, why)

    def _give_to_person(self, refund: Refund, why: str) -> StepResult:
        with self._store.transaction() as uow:
            current = uow.refunds.get(refund.id)
            if current is not None and current.state is refund.state:
                given = current.apply(RefundTrigger.ESCALATED)
                uow.refunds.save(replace(given, gateway_message=current.gateway_message or why))
                uow.commit()
        return StepResult(StepOutcome.PERSON, why)


def why_unclear(refund: Refund, reported: ReportedPayment, records: Records) -> str:
    """Return the reason for the doubt, for the list of waiting refunds."""
    if not is_our_payment(records.payment, reported):
        return "PortOne shows another payment than the one that was captured"
    if unattributed_cancellations(refund, reported, records):
        return "a cancel at PortOne may be this money already"
    if records.in_doubt:
        return IN_DOUBT
    return "the payment's history can be read in two ways"
