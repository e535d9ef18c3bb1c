"""What a receipt and its refund slips say about the tax of a sale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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

    @property
    def total(self) -> Won:
        """All of it."""
        return self.supply + self.vat + self.exempt


def sold_items(order: Order, refunds: Iterable[Refund], paid: Won) -> tuple[OrderItem, ...]:
    """Return the items of an order that were paid, as they were sold: what of them went back is
    still among them, and what was cancelled before is not.

    Args:
        paid: won of all its tenders.
    """
    ordered = order.ordered_items
    if sum((one.total for one in ordered), ZERO) == paid:
        return ordered
    back = {
        number
        for refund in refunds
        if refund.state is not RefundState.REFUSED
        for number in refund.item_ids
    }
    return tuple(one for one in ordered if one.status is not ItemStatus.CANCEL or one.id in back)


def refund_taxes(order: Order, refunds: Iterable[Refund], sale: TaxSplit) -> Mapping[int, TaxPart]:
    """Return the tax in what each refund of items returned, by the refund's id: confirmed ones in
    the order in which they went back, then the others. In any order the parts of all refunds sum
    up to the tax of the sale.

    A refund that is refused, of a payment as a whole, or made outside of this till has no part.
    """
    items = {one.id: one for one in order.items}
    taxable, parts = sale.taxable, dict[int, TaxPart]()
    for refund in _in_order(refunds):
        found = [items[number] for number in refund.item_ids if number in items]
        if not found:
            continue
        gone = TaxSplit.of((one.tax, one.total) for one in found)
        left = max(ZERO, taxable - gone.taxable)
        vat = vat_of(taxable) - vat_of(left)
        parts[refund.id] = TaxPart(gone.taxable - vat, vat, gone.exempt)
        taxable = left
    return parts


def _in_order(refunds: Iterable[Refund]) -> list[Refund]:
    kept = [one for one in refunds if one.state is not RefundState.REFUSED]
    done = [(one.confirmed_at, one.id, one) for one in kept if one.confirmed_at is not None]
    waiting = [one for one in kept if one.confirmed_at is None]
    return [one for _, _, one in sorted(done, key=lambda each: each[:2])] + sorted(
        waiting, key=lambda one: one.id
    )
