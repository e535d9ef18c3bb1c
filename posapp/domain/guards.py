"""The guards of docs/specification.md 2.2, in their order; the first guard that fails decides.

They are functions of the records *now*: the same guard serves the screen that opens and, again, the
transaction that acts. ``user`` is the user that the actor is, or ``None``. An actor of another kind
is refused like a user whom the thing does not belong to.
"""

from __future__ import annotations

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.users import User


def guard_pay(actor: Actor, user: User | None, order: Order | None) -> Order:
    """user404 → order404 → order406 → order409_1 → order409_2; returns the order to be paid.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    if user is None:
        raise UserError(ErrorCode.USER_UNKNOWN)
    if order is None:
        raise UserError(ErrorCode.ORDER_UNKNOWN)
    if actor.acts_as is not ActorKind.BUYER or order.buyer_id != user.id:
        raise UserError(ErrorCode.ORDER_OF_ANOTHER)
    if order.total <= 0:
        raise UserError(ErrorCode.ORDER_ZERO)
    if order.is_paid:
        raise UserError(ErrorCode.ORDER_DONE)
    return order


def guard_buyer(actor: Actor, user: User | None) -> User:
    """user404; returns the buyer.

    Raises:
        UserError: with the code of the guard.
    """
    if user is None or actor.acts_as is not ActorKind.BUYER:
        raise UserError(ErrorCode.USER_UNKNOWN)
    return user


def guard_own_item(actor: Actor, user: User | None, item: OrderItem | None) -> OrderItem:
    """user404 → orderItem404 → orderItem406; returns the item.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    if user is None:
        raise UserError(ErrorCode.USER_UNKNOWN)
    if item is None:
        raise UserError(ErrorCode.ITEM_UNKNOWN)
    if actor.acts_as is not ActorKind.BUYER or item.buyer_id != user.id:
        raise UserError(ErrorCode.ITEM_OF_ANOTHER)
    return item


def guard_buyer_cancel(actor: Actor, user: User | None, item: OrderItem | None) -> OrderItem:
    """user404 → orderItem404 → orderItem406 → orderItem409_1/2/3; returns the item.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    item = guard_own_item(actor, user, item)
    if item.status is ItemStatus.CANCEL:
        raise UserError(ErrorCode.ITEM_CANCELLED)
    if item.status in (ItemStatus.WAITING_FOR_DELIVERY, ItemStatus.SHIPPING):
        raise UserError(ErrorCode.ITEM_SHIPPING)
    if item.status is ItemStatus.DELIVERY_COMPLETE:
        raise UserError(ErrorCode.ITEM_DELIVERED)
    return item


def guard_seller(actor: Actor, user: User | None) -> User:
    """user404 → seller406; returns the seller.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    if user is None:
        raise UserError(ErrorCode.USER_UNKNOWN)
    if actor.acts_as is not ActorKind.SELLER or not user.is_seller:
        raise UserError(ErrorCode.NOT_A_SELLER)
    return user


def guard_seller_cancel(actor: Actor, user: User | None, item: OrderItem | None) -> OrderItem:
    """user404 → seller406 → orderItem404 → orderItem406 → orderItem409_1; returns the item.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    seller = guard_seller(actor, user)
    if item is None:
        raise UserError(ErrorCode.ITEM_UNKNOWN)
    if item.seller_id != seller.id:
        raise UserError(ErrorCode.ITEM_OF_ANOTHER)
    if item.status is ItemStatus.CANCEL:
        raise UserError(ErrorCode.ITEM_CANCELLED)
    return item
