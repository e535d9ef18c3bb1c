"""Refunds that PortOne made and our records lack: made after an older copy of the database, which
was put in the place of a newer one.

The tag in the reason says what was refunded (``domain.numbers``). Only what fits without a doubt is
put back; the rest becomes a mismatch with its evidence. No money moves.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO
from posapp.domain.numbers import is_of_rest, item_in, tag_at_end
from posapp.domain.orders import OrderItem
from posapp.domain.payments import (
    Payment,
    PaymentStanding,
    ReportedCancellation,
    ReportedPayment,
)
from posapp.domain.refunds import Refund, RefundOrigin, plain
from posapp.services.found_refunds import end_rivals, fits, name_lines, rivals_of
from posapp.services.items_without_money import end_request
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import PORTONE, enter_refunded, keep_rest, refund_fact


def put_back_refunds(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    known: Collection[str],
    now: datetime,
    *,
    name: bool = True,
) -> None:
    """Record each line with a tag of ours that the records lack as the refund that it is: an open
    refund for the same money that was never sent is over with it.

    What fits no item stays as it is, and is noted as a mismatch.

    Args:
        known: cancellation ids of the payment that are recorded already.
        name: note the mismatch; only by who records the line as another's cancel afterwards.
    """
    tags = {refund.tag for refund in uow.refunds.of_payment(payment.imp_uid)}
    lost = []
    # What was left is known when the parts before it are entered, wherever PortOne shows them.
    lines = sorted(reported.cancellations, key=lambda line: is_of_rest(tag_at_end(line.reason)))
    for line in lines:
        tag = tag_at_end(line.reason)
        if not tag or tag in tags or line.cancellation_id in known or line.amount <= 0:
            continue
        refund = _as_refund(uow, payment, line, tag, now)
        rivals = rivals_of(uow, refund, reported)
        is_all = _is_all_of_it(uow, payment, reported, refund)
        if not is_all or not fits(uow, payment, refund, rivals):
            lost.append(line)
            continue
        end_rivals(uow, rivals, now)
        refund = uow.refunds.add(refund)
        uow.ledger.append(refund_fact(Fact.REFUND_APPROVED, refund, ZERO, now))
        done = enter_refunded(uow, refund, line.cancellation_id, now, actor=PORTONE)
        for number in done.item_ids:
            end_request(uow, number, now, refund=done)
        keep_rest(uow, refund, reported.balance, now)
    if lost and name:
        name_lines(uow, payment, lost, now, recorded=True)


def _as_refund(
    uow: UnitOfWork, payment: Payment, line: ReportedCancellation, tag: str, now: datetime
) -> Refund:
    """An intent like the one that is lost; of all that was left it covers what is paid here."""
    item_id = item_in(tag)
    of_rest = is_of_rest(tag)
    items = _paid_items(uow, payment) if of_rest else ()
    of_items = item_id is not None or of_rest
    return Refund(
        id=0,
        imp_uid=payment.imp_uid,
        order_id=payment.order_id,
        item_id=item_id,
        origin=RefundOrigin.ITEM if of_items else RefundOrigin.REJECTED_PAYMENT,
        amount=line.amount,
        reason=plain(line.reason).removesuffix(tag).strip(),
        tag=tag,
        asked_by=PORTONE,
        approved_by=PORTONE,
        created_at=line.cancelled_at or now,
        covers=" ".join(str(item.id) for item in items),
    )


def _is_all_of_it(
    uow: UnitOfWork, payment: Payment, reported: ReportedPayment, refund: Refund
) -> bool:
    """The line can be a refund of just that item, of just what is left, or of just that payment."""
    if refund.origin is RefundOrigin.REJECTED_PAYMENT:
        return payment.standing is PaymentStanding.REJECTED
    if payment.standing is not PaymentStanding.ACCEPTED:
        return False
    if refund.item_id is None:
        left = _paid_items(uow, payment)
        return not reported.balance and refund.amount == sum(item.total for item in left)
    item = uow.orders.item(refund.item_id)
    return item is not None and item.order_id == payment.order_id and item.total == refund.amount


def _paid_items(uow: UnitOfWork, payment: Payment) -> tuple[OrderItem, ...]:
    order = uow.orders.get(payment.order_id)
    return tuple(item for item in order.items if item.is_paid) if order is not None else ()
