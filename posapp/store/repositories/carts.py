"""Carts and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from posapp.domain.carts import Cart, CartLine, CartState
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.constraints import violated_name
from posapp.store.sale_tables import CART_HELD, CART_OPEN, cart_lines, carts

_TILL = carts.c.till == bindparam("till")
_GET = select(*carts.c).where(carts.c.id == bindparam("of"))
_OPEN = select(*carts.c).where(_TILL, CART_OPEN)
_HELD = select(*carts.c).where(_TILL, CART_HELD).order_by(carts.c.id)
_LINES = (
    select(*cart_lines.c)
    .where(cart_lines.c.cart_id.in_(bindparam("ids", expanding=True)))
    .order_by(cart_lines.c.cart_id, cart_lines.c.id)
)


class SqlCarts:
    """Port ``Carts``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def get(self, cart_id: int) -> Cart | None:
        """Return a cart with its lines, or ``None``."""
        return self._one(self._connection.execute(_GET, {"of": cart_id}).all())

    def open(self) -> Cart | None:
        """Return the till's open cart, or ``None``."""
        return self._one(self._connection.execute(_OPEN, {"till": self._ids.till}).all())

    def held(self) -> tuple[Cart, ...]:
        """Return the till's carts on hold, oldest first."""
        return self._with_lines(self._connection.execute(_HELD, {"till": self._ids.till}).all())

    def add(self, cart: Cart) -> Cart:
        """Store a new cart without lines; return it with its id."""
        number = self._ids.next(RecordKind.CART)
        fixed = {
            "id": number,
            "opened_at": cart.opened_at,
            "opened_by": cart.opened_by,
            "till": self._ids.till,
        }
        self._connection.execute(insert(carts), {**fixed, **_head(cart)})
        stored = self.get(number)
        assert stored is not None  # noqa: S101 - it was just written
        return stored

    def save(self, cart: Cart) -> None:
        """Write state, name, note, discount, its approval and the order of a cart.

        Raises:
            LookupError: there is no such cart.
        """
        changed = update(carts).where(carts.c.id == cart.id).values(_head(cart))
        if self._connection.execute(changed).rowcount != 1:
            raise LookupError(f"no cart {cart.id}")

    def add_line(self, line: CartLine) -> CartLine:
        """Store a new line as the last one; return it with its id.

        Raises:
            UserError: ``CART_FULL``: the cart has ``MOST_LINES``.
        """
        number = self._ids.next(RecordKind.CART_LINE)
        values = {"id": number, "cart_id": line.cart_id, **_values(line)}
        try:
            self._connection.execute(insert(cart_lines), values)
        except IntegrityError as error:
            if violated_name(error) == "cart_lines_bounded":
                raise UserError(ErrorCode.CART_FULL) from error
            raise
        query = select(*cart_lines.c).where(cart_lines.c.id == number)
        return _line(self._connection.execute(query).one())

    def save_line(self, line: CartLine) -> None:
        """Write all of a line but its cart.

        Raises:
            LookupError: there is no such line.
        """
        changed = update(cart_lines).where(cart_lines.c.id == line.id).values(_values(line))
        if self._connection.execute(changed).rowcount != 1:
            raise LookupError(f"no line {line.id} of a cart")

    def remove_line(self, line_id: int) -> None:
        """Remove a line."""
        self._connection.execute(delete(cart_lines).where(cart_lines.c.id == line_id))

    def _one(self, rows: Sequence[Row[Any]]) -> Cart | None:
        found = self._with_lines(rows)
        return found[0] if found else None

    def _with_lines(self, rows: Sequence[Row[Any]]) -> tuple[Cart, ...]:
        lines: dict[int, list[CartLine]] = {row.id: [] for row in rows}
        if rows:
            for row in self._connection.execute(_LINES, {"ids": tuple(lines)}):
                lines[row.cart_id].append(_line(row))
        return tuple(_cart(row, lines[row.id]) for row in rows)


def _cart(row: Row[Any], lines: Sequence[CartLine]) -> Cart:
    return Cart(
        id=row.id,
        state=CartState(row.state),
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        name=row.name,
        note=row.note,
        discount=_discount(row),
        approved_discount=row.approved_discount,
        approved_by=row.approved_by,
        order_id=row.order_id,
        lines=tuple(lines),
    )


def _line(row: Row[Any]) -> CartLine:
    return CartLine(
        id=row.id,
        cart_id=row.cart_id,
        product_id=row.product_id,
        options=tuple(map(int, row.options.split())),
        price=row.price,
        count=row._mapping["count"],  # a row has a method of that name
        grams=row.grams,
        label_price=row.label_price,
        discount=_discount(row),
        code=row.code,
        error=row.error,
    )


def _head(cart: Cart) -> dict[str, object]:
    return {
        "state": cart.state,
        "name": cart.name,
        "note": cart.note,
        **_discount_values(cart.discount),
        "approved_discount": cart.approved_discount,
        "approved_by": cart.approved_by,
        "order_id": cart.order_id,
    }


def _values(line: CartLine) -> dict[str, object]:
    return {
        "product_id": line.product_id,
        "options": " ".join(map(str, line.options)),
        "price": line.price,
        "count": line.count,
        "grams": line.grams,
        "label_price": line.label_price,
        **_discount_values(line.discount),
        "code": line.code,
        "error": line.error,
    }


def _discount(row: Row[Any]) -> Discount | None:
    if not row.discount_kind:
        return None
    return Discount(DiscountKind(row.discount_kind), row.discount_value, row.discount_reason)


def _discount_values(discount: Discount | None) -> dict[str, object]:
    return {
        "discount_kind": discount.kind.value if discount else "",
        "discount_value": discount.value if discount else 0,
        "discount_reason": discount.reason if discount else "",
    }
