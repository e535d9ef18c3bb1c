"""What a scan names at the counter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.label_patterns import LabelReading, parse_patterns
from posapp.domain.money import Won
from posapp.domain.orders import Product
from posapp.domain.product_codes import check_digit
from posapp.domain.products import ProductCode, SaleUnit
from posapp.domain.users import User
from posapp.services.goods.code_lookup import CodeFound, CodeLookup
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.till import an_order

GTIN = "8801043014830"
BREAD = Product(1, 7, "단팥빵", Won(2_200), 30, plu=12345)
RICE = Product(2, 7, "쌀", Won(4_000), 0, unit=SaleUnit.WEIGHT, plu=77)
MILK = Product(3, 7, "우유", Won(3_000), 5)
PATTERNS = ("21PPPPPVVVVVC", "22PPPPPWWWWWC")

Find = Callable[[str], CodeFound]


def label(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(tmp_path / "posapp.db")
    with opened.transaction() as uow:
        uow.catalogue.add_products([BREAD, RICE, MILK])
        uow.goods.set_codes(1, [ProductCode(f"0{GTIN}"), ProductCode("box-1", 12)])
        uow.catalogue.add_users([User(1, "김하나")])
        uow.catalogue.add_orders([an_order(1200), an_order(96385074)])
        uow.commit()
    yield opened
    opened.close()


@pytest.fixture
def find(store: SqlStore) -> Find:
    lookup = CodeLookup(parse_patterns(PATTERNS))

    def found(text: str) -> CodeFound:
        with store.snapshot() as uow:
            return lookup.find(uow, text)

    return found


def save(store: SqlStore, *products: Product) -> None:
    with store.transaction() as uow:
        uow.catalogue.update_products(products)
        uow.commit()


def test_a_code_of_a_product(find: Find) -> None:
    assert find(GTIN) == find(f"]E0{GTIN}\r") == CodeFound(GTIN, (BREAD,))
    assert find(f"0{GTIN}").products == (BREAD,)
    assert find("BOX-1") == CodeFound("BOX-1", (BREAD,), 12)


def test_what_names_nothing(find: Find) -> None:
    assert find("8801043014831") == CodeFound("8801043014831")
    assert find("x" * 5_000) == CodeFound("x" * 48)
    assert find("ㅁㅠ") == CodeFound("ㅁㅠ")
    assert find("\r\n") == CodeFound("")


def test_labels(find: Find) -> None:
    priced, weighed = "2112345012988", label("220007700532")
    assert find(priced) == CodeFound(priced, (BREAD,), label=LabelReading(12345, price=Won(1_298)))
    assert find(weighed) == CodeFound(weighed, (RICE,), label=LabelReading(77, grams=532))
    # Priced by the shop, weighed goods are sold as they are labelled.
    assert find(label("210007700532")).label == LabelReading(77, price=Won(532))


@pytest.mark.parametrize(
    "digits",
    ["211234500000", "220007700000", "219999901298", "221234500532"],
    ids=["0 won", "0 g", "unknown PLU", "a weight of what is sold by the piece"],
)
def test_a_label_that_names_nothing(find: Find, digits: str) -> None:
    code = label(digits)
    assert find(code) == CodeFound(code)


def test_a_label_is_none_without_a_pattern(store: SqlStore) -> None:
    with store.snapshot() as uow:
        assert CodeLookup().find(uow, "2112345012988") == CodeFound("2112345012988")


def test_a_code_that_a_product_has_is_no_label(store: SqlStore, find: Find) -> None:
    priced = "2112345012988"
    own = replace(MILK, barcode=priced)
    save(store, own)
    assert find(priced) == CodeFound(priced, (own,))


def test_a_plu_by_itself(find: Find) -> None:
    assert find("12345") == CodeFound("12345", (BREAD,))
    assert find("0077") == CodeFound("0077", (RICE,))
    assert find("12345678901") == CodeFound("12345678901")


def test_orders(store: SqlStore, find: Find) -> None:
    assert find("PO1200") == CodeFound("PO1200", order_id=1200)
    assert find("po1201") == CodeFound("po1201")
    assert find("1200") == CodeFound("1200", order_id=1200)
    assert find("96385074") == CodeFound("96385074", order_id=96385074), "a GTIN that is no code"
    # A product comes first, by its code and by its PLU; ``PO`` names an order only.
    save(store, replace(MILK, plu=1200), replace(RICE, barcode="PO1200"))
    assert find("1200").products == (replace(MILK, plu=1200),)
    assert find("PO1200") == CodeFound("PO1200", order_id=1200)


def test_a_gtin_is_no_plu(store: SqlStore, find: Find) -> None:
    save(store, replace(MILK, plu=96385074))
    assert find("96385074").products == ()


def test_several_products_with_one_code(store: SqlStore, find: Find) -> None:
    milk, rice = replace(MILK, barcode="SAME"), replace(RICE, barcode="SAME")
    save(store, milk, rice)
    assert find("same") == CodeFound("same", (rice, milk))
    save(store, replace(milk, active=False))
    assert find("same") == CodeFound("same", (rice,))
    save(store, replace(rice, active=False))
    assert find("same").products == (replace(rice, active=False), replace(milk, active=False))
