"""Cash in the place of a refund that KakaoPay refused for good: what can be offered, and its
record, in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefund, split_refund
from posapp.domain.errors import GatewayCause
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem
from posapp.domain.payments import Payment, PaymentDisposition, ReportedPayment, ReportedStatus
from posapp.domain.refund_evidence import is_our_payment
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.services.bookkeeping.cash_records import create_cash_refund, drop_refused
from posapp.services.bookkeeping.item_cancellation import cancel_item, end_request
from posapp.services.bookkeeping.payment_gap import recorded_refund_total, unnamed_gap
from posapp.services.bookkeeping.refund_records import refund_entry
from posapp.services.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CashOffer:
    """What can go back in cash in the place of a refused refund.

    Attributes:
        refused: the refund that KakaoPay does not take.
        amount: won that would be handed out: all of the item, also what cash paid of it.
    """

    refused: Refund
    item: OrderItem
    payment: Payment
    amount: Won


def was_refused_for_good(refund: Refund) -> bool:
    """Return whether KakaoPay cancels nothing of a payment any more, as its answer to the refund of
    an item said. It counts from the white list only, after a fresh reading."""
    return (
        refund.origin is RefundOrigin.ITEM
        and refund.item_id is not None
        and refund.state is RefundState.REFUSED
        and refund.refused_as == GatewayCause.LIMIT.value
    )


def cash_offer(uow: UnitOfWork, refund_id: int) -> CashOffer | None:
    """Return what can go back in cash in the place of a refund; ``None``: nothing.

    It is offered for an item of the counter that is still paid, while no refund of its payment is
    open, as far as the payment has won that did not go back otherwise.
    """
    refused = uow.refunds.get(refund_id)
    if refused is None or refused.item_id is None or not was_refused_for_good(refused):
        return None
    order, item = uow.orders.get(refused.order_id), uow.orders.item(refused.item_id)
    payment = uow.payments.get(refused.imp_uid)
    if order is None or item is None or payment is None:
        return None
    if not order.is_counter or not item.is_paid:
        return None
    if payment.disposition is not PaymentDisposition.ACCEPTED:
        return None
    refunds = uow.refunds.of_payment(payment.imp_uid)
    if any(one.is_open for one in refunds):
        return None
    tenders, given = uow.cash.of_order(order.id), uow.cash.refunds_of_order(order.id)
    others = [one for one in given if one.item_id != item.id]
    split = split_refund(item, order, tenders, others, payment.amount, refunds)
    if split.qr != refused.amount:
        return None  # another refund changed what is left by QR: it is asked for anew
    return CashOffer(refused, item, payment, item.total)


def shows_money_is_there(uow: UnitOfWork, offer: CashOffer, reported: ReportedPayment) -> bool:
    """Return whether a fresh reading shows that PortOne holds the money of a refused refund: ours,
    with all that our records have, and nothing under way."""
    payment = offer.payment
    balance = reported.refundable_balance
    return (
        is_our_payment(payment, reported)
        and reported.status is not ReportedStatus.UNKNOWN
        and not reported.contradicts_held_money
        and not reported.requested_cancellations
        and balance == payment.amount - recorded_refund_total(uow, payment.imp_uid)
        and not unnamed_gap(uow, payment, balance)
    )


def move_to_cash(
    uow: UnitOfWork,
    offer: CashOffer,
    actor: Actor,
    approver: Actor | None,
    now: datetime,
) -> CashRefund:
    """Record that an item goes back in cash in the place of its refused refund: the item is
    cancelled and its pieces are back, and the cash waits to be handed out.

    Args:
        approver: the second person; ``None``: nobody had to.

    Raises:
        UserError: ``REFUND_IN_FLIGHT``, ``CASH_NOT_OFFERED``: the database has other money of the
            item; ``REFUND_OWN_APPROVAL``.
    """
    refused, item = offer.refused, offer.item
    drop_refused(uow, item)  # cash that waited for the part by QR is a part of the new one
    waiting = create_cash_refund(
        *(uow, item, offer.amount, refused.reason, now),
        requested_by=actor,
        approver=approver,
        instead_of=refused,
    )
    entry = refund_entry(LedgerEvent.REFUND_MOVED_TO_CASH, refused, ZERO, now)
    uow.ledger.append(replace(entry, actor=approver or actor, reference=refused.tag))
    cancel_item(
        uow, item, actor, refused.reason, now, imp_uid=refused.imp_uid, reference=refused.tag
    )
    end_request(uow, item.id, now)
    return waiting


def cash_offers(uow: UnitOfWork, refunds: Sequence[Refund]) -> dict[int, CashOffer]:
    """Return what can go back in cash of an order, by the item's id.

    Args:
        refunds: of the order.
    """
    found = (cash_offer(uow, one.id) for one in refunds if was_refused_for_good(one))
    return {one.item.id: one for one in found if one is not None}
