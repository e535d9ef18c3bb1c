"""The rules of 주문취소 and 결제취소: who, which, and with what words.

Follows docs/specification.md 2.5.
"""

from __future__ import annotations

from enum import StrEnum

from posapp.domain.guards import guard_buyer_cancel, guard_seller_cancel
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.people import User
from posapp.domain.refunds import plain

LONGEST_REASON = 500
"""Characters of a reason that are kept; more is cut, never refused."""


class Side(StrEnum):
    """On which side of the counter somebody stands."""

    BUYER = "buyer"
    SELLER = "seller"

    @property
    def default_reason(self) -> str:
        """What a blank or white reason becomes (docs/specification.md 2.5)."""
        return "구매자에 의한 취소" if self is Side.BUYER else "판매자에 의한 취소"


class Deed(StrEnum):
    """The one thing that can be done with an item: stop it, or send its money back."""

    CANCEL = "cancel"
    REFUND = "refund"


def guard_cancel(side: Side, user: User | None, item: OrderItem | None) -> OrderItem:
    """Run the guards of a side in their order and return the item.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    guard = guard_buyer_cancel if side is Side.BUYER else guard_seller_cancel
    return guard(user, item)


def deed_of(item: OrderItem) -> Deed:
    """Which of the two buttons fits an item that passed its guards. Of one that costs nothing there
    is no money to send back, paid or not."""
    if item.status is ItemStatus.WAITING_FOR_PAYMENT or item.total == 0:
        return Deed.CANCEL
    return Deed.REFUND


def reason_or_default(side: Side, reason: str) -> str:
    """The reason as it is kept: one line, printable, at most ``LONGEST_REASON`` characters."""
    return plain(reason)[:LONGEST_REASON] or side.default_reason
