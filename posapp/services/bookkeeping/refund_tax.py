"""How much of a refund is free of tax: reckoned once, before it is stored, and sent as it was
stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from posapp.domain.money import ZERO
from posapp.domain.payments import Payment
from posapp.domain.refunds import Refund, RefundState
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


def left_of(payment: Payment, refunds: Iterable[Refund]) -> TaxSplit:
    """Return what is left of a payment beside its refunds that are not refused."""
    counted = [one for one in refunds if one.state is not RefundState.REFUSED]
    free = sum((one.tax_free for one in counted), ZERO)
    amount = sum((one.amount for one in counted), ZERO)
    return TaxSplit((payment.amount - payment.tax_free) - (amount - free), payment.tax_free - free)
