"""Ports of the shop's records: people, orders, attempts, payments, refunds, ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from posapp.domain.claims import PaymentClaim
from posapp.domain.ledger import LedgerEntry, NewEntry
from posapp.domain.orders import Order, OrderItem, Product
from posapp.domain.payments import Attempt, Payment
from posapp.domain.people import User
from posapp.domain.refunds import Refund, RefundState


class People(Protocol):
    """Users."""

    def get(self, user_id: int) -> User | None:
        """The user, or ``None``."""
        ...


class Orders(Protocol):
    """Orders, items and stock."""

    def get(self, order_id: int) -> Order | None:
        """The order with its items in their order, or ``None``."""
        ...

    def item(self, item_id: int) -> OrderItem | None:
        """One order item, or ``None``."""
        ...

    def save_items(self, items: Iterable[OrderItem]) -> None:
        """Write status and cancel reason of items that exist."""
        ...

    def product(self, product_id: int) -> Product | None:
        """The product, or ``None`` if it is unknown or deleted."""
        ...

    def restock(self, product_id: int, count: int) -> bool:
        """Add ``count`` to a product's stock; ``False`` (and nothing done) if it is deleted."""
        ...

    def take_stock(self, product_id: int, count: int) -> bool:
        """Take ``count`` off a product's stock; ``False`` (and nothing done) if it is deleted.

        Raises:
            UserError: ``OUT_OF_STOCK`` with the product's name: it would fall below 0; nothing was
                taken.
        """
        ...


class Attempts(Protocol):
    """Payment attempts."""

    def add(self, attempt: Attempt) -> Attempt:
        """Store a new attempt (its id is ignored) and return it with its id.

        Raises:
            UserError: ``ATTEMPT_IN_PROGRESS``: another attempt of the order is live; the database
                holds that with an index.
        """
        ...

    def get(self, attempt_id: int) -> Attempt | None:
        """The attempt, or ``None``."""
        ...

    def save(self, attempt: Attempt) -> None:
        """Write everything of an attempt but its number, order and amount, which never change."""
        ...

    def of_number(self, merchant_uid: str) -> Attempt | None:
        """The attempt of a number, or ``None``."""
        ...

    def live_of_order(self, order_id: int) -> Attempt | None:
        """The attempt of an order that may be on a screen, or ``None``."""
        ...

    def of_order(self, order_id: int) -> tuple[Attempt, ...]:
        """All attempts of an order, oldest first."""
        ...

    def live(self) -> tuple[Attempt, ...]:
        """All attempts that may be on a screen, oldest first: to resume after a start."""
        ...

    def newest(self, limit: int) -> tuple[Attempt, ...]:
        """The newest attempts, whatever became of them, newest first."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[Attempt, ...]:
        """Attempts whose ``next_check_at`` has come, the longest waiting first."""
        ...

    def uncertain(self) -> tuple[Attempt, ...]:
        """Attempts that still have a ``next_check_at``, the soonest first."""
        ...

    def next_check(self) -> datetime | None:
        """The soonest ``next_check_at``, or ``None``."""
        ...


class Payments(Protocol):
    """Captured money."""

    def get(self, imp_uid: str) -> Payment | None:
        """The payment, or ``None``."""
        ...

    def add(self, payment: Payment) -> None:
        """Store captured money; ``imp_uid`` is unique, as is the accepted payment of an order."""
        ...

    def of_order(self, order_id: int) -> tuple[Payment, ...]:
        """All payments of an order, oldest first, accepted or not."""
        ...

    def accepted_of_order(self, order_id: int) -> Payment | None:
        """The payment that pays the order, or ``None``."""
        ...

    def paid_since(self, since: datetime) -> tuple[str, ...]:
        """The imp_uids of what was paid since then, the oldest first."""
        ...


class Claims(Protocol):
    """Payments that a file claims, one an order at most."""

    def save(self, claim: PaymentClaim) -> None:
        """Store an order's claim, in place of an earlier one."""
        ...

    def of_order(self, order_id: int) -> PaymentClaim | None:
        """The claim of an order, or ``None``."""
        ...

    def of_numbers(self, imp_uid: str, merchant_uid: str) -> tuple[PaymentClaim, ...]:
        """Claims that are not denied and name one of these numbers."""
        ...

    def waiting(self) -> tuple[PaymentClaim, ...]:
        """Claims that PortOne has not answered for, the soonest due first."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[PaymentClaim, ...]:
        """Waiting claims whose time has come, the longest waiting first."""
        ...

    def next_due(self) -> datetime | None:
        """When the next one is due (UTC), or ``None``."""
        ...

    def booked_unseen(self, after: str, limit: int) -> tuple[Payment, ...]:
        """Payments that earlier versions booked because a file said so, without a claim: those
        whose imp_uid is behind ``after``, in its order."""
        ...


class Refunds(Protocol):
    """Money going back."""

    def add(self, refund: Refund) -> Refund:
        """Store an intent (its id is ignored) and return it with its id.

        Raises:
            UserError: ``REFUND_IN_FLIGHT``: the item has a refund that is not refused; held by an
                index. (Approved refunds of other items of the same payment may wait side by side;
                that only one is ever *sent* at a time is held by the index on ``IN_FLIGHT``.)
            InvalidAmount: the refunds of the payment would exceed what was captured.
        """
        ...

    def get(self, refund_id: int) -> Refund | None:
        """The refund, or ``None``."""
        ...

    def save(self, refund: Refund) -> None:
        """Write state and evidence of a refund; amount, payment, item and tag never change."""
        ...

    def of_payment(self, imp_uid: str) -> tuple[Refund, ...]:
        """All refunds of a payment, oldest first."""
        ...

    def of_item(self, item_id: int) -> tuple[Refund, ...]:
        """All refunds of an order item, oldest first."""
        ...

    def of_order(self, order_id: int) -> tuple[Refund, ...]:
        """All refunds of an order's payments, oldest first."""
        ...

    def in_states(self, states: Sequence[RefundState], limit: int) -> tuple[Refund, ...]:
        """Refunds in these states, oldest first."""
        ...


