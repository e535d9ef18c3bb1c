"""Finds what a scanned or typed code names: an order in any state, or a product."""

from __future__ import annotations

from posapp.domain.codes import (
    barcode_spellings,
    is_gtin,
    is_order_code,
    order_number,
    typed_number,
)
from posapp.domain.orders import Order, Product
from posapp.services.ports.records import Orders
from posapp.services.ports.unit_of_work import Store


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
                return _product(uow.orders, code) or _order(uow.orders, code)
            found = _order(uow.orders, code) or _product(uow.orders, code)
            return found or _typed_order(uow.orders, code)


def _order(orders: Orders, code: str) -> Order | None:
    number = order_number(code)
    return None if number is None else orders.get(number)


def _typed_order(orders: Orders, text: str) -> Order | None:
    number = typed_number(text)
    return None if number is None else orders.get(number)


def _product(orders: Orders, code: str) -> Product | None:
    spellings = barcode_spellings(code)
    return orders.product_with_barcode(spellings) if spellings else None
