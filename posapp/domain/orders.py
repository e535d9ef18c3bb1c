"""Orders, their items, and the states of an item (docs/specification.md 1 and 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.products import SaleUnit
from posapp.domain.state_machine import StateMachine
from posapp.domain.vat import TaxKind, TaxSplit

NAME_LIMIT = 40
"""Characters of a payment's name. PortOne cuts longer names; the till cuts them first, visibly."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the shop.

    Attributes:
        price: of a piece, or of a kilogram of weighed goods, in won.
        stock: the quantity that is left to sell.
        is_tracked: whether its stock is counted; else it never ends.
        parent_id: the product of which it is a variant (a size, a colour).
        plu: its number on labels of the shop and of scales.
        colour: of its tile, or empty.
        picture: names the content of its picture, or empty: another picture has another name.
            Written by ``Goods.set_picture`` alone.
    """

    id: int
    seller_id: int
    name: str
    price: Won
    stock: int
    barcode: str = ""
    category: str = ""
    active: bool = True
    tax: TaxKind = TaxKind.TAXABLE
    unit: SaleUnit = SaleUnit.COUNT
    is_tracked: bool = True
    parent_id: int | None = None
    plu: int | None = None
    colour: str = ""
    is_favourite: bool = False
    picture: str = ""


class ItemStatus(StrEnum):
    """Status of an order item."""

    WAITING_FOR_PAYMENT = "WAITING_FOR_PAYMENT"
    COMPLETE_PAYMENT = "COMPLETE_PAYMENT"
    WAITING_FOR_DELIVERY = "WAITING_FOR_DELIVERY"
    SHIPPING = "SHIPPING"
    DELIVERY_COMPLETE = "DELIVERY_COMPLETE"
    CANCEL = "CANCEL"


TO_SHIP = frozenset({ItemStatus.COMPLETE_PAYMENT, ItemStatus.WAITING_FOR_DELIVERY})
"""Statuses of paid items that the seller still has to ship or to hand over."""

IN_FULFILMENT = TO_SHIP | {ItemStatus.SHIPPING}
"""Statuses of paid items that have a next step of delivery: the keys of ``DELIVERY_STEPS``."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Some pieces of an item, as a person chose them.

    Attributes:
        count: how many.
        of: how many the item had when they were chosen. Chosen anew if it has another number now,
            so that no choice is carried out twice.
    """

    count: int
    of: int


class ItemTrigger(StrEnum):
    """Event that changes an order item."""

    PAYMENT_VERIFIED = "payment_verified"
    ITEM_CANCELLED = "item_cancelled"
    REFUND_CONFIRMED = "refund_confirmed"
    DELIVERY_PREPARED = "delivery_prepared"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    HANDED_OVER = "handed_over"
    REPLACEMENT_SENT = "replacement_sent"
    REPLACEMENT_STOPPED = "replacement_stopped"
    PREPARATION_UNDONE = "preparation_undone"
    SHIPPING_UNDONE = "shipping_undone"
    DELIVERY_UNDONE = "delivery_undone"
    HAND_OVER_UNDONE = "hand_over_undone"


_S, _T = ItemStatus, ItemTrigger

ITEM_TRANSITIONS: StateMachine[ItemStatus, ItemTrigger] = StateMachine(
    "order item",
    {
        (_S.WAITING_FOR_PAYMENT, _T.PAYMENT_VERIFIED): _S.COMPLETE_PAYMENT,
        (_S.WAITING_FOR_PAYMENT, _T.ITEM_CANCELLED): _S.CANCEL,
        (_S.COMPLETE_PAYMENT, _T.DELIVERY_PREPARED): _S.WAITING_FOR_DELIVERY,
        (_S.WAITING_FOR_DELIVERY, _T.SHIPPED): _S.SHIPPING,
        (_S.SHIPPING, _T.DELIVERED): _S.DELIVERY_COMPLETE,
        (_S.COMPLETE_PAYMENT, _T.HANDED_OVER): _S.DELIVERY_COMPLETE,
        (_S.DELIVERY_COMPLETE, _T.REPLACEMENT_SENT): _S.WAITING_FOR_DELIVERY,
        # The approval is undone within seconds: the buyer's item is delivered, as before.
        (_S.WAITING_FOR_DELIVERY, _T.REPLACEMENT_STOPPED): _S.DELIVERY_COMPLETE,
        # Within seconds only, and if nothing else happened to the item since.
        (_S.WAITING_FOR_DELIVERY, _T.PREPARATION_UNDONE): _S.COMPLETE_PAYMENT,
        (_S.SHIPPING, _T.SHIPPING_UNDONE): _S.WAITING_FOR_DELIVERY,
        (_S.DELIVERY_COMPLETE, _T.DELIVERY_UNDONE): _S.SHIPPING,
        (_S.DELIVERY_COMPLETE, _T.HAND_OVER_UNDONE): _S.COMPLETE_PAYMENT,
        (_S.COMPLETE_PAYMENT, _T.REFUND_CONFIRMED): _S.CANCEL,
        (_S.WAITING_FOR_DELIVERY, _T.REFUND_CONFIRMED): _S.CANCEL,
        (_S.SHIPPING, _T.REFUND_CONFIRMED): _S.CANCEL,
        (_S.DELIVERY_COMPLETE, _T.REFUND_CONFIRMED): _S.CANCEL,
    },
)


DELIVERY_STEPS: Mapping[ItemStatus, ItemTrigger] = {
    ItemStatus.COMPLETE_PAYMENT: ItemTrigger.DELIVERY_PREPARED,
    ItemStatus.WAITING_FOR_DELIVERY: ItemTrigger.SHIPPED,
    ItemStatus.SHIPPING: ItemTrigger.DELIVERED,
}
"""The next step of an item's delivery, by its status."""