class Ledger(Protocol):
    """The append-only ledger."""

    def append(self, entry: NewEntry) -> LedgerEntry:
        """Put a fact at the end of the chain."""
        ...

    def end(self) -> tuple[int, str]:
        """Number and hash of the last row; 0 and ``GENESIS`` of an empty ledger."""
        ...

    def rows(self, after_seq: int, limit: int) -> tuple[LedgerEntry, ...]:
        """Rows behind ``after_seq``, in order."""
        ...

    def of_order(self, order_id: int) -> tuple[LedgerEntry, ...]:
        """The rows of one order, in order."""
        ...


class Catalogue(Protocol):
    """Records in bulk, with the ids that they bring along: for data coming in.

    It takes records in any legal state and changes no stock. Together with the other ports of the
    same unit of work (payments, ledger), all of it is kept or nothing.
    """

    def existing_users(self, ids: Iterable[int]) -> dict[int, User]:
        """Those of these users that are known, by id."""
        ...

    def existing_products(self, ids: Iterable[int]) -> dict[int, Product]:
        """Those of these products that are known, by id."""
        ...

    def existing_orders(self, ids: Iterable[int]) -> dict[int, Order]:
        """Those of these orders that are known, with their items, by id."""
        ...

    def existing_items(self, ids: Iterable[int]) -> dict[int, OrderItem]:
        """Those of these order items that are known, by id: an item id may be another order's."""
        ...

    def add_users(self, users: Sequence[User]) -> None:
        """Store new users.

        Raises:
            ValueError: an id is taken; nothing of this call was stored.
        """
        ...

    def update_users(self, users: Sequence[User]) -> None:
        """Write everything of users that are known.

        Raises:
            LookupError: one of them is unknown.
        """
        ...

    def add_products(self, products: Sequence[Product]) -> None:
        """Store new products; raises like ``add_users``."""
        ...

    def update_products(self, products: Sequence[Product]) -> None:
        """Write everything of products that are known; raises like ``update_users``."""
        ...

    def add_orders(self, orders: Sequence[Order]) -> None:
        """Store new orders with their items, in the order in which the items stand.

        Raises:
            ValueError: an order's or item's id is taken; nothing of this call was stored.
        """
        ...
