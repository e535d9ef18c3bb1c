"""The refund protocol of docs/specification.md 4: one round of it.

PortOne V1 has no idempotency key, so exactly-once rests on four things together: the intent is
committed before anything is sent; the payment is read before every send; the amount is explicit;
and ``checksum`` is the balance just read, which PortOne compares before it acts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
from posapp.domain.payments import ReportedPayment
from posapp.domain.refund_evidence import (
    Finding,
    Records,
    doubtful_lines,
    examine,
    is_our_payment,
    landed,
    shows_nothing_moved,
)
from posapp.domain.refunds import Refund, RefundOrigin, RefundState, RefundTrigger
from posapp.services.elsewhere import note_cancels_differ, record_elsewhere, unrecorded
from posapp.services.ports.gateway import CancelOrder, PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store
from posapp.services.refund_records import is_in_doubt, records_of
from posapp.services.refund_settling import RefundSettling

LANDING = timedelta(minutes=20)
"""How long a send without a clear answer may still be carried out (docs/faults.md, row 6: fifteen
minutes). Counted by the monotonic clock, and anew by every program that did not see the send: how
long it was closed, nobody knows."""

ENOUGH_SENDS = 12
"""Sends without a clear answer after which a refund goes to a person; as many again after each
time that a person asked for another try."""

ENOUGH_ROUNDS = 5
"""Readings in a row that say two things, or nothing, after which a refund goes to a person."""

MAY_LAND = "an earlier send may still be carried out"


OLDER = "the reading is older than a refund that was made"

IN_DOUBT = "a difference of this payment is not explained"


class Round(StrEnum):
    """How one round ended for the outbox: nothing more to do, later again, or a person."""

    OVER = "over"
    LATER = "later"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One round of a refund.

    Attributes:
        error: PortOne's trouble, if it had one.
        why: evidence for the outbox, in short.
        pause: how long to wait at least before the next round; ``None`` leaves it to the backoff.
        asked: PortOne was asked; otherwise having no error says nothing about the network.
    """

    round: Round
    why: str = ""
    error: GatewayError | None = None
    pause: timedelta | None = None
    asked: bool = True


