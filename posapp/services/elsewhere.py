"""Money that went back without this till: cancelled in PortOne's console, or by another till."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.payments import Payment, ReportedCancellation, ReportedPayment
from posapp.domain.refunds import (
    Refund,
    RefundOrigin,
    RefundState,
    RefundTrigger,
    own_line,
    plain,
)
from posapp.services.differences import (
    cancelled_here,
    forget_what_is_over,
    unnamed_gap,
    whole_gap,
)
from posapp.services.items_without_money import end_items
from posapp.services.late_refunds import enter_late_lines
from posapp.services.lost_refunds import put_back_refunds
from posapp.services.mismatch_notes import Gap, note_mismatch
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import PORTONE, keep_rest, refund_fact

NAMELESS = "~"
"""How the name of a line begins to which PortOne gave no number."""


def known_lines(uow: UnitOfWork, reported: ReportedPayment) -> frozenset[str]:
    """The cancellation ids of a payment that are recorded already, as this reading names them."""
    return frozenset(recorded_lines(uow, reported))


def recorded_lines(uow: UnitOfWork, reported: ReportedPayment) -> dict[str, Refund]:
    """The refund that each recorded line of a payment is, by the line's number as this reading
    names it: a line without PortOne's number, named by what it says (``portone.wire``), may have
    got one since."""
    refunds = [
        one
        for one in uow.refunds.of_payment(reported.imp_uid)
        if one.cancellation_id and one.state is RefundState.CONFIRMED
    ]
    known = {refund.cancellation_id: refund for refund in refunds}
    shown = {line.cancellation_id for line in reported.cancellations}
    nameless = [one for one in refunds if one.cancellation_id not in shown]
    for line in reported.cancellations:
        if line.cancellation_id in known:
            continue
        named = next((one for one in nameless if _is_same(one, line)), None)
        if named is not None:
            nameless.remove(named)
            known[line.cancellation_id] = named
    return known


def _is_same(refund: Refund, line: ReportedCancellation) -> bool:
    if refund.origin is RefundOrigin.ELSEWHERE and line.cancelled_at is not None:
        # PortOne gave it another number: two of one second, amount and reason are both shown.
        same = (refund.amount, refund.confirmed_at, refund.reason)
        if same == (line.amount, line.cancelled_at, plain(line.reason)):
            return True
    at = int(line.cancelled_at.timestamp()) if line.cancelled_at else 0
    return refund.cancellation_id.startswith(f"{NAMELESS}{at}-{line.amount}-")


def record_elsewhere(
    uow: UnitOfWork, payment: Payment, reported: ReportedPayment, now: datetime
) -> tuple[Refund, ...]:
    """Record every line of PortOne's history that is not recorded yet: one with a tag of ours that
    the records lack as the refund that it is, any other as cancelled elsewhere.

    Call it when no refund of the payment can still turn out to be one of those lines. Returns what
    was added; the ledger gets a fact for each. Approved refunds for which those lines left too
    little are refused in the same breath: together they would be more than was captured.
    """
    enter_late_lines(uow, payment, reported, known_lines(uow, reported), now)
    put_back_refunds(uow, payment, reported, known_lines(uow, reported), now)
    ours = [refund for refund in uow.refunds.of_payment(payment.imp_uid) if refund.tag]
    known = known_lines(uow, reported)
    foreign = [
        line
        for line in reported.cancellations
        if line.amount > 0
        and line.cancellation_id not in known
        and not any(refund.tag in line.reason for refund in ours)
    ]
    if foreign:
        _refuse_what_no_longer_fits(uow, ours, reported, now)
    recorded = []
    before = reported.balance + sum(one.amount for one in foreign)
    forget_what_is_over(uow, payment, before, now, keep_new=True)
    for line in foreign:
        if not _has_room(uow, payment, line):
            note_cancels_differ(uow, reported, now)
            break
        recorded.append(_record(uow, payment, line, now))
    _follow_with_goods(uow, payment, reported, now)
    return tuple(recorded)


def unrecorded(uow: UnitOfWork, payment: Payment, reported: ReportedPayment) -> Won:
    """Won that went back of a payment by this reading, and that are no refund of ours, open or
    not, and in no explained difference; below 0: by our records more went back than it shows."""
    open_ones = (one for one in uow.refunds.of_payment(payment.imp_uid) if one.is_open)
    lines = (own_line(one, reported) for one in open_ones)
    # A line that was read without its tag may stand there already, as a cancel of others.
    known = known_lines(uow, reported)
    waiting = (line for line in lines if line is not None and line.cancellation_id not in known)
    waits = sum((line.amount for line in waiting), ZERO)
    gone = -unnamed_gap(uow, payment, reported.balance + waits).ledger
    if gone < 0 and whole_gap(uow, payment, reported.balance).ledger <= 0:
        return ZERO  # all that we know of is shown: what was explained is a refund of ours
    return gone


def _follow_with_goods(
    uow: UnitOfWork, payment: Payment, reported: ReportedPayment, now: datetime
) -> None:
    """What others cancelled is seen in the goods: all of it ends the items. A part is nobody's
    guess, even if it is as much as one of them: it is named."""
    refunds = uow.refunds.of_payment(payment.imp_uid)
    others = [
        one
        for one in refunds
        if one.origin is RefundOrigin.ELSEWHERE and one.state is RefundState.CONFIRMED
    ]
    if not others:
        return
    if reported.balance == 0 and cancelled_here(uow, payment.imp_uid) == payment.amount:
        end_items(uow, payment, others[-1], now)
    else:
        note_cancels_differ(uow, reported, now)


def note_cancels_differ(uow: UnitOfWork, reported: ReportedPayment, now: datetime) -> bool:
    """PortOne's cancels of a payment do not add up to our refunds, or its goods are worth another
    sum than what is left of it: a person has to look. ``False`` if that has its name already."""
    payment = uow.payments.get(reported.imp_uid)
    gap = unnamed_gap(uow, payment, reported.balance) if payment is not None else Gap()
    if payment is None or not gap:
        return False
    ours = cancelled_here(uow, reported.imp_uid)
    return note_mismatch(
        uow,
        MismatchKind.CANCELS_DIFFER,
        merchant_uid=reported.merchant_uid,
        imp_uid=reported.imp_uid,
        amount=gap.amount,
        evidence=f"PortOne {reported.merchant_uid} {reported.amount} -{reported.cancelled}; "
        f"here {payment.merchant_uid} {payment.amount} -{ours}",
        found_at=now,
        gap=gap,
    )


def _has_room(uow: UnitOfWork, payment: Payment, line: ReportedCancellation) -> bool:
    """What came in is more than what is on its way back already, by so much."""
    refunds = uow.refunds.of_payment(payment.imp_uid)
    there = sum(one.amount for one in refunds if one.state is not RefundState.REFUSED)
    return there + line.amount <= payment.amount


def _refuse_what_no_longer_fits(
    uow: UnitOfWork, ours: list[Refund], reported: ReportedPayment, now: datetime
) -> None:
    """The older one comes first, as in the outbox; one that was sent is never refused here."""
    left = reported.balance
    for refund in ours:
        if not refund.is_open or own_line(refund, reported) is not None:
            continue
        if refund.state is RefundState.APPROVED and refund.amount > left:
            refused = refund.after(RefundTrigger.FOUND_IMPOSSIBLE)
            uow.refunds.save(refused)
            uow.ledger.append(refund_fact(Fact.REFUND_REFUSED, refused, ZERO, now))
            keep_rest(uow, refused, left, now)
        else:
            left -= refund.amount


def _record(uow: UnitOfWork, payment: Payment, line: ReportedCancellation, now: datetime) -> Refund:
    refund = uow.refunds.add(
        Refund(
            id=0,
            imp_uid=payment.imp_uid,
            order_id=payment.order_id,
            item_id=None,
            origin=RefundOrigin.ELSEWHERE,
            amount=line.amount,
            reason=plain(line.reason),
            tag=f"[EX-{line.cancellation_id}]",
            asked_by=PORTONE,
            approved_by=PORTONE,
            created_at=now,
            state=RefundState.CONFIRMED,
            confirmed_at=line.cancelled_at or now,
            cancellation_id=line.cancellation_id,
        )
    )
    uow.ledger.append(
        NewEntry(
            fact=Fact.CANCELLED_ELSEWHERE,
            amount=-line.amount,
            actor=PORTONE,
            at=now,
            order_id=payment.order_id,
            imp_uid=payment.imp_uid,
            reference=line.cancellation_id,
            reason=refund.reason,
        )
    )
    return refund
