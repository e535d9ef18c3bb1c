"""Add what orders in every state are found by: segment, amounts, texts, and their text index.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from alembic import op

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.order_marks import IndexedOrder, folded, goods_text, phone_key

revision = "0011"
down_revision = "0010"

_BATCH = 1_000
_ORDERS = """
SELECT o.id, o.created_at, o.amount, o.ordered, coalesce(u.name, ''), coalesce(u.phone, '')
FROM orders AS o LEFT JOIN users AS u ON u.id = o.buyer_id WHERE o.id > ? ORDER BY o.id LIMIT ?
"""
_ITEMS = """
SELECT order_id, name, product_id FROM order_items
WHERE order_id BETWEEN ? AND ? ORDER BY order_id, position
"""
_TEXTS = "UPDATE orders SET goods_text = ?, buyer_text = ?, phone_digits = ? WHERE id = ?"
_MARKS = "INSERT INTO order_words (rowid, marks) VALUES (?, ?)"


def upgrade() -> None:
    run_sql_file(__file__)
    last: int | None = 0
    while last is not None:
        last = _index_orders(last)


def _index_orders(after: int) -> int | None:
    """Index the next orders; return the last one's number, or ``None`` if there was none."""
    connection = op.get_bind()
    rows = connection.exec_driver_sql(_ORDERS, (after, _BATCH)).fetchall()
    if not rows:
        return None
    names: dict[int, list[str]] = {row[0]: [] for row in rows}
    products: dict[int, set[int]] = {row[0]: set() for row in rows}
    for order_id, name, product in connection.exec_driver_sql(_ITEMS, (rows[0][0], rows[-1][0])):
        names[order_id].append(name)
        products[order_id].add(product)
    found = [
        IndexedOrder(
            number,
            at,
            amount,
            ordered,
            goods_text(names[number]),
            folded(buyer),
            phone_key(phone),
            tuple(sorted(products[number])),
        )
        for number, at, amount, ordered, buyer, phone in rows
    ]
    connection.exec_driver_sql(_TEXTS, [(one.goods, one.buyer, one.phone, one.id) for one in found])
    connection.exec_driver_sql(_MARKS, [(one.id, one.marks) for one in found])
    return int(rows[-1][0])
