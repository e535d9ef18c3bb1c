"""Refunds that PortOne made and our records lack: made after an older copy of the database, which
was put in the place of a newer one.

The tag in the reason says what was refunded (``domain.numbers``). Only what fits without a doubt is
put back; the rest becomes a mismatch with its evidence. No money moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO
from posapp.domain.numbers import is_of_rest, item_in, tag_at_end
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger, OrderItem
from posapp.domain.payments import (
    Payment,
    PaymentStanding,
    ReportedCancellation,
    ReportedPayment,
)
from posapp.domain.refunds import (
    Refund,
    RefundOrigin,
    RefundState,
    RefundTrigger,
    own_line,
    plain,
)
from posapp.services.items_without_money import end_request
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import PORTONE, enter_refunded, keep_rest, refund_fact


def put_back_refunds(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    known: frozenset[str],
    now: datetime,
    *,
    name: bool = True,
) -> None:
    """Record each line with a tag of ours that the records lack as the refund that it is.

    What fits no item stays as it is, and is noted as a mismatch.

    Args:
        known: cancellation ids of the payment that are recorded already.
        name: note the mismatch; once for each line, so only by who records it afterwards.
    """
    tags = {refund.tag for refund in uow.refunds.of_payment(payment.imp_uid)}
    lost = []
    for line in reported.cancellations:
        tag = tag_at_end(line.reason)
        if not tag or tag in tags or line.cancellation_id in known or line.amount <= 0:
            continue
        if not _fits(uow, payment, reported, line, tag):
            lost.append(line)
            continue
        refund = _put_back(uow, payment, reported, line, tag, now)
        done = enter_refunded(uow, refund, line.cancellation_id, now, actor=PORTONE)
        for number in done.item_ids:
            end_request(uow, number, now, refund=done)
        keep_rest(uow, refund, reported.balance, now)
    if lost and name:
        _note_lost(uow, payment, lost, now)


def as_evidence(lines: Iterable[ReportedCancellation]) -> str:
    """Cancellations in the words of a mismatch."""
    return "; ".join(f"{one.cancellation_id} {one.amount} {plain(one.reason)}" for one in lines)


def _rivals(
    uow: UnitOfWork, payment: Payment, item_id: int | None, reported: ReportedPayment
) -> tuple[Refund, ...]:
    """Open refunds for the same money that PortOne has not made."""
    return tuple(
        one
        for one in uow.refunds.of_payment(payment.imp_uid)
        if one.item_id == item_id and one.is_open and own_line(one, reported) is None
    )


def _fits(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    line: ReportedCancellation,
    tag: str,
) -> bool:
    """The line can be a refund of just that item, or of just that payment, and of no other."""
    item_id = item_in(tag)
    rivals = _rivals(uow, payment, item_id, reported)
    others = [
        one
        for one in uow.refunds.of_payment(payment.imp_uid)
        if one.state is not RefundState.REFUSED and one not in rivals
    ]
    if sum(one.amount for one in others) + line.amount > payment.amount:
        return False
    if any(rival.state is RefundState.SENDING for rival in rivals):
        return False
    if is_of_rest(tag):
        left = _paid_items(uow, payment)
        return (
            payment.standing is PaymentStanding.ACCEPTED
            and not reported.balance
            and line.amount == sum(item.total for item in left)
            and not any(set(one.item_ids) & {item.id for item in left} for one in others)
        )
    if item_id is None:
        return payment.standing is PaymentStanding.REJECTED
    item = uow.orders.item(item_id)
    return (
        item is not None
        and item.order_id == payment.order_id
        and payment.standing is PaymentStanding.ACCEPTED
        and item.total == line.amount
        and ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REFUND_CONFIRMED)
        and all(one.item_id != item_id for one in others)
    )


def _paid_items(uow: UnitOfWork, payment: Payment) -> tuple[OrderItem, ...]:
    order = uow.orders.get(payment.order_id)
    return tuple(item for item in order.items if item.is_paid) if order is not None else ()


def _put_back(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    line: ReportedCancellation,
    tag: str,
    now: datetime,
) -> Refund:
    """An intent like the one that is lost; an older one for the same money is over with it."""
    item_id = item_in(tag)
    for rival in _rivals(uow, payment, item_id, reported):
        over = rival.after(RefundTrigger.FOUND_IMPOSSIBLE)
        uow.refunds.save(over)
        uow.outbox.close(rival.id)
        uow.ledger.append(refund_fact(Fact.REFUND_REFUSED, over, ZERO, now))
    origin = RefundOrigin.ITEM if item_id is not None else RefundOrigin.REJECTED_PAYMENT
    covers = ""
    if is_of_rest(tag):
        origin = RefundOrigin.ITEM
        covers = " ".join(str(item.id) for item in _paid_items(uow, payment))
    refund = uow.refunds.add(
        Refund(
            id=0,
            imp_uid=payment.imp_uid,
            order_id=payment.order_id,
            item_id=item_id,
            origin=origin,
            amount=line.amount,
            reason=plain(line.reason).removesuffix(tag).strip(),
            tag=tag,
            asked_by=PORTONE,
            approved_by=PORTONE,
            created_at=line.cancelled_at or now,
            covers=covers,
        )
    )
    uow.ledger.append(refund_fact(Fact.REFUND_APPROVED, refund, ZERO, now))
    return refund


def _note_lost(
    uow: UnitOfWork, payment: Payment, lines: list[ReportedCancellation], now: datetime
) -> None:
    """The lines are cancels of others in our records; an open mismatch takes them up as well."""
    amount = sum((line.amount for line in lines), ZERO)
    evidence = [as_evidence(lines)]
    for one in uow.mismatches.of_payment(payment.imp_uid):
        if one.kind is MismatchKind.LOST_REFUND and one.settled_at is None:
            amount += one.amount
            evidence.insert(0, one.evidence)
    is_sale = payment.standing is PaymentStanding.ACCEPTED
    uow.mismatches.note(
        Mismatch(
            id=0,
            kind=MismatchKind.LOST_REFUND,
            merchant_uid=payment.merchant_uid,
            imp_uid=payment.imp_uid,
            amount=amount,
            evidence="; ".join(evidence),
            found_at=now,
            gap=-amount if is_sale else ZERO,
        )
    )
