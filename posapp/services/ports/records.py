"""Ports for the shop's records: users, orders, attempts, payments, refunds, ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.claims import PaymentClaim
from posapp.domain.ledger import LedgerEntry, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Product
from posapp.domain.payments import Attempt, Payment
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.users import User


class Users(Protocol):
    """Users."""

    def get(self, user_id: int) -> User | None:
        """Return the user, or ``None``."""
        ...

    def sellers(self, limit: int) -> tuple[User, ...]:
        """Return the users who sell, by their ids."""
        ...


class Orders(Protocol):
    """Orders, items and stock."""

    def get(self, order_id: int) -> Order | None:
        """Return the order with its items in their order, or ``None``."""
        ...

    def newest(self, limit: int) -> tuple[Order, ...]:
        """Return the newest orders in any state, newest first."""
        ...

    def item(self, item_id: int) -> OrderItem | None:
        """Return one order item, or ``None``."""
        ...

    def count_open(self, cap: int) -> int:
        """Return the number of orders that wait for payment; ``cap + 1`` means more than
        ``cap``."""
        ...

    def reserved_outside(self, since: datetime, until: datetime) -> tuple[int, ...]:
        """Return the numbers of the counter's orders that wait for payment and were made before or
        after this time, oldest first."""
        ...

    def last_receipt_no(self, beginning: str) -> str | None:
        """Return the last number of a receipt with this beginning, or ``None``."""
        ...

    def give_receipt_no(self, order_id: int, receipt_no: str) -> bool:
        """Number the receipt of an order of the counter; ``False``, and nothing is written, if it
        has a number already, or is none of the counter."""
        ...

    def count_items(self, statuses: Collection[ItemStatus], seller_id: int | None, cap: int) -> int:
        """Return the number of items in fulfilment with one of these statuses; ``cap + 1`` means
        more than ``cap``.

        Args:
            statuses: of ``IN_FULFILMENT``; an item of another status is not counted.
            seller_id: the seller, or ``None`` for all.
        """
        ...

    def save_items(self, items: Iterable[OrderItem]) -> None:
        """Write status and cancel reason of existing items."""
        ...

    def divide(self, part: OrderItem) -> None:
        """Store a part of an item as an item of its own; the item has that many pieces less.

        Raises:
            UserError: ``PART_REFUSED``: the item is not paid, is a part itself, has too few pieces,
                or a refund that is not refused or a waiting request is about it; or another item
                has the number. The database holds that.
        """
        ...

    def product(self, product_id: int) -> Product | None:
        """Return the product, or ``None`` if it is unknown or deleted."""
        ...

    def restock(self, product_id: int, count: int) -> bool:
        """Add ``count`` to a product's stock; ``False``, and nothing is written, if it is
        deleted."""
        ...

    def take_stock(self, product_id: int, count: int) -> bool:
        """Subtract ``count`` from a product's stock; ``False``, and nothing is written, if it is
        deleted.

        Raises:
            UserError: ``OUT_OF_STOCK`` with the product's name: it would fall below 0; nothing was
                written.
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
        """Return the attempt, or ``None``."""
        ...

    def save(self, attempt: Attempt) -> None:
        """Write all fields of an attempt except its number, order, amount, provider and till,
        which never change."""
        ...

    def by_merchant_uid(self, merchant_uid: str) -> Attempt | None:
        """Return the attempt of a number, or ``None``."""
        ...

    def live_of_order(self, order_id: int) -> Attempt | None:
        """Return the attempt of an order that may be on a screen, or ``None``."""
        ...

    def for_order(self, order_id: int) -> tuple[Attempt, ...]:
        """Return all attempts of an order, oldest first."""
        ...

    def live(self) -> tuple[Attempt, ...]:
        """Return all attempts that may be on a screen, oldest first: to resume after a start."""
        ...

    def newest(self, limit: int) -> tuple[Attempt, ...]:
        """Return the newest attempts in any state, newest first."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[Attempt, ...]:
        """Return attempts whose ``next_check_at`` has come, the longest waiting first."""
        ...

    def unconfirmed(self) -> tuple[Attempt, ...]:
        """Return attempts that still have a ``next_check_at``, the soonest first."""
        ...

    def next_check(self) -> datetime | None:
        """The soonest ``next_check_at``, or ``None``."""
        ...


@dataclass(frozen=True, slots=True)
class MoneyTotal:
    """How many movements of money there were, and their sum in won."""

    count: int = 0
    amount: Won = ZERO

    def __add__(self, other: MoneyTotal) -> MoneyTotal:
        """Return both together."""
        return MoneyTotal(self.count + other.count, self.amount + other.amount)


class Payments(Protocol):
    """Captured money."""

    def get(self, imp_uid: str) -> Payment | None:
        """Return the payment, or ``None``."""
        ...

    def add(self, payment: Payment) -> None:
        """Store a captured payment; ``imp_uid`` is unique, as is the accepted payment of an
        order."""
        ...

    def for_order(self, order_id: int) -> tuple[Payment, ...]:
        """Return all payments of an order, oldest first, accepted or not."""
        ...

    def accepted_of_order(self, order_id: int) -> Payment | None:
        """Return the payment that pays the order, or ``None``."""
        ...

    def paid_since(self, since: datetime) -> tuple[str, ...]:
        """Return the imp_uids of payments made since then, the oldest first."""
        ...

    def total_paid(self, since: datetime, until: datetime) -> MoneyTotal:
        """Return the accepted payments of a time, its end excluded."""
        ...

    def note_cash_receipt(self, imp_uid: str) -> None:
        """Keep that PortOne reports a cash receipt of a payment; never taken back."""
        ...


class Claims(Protocol):
    """Payment claims of imported files, at most one an order."""

    def save(self, claim: PaymentClaim) -> None:
        """Store an order's claim, replacing an earlier one."""
        ...

    def for_order(self, order_id: int) -> PaymentClaim | None:
        """Return the claim of an order, or ``None``."""
        ...

    def of_numbers(self, imp_uid: str, merchant_uid: str) -> tuple[PaymentClaim, ...]:
        """Return claims that are not denied and name one of these numbers."""
        ...

    def waiting(self) -> tuple[PaymentClaim, ...]:
        """Return undecided claims, the soonest due first."""
        ...

    def waiting_of(self, imp_uids: Iterable[str]) -> tuple[PaymentClaim, ...]:
        """Return the undecided claims of these payments, the soonest due first."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[PaymentClaim, ...]:
        """Return waiting claims whose time has come, the longest waiting first."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next claim is due (UTC), or ``None``."""
        ...

    def booked_unseen(self, after: str, limit: int) -> tuple[Payment, ...]:
        """Return payments that earlier versions recorded from a file without a claim: those whose
        imp_uid sorts after ``after``, in its order."""
        ...


