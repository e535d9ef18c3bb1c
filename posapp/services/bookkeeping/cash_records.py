"""Cash of orders and drawers: keeps, returns and hands it out, in the caller's unit of work."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.cash import (
    CashRefund,
    CashRefundState,
    CashRefundTrigger,
    CashTender,
    Shift,
    TenderSplit,
    TenderState,
    TenderTrigger,
    held,
    kept,
    split_refund,
)
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, ItemTrigger, Order, OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.vat import TaxKind
from posapp.services.bookkeeping.receipt_numbers import number_receipt
from posapp.services.bookkeeping.receipt_records import revise_receipt
from posapp.services.ports.unit_of_work import UnitOfWork


def require_shift(uow: UnitOfWork) -> Shift:
    """Return the open shift. Call it in the transaction that moves cash.

    Raises:
        UserError: ``NO_SHIFT``.
    """
    shift = uow.shifts.open()
    if shift is None:
        raise UserError(ErrorCode.NO_SHIFT)
    return shift


def note_cash(
    uow: UnitOfWork,
    event: LedgerEvent,
    amount: Won,
    shift: Shift,
    actor: Actor,
    now: datetime,
    *,
    order_id: int | None = None,
    item_id: int | None = None,
    reason: str = "",
) -> None:
    """Append what happened in a shift's drawer to the ledger.

    Args:
        amount: won that came in (above 0) or went out (below 0).
    """
    uow.ledger.append(
        NewEntry(
            event=event,
            amount=amount,
            actor=actor,
            at=now,
            order_id=order_id,
            item_id=item_id,
            reference=shift.reference,
            reason=reason,
        )
    )


def require_in_drawer(uow: UnitOfWork, shift: Shift, amount: Won) -> None:
    """Require that the drawer has an amount by what is expected in it.

    Raises:
        UserError: ``DRAWER_SHORT`` with what is expected.
    """
    expected = uow.shifts.expected(shift)
    if expected < amount:
        raise UserError(ErrorCode.DRAWER_SHORT, expected=expected)


def held_cash(uow: UnitOfWork, order_id: int) -> Won:
    """Return the won of an order that were received in cash and neither kept nor returned."""
    return held(uow.cash.of_order(order_id))


def guard_no_held_cash(uow: UnitOfWork, order_id: int) -> None:
    """Require that no cash of an order waits for the rest: its total must not change.

    Raises:
        UserError: ``CASH_HELD`` with its won.
    """
    waiting = held_cash(uow, order_id)
    if waiting:
        raise UserError(ErrorCode.CASH_HELD, amount=waiting)


def is_paid_in_cash(uow: UnitOfWork, order_id: int) -> bool:
    """Return whether cash paid an order, or a part of it."""
    return kept(uow.cash.of_order(order_id)) > 0


def has_cash(uow: UnitOfWork, order_id: int) -> bool:
    """Return whether cash paid a part of an order, or goes back for an item of it."""
    back = uow.cash.refunds_of_order(order_id)
    return is_paid_in_cash(uow, order_id) or any(
        one.state is not CashRefundState.DROPPED for one in back
    )


def cash_left(uow: UnitOfWork, order: Order) -> Won:
    """Return the won of an order's paid goods that cash paid: its kept cash without what goes back
    for items that are not paid any more. Below 0 where cash goes back in the place of a refund by
    QR: PortOne then holds more than those goods are worth."""
    gone = {item.id for item in order.items if not item.is_paid}
    back = (
        one.amount
        for one in uow.cash.refunds_of_order(order.id)
        if one.state is not CashRefundState.DROPPED and one.item_id in gone
    )
    return kept(uow.cash.of_order(order.id)) - sum(back, ZERO)


def keep_cash(uow: UnitOfWork, order_id: int) -> None:
    """Keep the cash that was received for an order: it is paid."""
    for tender in uow.cash.of_order(order_id):
        if tender.state is TenderState.RECEIVED:
            uow.cash.save(tender.apply(TenderTrigger.ORDER_PAID))


def mark_paid(
    uow: UnitOfWork, order: Order, actor: Actor, now: datetime, *, hand_over: bool
) -> tuple[OrderItem, ...]:
    """Set the waiting items of an order to paid; its money was recorded in the same unit of work.

    Args:
        hand_over: the buyer takes the goods along at once: they are delivered.
    """
    paid = [
        item.apply(ItemTrigger.PAYMENT_VERIFIED)
        for item in order.items
        if item.status is ItemStatus.WAITING_FOR_PAYMENT
    ]
    if hand_over:
        paid = [item.apply(ItemTrigger.HANDED_OVER) for item in paid]
    uow.orders.save_items(paid)
    for item in paid:
        uow.goods.note_sold(item.product_id, item.count)
    number_receipt(uow, order, now)
    if hand_over:
        for item in paid:
            uow.ledger.append(
                NewEntry(
                    event=LedgerEvent.ITEM_HANDED_OVER,
                    amount=ZERO,
                    actor=actor,
                    at=now,
                    order_id=order.id,
                    item_id=item.id,
                )
            )
    return tuple(paid)


def split_of(uow: UnitOfWork, item: OrderItem, order: Order) -> TenderSplit:
    """Return how much of an item goes back by QR, and how much in cash. Cash that waited for a
    part by QR which was refused waits no more."""
    drop_refused(uow, item)
    payment = uow.payments.accepted_of_order(order.id)
    return split_refund(
        item,
        order,
        uow.cash.of_order(order.id),
        uow.cash.refunds_of_order(order.id),
        payment.amount if payment is not None else ZERO,
        uow.refunds.of_payment(payment.imp_uid) if payment is not None else (),
    )


def create_cash_refund(
    uow: UnitOfWork,
    item: OrderItem,
    amount: Won,
    reason: str,
    now: datetime,
    *,
    requested_by: Actor,
    approver: Actor | None,
    refund_id: int | None = None,
    instead_of: Refund | None = None,
) -> CashRefund:
    """Record that an item's cash is to go back; it waits.

    Args:
        approver: the second person; ``None``: nobody had to.
        refund_id: the refund of its part by QR.
        instead_of: the refund that KakaoPay refused for good, whose won are within ``amount``.

    Raises:
        UserError: ``REFUND_IN_FLIGHT``; ``REFUND_BEYOND``: more than the order's cash;
            ``REFUND_OWN_APPROVAL``; ``CASH_NOT_OFFERED``: it is no refused refund of the item.
    """
    return uow.cash.add_refund(
        CashRefund(
            id=0,
            item_id=item.id,
            order_id=item.order_id,
            amount=amount,
            tax_free=amount if item.tax is TaxKind.EXEMPT else ZERO,
            state=CashRefundState.WAITING,
            reason=reason,
            requested_by=requested_by,
            approved_by=approver or requested_by,
            approval_needed=approver is not None,
            created_at=now,
            refund_id=refund_id,
            replaces=instead_of.id if instead_of is not None else None,
            replaced=instead_of.amount if instead_of is not None else ZERO,
        )
    )


def drop_refused(uow: UnitOfWork, item: OrderItem) -> None:
    """Drop the waiting cash refund of an item whose part by QR was refused: the item stays paid."""
    for one in uow.cash.refunds_of_order(item.order_id):
        if one.item_id != item.id or one.state is not CashRefundState.WAITING:
            continue
        by_qr = uow.refunds.get(one.refund_id) if one.refund_id is not None else None
        if item.is_paid and by_qr is not None and by_qr.state is RefundState.REFUSED:
            uow.cash.save_refund(one.apply(CashRefundTrigger.QR_REFUSED))


def is_due(uow: UnitOfWork, refund: CashRefund) -> bool:
    """Return whether waiting cash is to be handed out: what went back by QR is back."""
    item = uow.orders.item(refund.item_id)
    return refund.state is CashRefundState.WAITING and item is not None and not item.is_paid


def count_open_cash(uow: UnitOfWork) -> int:
    """Return how many orders hold cash beside an unpaid rest, and how many cash refunds are to be
    handed out."""
    held = {one.order_id for one in uow.cash.held()}
    return len(held) + sum(is_due(uow, one) for one in uow.cash.waiting_refunds())


def hand_out(uow: UnitOfWork, refund: CashRefund, actor: Actor, now: datetime) -> CashRefund:
    """Hand a waiting cash refund out of the drawer of the open shift.

    Raises:
        UserError: ``NO_SHIFT``, ``DRAWER_SHORT``.
    """
    shift = require_shift(uow)
    require_in_drawer(uow, shift, refund.amount)
    done = refund.hand_out(shift.id, now)
    uow.cash.save_refund(done)
    revise_receipt(uow, refund.order_id, now)
    note_cash(
        *(uow, LedgerEvent.CASH_REFUNDED, -refund.amount, shift, actor, now),
        order_id=refund.order_id,
        item_id=refund.item_id,
        reason=refund.reason,
    )
    return done


def give_back(uow: UnitOfWork, tender: CashTender, actor: Actor, now: datetime) -> CashTender:
    """Give received cash back, as its order was not paid.

    Raises:
        UserError: ``NO_SHIFT``, ``DRAWER_SHORT``.
    """
    shift = require_shift(uow)
    require_in_drawer(uow, shift, tender.amount)
    returned = tender.apply(TenderTrigger.GIVEN_BACK)
    uow.cash.save(returned)
    event, amount = LedgerEvent.CASH_RETURNED, -tender.amount
    note_cash(uow, event, amount, shift, actor, now, order_id=tender.order_id)
    return returned