class Refunding:
    """Carries out refunds, one round at a time; never twice at once for one payment (the outbox
    sees to that)."""

    def __init__(
        self, store: Store, gateway: PaymentGateway, clock: Clock, settling: RefundSettling
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._settling = settling
        self._began_ms = clock.monotonic()
        self._unclear_ms: dict[int, int] = {}
        self._doubts: dict[int, int] = {}

    def carry_out(self, refund_id: int, rounds: int) -> RoundResult:
        """Read the payment, and send if the reading says that it is right to send.

        Args:
            rounds: how many rounds this refund had, this one included.

        Never raises for PortOne's troubles. Each step is committed before the next one begins, so
        that a killed program goes on where the records stand.
        """
        refund = self._begin(refund_id)
        if refund is None or not refund.is_open:
            return RoundResult(Round.OVER, asked=False)
        if refund.state is RefundState.NEEDS_PERSON:
            return RoundResult(Round.PERSON, "needs a person", asked=False)
        try:
            reported = self._gateway.read(refund.imp_uid)
        except GatewayError as error:
            return RoundResult(Round.LATER, error.cause.value, error)
        if reported is None:
            return self._unclear(refund, rounds, "PortOne does not know this payment")
        return self._decide(refund, reported, rounds)

    def _begin(self, refund_id: int) -> Refund | None:
        """A refund found in SENDING was cut off there: what became of it is not known."""
        with self._store.writing() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None or refund.state is not RefundState.SENDING:
                return refund
            unclear = replace(
                refund.after(RefundTrigger.ANSWER_UNCLEAR), unclear_at=self._clock.now()
            )
            uow.refunds.save(unclear)
            uow.commit()
            return unclear

    def _decide(self, refund: Refund, reported: ReportedPayment, rounds: int) -> RoundResult:
        self._settling.enter_tagged(reported)
        with self._store.reading() as uow:
            current = uow.refunds.get(refund.id)
            records = records_of(uow, refund, reported)
        if current is None or not current.is_open:
            return RoundResult(Round.OVER)  # an earlier refund of its item was made after all
        if records is None:
            return self._unclear(refund, rounds, "changed meanwhile")
        finding = examine(refund, reported, records)
        if finding is Finding.DONE:
            self._settling.confirm(refund.id, reported)
            return RoundResult(Round.OVER)
        if finding is Finding.IMPOSSIBLE:
            self._settling.refuse(refund.id, reported)
            return RoundResult(Round.OVER)
        if finding is Finding.UNCLEAR:
            return self._unclear(refund, rounds, why_unclear(refund, reported, records))
        self._doubts.pop(refund.id, None)
        if self._may_still_land(refund):
            return RoundResult(Round.LATER, MAY_LAND)
        return self._send(refund, reported)

    def _send(self, refund: Refund, reported: ReportedPayment) -> RoundResult:
        now = self._clock.now()
        with self._store.writing() as uow:
            current = uow.refunds.get(refund.id)
            payment = uow.payments.get(refund.imp_uid)
            if current is None or payment is None or current.state is not refund.state:
                return RoundResult(Round.LATER, "changed meanwhile")
            # Every line that is there before this send is not this send: recorded now, a new one
            # can be told from it.
            record_elsewhere(uow, payment, reported, now)
            again = uow.refunds.get(refund.id)
            if again is None or again.state is not current.state:
                # One of those lines was this money, under a tag of an intent that was lost.
                uow.commit()
                return RoundResult(Round.LATER, "made already")
            if is_in_doubt(uow, refund.imp_uid):
                uow.commit()  # named just now, out of this very reading
                return RoundResult(Round.LATER, IN_DOUBT)
            gone = unrecorded(uow, payment, reported)
            if gone > 0:
                # Money went back that is nobody's: a line with a copied tag, say.
                note_cancels_differ(uow, reported, now)
            if gone:
                uow.commit()
                return RoundResult(Round.LATER, IN_DOUBT if gone > 0 else OLDER)
            sending = replace(
                current.after(RefundTrigger.SEND_STARTED),
                checksum=reported.balance,
                sends=current.sends + 1,
                sent_at=now,
            )
            uow.refunds.save(sending)
            order = uow.orders.get(refund.order_id)
            buyer = uow.people.get(order.buyer_id) if order else None
            uow.commit()
        before_ms = self._unclear_ms.get(sending.id)
        self._unclear_ms[sending.id] = self._clock.monotonic()
        try:
            answer = self._gateway.cancel(
                CancelOrder(
                    imp_uid=sending.imp_uid,
                    amount=sending.amount,
                    checksum=reported.balance,
                    reason=sending.tagged_reason,
                    refund_holder=buyer.name if buyer else "",
                )
            )
        except GatewayError as error:
            if error.outcome in (Outcome.REFUSED, Outcome.RETRY_SAFE):
                self._forget_send(sending.id, before_ms)
            return self._after_error(sending, reported, error)
        if landed(sending, reported, answer):
            self._settling.confirm(sending.id, answer, before=reported)
            return RoundResult(Round.OVER)
        unproven = GatewayError(Outcome.UNKNOWN, GatewayCause.GARBAGE)
        return self._after_error(sending, reported, unproven)

    def _forget_send(self, refund_id: int, before_ms: int | None) -> None:
        """The answer was clear: what may still be carried out is an earlier send, if any."""
        if before_ms is None:
            self._unclear_ms.pop(refund_id, None)
        else:
            self._unclear_ms[refund_id] = before_ms

    def _may_still_land(self, refund: Refund) -> bool:
        """An unclear send of this refund may still be carried out: PortOne may have compared the
        checksum when it took it. Until that is over the payment is read and nothing is sent."""
        return self._may_land_for(refund) > timedelta(0)

    def _may_land_for(self, refund: Refund) -> timedelta:
        """How long an unclear send of this refund may still be carried out; 0 or less: no more."""
        if refund.unclear_at is None:
            return timedelta(0)
        since_ms = self._unclear_ms.get(refund.id, self._began_ms)
        return LANDING - timedelta(milliseconds=self._clock.monotonic() - since_ms)

    def _after_error(
        self, sending: Refund, before: ReportedPayment, error: GatewayError
    ) -> RoundResult:
        if error.outcome is Outcome.REFUSED:
            return self._after_refusal(sending, before, error)
        nothing_sent = error.outcome is Outcome.RETRY_SAFE and sending.sends == 1
        trigger = RefundTrigger.NOT_SENT if nothing_sent else RefundTrigger.ANSWER_UNCLEAR
        noted = self._note(sending, trigger, error)
        if noted is not None and noted.sends > 0 and noted.sends % ENOUGH_SENDS == 0:
            return self._give_to_person(noted, error.text or error.cause.value)
        return RoundResult(Round.LATER, error.cause.value, error)

    def _after_refusal(
        self, sending: Refund, before: ReportedPayment, error: GatewayError
    ) -> RoundResult:
        """PortOne said no in words that are known: believed when a fresh reading shows that nothing
        happened, and when no earlier send of this refund can still be carried out."""
        try:
            fresh = self._gateway.read(sending.imp_uid)
        except GatewayError:
            fresh = None
        landing = self._may_land_for(sending)
        if landing > timedelta(0):
            self._note(sending, RefundTrigger.ANSWER_UNCLEAR, error, may_land=False)
            return RoundResult(Round.LATER, error.text or error.cause.value, error, landing)
        # PortOne says that it holds less than was read before the send; a reading that still shows
        # as much is older than what moved, and shows nothing.
        is_old = error.cause is GatewayCause.BALANCE
        if fresh is not None and not is_old and shows_nothing_moved(sending, before, fresh):
            if sending.origin is RefundOrigin.REJECTED_PAYMENT:
                # Money that is not the shop's cannot be left with a no: a person finds a way.
                noted = self._note(sending, RefundTrigger.ANSWER_UNCLEAR, error, may_land=False)
                return self._give_to_person(noted or sending, error.text)
            self._settling.refuse(sending.id, fresh, error)
            return RoundResult(Round.OVER, error.text, error)
        # The balance moved, or cannot be read: the next round reads again. A plain refusal leaves
        # no send behind that could land.
        self._note(sending, RefundTrigger.ANSWER_UNCLEAR, error, may_land=False)
        return RoundResult(Round.LATER, error.text or error.cause.value, error)

    def _note(
        self,
        sending: Refund,
        trigger: RefundTrigger,
        error: GatewayError,
        *,
        may_land: bool = True,
    ) -> Refund | None:
        with self._store.writing() as uow:
            refund = uow.refunds.get(sending.id)
            if refund is None or refund.state is not RefundState.SENDING:
                return None
            after = replace(refund.after(trigger), raw_code=error.code, raw_text=error.text)
            if trigger is RefundTrigger.NOT_SENT:
                after = replace(after, sends=refund.sends - 1)
            elif may_land and error.outcome is not Outcome.RETRY_SAFE:
                after = replace(after, unclear_at=self._clock.now())
            uow.refunds.save(after)
            uow.commit()
            return after

    def _unclear(self, refund: Refund, rounds: int, why: str) -> RoundResult:
        doubts = self._doubts[refund.id] = self._doubts.get(refund.id, 0) + 1
        if min(rounds, doubts) < ENOUGH_ROUNDS:
            return RoundResult(Round.LATER, why)
        return self._give_to_person(refund, why)

    def _give_to_person(self, refund: Refund, why: str) -> RoundResult:
        with self._store.writing() as uow:
            current = uow.refunds.get(refund.id)
            if current is not None and current.state is refund.state:
                given = current.after(RefundTrigger.GIVEN_TO_PERSON)
                uow.refunds.save(replace(given, raw_text=current.raw_text or why))
                uow.commit()
        return RoundResult(Round.PERSON, why)


def why_unclear(refund: Refund, reported: ReportedPayment, records: Records) -> str:
    """Which doubt it is, for the list of what waits."""
    if not is_our_payment(records.payment, reported):
        return "PortOne shows another payment than the one that was captured"
    if doubtful_lines(refund, reported, records):
        return "a cancel at PortOne may be this money already"
    if records.in_doubt:
        return IN_DOUBT
    return "the payment's history can be read in two ways"