class Refunds(Protocol):
    """Refunds."""

    def add(self, refund: Refund) -> Refund:
        """Store an intent (its id is ignored) and return it with its id.

        Raises:
            UserError: ``REFUND_IN_FLIGHT``: the item has a refund that is not refused; an index
                enforces this. (Approved refunds of other items of the same payment may wait side by
                side; the index on ``IN_FLIGHT`` enforces that only one is ever *sent* at a time.)
            InvalidAmount: the refunds of the payment would exceed what was captured.
        """
        ...

    def get(self, refund_id: int) -> Refund | None:
        """Return the refund, or ``None``."""
        ...

    def save(self, refund: Refund) -> None:
        """Write state and evidence of a refund; amount, payment, item and tag never change."""
        ...

    def of_payment(self, imp_uid: str) -> tuple[Refund, ...]:
        """Return all refunds of a payment, oldest first."""
        ...

    def of_item(self, item_id: int) -> tuple[Refund, ...]:
        """Return all refunds of an order item, oldest first."""
        ...

    def for_order(self, order_id: int) -> tuple[Refund, ...]:
        """Return all refunds of an order's payments, oldest first."""
        ...

    def in_states(self, states: Sequence[RefundState], limit: int) -> tuple[Refund, ...]:
        """Return refunds in these states, oldest first."""
        ...

    def count_in_states(self, states: Collection[RefundState], cap: int) -> int:
        """Return the number of refunds in these states; ``cap + 1`` means more than ``cap``."""
        ...

    def total_confirmed(self, since: datetime, until: datetime) -> MoneyTotal:
        """Return the refunds of accepted payments that were confirmed in a time, its end
        excluded."""
        ...


class Ledger(Protocol):
    """The append-only ledger."""

    def append(self, entry: NewEntry) -> LedgerEntry:
        """Append a fact to the chain. Its ``till`` and ``provider`` are ignored: they are this
        till, and the provider of the recorded payment that the fact is about."""
        ...

    def end(self) -> tuple[int, str]:
        """Return number and hash of the last row; 0 and ``GENESIS`` of an empty ledger."""
        ...

    def rows(self, after_seq: int, limit: int) -> tuple[LedgerEntry, ...]:
        """Return rows after ``after_seq``, in order."""
        ...

    def for_order(self, order_id: int) -> tuple[LedgerEntry, ...]:
        """Return the rows of one order, in order."""
        ...


class Catalogue(Protocol):
    """Bulk access for imports: records keep the ids that they have in the file.

    It accepts records in any legal state and changes no stock. Together with the other ports of the
    same unit of work (payments, ledger), all of it is stored or nothing.
    """

    def existing_users(self, ids: Iterable[int]) -> dict[int, User]:
        """Return the known ones of these users, by id."""
        ...

    def existing_products(self, ids: Iterable[int]) -> dict[int, Product]:
        """Return the known ones of these products, by id."""
        ...

    def existing_orders(self, ids: Iterable[int]) -> dict[int, Order]:
        """Return the known ones of these orders with their items, by id."""
        ...

    def existing_items(self, ids: Iterable[int]) -> dict[int, OrderItem]:
        """Return the known ones of these order items, by id: an item id may be another order's."""
        ...

    def add_users(self, users: Sequence[User]) -> None:
        """Store new users.

        Raises:
            ValueError: an id is taken; nothing of this call was stored.
        """
        ...

    def update_users(self, users: Sequence[User]) -> None:
        """Write all fields of known users.

        Raises:
            LookupError: one of them is unknown.
        """
        ...

    def add_products(self, products: Sequence[Product]) -> None:
        """Store new products; raises like ``add_users``."""
        ...

    def update_products(self, products: Sequence[Product]) -> None:
        """Write all fields of known products; raises like ``update_users``."""
        ...

    def add_orders(self, orders: Sequence[Order]) -> None:
        """Store new orders with their items, in the items' order.

        Raises:
            ValueError: an order's or item's id is taken; nothing of this call was stored.
        """
        ...
