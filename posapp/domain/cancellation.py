"""Rules of 주문취소 and 결제취소: guards, action and reason.

Follows docs/specification.md 2.5.
"""

from __future__ import annotations

from enum import StrEnum

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.guards import guard_buyer_cancel, guard_seller_cancel
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.text import strip_controls
from posapp.domain.users import User

MAX_REASON_LENGTH = 500
"""Characters of a reason that are kept; longer reasons are cut, never refused."""


class CancelAction(StrEnum):
    """What cancelling an item means: cancel it without a refund, or refund it."""

    CANCEL = "cancel"
    REFUND = "refund"


def guard_cancel(actor: Actor, user: User | None, item: OrderItem | None) -> OrderItem:
    """Run the guards of a buyer, or those of a seller for any other actor; return the item.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    guard = guard_buyer_cancel if actor.acts_as is ActorKind.BUYER else guard_seller_cancel
    return guard(actor, user, item)


def cancel_action_for(item: OrderItem) -> CancelAction:
    """Return the action for an item that passed its guards. An item that costs nothing has no money
    to refund, paid or not."""
    if item.status is ItemStatus.WAITING_FOR_PAYMENT or item.total == 0:
        return CancelAction.CANCEL
    return CancelAction.REFUND


def default_reason(kind: ActorKind) -> str:
    """Return the reason that replaces a blank one of this actor (docs/specification.md 2.5)."""
    return "구매자에 의한 취소" if kind is ActorKind.BUYER else "판매자에 의한 취소"


def reason_or_default(actor: Actor, reason: str) -> str:
    """Return the reason as stored: one line, printable, at most ``MAX_REASON_LENGTH`` characters;
    the default reason if it is blank."""
    return strip_controls(reason)[:MAX_REASON_LENGTH] or default_reason(actor.acts_as)
