"""Orders, their items, and the states of an item (docs/specification.md 1 and 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.money import ZERO, Won
from posapp.domain.transitions import Transitions

NAME_LIMIT = 40
"""PortOne cuts a payment's name at 40 characters; so do we, where we can see it."""


@dataclass(frozen=True, slots=True)
class Product:
    """Something the shop sells; ``stock`` is what is left to sell."""

    id: int
    seller_id: int
    name: str
    price: Won
    stock: int
    barcode: str = ""
    category: str = ""
    active: bool = True


class ItemStatus(StrEnum):
    """Where an order item stands."""

    WAITING_FOR_PAYMENT = "WAITING_FOR_PAYMENT"
    COMPLETE_PAYMENT = "COMPLETE_PAYMENT"
    WAITING_FOR_DELIVERY = "WAITING_FOR_DELIVERY"
    SHIPPING = "SHIPPING"
    DELIVERY_COMPLETE = "DELIVERY_COMPLETE"
    CANCEL = "CANCEL"


class ItemTrigger(StrEnum):
    """What can happen to an order item."""

    PAYMENT_VERIFIED = "payment_verified"
    ITEM_CANCELLED = "item_cancelled"
    REFUND_CONFIRMED = "refund_confirmed"
    DELIVERY_PREPARED = "delivery_prepared"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    HANDED_OVER = "handed_over"
    REPLACEMENT_SENT = "replacement_sent"
    REPLACEMENT_STOPPED = "replacement_stopped"


_S, _T = ItemStatus, ItemTrigger

ITEM_TRANSITIONS: Transitions[ItemStatus, ItemTrigger] = Transitions(
    "order item",
    {
        (_S.WAITING_FOR_PAYMENT, _T.PAYMENT_VERIFIED): _S.COMPLETE_PAYMENT,
        (_S.WAITING_FOR_PAYMENT, _T.ITEM_CANCELLED): _S.CANCEL,
        (_S.COMPLETE_PAYMENT, _T.DELIVERY_PREPARED): _S.WAITING_FOR_DELIVERY,
        (_S.WAITING_FOR_DELIVERY, _T.SHIPPED): _S.SHIPPING,
        (_S.SHIPPING, _T.DELIVERED): _S.DELIVERY_COMPLETE,
        (_S.COMPLETE_PAYMENT, _T.HANDED_OVER): _S.DELIVERY_COMPLETE,
        (_S.DELIVERY_COMPLETE, _T.REPLACEMENT_SENT): _S.WAITING_FOR_DELIVERY,
        # An approval is undone within seconds: what the buyer has is delivered, as it was before.
        (_S.WAITING_FOR_DELIVERY, _T.REPLACEMENT_STOPPED): _S.DELIVERY_COMPLETE,
        (_S.COMPLETE_PAYMENT, _T.REFUND_CONFIRMED): _S.CANCEL,
        (_S.WAITING_FOR_DELIVERY, _T.REFUND_CONFIRMED): _S.CANCEL,
        (_S.SHIPPING, _T.REFUND_CONFIRMED): _S.CANCEL,
        (_S.DELIVERY_COMPLETE, _T.REFUND_CONFIRMED): _S.CANCEL,
    },
)


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order, with name and price as they were when it was ordered.

    ``product_id`` and ``seller_id`` keep their numbers when the product or person is deleted.
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

    @property
    def total(self) -> Won:
        """Price × count, in won."""
        return self.price * self.count

    @property
    def is_paid(self) -> bool:
        """Money was taken for it and has not gone back."""
        return self.status not in (ItemStatus.WAITING_FOR_PAYMENT, ItemStatus.CANCEL)

    def after(self, trigger: ItemTrigger, *, reason: str = "") -> OrderItem:
        """Return the item as it is after ``trigger``; the only door to another status.

        Raises:
            IllegalTransition: the item cannot take that step now.
        """
        status = ITEM_TRANSITIONS.after(self.status, trigger)
        return replace(self, status=status, cancel_reason=reason or self.cancel_reason)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to buy. It stores no total: the total is derived from its items."""

    id: int
    buyer_id: int
    created_at: datetime
    items: tuple[OrderItem, ...]

    @property
    def total(self) -> Won:
        """Σ total of the items that are not CANCEL, in won."""
        return sum((item.total for item in self.living_items), ZERO)

    @property
    def living_items(self) -> tuple[OrderItem, ...]:
        """The items that are not CANCEL."""
        return tuple(item for item in self.items if item.status is not ItemStatus.CANCEL)

    @property
    def is_paid(self) -> bool:
        """At least one item was paid and not refunded."""
        return any(item.is_paid for item in self.items)

    @property
    def name(self) -> str:
        """The name that PortOne gets: ``첫상품 외 N건``, at most 40 characters
        (docs/specification.md 2.3).

        The first product's name gives way, so that the count is always seen.
        """
        items = self.living_items or self.items
        return payment_name(items[0].name, len(items)) if items else ""


def payment_name(first: str, count: int) -> str:
    """Return ``첫상품 외 N건`` for ``count`` items of which ``first`` is the first one's name."""
    tail = f" 외 {count - 1}건" if count > 1 else ""
    return first[: NAME_LIMIT - len(tail)] + tail
