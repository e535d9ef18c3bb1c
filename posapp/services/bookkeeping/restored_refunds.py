"""Restores refunds that PortOne made and our records lack: an older copy of the database replaced
the one that recorded them.

The tag in the reason identifies what was refunded (``domain.merchant_numbers``). Only an
unambiguous match is restored; the rest becomes a mismatch with its evidence. No money moves.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from posapp.domain.actors import PORTONE
from posapp.domain.ledger import LedgerEvent
from posapp.domain.merchant_numbers import (
    is_remainder_tag,
    item_id_of,
    part_of,
    trailing_tag,
)
from posapp.domain.money import ZERO
from posapp.domain.orders import OrderItem
from posapp.domain.payments import (
    Payment,
    PaymentDisposition,
    ReportedCancellation,
    ReportedPayment,
)
from posapp.domain.refunds import Refund, RefundOrigin
from posapp.domain.text import strip_controls
from posapp.services.bookkeeping.found_refunds import (
    competing_refunds,
    end_competing_refunds,
    fits,
    note_lost_lines,
)
from posapp.services.bookkeeping.item_cancellation import end_request
from posapp.services.bookkeeping.item_parts import divide_again
from posapp.services.bookkeeping.refund_records import (
    create_follow_up_refund,
    record_refunded,
    refund_entry,
)
from posapp.services.bookkeeping.refund_tax import with_tax_free
from posapp.services.ports.unit_of_work import UnitOfWork


def restore_refunds(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    known: Collection[str],
    now: datetime,
    *,
    name: bool = True,
) -> None:
    """Record each line that has a tag of ours and no record as the refund that it is.

    An open refund for the same money that was never sent ends with it. A line that does not match
    is not recorded here; it is noted as a mismatch.

    Args:
        known: cancellation ids of the payment that are recorded already.
        name: note the mismatch; ``True`` requires that the caller then records the line as an
            external cancel.
    """
    tags = {refund.tag for refund in uow.refunds.of_payment(payment.imp_uid)}
    lost = []
    for line in sorted(reported.cancellations, key=_place):
        tag = trailing_tag(line.reason)
        if not tag or tag in tags or line.cancellation_id in known or line.amount <= 0:
            continue
        refund = _as_refund(uow, payment, line, tag, now)
        if not divide_again(uow, tag, payment, refund.amount, PORTONE, now):
            lost.append(line)
            continue
        competing = competing_refunds(uow, refund, reported)
        is_all = _is_all_of_it(uow, payment, reported, refund)
        if not is_all or not fits(uow, payment, refund, competing):
            lost.append(line)
            continue
        end_competing_refunds(uow, competing, now)
        refund = uow.refunds.add(with_tax_free(uow, refund))
        uow.ledger.append(refund_entry(LedgerEvent.REFUND_APPROVED, refund, ZERO, now))
        done = record_refunded(uow, refund, line.cancellation_id, now, actor=PORTONE)
        for number in done.item_ids:
            end_request(uow, number, now, refund=done)
        create_follow_up_refund(uow, refund, reported.refundable_balance, now)
    if lost and name:
        note_lost_lines(uow, payment, lost, now, recorded=True)


def _place(line: ReportedCancellation) -> tuple[bool, bool]:
    """Return where a line belongs: PortOne may list them in any order. A refund of the remainder
    can be matched only after the partial refunds before it are recorded, and one of what is left of
    an item only after its parts."""
    tag = trailing_tag(line.reason)
    return is_remainder_tag(tag), part_of(tag) is None


def _as_refund(
    uow: UnitOfWork, payment: Payment, line: ReportedCancellation, tag: str, now: datetime
) -> Refund:
    """Return a refund like the lost one; a refund of the remainder covers all items paid here."""
    item_id = item_id_of(tag)
    of_rest = is_remainder_tag(tag)
    items = _paid_items(uow, payment) if of_rest else ()
    of_items = item_id is not None or of_rest
    return Refund(
        id=0,
        imp_uid=payment.imp_uid,
        order_id=payment.order_id,
        item_id=item_id,
        origin=RefundOrigin.ITEM if of_items else RefundOrigin.REJECTED_PAYMENT,
        amount=line.amount,
        reason=strip_controls(line.reason).removesuffix(tag).strip(),
        tag=tag,
        requested_by=PORTONE,
        approved_by=PORTONE,
        created_at=line.cancelled_at or now,
        covers=" ".join(str(item.id) for item in items),
        till=uow.record_ids.till,
    )


def _is_all_of_it(
    uow: UnitOfWork, payment: Payment, reported: ReportedPayment, refund: Refund
) -> bool:
    """Tell whether the line can be a refund of an item of this order, of exactly the remainder, or
    of a rejected payment. Whether its amount is the item's, ``fits`` tells."""
    if refund.origin is RefundOrigin.REJECTED_PAYMENT:
        return payment.disposition is PaymentDisposition.REJECTED
    if payment.disposition is not PaymentDisposition.ACCEPTED:
        return False
    if refund.item_id is None:
        left = _paid_items(uow, payment)
        return not reported.refundable_balance and refund.amount == sum(item.total for item in left)
    item = uow.orders.item(refund.item_id)
    return item is not None and item.order_id == payment.order_id


def _paid_items(uow: UnitOfWork, payment: Payment) -> tuple[OrderItem, ...]:
    order = uow.orders.get(payment.order_id)
    return tuple(item for item in order.items if item.is_paid) if order is not None else ()
