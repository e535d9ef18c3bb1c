"""What products are found by: their rows of the text index."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from posapp.store.product_marks import IndexedProduct
from posapp.store.tables import products

_OF_IDS = select(products.c.id, products.c.found_by).where(
    products.c.id.in_(bindparam("ids", expanding=True))
)


def read_products(
    connection: Connection, product_ids: Collection[int]
) -> dict[int, IndexedProduct]:
    """Return what some products are found by, by their ids."""
    if not product_ids:
        return {}
    rows = connection.execute(_OF_IDS, {"ids": tuple(product_ids)})
    return {row.id: IndexedProduct(*row) for row in rows}
