"""Search of open orders: pages of plain rows, filtered in SQL."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, tuple_

from posapp.domain.orders import ItemStatus, payment_name
from posapp.domain.users import LARGEST_ID
from posapp.services.ports.order_search import OrderRow
from posapp.store.columns import TimestampColumn, WonColumn, digits_of, to_storable_text
from posapp.store.tables import ORDER_OPEN, order_items, orders, products, users
from posapp.store.unit_of_work import SqlStore

SHORTEST_PART = 3
"""Minimum digits for a match inside a phone number or barcode: one or two digits occur in nearly
every one of those, and are meant as an order number."""

_living = and_(order_items.c.order_id == orders.c.id, order_items.c.status != ItemStatus.CANCEL)
_count = select(func.count()).where(_living).scalar_subquery()
_total = (
    select(func.sum(order_items.c.price * order_items.c.count, type_=WonColumn()))
    .where(_living)
    .scalar_subquery()
)
_first_name = (
    select(order_items.c.name)
    .where(_living)
    .order_by(order_items.c.position)
    .limit(1)
    .scalar_subquery()
)
_OPEN = (
    select(
        orders.c.id,
        orders.c.buyer_id,
        func.coalesce(users.c.name, ""),
        func.coalesce(users.c.phone, ""),
        _first_name,
        _count,
        _total,
        orders.c.created_at,
    )
    .join_from(orders, users, users.c.id == orders.c.buyer_id, isouter=True)
    .where(ORDER_OPEN)
    .order_by(orders.c.created_at.desc(), orders.c.id.desc())
)


class SqlOrderSearch:
    """Port ``OrderSearch``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def open_orders(
        self, text: str, before: tuple[datetime, int] | None, limit: int
    ) -> tuple[OrderRow, ...]:
        """Return orders that wait for payment, newest first, at most ``limit``.

        They have an item that is not cancelled and none that is paid. The query walks the index of
        open orders from its newest end, no further than the page needs.

        Args:
            text: part of the buyer's name, phone (digits), a product's name or its barcode, or an
                order number; empty finds all. Case of Latin letters is ignored. One or two digits
                alone do not match inside a phone number or barcode.
            before: (created_at, order_id) of the previous page's last row, or ``None``.
            limit: at least 1.

        Raises:
            EnvironmentProblem: a disk error.
        """
        query = _OPEN.limit(limit)
        if before is not None:
            at, number = before
            query = query.where(
                tuple_(orders.c.created_at, orders.c.id)
                < tuple_(literal(at, TimestampColumn()), literal(number))
            )
        wanted = _normal(text)
        if wanted:
            if to_storable_text(wanted) != wanted:
                return ()  # text is stored without such characters
            query = query.where(_matching(wanted))
        with self._store.snapshot() as uow:
            rows = uow.connection.execute(query).all()
        return tuple(
            OrderRow(
                order_id=number,
                buyer_id=buyer,
                buyer_name=name,
                buyer_phone=phone,
                name=payment_name(first, count),
                item_count=count,
                total=total,
                created_at=at,
                status=ItemStatus.WAITING_FOR_PAYMENT,
            )
            for number, buyer, name, phone, first, count, total, at in rows
        )


def _matching(wanted: str) -> ColumnElement[bool]:
    lowered = _lower(wanted)
    digits = digits_of(wanted)
    is_number = not wanted.translate(_AROUND_DIGITS).strip("0123456789") and digits != ""
    conditions = [_contains(users.c.name, lowered)]
    in_items = [_contains(order_items.c.name, lowered)]
    if not is_number or len(digits) >= SHORTEST_PART:
        in_items.append(
            exists().where(
                products.c.id == order_items.c.product_id, _contains(products.c.barcode, lowered)
            )
        )
    if is_number and len(digits) >= SHORTEST_PART:
        conditions.append(func.instr(users.c.phone_digits, digits) > 0)
    order_id = wanted.lstrip("0") if wanted.isascii() and wanted.isdigit() else ""
    if 0 < len(order_id) < 20 and int(order_id) <= LARGEST_ID:
        conditions.append(orders.c.id == int(order_id))
    conditions.append(exists().where(order_items.c.order_id == orders.c.id, or_(*in_items)))
    return or_(*conditions)


_AROUND_DIGITS = {ord(c): None for c in " -().+"}
"""Separators between the digits of a phone number."""


def _contains(column: ColumnElement[str], lowered: str) -> ColumnElement[bool]:
    # instr instead of LIKE: % and _ need no escaping.
    return func.instr(func.lower(column), lowered) > 0


def _lower(text: str) -> str:
    """Convert Latin letters only to lower case, as SQLite's lower() does."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def _normal(text: str) -> str:
    """Compose Hangul syllables as stored (NFC): some keyboards and file names decompose them."""
    return unicodedata.normalize("NFC", text).strip()
