"""One payment of PortOne's list against our records: what differs is settled by rule, or named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posapp.domain.money import ZERO, Won
from posapp.domain.numbers import order_in, tag_at_end
from posapp.domain.payments import Payment, ReportedPayment
from posapp.domain.refunds import Refund, RefundOrigin, RefundState, own_line
from posapp.services.chores import Change
from posapp.services.differences import (
    forget_what_is_over,
    unnamed_gap,
    was_explained,
    whole_gap,
)
from posapp.services.elsewhere import (
    known_lines,
    note_cancels_differ,
    record_elsewhere,
)
from posapp.services.mismatch_notes import note_mismatch
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.putting_back import PuttingBack
from posapp.services.refund_settling import RefundSettling
from posapp.services.settling import Settling


class Difference(StrEnum):
    """How a payment of PortOne's stands to our records."""

    NONE = "none"
    ANOTHERS = "anothers"
    NOT_RECORDED = "not_recorded"
    NO_ATTEMPT = "no_attempt"
    ANOTHER_NUMBER = "another_number"
    AMOUNT = "amount"
    STATUS = "status"
    CANCELS = "cancels"


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one payment.

    Attributes:
        found: PortOne knew something that our records did not.
    """

    found: bool = False
    changes: tuple[Change, ...] = ()


class Comparing:
    """Looks at one payment at a time. What PortOne's list says is a hint only: whatever follows
    from it is decided on a fresh reading."""

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        clock: Clock,
        settling: Settling,
        refund_settling: RefundSettling,
        putting_back: PuttingBack,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._settling = settling
        self._refund_settling = refund_settling
        self._putting_back = putting_back
        self._unknown: set[str] = set()

    def differing(self, listed: Sequence[ReportedPayment]) -> tuple[ReportedPayment, ...]:
        """Those of a page whose money our records do not have just so. Local."""
        with self._store.reading() as uow:
            explained = uow.mismatches.explained_payments()
            return tuple(
                one
                for one in listed
                if _difference(uow, one) not in (Difference.NONE, Difference.ANOTHERS)
                or (one.imp_uid in explained and _is_over(uow, one))
            )

    def missing(self, since: datetime, seen: Collection[str]) -> tuple[str, ...]:
        """The imp_uids of payments of ours, paid since then, that PortOne's list did not name; but
        for those of which it is known since the start that PortOne does not know them."""
        with self._store.reading() as uow:
            recorded = uow.payments.paid_since(since)
        return tuple(one for one in recorded if one not in seen and one not in self._unknown)

    def settle(self, imp_uid: str) -> Compared:
        """Read a payment afresh and settle what differs.

        Raises:
            GatewayError: it could not be read.
        """
        with self._store.reading() as uow:
            before = uow.refunds.of_payment(imp_uid)
        fresh = self._gateway.read(imp_uid)
        now = self._clock.now()
        if fresh is None:
            self._unknown.add(imp_uid)
            return Compared(self._note_unknown(imp_uid, now))
        self._unknown.discard(imp_uid)
        with self._store.reading() as uow:
            difference = _difference(uow, fresh)
            attempt = uow.attempts.of_number(fresh.merchant_uid)
        if difference is Difference.NOT_RECORDED and attempt is not None:
            refund_id = self._settling.settle(attempt.id, fresh).refund_id
            changes = [Change("attempt", attempt.id)]
            if refund_id is not None:
                changes.append(Change("refund", refund_id))
            with self._store.reading() as uow:
                recorded = uow.payments.get(imp_uid) is not None
            return Compared(recorded, tuple(changes))
        with self._store.writing() as uow:
            if uow.refunds.of_payment(imp_uid) != before:
                return Compared()  # a refund went on meanwhile: what was read may be older
            difference = _difference(uow, fresh)
            compared = self._enter(uow, difference, fresh, now)
            uow.commit()
        return compared

    def _enter(
        self, uow: UnitOfWork, difference: Difference, fresh: ReportedPayment, now: datetime
    ) -> Compared:
        if difference is Difference.NO_ATTEMPT:
            order_id = order_in(fresh.merchant_uid, uow.milestones.till_code()) or 0
            if not self._putting_back.payment(uow, order_id, fresh, now):
                return Compared()
        elif difference is Difference.CANCELS:
            return self._enter_cancels(uow, fresh, now)
        elif difference is Difference.AMOUNT:
            return Compared(_note(uow, MismatchKind.AMOUNT_DIFFERS, fresh, fresh.balance, now))
        elif difference is Difference.STATUS:
            return Compared(_note(uow, MismatchKind.UNKNOWN_STATUS, fresh, fresh.held, now))
        elif difference is Difference.ANOTHER_NUMBER:
            return Compared(_note(uow, MismatchKind.FOREIGN_PAYMENT, fresh, ZERO, now))
        else:
            payment = uow.payments.get(fresh.imp_uid)
            return Compared(
                payment is not None and forget_what_is_over(uow, payment, fresh.balance, now)
            )
        return Compared(True, _changes(uow, fresh.imp_uid))

    def _enter_cancels(self, uow: UnitOfWork, fresh: ReportedPayment, now: datetime) -> Compared:
        refunds = uow.refunds.of_payment(fresh.imp_uid)
        confirmed = False
        for refund in refunds:
            # A person has it, and PortOne's own history answers: nobody needs to.
            if refund.state is RefundState.NEEDS_PERSON and (line := own_line(refund, fresh)):
                self._refund_settling.enter_confirmed(
                    uow, refund, line.cancellation_id, fresh, actor=refund.approved_by
                )
                uow.outbox.close(refund.id)
                confirmed = True
        refunds = uow.refunds.of_payment(fresh.imp_uid)
        if any(_may_be_a_line(refund, fresh) for refund in refunds):
            # Its own round reads the same history and tells whose line is whose.
            return Compared()
        payment = uow.payments.get(fresh.imp_uid)
        if payment is None:
            return Compared()
        before = uow.ledger.end()
        record_elsewhere(uow, payment, fresh, now)
        forget_what_is_over(uow, payment, fresh.balance, now)
        named = note_cancels_differ(uow, fresh, now)
        found = named or confirmed or uow.ledger.end() != before
        return Compared(found, _changes(uow, fresh.imp_uid))

    def _note_unknown(self, imp_uid: str, now: datetime) -> bool:
        with self._store.writing() as uow:
            payment = uow.payments.get(imp_uid)
            if payment is None:
                return False
            gap = unnamed_gap(uow, payment, ZERO, MismatchKind.NOT_AT_PORTONE)
            if not gap and was_explained(uow, imp_uid, MismatchKind.NOT_AT_PORTONE):
                return False
            noted = note_mismatch(
                uow,
                MismatchKind.NOT_AT_PORTONE,
                merchant_uid=payment.merchant_uid,
                imp_uid=imp_uid,
                amount=gap.amount,
                evidence=f"order {payment.order_id}, paid {payment.paid_at.isoformat()}",
                found_at=now,
                gap=gap,
            )
            uow.commit()
        return noted


def _difference(uow: UnitOfWork, reported: ReportedPayment) -> Difference:
    payment = uow.payments.get(reported.imp_uid)
    if payment is not None:
        return _of_recorded(uow, payment, reported)
    if not reported.money_moved:
        return Difference.NONE
    if uow.attempts.of_number(reported.merchant_uid) is not None:
        return Difference.NOT_RECORDED
    if order_in(reported.merchant_uid, uow.milestones.till_code()) is not None:
        return Difference.NO_ATTEMPT
    return Difference.ANOTHERS


def _of_recorded(uow: UnitOfWork, payment: Payment, reported: ReportedPayment) -> Difference:
    if payment.merchant_uid != reported.merchant_uid:
        return Difference.ANOTHER_NUMBER
    if payment.amount != reported.amount:
        return Difference.AMOUNT
    refunds = uow.refunds.of_payment(payment.imp_uid)
    gone = sum(one.amount for one in refunds if one.state is RefundState.CONFIRMED)
    # Without a cancel of others our refunds say all, and most payments have none.
    plain = gone == reported.cancelled and all(
        one.origin is not RefundOrigin.ELSEWHERE for one in refunds
    )
    if _has_unrecorded_tag(uow, reported):
        return Difference.CANCELS
    if not plain and unnamed_gap(uow, payment, reported.balance):
        return Difference.CANCELS
    return Difference.STATUS if reported.denies_money else Difference.NONE


def _has_unrecorded_tag(uow: UnitOfWork, reported: ReportedPayment) -> bool:
    """A refund of ours is in the history and not in our records. No explanation covers that: it was
    given for what could not be read then."""
    tagged = [line for line in reported.cancellations if tag_at_end(line.reason)]
    if not tagged:
        return False
    known = known_lines(uow, reported)
    return any(line.cancellation_id not in known for line in tagged)


def _is_over(uow: UnitOfWork, reported: ReportedPayment) -> bool:
    """Nothing of a recorded payment differs, though something was explained."""
    payment = uow.payments.get(reported.imp_uid)
    return payment is not None and not whole_gap(uow, payment, reported.balance)


def _may_be_a_line(refund: Refund, fresh: ReportedPayment) -> bool:
    """It was sent, by this file or by a newer one that is gone, or a person has it in hand."""
    return refund.is_open and (not refund.is_unsent or own_line(refund, fresh) is not None)


def _changes(uow: UnitOfWork, imp_uid: str) -> tuple[Change, ...]:
    """What screens show of a payment: its refunds, and its order by its attempts."""
    payment = uow.payments.get(imp_uid)
    attempts = uow.attempts.of_order(payment.order_id) if payment is not None else ()
    return (
        *(Change("attempt", one.id) for one in attempts),
        *(Change("refund", one.id) for one in uow.refunds.of_payment(imp_uid)),
    )


def _note(
    uow: UnitOfWork,
    kind: MismatchKind,
    reported: ReportedPayment,
    balance: Won,
    now: datetime,
) -> bool:
    """``False`` if it is noted already, or a person has explained just that.

    Args:
        balance: won that PortOne holds of the payment that our records mean.
    """
    payment = uow.payments.get(reported.imp_uid)
    if payment is None:
        return False
    gap = unnamed_gap(uow, payment, balance, kind)
    if not gap and was_explained(uow, payment.imp_uid, kind):
        return False
    return note_mismatch(
        uow,
        kind,
        merchant_uid=reported.merchant_uid,
        imp_uid=reported.imp_uid,
        amount=gap.amount or Won(abs(reported.amount - payment.amount)),
        evidence=f"PortOne {reported.merchant_uid} {reported.amount} {reported.status}; "
        f"here {payment.merchant_uid} {payment.amount}",
        found_at=now,
        gap=gap,
    )
