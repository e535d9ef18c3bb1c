"""Records for the store's tests: valid ones, of which a test changes what it is about."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from posapp.domain.actors import TILL, Actor
from posapp.domain.ledger import (
    FIRST_FORM,
    SECOND_FORM,
    THIRD_FORM,
    LedgerEntry,
    LedgerEvent,
    NewEntry,
    link_entry,
)
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Product
from posapp.domain.payments import Attempt, Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundOrigin
from posapp.domain.users import User, UserStatus
from posapp.store.columns import to_microseconds
from posapp.store.unit_of_work import SqlStore

NOW = datetime(2026, 3, 2, 3, 4, 5, 678_901, tzinfo=UTC)
W = ItemStatus.WAITING_FOR_PAYMENT


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def user(id: int = 1, **changes: Any) -> User:
    values: dict[str, Any] = {"name": "김하늘", "phone": "010-1234-5678"}
    return User(id, **{**values, **changes})


def product(id: int = 1, **changes: Any) -> Product:
    values: dict[str, Any] = {
        "seller_id": 9,
        "name": "카페 라떼",
        "price": Won(4500),
        "stock": 10,
        "barcode": "8801234567893",
    }
    return Product(id, **{**values, **changes})


def item(id: int, order_id: int, status: ItemStatus = W, **changes: Any) -> OrderItem:
    values: dict[str, Any] = {
        "buyer_id": 1,
        "seller_id": 9,
        "product_id": 1,
        "name": "카페 라떼",
        "price": Won(4500),
        "count": 2,
    }
    return OrderItem(id, order_id, **{**values, **changes}, status=status)


def order(id: int = 1, *statuses: ItemStatus, **changes: Any) -> Order:
    items = tuple(item(id * 10 + n, id, status) for n, status in enumerate(statuses or (W,)))
    values: dict[str, Any] = {"buyer_id": 1, "created_at": NOW, "items": items}
    return Order(id, **{**values, **changes})


def attempt(number: str = "M-1", order_id: int = 1, **changes: Any) -> Attempt:
    return Attempt(0, order_id, number, Won(9000), NOW, **changes)


def payment(imp_uid: str = "imp_1", order_id: int = 1, **changes: Any) -> Payment:
    values: dict[str, Any] = {
        "merchant_uid": "M-1",
        "amount": Won(9000),
        "paid_at": NOW,
        "disposition": PaymentDisposition.ACCEPTED,
    }
    return Payment(imp_uid, order_id=order_id, **{**values, **changes})


def refund(tag: str = "[RF-1]", imp_uid: str = "imp_1", **changes: Any) -> Refund:
    values: dict[str, Any] = {
        "order_id": 1,
        "item_id": 10,
        "origin": RefundOrigin.ITEM,
        "amount": Won(4500),
        "reason": "변심",
        "requested_by": Actor.buyer(1),
        "approved_by": Actor.seller(9),
        "created_at": NOW,
    }
    return Refund(0, imp_uid, tag=tag, **{**values, **changes})


def entry(n: int = 1, **changes: Any) -> NewEntry:
    values: dict[str, Any] = {"actor": TILL, "at": later(n), "order_id": 1, "reason": f"제{n}"}
    return NewEntry(LedgerEvent.PAYMENT_CAPTURED, Won(1000 * n), **{**values, **changes})


def paid(store: SqlStore, *payments: Payment) -> None:
    """Give the shop these payments (one of 9,000 won if none is named)."""
    with store.transaction() as uow:
        for one in payments or (payment(),):
            uow.payments.add(one)
        uow.commit()


def append_as_before(path: Path, entries: Sequence[NewEntry]) -> tuple[LedgerEntry, ...]:
    """Let the ledger of a file of an older schema grow as the program of its time did."""
    rows: list[LedgerEntry] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        columns = len(connection.execute("PRAGMA table_info(ledger)").fetchall())
        form = {12: FIRST_FORM, 13: SECOND_FORM, 15: THIRD_FORM}[columns]
        for entry_now in entries:
            provider = _provider_of(connection, entry_now.imp_uid) if form == THIRD_FORM else ""
            one = replace(entry_now, provider=provider, till=0)
            seq, previous = connection.execute("SELECT seq, hash FROM ledger_head").fetchone()
            row = link_entry(seq + 1, one, previous, form)
            at = to_microseconds(one.at)
            values = (
                one.event.value,
                int(one.amount),
                str(one.actor),
                at,
                one.order_id,
                one.item_id,
            )
            texts = (one.imp_uid, one.reference, one.reason, previous, row.hash)
            whole = (row.seq, *values, *texts, form, one.provider, one.till)[:columns]
            connection.execute(f"INSERT INTO ledger VALUES ({', '.join('?' * columns)})", whole)
            rows.append(row)
    return tuple(rows)


def _provider_of(connection: sqlite3.Connection, imp_uid: str) -> str:
    found = connection.execute("SELECT provider FROM payments WHERE imp_uid = ?", (imp_uid,))
    return "".join(provider for (provider,) in found)


SELLER = user(9, name="박판매", status=UserStatus.SELLER)
