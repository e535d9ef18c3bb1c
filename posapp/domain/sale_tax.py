"""What a receipt and its refund slips say about the tax of a sale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from posapp.domain.cash import CashRefund, CashRefundState
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.vat import TaxSplit, vat_of


@dataclass(frozen=True, slots=True)
class TaxPart:
    """The tax in a sale, or in what of it went back, in won."""

    supply: Won
    vat: Won
    exempt: Won

    @classmethod
    def of(cls, sale: TaxSplit) -> TaxPart:
        """Return the tax of a whole sale."""
        return cls(sale.supply, sale.vat, sale.exempt)

    @classmethod
    def joined(cls, parts: Iterable[TaxPart]) -> TaxPart:
        """Return the tax of several parts together."""
        given = tuple(parts)
        return cls(
            sum((one.supply for one in given), ZERO),
            sum((one.vat for one in given), ZERO),
            sum((one.exempt for one in given), ZERO),
        )

    @property
    def total(self) -> Won:
        """All of it."""
        return self.supply + self.vat + self.exempt


def sold_items(
    order: Order, refunds: Iterable[Refund], cash_refunds: Iterable[CashRefund], paid: Won
) -> tuple[OrderItem, ...]:
    """Return the items of an order that were paid, as they were sold: what of them went back is
    still among them, and what was cancelled before is not.

    Args:
        paid: won of all its tenders.
    """
    ordered = order.ordered_items
    if sum((one.total for one in ordered), ZERO) == paid:
        return ordered
    back = {number for _, _, items in _returns(refunds, cash_refunds) for number in items}
    return tuple(one for one in ordered if one.status is not ItemStatus.CANCEL or one.id in back)


def returned_taxes(
    order: Order, refunds: Iterable[Refund], cash_refunds: Iterable[CashRefund], sale: TaxSplit
) -> Mapping[int, TaxPart]:
    """Return the tax in each item that went back or is going back, by the item's id: in the order
    in which they went back, then the others. In any order all parts sum up to the tax of the sale,
    and those of several items to what they are together.

    An item whose refund is refused or dropped, or that went back outside of this till, has none.
    """
    items = {one.id: one for one in order.items}
    taxable, parts = sale.taxable, dict[int, TaxPart]()
    for _, _, numbers in sorted(_returns(refunds, cash_refunds)):
        for number in numbers:
            item = items.get(number)
            if item is None or number in parts:
                continue
            gone = TaxSplit.of([(item.tax, item.total)])
            left = max(ZERO, taxable - gone.taxable)
            vat = vat_of(taxable) - vat_of(left)
            parts[number] = TaxPart(gone.taxable - vat, vat, gone.exempt)
            taxable = left
    return parts


_NOT_YET = datetime.max.replace(tzinfo=UTC)


def _returns(
    refunds: Iterable[Refund], cash_refunds: Iterable[CashRefund]
) -> list[tuple[datetime, int, tuple[int, ...]]]:
    """Return when items went back, with the record's number and the items' ids. An item that goes
    back by both tenders went back with its part by QR."""
    kept = [one for one in refunds if one.state is not RefundState.REFUSED]
    by_qr = {number for one in kept for number in one.item_ids}
    found = [(one.confirmed_at or _NOT_YET, one.id, one.item_ids) for one in kept]
    found += [
        (one.paid_at or _NOT_YET, one.id, (one.item_id,))
        for one in cash_refunds
        if one.state is not CashRefundState.DROPPED and one.item_id not in by_qr
    ]
    return found
