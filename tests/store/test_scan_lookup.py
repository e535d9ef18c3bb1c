"""Scanned codes looked up in a real file."""

from __future__ import annotations

import pytest

from posapp.domain.orders import ItemStatus
from posapp.services.orders.scan_lookup import ScanLookup
from posapp.store.unit_of_work import SqlStore
from tests.store.records import SELLER, order, product, user

GTIN = "96385074"
"""Valid by its check digit, and the number of an order as well."""


@pytest.fixture
def lookup(store: SqlStore) -> ScanLookup:
    goods = [
        product(1, barcode="8801234567893"),
        product(2, barcode="36000291452"),  # UPC-A without its zero
        product(3, barcode="ABC-12/x"),
        product(4, barcode="1200"),
        product(5, barcode="77", active=False),
        product(6, barcode="77"),
        product(7, barcode=""),
    ]
    with store.transaction() as uow:
        uow.catalogue.add_users([user(), SELLER])
        uow.catalogue.add_products(goods)
        uow.catalogue.add_orders([order(1200), order(int(GTIN))])
        uow.commit()
    return ScanLookup(store)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        *(("PO1200", "order 1200"), ("1200", "order 1200"), (GTIN, f"order {GTIN}")),
        *(("8801234567893", "product 1"), ("08801234567893", "product 1")),
        *(("036000291452", "product 2"), ("0036000291452", "product 2")),
        *(("abc-12/X", "product 3"), ("ABC-12/x", "product 3")),
        ("77", "product 6"),  # of two the one on sale
        *(("PO77", ""), ("8801043014830", ""), ("", ""), ("9" * 5_000, ""), ("\ud800", "")),
        *(("1,200", "order 1200"), ("1200번", "order 1200"), ("１２００", "order 1200")),
        *(("No. 1200", "order 1200"), ("1,201", ""), ("ABC-12／x", "")),
        *(("가", ""), ("%", ""), ("1' OR '1'='1", ""), ("po", "")),
    ],
)
def test_what_a_code_names(lookup, code, found):
    one = lookup.find(code)
    assert (f"{type(one).__name__.lower()} {one.id}" if one is not None else "") == found


def test_a_gtin_is_a_products_before_it_is_an_orders(store, lookup):
    with store.transaction() as uow:
        uow.catalogue.add_products([product(8, barcode=GTIN)])
        uow.commit()
    assert lookup.find(GTIN) == product(8, barcode=GTIN)
    assert lookup.find(f"PO{GTIN}").id == int(GTIN)


@pytest.mark.parametrize("status", ItemStatus)
def test_an_order_is_found_in_every_state(store, lookup, status):
    with store.transaction() as uow:
        uow.catalogue.add_orders([order(77, status)])
        uow.commit()
    assert lookup.find("PO77") == lookup.find("77번") == order(77, status)
    assert lookup.find("77") == order(77, status), "before the product of that barcode"


def test_what_has_the_very_code_is_found_before_a_typed_number(store, lookup):
    with store.transaction() as uow:
        uow.catalogue.add_products([product(9, barcode="1,200")])
        uow.commit()
    assert lookup.find("1,200").barcode == "1,200"
