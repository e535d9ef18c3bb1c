"""How much of a refund is free of tax: reckoned once, before it is stored, and sent as it was
stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from posapp.domain.money import ZERO, Won
from posapp.domain.payments import Payment, ReportedPayment
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.vat import TaxKind, TaxSplit
from posapp.services.ports.unit_of_work import UnitOfWork


def with_tax_free(uow: UnitOfWork, refund: Refund) -> Refund:
    """Return a new refund with the part of it that is free of tax: the exempt goods among its
    items, within what is left of its payment beside all refunds that are not refused. Goods of an
    external cancellation are unknown; PortOne takes them as taxable.

    Of a payment that is not recorded, or of which less is left, nothing is known to be free of tax;
    the database takes no such refund.
    """
    payment = uow.payments.get(refund.imp_uid)
    if payment is None:
        return refund
    left = left_of(payment, uow.refunds.of_payment(refund.imp_uid))
    if refund.amount > left.total:
        return refund
    items = (uow.orders.item(number) for number in refund.item_ids)
    exempt = sum(
        (item.total for item in items if item is not None and item.tax is TaxKind.EXEMPT), ZERO
    )
    tax_free = left.tax_free_of_refund(refund.amount, min(exempt, refund.amount))
    return replace(refund, tax_free=tax_free)


def tax_free_to_send(
    payment: Payment,
    refund: Refund,
    reported: ReportedPayment,
    known: Mapping[str, Refund],
) -> Won:
    """Return how much of a refund is declared free of tax when it is sent: what was reckoned for
    it, but no more of either kind than PortOne has left by now. A cancel elsewhere may have taken
    goods of its kind after it was decided; PortOne takes those as taxable.

    Args:
        reported: the payment as it was just read.
        known: our refund of each line of its history, by the number of the line.
    """
    left = TaxSplit(payment.amount - payment.tax_free, payment.tax_free)
    first = datetime.min.replace(tzinfo=UTC)
    for line in sorted(reported.cancellations, key=lambda one: one.cancelled_at or first):
        own = known.get(line.cancellation_id)
        is_ours = own is not None and own.origin is not RefundOrigin.EXTERNAL
        wanted = min(own.tax_free, line.amount) if own is not None and is_ours else ZERO
        gone = left.tax_free_of_refund(line.amount, wanted)
        left = TaxSplit(left.taxable - (line.amount - gone), left.exempt - gone)
    return left.tax_free_of_refund(refund.amount, min(refund.tax_free, refund.amount))


def left_of(payment: Payment, refunds: Iterable[Refund]) -> TaxSplit:
    """Return what is left of a payment beside its refunds that are not refused."""
    counted = [one for one in refunds if one.state is not RefundState.REFUSED]
    free = sum((one.tax_free for one in counted), ZERO)
    amount = sum((one.amount for one in counted), ZERO)
    return TaxSplit((payment.amount - payment.tax_free) - (amount - free), payment.tax_free - free)
