"""By how much PortOne's books and our records of one payment differ, and what of that has a name.

A difference that somebody explained stays one: it is counted with, so that only what differs beyond
it is named anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.numbers import beginning_of
from posapp.domain.payments import Payment, PaymentStanding, ReportedPayment
from posapp.domain.refunds import RefundState
from posapp.services.mismatch_notes import Gap
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import PORTONE

MAY_HAVE_PAID = frozenset({MismatchKind.LOST_PAYMENT, MismatchKind.UNKNOWN_STATUS})
"""Kinds of money that may be an order's, and that no rule could give to it."""


def cancelled_here(uow: UnitOfWork, imp_uid: str) -> Won:
    """What went back of a payment by our records, in won."""
    refunds = uow.refunds.of_payment(imp_uid)
    return sum((one.amount for one in refunds if one.state is RefundState.CONFIRMED), ZERO)


def whole_gap(uow: UnitOfWork, payment: Payment, balance: Won) -> Gap:
    """What of a payment differs, whatever names it has.

    Args:
        balance: won that PortOne holds of it.
    """
    kept = payment.amount - cancelled_here(uow, payment.imp_uid)
    worth = kept
    if payment.standing is PaymentStanding.ACCEPTED:
        order = uow.orders.get(payment.order_id)
        items = order.items if order is not None else ()
        worth = sum((item.total for item in items if item.is_paid), ZERO)
    return Gap(balance - worth, balance - kept)


def unnamed_gap(
    uow: UnitOfWork,
    payment: Payment,
    balance: Won,
    kind: MismatchKind = MismatchKind.CANCELS_DIFFER,
) -> Gap:
    """What of a payment differs and is neither explained nor named by a mismatch of another kind.

    Args:
        balance: won that PortOne holds of it.
        kind: the kind under which it is to be named.
    """
    whole = whole_gap(uow, payment, balance)
    named = [
        one
        for one in uow.mismatches.of_payment(payment.imp_uid)
        if one.settled_at is not None or one.kind is not kind
    ]
    return Gap(
        whole.goods - sum(one.gap for one in named),
        whole.ledger - sum(one.ledger_gap for one in named),
    )


def unexplained_balance(uow: UnitOfWork, reported: ReportedPayment) -> Won:
    """What PortOne holds of a payment that our records do not have, beyond what was explained."""
    known = uow.mismatches.of_payment(reported.imp_uid)
    return reported.balance - sum(one.ledger_gap for one in known if one.settled_at is not None)


def was_explained(uow: UnitOfWork, imp_uid: str, kind: MismatchKind) -> bool:
    """A person has explained a mismatch of this kind of a payment."""
    known = uow.mismatches.of_payment(imp_uid)
    return any(one.kind is kind and one.settled_at is not None for one in known)


def forget_what_is_over(
    uow: UnitOfWork, payment: Payment, balance: Won, now: datetime, *, keep_new: bool = False
) -> bool:
    """What differed and does not any more must not stand for what differs from here on: its gaps
    are 0, on every report, and the ledger has a fact where one of them had been explained.

    Args:
        balance: won that PortOne holds of the payment.
        keep_new: what was named just ``now`` is about lines that are being recorded, and stays.

    Returns:
        ``True`` if a difference that was explained is over.
    """
    named = [
        one
        for one in uow.mismatches.of_payment(payment.imp_uid)
        if (one.gap or one.ledger_gap)
        and not (keep_new and one.settled_at is None and one.found_at == now)
    ]
    if not named or whole_gap(uow, payment, balance):
        return False
    for one in named:
        if one.settled_at is None:
            uow.mismatches.note(replace(one, gap=ZERO, ledger_gap=ZERO))
    if all(one.settled_at is None for one in named):
        return False
    uow.mismatches.forget_gaps(payment.imp_uid)
    uow.ledger.append(_over_fact(payment, now, "differs no more"))
    return True


def _over_fact(payment: Payment, now: datetime, reason: str) -> NewEntry:
    return NewEntry(
        fact=Fact.MISMATCH_EXPLAINED,
        amount=ZERO,
        actor=PORTONE,
        at=now,
        order_id=payment.order_id,
        imp_uid=payment.imp_uid,
        reason=reason,
    )


def lower_named_gaps(
    uow: UnitOfWork, payment: Payment, balance: Won, amount: Won, now: datetime
) -> None:
    """A cancel that was named as a difference turned out to be a refund of ours, so that the goods
    follow it: what was named beside it stays so, and nobody explains that again.

    Args:
        balance: won that PortOne holds of the payment.
        amount: won of that cancel; the ledger has it, as another's.
    """
    left = min(amount, unnamed_gap(uow, payment, balance).goods)
    if left <= 0 or not whole_gap(uow, payment, balance):
        return  # the names do not cover it, or all of them are over
    for one in reversed(uow.mismatches.of_payment(payment.imp_uid)):
        is_left_open = one.settled_at is None and one.kind is MismatchKind.CANCELS_DIFFER
        less = min(left, -one.gap)
        if less <= 0 or is_left_open:
            continue
        left -= less
        uow.mismatches.set_gap(one.id, one.gap + less)
        if one.settled_at is not None:
            uow.ledger.append(_over_fact(payment, now, f"differs by {less} less"))


def guard_money_certain(uow: UnitOfWork, order_id: int) -> None:
    """No difference in the money that pays an order waits for a person's explanation. In the
    transaction that acts on the order.

    Raises:
        UserError: ``MONEY_IN_DOUBT``.
    """
    payment = uow.payments.accepted_of_order(order_id)
    if payment is None:
        return
    if any(one.settled_at is None for one in uow.mismatches.of_payment(payment.imp_uid)):
        raise UserError(ErrorCode.MONEY_IN_DOUBT)


def guard_no_lost_payment(uow: UnitOfWork, order_id: int) -> None:
    """No payment waits for a person that may have been made for this order already.

    Raises:
        UserError: ``MONEY_IN_DOUBT``.
    """
    numbers = {one.merchant_uid for one in uow.attempts.of_order(order_id)}
    beginning = beginning_of(uow.milestones.till_code(), order_id)
    if uow.mismatches.is_open_under(MAY_HAVE_PAID, numbers, beginning):
        raise UserError(ErrorCode.MONEY_IN_DOUBT)


def guard_compared(uow: UnitOfWork) -> None:
    """The file is no older copy whose lost time was not looked for in PortOne's books yet. In the
    transaction that acts.

    Raises:
        UserError: ``FILE_BEHIND``.
    """
    if uow.milestones.behind_since() is not None:
        raise UserError(ErrorCode.FILE_BEHIND)
