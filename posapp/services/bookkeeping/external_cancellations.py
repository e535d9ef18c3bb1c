"""Records money returned outside this till: cancelled in PortOne's console or by another till."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.actors import PORTONE
from posapp.domain.claims import SYNTHETIC_ID_PREFIX
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.payments import Payment, ReportedCancellation, ReportedPayment
from posapp.domain.refunds import (
    Refund,
    RefundOrigin,
    RefundState,
    RefundTrigger,
    find_own_cancellation,
)
from posapp.domain.text import strip_controls
from posapp.services.bookkeeping.cash_records import has_cash
from posapp.services.bookkeeping.item_cancellation import end_items
from posapp.services.bookkeeping.late_refunds import record_late_cancellations
from posapp.services.bookkeeping.mismatch_notes import PaymentGap, note_mismatch
from posapp.services.bookkeeping.payment_gap import (
    close_resolved_mismatches,
    recorded_refund_total,
    unnamed_gap,
    whole_gap,
)
from posapp.services.bookkeeping.refund_records import (
    create_follow_up_refund,
    refund_entry,
)
from posapp.services.bookkeeping.refund_tax import with_tax_free
from posapp.services.bookkeeping.restored_refunds import restore_refunds
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.unit_of_work import UnitOfWork


def recorded_cancellation_ids(uow: UnitOfWork, reported: ReportedPayment) -> frozenset[str]:
    """Return the recorded cancellation ids of a payment, as this reading names them."""
    return frozenset(refunds_by_cancellation_id(uow, reported))


def refunds_by_cancellation_id(uow: UnitOfWork, reported: ReportedPayment) -> dict[str, Refund]:
    """Map each recorded line of a payment, by its id in this reading, to its refund.

    A line without PortOne's number has an id made from its content (``portone.payloads``). PortOne
    may have numbered it since it was recorded.
    """
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
    if refund.origin is RefundOrigin.EXTERNAL and line.cancelled_at is not None:
        # PortOne gave the line another number. Of two lines with the same second, amount and
        # reason, the reading shows both.
        same = (refund.amount, refund.confirmed_at, refund.reason)
        if same == (line.amount, line.cancelled_at, strip_controls(line.reason)):
            return True
    at = int(line.cancelled_at.timestamp()) if line.cancelled_at else 0
    return refund.cancellation_id.startswith(f"{SYNTHETIC_ID_PREFIX}{at}-{line.amount}-")


def record_external_cancellations(
    uow: UnitOfWork, payment: Payment, reported: ReportedPayment, now: datetime
) -> tuple[Refund, ...]:
    """Record every unrecorded line of PortOne's history: a line with a tag of ours that the records
    lack as the refund that it is, any other line as cancelled externally.

    Call it only when no refund of the payment can still turn out to be one of those lines. Returns
    the external refunds that it adds, each with a ledger entry. Refuses the approved refunds for
    which those lines leave too little, in the same transaction: together they would exceed the
    captured amount.
    """
    record_late_cancellations(uow, payment, reported, recorded_cancellation_ids(uow, reported), now)
    restore_refunds(uow, payment, reported, recorded_cancellation_ids(uow, reported), now)
    ours = [refund for refund in uow.refunds.of_payment(payment.imp_uid) if refund.tag]
    known = recorded_cancellation_ids(uow, reported)
    foreign = [
        line
        for line in reported.cancellations
        if line.amount > 0
        and line.cancellation_id not in known
        and not any(refund.tag in line.reason for refund in ours)
    ]
    if foreign:
        _reject_unaffordable_refunds(uow, ours, reported, now)
    recorded = []
    before = reported.refundable_balance + sum(one.amount for one in foreign)
    close_resolved_mismatches(uow, payment, before, now, keep_new=True)
    for line in foreign:
        if not _fits_captured(uow, payment, line):
            note_cancel_mismatch(uow, reported, now)
            break
        recorded.append(_record(uow, payment, line, now))
    _follow_with_goods(uow, payment, reported, now)
    return tuple(recorded)


def unexplained_won(uow: UnitOfWork, payment: Payment, reported: ReportedPayment) -> Won:
    """Return the won that this reading shows as returned, beyond our refunds, open or not, and
    explained differences. Below 0: our records have more returned than the reading shows."""
    open_ones = (one for one in uow.refunds.of_payment(payment.imp_uid) if one.is_open)
    lines = (find_own_cancellation(one, reported) for one in open_ones)
    # A line that was read without its tag may be recorded already, as an external cancel.
    known = recorded_cancellation_ids(uow, reported)
    waiting = (line for line in lines if line is not None and line.cancellation_id not in known)
    waits = sum((line.amount for line in waiting), ZERO)
    gone = -unnamed_gap(uow, payment, reported.refundable_balance + waits).ledger
    if gone < 0 and whole_gap(uow, payment, reported.refundable_balance).ledger <= 0:
        return ZERO  # the reading shows all our records: the explained cancel is our refund
    return gone


def _follow_with_goods(
    uow: UnitOfWork, payment: Payment, reported: ReportedPayment, now: datetime
) -> None:
    """Cancel the items if external cancels helped to return the whole payment, else note the
    mismatch. A partial cancel is not attributed to an item, even if it has an item's amount; nor is
    a whole one where cash paid a part of the order, or went back for an item."""
    refunds = uow.refunds.of_payment(payment.imp_uid)
    others = [
        one
        for one in refunds
        if one.origin is RefundOrigin.EXTERNAL and one.state is RefundState.CONFIRMED
    ]
    if not others:
        return
    if (
        not has_cash(uow, payment.order_id)
        and reported.refundable_balance == 0
        and recorded_refund_total(uow, payment.imp_uid) == payment.amount
    ):
        end_items(uow, payment, others[-1], now)
    else:
        note_cancel_mismatch(uow, reported, now)


def note_cancel_mismatch(uow: UnitOfWork, reported: ReportedPayment, now: datetime) -> bool:
    """Note for a person that PortOne's cancels of a payment differ from our refunds, or that the
    paid goods differ in value from what is left. Returns ``False`` if nothing new is noted."""
    payment = uow.payments.get(reported.imp_uid)
    gap = (
        unnamed_gap(uow, payment, reported.refundable_balance)
        if payment is not None
        else PaymentGap()
    )
    if payment is None or not gap:
        return False
    ours = recorded_refund_total(uow, reported.imp_uid)
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


def _fits_captured(uow: UnitOfWork, payment: Payment, line: ReportedCancellation) -> bool:
    """Tell whether the captured amount covers this line beside all refunds not refused."""
    refunds = uow.refunds.of_payment(payment.imp_uid)
    there = sum(one.amount for one in refunds if one.state is not RefundState.REFUSED)
    return there + line.amount <= payment.amount


def _reject_unaffordable_refunds(
    uow: UnitOfWork, ours: list[Refund], reported: ReportedPayment, now: datetime
) -> None:
    """Refuse the approved refunds that the balance does not cover. Older refunds come first, as in
    the outbox; a refund that was sent is never refused here."""
    left = reported.refundable_balance
    for refund in ours:
        if not refund.is_open or find_own_cancellation(refund, reported) is not None:
            continue
        if refund.state is RefundState.APPROVED and refund.amount > left:
            refused = refund.apply(RefundTrigger.OBSERVED_IMPOSSIBLE)
            uow.refunds.save(refused)
            uow.ledger.append(refund_entry(LedgerEvent.REFUND_REFUSED, refused, ZERO, now))
            create_follow_up_refund(uow, refused, left, now)
        else:
            left -= refund.amount


def _record(uow: UnitOfWork, payment: Payment, line: ReportedCancellation, now: datetime) -> Refund:
    refund = Refund(
        id=0,
        imp_uid=payment.imp_uid,
        order_id=payment.order_id,
        item_id=None,
        origin=RefundOrigin.EXTERNAL,
        amount=line.amount,
        reason=strip_controls(line.reason),
        tag=f"[EX-{line.cancellation_id}]",
        requested_by=PORTONE,
        approved_by=PORTONE,
        created_at=now,
        state=RefundState.CONFIRMED,
        confirmed_at=line.cancelled_at or now,
        cancellation_id=line.cancellation_id,
        till=uow.record_ids.till,
    )
    refund = uow.refunds.add(with_tax_free(uow, refund))
    uow.ledger.append(
        NewEntry(
            event=LedgerEvent.CANCELLED_EXTERNALLY,
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
