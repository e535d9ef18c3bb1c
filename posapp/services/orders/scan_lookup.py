"""Finds what a scanned or typed code names: an order in any state, or a product."""

from __future__ import annotations

from posapp.domain.codes import (
    is_gtin,
    is_order_code,
    order_number,
    typed_number,
)
from posapp.domain.orders import Order, Product
from posapp.services.ports.records import Orders
from posapp.services.ports.unit_of_work import Store, UnitOfWork


class ScanLookup:
    """Looks codes up in the order of docs/specification.md 2.1."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, code: str) -> Order | Product | None:
        """Return what the code names, or ``None``.

        ``PO`` and digits name an order only. A GTIN is a product's before it is an order's; any
        other number is an order's first. A number as people type it (``typed_number``) is an
        order's if nothing has that very code.
        """
        with self._store.snapshot() as uow:
            if is_order_code(code):
                return _order(uow.orders, code)
            if is_gtin(code):
                return _product(uow, code) or _order(uow.orders, code)
            found = _order(uow.orders, code) or _product(uow, code)
            return found or _typed_order(uow.orders, code)


def _order(orders: Orders, code: str) -> Order | None:
    number = order_number(code)
    return None if number is None else orders.get(number)


def _typed_order(orders: Orders, text: str) -> Order | None:
    number = typed_number(text)
    return None if number is None else orders.get(number)


def _product(uow: UnitOfWork, code: str) -> Product | None:
    """Return a product with this code, of a file or of the counter; of several, the first that is
    on sale."""
    found = [product for product, _ in uow.goods.with_code(code)]
    return next((one for one in found if one.active), found[0] if found else None)
