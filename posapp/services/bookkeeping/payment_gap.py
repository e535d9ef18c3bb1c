"""Calculates how PortOne's balance and our records of one payment differ, and which part of that
the mismatches name.

An explained difference still counts as named, so that only a further difference is noted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from posapp.domain.actors import PORTONE
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.merchant_numbers import beginning_of
from posapp.domain.money import ZERO, Won
from posapp.domain.payments import Payment, PaymentDisposition, ReportedPayment
from posapp.domain.refunds import RefundState
from posapp.services.bookkeeping.cash_records import cash_left
from posapp.services.bookkeeping.mismatch_notes import PaymentGap
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.unit_of_work import UnitOfWork

MAY_HAVE_PAID = frozenset({MismatchKind.LOST_PAYMENT, MismatchKind.UNKNOWN_STATUS})
"""Kinds of mismatch whose money may belong to an order, though no rule could assign it."""


def recorded_refund_total(uow: UnitOfWork, imp_uid: str) -> Won:
    """Return the won of a payment that our records show as refunded."""
    refunds = uow.refunds.of_payment(imp_uid)
    return sum((one.amount for one in refunds if one.state is RefundState.CONFIRMED), ZERO)


def whole_gap(uow: UnitOfWork, payment: Payment, balance: Won) -> PaymentGap:
    """Return the whole difference of a payment, named by mismatches or not.

    Args:
        balance: won that PortOne holds of it.
    """
    kept = payment.amount - recorded_refund_total(uow, payment.imp_uid)
    worth = kept
    if payment.disposition is PaymentDisposition.ACCEPTED:
        order = uow.orders.get(payment.order_id)
        items = order.items if order is not None else ()
        worth = sum((item.total for item in items if item.is_paid), ZERO)
        if order is not None:
            worth -= cash_left(uow, order)
    return PaymentGap(balance - worth, balance - kept)


def unnamed_gap(
    uow: UnitOfWork,
    payment: Payment,
    balance: Won,
    kind: MismatchKind = MismatchKind.CANCELS_DIFFER,
) -> PaymentGap:
    """Return the difference of a payment that is neither explained nor named by a mismatch of
    another kind.

    Args:
        balance: won that PortOne holds of it.
        kind: the kind under which the difference is to be noted.
    """
    whole = whole_gap(uow, payment, balance)
    named = [
        one
        for one in uow.mismatches.of_payment(payment.imp_uid)
        if one.resolved_at is not None or one.kind is not kind
    ]
    return PaymentGap(
        whole.goods - sum(one.goods_gap for one in named),
        whole.ledger - sum(one.ledger_gap for one in named),
    )


def unexplained_balance(uow: UnitOfWork, reported: ReportedPayment) -> Won:
    """Return the won that PortOne holds of a payment missing from our records, less the explained
    won."""
    known = uow.mismatches.of_payment(reported.imp_uid)
    return reported.refundable_balance - sum(
        one.ledger_gap for one in known if one.resolved_at is not None
    )


def was_explained(uow: UnitOfWork, imp_uid: str, kind: MismatchKind) -> bool:
    """Tell whether a person has explained a mismatch of this kind for a payment."""
    known = uow.mismatches.of_payment(imp_uid)
    return any(one.kind is kind and one.resolved_at is not None for one in known)


def close_resolved_mismatches(
    uow: UnitOfWork, payment: Payment, balance: Won, now: datetime, *, keep_new: bool = False
) -> bool:
    """Set the gaps of a payment's mismatches to 0 once nothing differs.

    An old gap would otherwise hide a later difference. The gaps are 0 in every report. The ledger
    gets an entry if one of the mismatches was explained.

    Args:
        balance: won that PortOne holds of the payment.
        keep_new: skip open mismatches found at ``now``: they are about lines that are being
            recorded.

    Returns:
        ``True`` if an explained difference is over.
    """
    named = [
        one
        for one in uow.mismatches.of_payment(payment.imp_uid)
        if (one.goods_gap or one.ledger_gap)
        and not (keep_new and one.resolved_at is None and one.found_at == now)
    ]
    if not named or whole_gap(uow, payment, balance):
        return False
    for one in named:
        if one.resolved_at is None:
            uow.mismatches.note(replace(one, goods_gap=ZERO, ledger_gap=ZERO))
    if all(one.resolved_at is None for one in named):
        return False
    uow.mismatches.forget_gaps(payment.imp_uid)
    uow.ledger.append(_over_fact(payment, now, "differs no more"))
    return True


def _over_fact(payment: Payment, now: datetime, reason: str) -> NewEntry:
    return NewEntry(
        event=LedgerEvent.MISMATCH_EXPLAINED,
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
    """Lower the named goods gaps after a cancel that they name turned out to be a refund of ours.

    The items follow that refund, so the goods no longer differ by it. What else the mismatches
    name stays named and needs no second explanation.

    Args:
        balance: won that PortOne holds of the payment.
        amount: won of that cancel; the ledger has it as an external one.
    """
    left = min(amount, unnamed_gap(uow, payment, balance).goods)
    if left <= 0 or not whole_gap(uow, payment, balance):
        return  # the mismatches do not cover it, or nothing differs any more
    for one in reversed(uow.mismatches.of_payment(payment.imp_uid)):
        is_left_open = one.resolved_at is None and one.kind is MismatchKind.CANCELS_DIFFER
        less = min(left, -one.goods_gap)
        if less <= 0 or is_left_open:
            continue
        left -= less
        uow.mismatches.set_goods_gap(one.id, one.goods_gap + less)
        if one.resolved_at is not None:
            uow.ledger.append(_over_fact(payment, now, f"differs by {less} less"))


def guard_money_certain(uow: UnitOfWork, order_id: int) -> None:
    """Require that no mismatch of the payment of an order waits for an explanation. Call it in the
    transaction that acts on the order.

    Raises:
        UserError: ``MONEY_IN_DOUBT``.
    """
    payment = uow.payments.accepted_of_order(order_id)
    if payment is None:
        return
    if any(one.resolved_at is None for one in uow.mismatches.of_payment(payment.imp_uid)):
        raise UserError(ErrorCode.MONEY_IN_DOUBT)


def guard_no_lost_payment(uow: UnitOfWork, order_id: int) -> None:
    """Require that no open mismatch is about money that may have paid this order already.

    Raises:
        UserError: ``MONEY_IN_DOUBT``.
    """
    numbers = {one.merchant_uid for one in uow.attempts.for_order(order_id)}
    beginning = beginning_of(uow.checkpoints.till_code(), order_id)
    if uow.mismatches.is_open_under(MAY_HAVE_PAID, numbers, beginning):
        raise UserError(ErrorCode.MONEY_IN_DOUBT)


def guard_reconciled(uow: UnitOfWork) -> None:
    """Require that the database is not an older copy whose missing time was not compared with
    PortOne yet. Call it in the transaction that acts.

    Raises:
        UserError: ``FILE_BEHIND``.
    """
    if uow.checkpoints.behind_since() is not None:
        raise UserError(ErrorCode.FILE_BEHIND)
