"""The list of open money: what is on its way back, what is not known, what needs a person."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.explanations import Explanation
from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem
from posapp.domain.payments import Payment, ReportedPayment, ReportedStatus
from posapp.domain.refund_evidence import (
    Finding,
    doubtful_lines,
    examine,
    is_our_payment,
    names_item,
)
from posapp.domain.refunds import Refund, RefundState, RefundTrigger, own_line
from posapp.services.differences import unnamed_gap
from posapp.services.elsewhere import record_elsewhere
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.refund_intents import PERSON
from posapp.services.refund_records import is_in_doubt, records_of
from posapp.services.refund_settling import RefundSettling
from posapp.services.refunding import IN_DOUBT

log = logging.getLogger(__name__)

LISTED = (
    RefundState.NEEDS_PERSON,
    RefundState.UNKNOWN,
    RefundState.SENDING,
    RefundState.APPROVED,
)


@dataclass(frozen=True, slots=True)
class OpenRefund:
    """A refund that is not over, with all evidence: what was asked, when, what PortOne said."""

    refund: Refund
    payment: Payment | None
    item: OrderItem | None


class Decided(StrEnum):
    """What came of a person's word about a cancellation.

    ``CONFIRMED``: it was the refund. ``SENDS_AGAIN``: it was not, the next round may send.
    ``REFUSED``: it was not, and what is left of the payment is less than the refund.
    ``TAGGED``: it was not, and its own tag is about the same money: nothing more is sent for that,
    so the refund ended.
    ``READS_AGAIN``: the history needs no word any more, the next round finds out by itself.
    """

    CONFIRMED = "confirmed"
    SENDS_AGAIN = "sends_again"
    REFUSED = "refused"
    TAGGED = "tagged"
    READS_AGAIN = "reads_again"


class OpenMoney:
    """Reads what is open, and lets a person decide what no rule can, or have it tried again."""

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        clock: Clock,
        settling: RefundSettling,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._settling = settling
        self._wake = wake

    def refunds(self, limit: int = 200) -> tuple[OpenRefund, ...]:
        """Refunds that are not over, oldest first. The return of a rejected payment never ends in
        a refusal, so that it is here until the money is back."""
        with self._store.reading() as uow:
            found = uow.refunds.in_states(LISTED, limit)
            return tuple(
                OpenRefund(
                    one,
                    uow.payments.get(one.imp_uid),
                    uow.orders.item(one.item_id) if one.item_id is not None else None,
                )
                for one in found
            )

    def mismatches(self, limit: int = 200) -> tuple[Mismatch, ...]:
        """Money that a rule could not decide on, oldest first."""
        with self._store.reading() as uow:
            return uow.mismatches.open(limit)

    def try_again(self, refund_id: int) -> None:
        """Let a refund be read and tried again now. It is read before anything is sent.

        Raises:
            UserError: ``REFUND_UNKNOWN``.
        """
        with self._store.writing() as uow:
            requeue(uow, refund_id, self._clock.now())
            uow.commit()
        self._wake()

    def say_whose(self, refund_id: int, ours: bool) -> Decided:
        """A person says whether the cancellations that may be this refund are it.

        The payment is read afresh first: what was said is said about that history.

        Args:
            ours: the (oldest) one is this refund: it is confirmed with it, as any other is, and
                the ledger names the person. Otherwise they are recorded as what they are, and
                the refund is queued again; it ends where one of them names its item, as an item
                goes back once.

        Raises:
            UserError: ``REFUND_UNKNOWN``; ``REFUND_NOT_WAITING``: it waits for nobody's word.
            GatewayError: the payment could not be read; nothing was changed.
        """
        with self._store.reading() as uow:
            imp_uid = _waiting(uow, refund_id).imp_uid
        reported = self._gateway.read(imp_uid)
        with self._store.writing() as uow:
            decided = self._decide(uow, _waiting(uow, refund_id), reported, ours=ours)
            uow.commit()
        log.info("refund %s: a person said ours=%s, %s", refund_id, ours, decided.value)
        self._wake()
        return decided

    def explained(self, since: datetime, until: datetime, limit: int = 200) -> tuple[Mismatch, ...]:
        """Differences that were explained in this time, for a closing report. They stay
        differences between PortOne and the ledger."""
        with self._store.reading() as uow:
            return uow.mismatches.explained(since, until, limit)

    def close_mismatch(self, mismatch_id: int, who: str, note: str, amount: int) -> None:
        """A person explains a mismatch: it leaves the list and is in the ledger. No money moves;
        refunds of the payment that were held up by it go on, and the payment is named anew when it
        differs by anything else.

        Args:
            who: who explains it, as the ledger names people.
            amount: won, all that the list names (``Mismatch.amount``).

        Raises:
            UserError: ``EXPLANATION_REQUIRED``: nobody, or no words; ``MISMATCH_UNKNOWN``;
                ``EXPLAINED_AMOUNT_DIFFERS``: the list names another amount by now.
            InvalidAmount: the amount is no whole number of won, or below 0.
        """
        explanation = Explanation(who, note, Won(amount))
        now = self._clock.now()
        with self._store.writing() as uow:
            mismatch = uow.mismatches.get(mismatch_id)
            if mismatch is None:
                raise UserError(ErrorCode.MISMATCH_UNKNOWN)
            if mismatch.settled_at is not None:
                return
            if explanation.amount != mismatch.amount:
                raise UserError(ErrorCode.EXPLAINED_AMOUNT_DIFFERS, amount=int(mismatch.amount))
            uow.mismatches.explain(mismatch_id, explanation, now)
            uow.ledger.append(_explained_fact(uow, mismatch, explanation, now))
            _requeue_held_up(uow, mismatch.imp_uid, now)
            uow.commit()
        log.info("mismatch %s explained by %s: %s", mismatch_id, explanation.by, explanation.note)
        self._wake()

    def _decide(
        self, uow: UnitOfWork, refund: Refund, reported: ReportedPayment | None, *, ours: bool
    ) -> Decided:
        records = records_of(uow, refund, reported) if reported else None
        lines = doubtful_lines(refund, reported, records) if reported and records else ()
        if (
            not lines
            or reported is None
            or records is None
            or not is_our_payment(records.payment, reported)
            or reported.status is ReportedStatus.UNKNOWN
            or own_line(refund, reported) is not None
        ):
            self._queue_again(uow, refund)
            return Decided.READS_AGAIN
        if ours:
            lines = tuple(line for line in lines if line.amount == refund.amount)
            if not lines:  # the ledger would say that more, or less, went back than did
                raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
            self._settling.enter_confirmed(
                uow, refund, lines[0].cancellation_id, reported, actor=PERSON
            )
            _close(uow, refund.id)
            self._close_difference(uow, refund, reported)
            return Decided.CONFIRMED
        others = replace(records, ruled_out=frozenset(line.cancellation_id for line in lines))
        if examine(refund, reported, others) is Finding.IMPOSSIBLE:
            self._settling.enter_refused(uow, refund, reported)
            _close(uow, refund.id)
            return Decided.REFUSED
        if refund.item_id is not None and any(names_item(refund, one, records) for one in lines):
            self._settling.enter_refused(uow, refund, reported)
            _close(uow, refund.id)
            return Decided.TAGGED
        record_elsewhere(uow, records.payment, reported, self._clock.now())
        now = uow.refunds.get(refund.id)
        if now is None or not now.is_open:
            # One of those lines was this money under a tag that our records had lost.
            return Decided.TAGGED
        last = max(one.id for one in uow.refunds.of_payment(refund.imp_uid))
        self._queue_again(uow, replace(refund, reviewed_to=last))
        return Decided.SENDS_AGAIN

    def _close_difference(self, uow: UnitOfWork, refund: Refund, reported: ReportedPayment) -> None:
        """The cancel that made a difference is this refund: nothing differs by it any more, and
        what a person has just said is its explanation. A difference that is left stays open: it
        needs its own who, why and how much."""
        payment = uow.payments.get(refund.imp_uid)
        if payment is None or unnamed_gap(uow, payment, reported.balance).amount != ZERO:
            return
        now = self._clock.now()
        for one in uow.mismatches.of_payment(refund.imp_uid):
            if one.kind is not MismatchKind.CANCELS_DIFFER or one.settled_at is not None:
                continue
            ended = replace(one, amount=ZERO, gap=ZERO, ledger_gap=ZERO)
            uow.mismatches.note(ended)
            word = Explanation(PERSON, refund.tag, ZERO)
            uow.mismatches.explain(one.id, word, now)
            uow.ledger.append(_explained_fact(uow, ended, word, now))

    def _queue_again(self, uow: UnitOfWork, refund: Refund) -> None:
        uow.refunds.save(refund.after(RefundTrigger.REQUEUED))
        if not uow.outbox.requeue(refund.id, self._clock.now()):
            raise UserError(ErrorCode.REFUND_NOT_WAITING)


def requeue(uow: UnitOfWork, refund_id: int, now: datetime) -> None:
    """Let a refund be due again at ``now``, out of a person's hands if it is in them.

    Raises:
        UserError: ``REFUND_UNKNOWN``.
    """
    refund = uow.refunds.get(refund_id)
    if refund is None:
        raise UserError(ErrorCode.REFUND_UNKNOWN)
    if refund.state is RefundState.NEEDS_PERSON:
        uow.refunds.save(refund.after(RefundTrigger.REQUEUED))
    uow.outbox.requeue(refund_id, now)


def _requeue_held_up(uow: UnitOfWork, imp_uid: str, now: datetime) -> None:
    """Refunds that waited for the explanation, or went to a person for want of it, go on."""
    if not imp_uid or is_in_doubt(uow, imp_uid):
        return
    for refund in uow.refunds.of_payment(imp_uid):
        entry = uow.outbox.unsent_one(refund.id) if refund.is_open else None
        if entry is not None and entry.why == IN_DOUBT:
            requeue(uow, refund.id, now)


def _waiting(uow: UnitOfWork, refund_id: int) -> Refund:
    refund = uow.refunds.get(refund_id)
    if refund is None:
        raise UserError(ErrorCode.REFUND_UNKNOWN)
    if refund.state is not RefundState.NEEDS_PERSON:
        raise UserError(ErrorCode.REFUND_NOT_WAITING)
    return refund


def _close(uow: UnitOfWork, refund_id: int) -> None:
    """An entry that is left abandoned would hold up its payment for ever. One that is claimed in
    this very moment is being abandoned: the person's word is refused, and can be said again."""
    if not uow.outbox.close(refund_id):
        raise UserError(ErrorCode.REFUND_NOT_WAITING)


def _explained_fact(
    uow: UnitOfWork, mismatch: Mismatch, explanation: Explanation, now: datetime
) -> NewEntry:
    """No money moves by it; the won that are explained stand in front of the words."""
    payment = uow.payments.get(mismatch.imp_uid) if mismatch.imp_uid else None
    attempt = uow.attempts.of_number(mismatch.merchant_uid)
    order_id = payment.order_id if payment else attempt.order_id if attempt else None
    return NewEntry(
        fact=Fact.MISMATCH_EXPLAINED,
        amount=ZERO,
        actor=explanation.by,
        at=now,
        order_id=order_id,
        imp_uid=mismatch.imp_uid,
        reference=f"mismatch:{mismatch.id}",
        reason=f"{mismatch.kind} {explanation.amount}: {explanation.note}",
    )