COUNTER_STEPS: Mapping[ItemStatus, ItemTrigger] = {
    ItemStatus.COMPLETE_PAYMENT: ItemTrigger.HANDED_OVER,
}
"""The step of an item that is handed over at the counter, by its status."""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order, with name and price as of the time of the order.

    ``product_id`` and ``seller_id`` keep their values when the product or user is deleted.

    Attributes:
        part_of: the item that it was a part of, until that part was refunded; ``None``: it is as it
            was ordered, but for the parts that were taken out of it.
        discount: of all its pieces, in won; from 0 to price × count.
        options: ids of the chosen options, with blanks between; name and price have them already.
        measure: how weighed goods were measured, as it is shown, or empty.
    """

    id: int
    order_id: int
    buyer_id: int
    seller_id: int
    product_id: int
    name: str
    price: Won
    count: int
    status: ItemStatus = ItemStatus.WAITING_FOR_PAYMENT
    cancel_reason: str = ""
    part_of: int | None = None
    discount: Won = ZERO
    tax: TaxKind = TaxKind.TAXABLE
    options: str = ""
    measure: str = ""

    @property
    def total(self) -> Won:
        """Price × count without the discount, in won."""
        return self.price * self.count - self.discount

    @property
    def is_divisible(self) -> bool:
        """Whether some of its pieces can be an item of their own."""
        return self.part_of is None and self.count > 1

    def total_of(self, count: int) -> Won:
        """Return what so many of its pieces come to as a part of it, in won: they take their share
        of the discount, rounded down, and the others what is left of it. So all parts, in any
        order, sum up to the item."""
        return self.price * count - int(self.discount) * count // self.count

    @property
    def is_paid(self) -> bool:
        """Whether the item was paid and not refunded."""
        return self.status not in (ItemStatus.WAITING_FOR_PAYMENT, ItemStatus.CANCEL)

    def apply(self, trigger: ItemTrigger, *, reason: str = "") -> OrderItem:
        """Return the item after ``trigger``; the only way to another status.

        Raises:
            IllegalTransition: the status has no such transition.
        """
        status = ITEM_TRANSITIONS.next_state(self.status, trigger)
        return replace(self, status=status, cancel_reason=reason or self.cancel_reason)

    def divide(
        self, number: int, count: int, total: Won | None = None
    ) -> tuple[OrderItem, OrderItem]:
        """Return what is left of the item, and a part of it as an item of its own. Both have its
        price and status, and together its pieces and its discount.

        Args:
            number: the part's own number.
            total: what the part came to when it was made, before a copy of the records lost it:
                parts that were made in another order differ by a won.

        Raises:
            UserError: ``NOT_PAID_YET``: it is not paid; ``PART_COUNT``: the part has not 1 to
                ``count - 1`` pieces; ``PART_OF_PART``: it is a part itself; ``PART_REFUSED``: the
                pieces cannot come to ``total``.
        """
        if not self.is_paid:
            raise UserError(ErrorCode.NOT_PAID_YET)
        if self.part_of is not None:
            raise UserError(ErrorCode.PART_OF_PART)
        if not 0 < count < self.count:
            raise UserError(ErrorCode.PART_COUNT)
        due = self.total_of(count)
        made = due if total is None else total
        off = self.price * count - made
        left = replace(self, count=self.count - count, discount=self.discount - off)
        is_share = abs(made - due) <= (self.count if self.discount else 0)
        if not is_share or min(made, off, left.total, left.discount) < 0:
            raise UserError(ErrorCode.PART_REFUSED)
        return left, replace(self, id=number, count=count, part_of=self.id, discount=off)


class OrderState(StrEnum):
    """State of a whole order, derived from its items (``Order.state``); stored nowhere.

    ``WAITING_FOR_PAYMENT``: nothing is paid. ``PAID``: nothing is on its way. ``IN_DELIVERY``:
    something is on its way or delivered, and not everything is delivered. ``DELIVERED``:
    everything is. ``CANCELLED``: every item is cancelled, or there is none. Cancelled items count
    in no other state.
    """

    WAITING_FOR_PAYMENT = "WAITING_FOR_PAYMENT"
    PAID = "PAID"
    IN_DELIVERY = "IN_DELIVERY"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a buyer. It stores no total: the total is derived from its items.

    Attributes:
        is_counter: the counter made it; its stock is reserved while it waits for payment.
        note: what the counter noted about it.
        receipt_no: number of its receipt, once it is paid; orders of the counter have one.
    """

    id: int
    buyer_id: int
    created_at: datetime
    items: tuple[OrderItem, ...]
    is_counter: bool = False
    note: str = ""
    receipt_no: str | None = None

    @property
    def total(self) -> Won:
        """Σ total of the items that are not CANCEL, in won."""
        return sum((item.total for item in self.active_items), ZERO)

    def with_exempt_goods(self) -> Order:
        """Return the order of a shop whose goods are all exempt, before it is stored."""
        items = tuple(replace(item, tax=TaxKind.EXEMPT) for item in self.items)
        return replace(self, items=items)

    @property
    def tax_split(self) -> TaxSplit:
        """How much of the total is taxable and exempt."""
        return TaxSplit.of((item.tax, item.total) for item in self.active_items)

    @property
    def active_items(self) -> tuple[OrderItem, ...]:
        """The items that are not CANCEL."""
        return tuple(item for item in self.items if item.status is not ItemStatus.CANCEL)

    @property
    def ordered_items(self) -> tuple[OrderItem, ...]:
        """The items as they were ordered: each with the pieces and the discount of its parts."""
        whole = {item.id: item for item in self.items if item.part_of is None}
        for item in self.items:
            if item.part_of in whole:
                rest = whole[item.part_of]
                whole[rest.id] = replace(
                    rest, count=rest.count + item.count, discount=rest.discount + item.discount
                )
        return tuple(whole.values())

    @property
    def is_paid(self) -> bool:
        """Whether at least one item was paid and not refunded."""
        return any(item.is_paid for item in self.items)

    @property
    def state(self) -> OrderState:
        """State of the whole order."""
        if not self.active_items:
            return OrderState.CANCELLED
        paid = {item.status for item in self.active_items if item.is_paid}
        if not paid:
            return OrderState.WAITING_FOR_PAYMENT
        if paid == {ItemStatus.COMPLETE_PAYMENT}:
            return OrderState.PAID
        if paid == {ItemStatus.DELIVERY_COMPLETE}:
            return OrderState.DELIVERED
        return OrderState.IN_DELIVERY

    @property
    def name(self) -> str:
        """Name for PortOne: ``첫상품 외 N건``, at most 40 characters (docs/specification.md 2.3).

        The first product's name is shortened, so that the count is always visible.
        """
        items = self.active_items or self.items
        return payment_name(items[0].name, named_count(self.items)) if items else ""


def named_count(items: Sequence[OrderItem]) -> int:
    """Return of how many items an order's name speaks: of those not cancelled, or of all if each
    is; parts of one item count once."""
    active = [item for item in items if item.status is not ItemStatus.CANCEL]
    return len({item.part_of or item.id for item in active or items})


def payment_name(first: str, count: int) -> str:
    """Return ``첫상품 외 N건`` for ``count`` items of which ``first`` is the first one's name."""
    tail = f" 외 {count - 1}건" if count > 1 else ""
    return first[: NAME_LIMIT - len(tail)] + tail
