"""Add the counter's own sale: codes, options and kinds of products, carts, and discounts of items.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from alembic import op

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.migrations.table_rebuild import rebuild
from posapp.store.product_marks import IndexedProduct, found_by

revision = "0015"
down_revision = "0014"

_BATCH = 1_000
_PRODUCTS = "SELECT id, name FROM products WHERE id > ? ORDER BY id LIMIT ?"
_FOUND_BY = "UPDATE products SET found_by = ? WHERE id = ?"
_MARKS = "INSERT INTO product_words (rowid, marks) VALUES (?, ?)"


def upgrade() -> None:
    run_sql_file(__file__)
    rebuild("ledger", (r"'DELIVERY_STEP_UNDONE', ", r"\g<0>'DISCOUNT_GIVEN', "))
    last: int | None = 0
    while last is not None:
        last = _index_products(last)


def _index_products(after: int) -> int | None:
    """Index the next products; return the last one's number, or ``None`` if there was none."""
    connection = op.get_bind()
    rows = connection.exec_driver_sql(_PRODUCTS, (after, _BATCH)).fetchall()
    if not rows:
        return None
    found = [IndexedProduct(number, found_by(name)) for number, name in rows]
    connection.exec_driver_sql(_FOUND_BY, [(one.found_by, one.id) for one in found])
    connection.exec_driver_sql(_MARKS, [(one.id, one.marks) for one in found])
    return int(rows[-1][0])
