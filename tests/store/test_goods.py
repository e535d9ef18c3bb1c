"""Codes, options and search of products; the search against a naive one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import Product
from posapp.domain.product_options import Option, OptionGroup
from posapp.domain.product_terms import INITIALS, ProductTerm, folded_name, initials_of
from posapp.domain.products import ProductCode, SaleUnit
from posapp.domain.vat import TaxKind
from posapp.store.repositories import goods as goods_module
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork

GTIN = "8801043014830"
SYLLABLES = "가각간고과사소수초콜릿빵라떼우유쌀김치만두떡꾸꿀A1b"


@pytest.fixture
def uow(store: SqlStore) -> Iterator[SqlUnitOfWork]:
    with store.transaction() as uow:
        yield uow


def add(uow: SqlUnitOfWork, *names: str, **fields: object) -> list[Product]:
    start = 1 + max(uow.catalogue.existing_products(range(1, 5_000)), default=0)
    made = [
        replace(Product(start + at, 9, name, Won(1000), 5), **fields)
        for at, name in enumerate(names)
    ]
    uow.catalogue.add_products(made)
    return made


def names(found: tuple[Product, ...]) -> list[str]:
    return [product.name for product in found]


def test_all_of_a_product_is_kept(uow: SqlUnitOfWork) -> None:
    kept = Product(
        *(3, 9, "쌀", Won(4_000), 0, "A-1", "곡물", True, TaxKind.EXEMPT, SaleUnit.WEIGHT),
        is_tracked=False, parent_id=1, plu=12345, colour="#aa0000", is_favourite=True,
    )  # fmt: skip
    uow.catalogue.add_products([kept])
    assert uow.orders.product(3) == kept
    assert uow.goods.with_plu(12345) == kept
    assert uow.goods.with_plu(1) is None
    changed = replace(kept, name="찹쌀", plu=None, tax=TaxKind.TAXABLE)
    uow.catalogue.update_products([changed])
    assert uow.orders.product(3) == changed
    assert names(uow.goods.find("찹쌀", 5)) == ["찹쌀"]
    assert uow.goods.with_plu(12345) is None


def test_a_code_names_its_products(uow: SqlUnitOfWork) -> None:
    one, two = add(uow, "사과", "배")
    uow.goods.set_codes(one.id, [ProductCode(f"0{GTIN}"), ProductCode("box-1", 12)])
    assert uow.goods.codes_of(one.id) == (ProductCode(f"0{GTIN}"), ProductCode("box-1", 12))
    assert uow.goods.with_code(GTIN) == ((one, 1),)
    assert uow.goods.with_code("BOX-1") == ((one, 12),)
    for code in ("", "한글", "8801043014831", "x" * 49):
        assert uow.goods.with_code(code) == ()
    # Files may give one barcode to several products.
    same = replace(two, barcode=GTIN)
    uow.catalogue.update_products([same])
    assert uow.goods.with_code(GTIN) == ((one, 1), (same, 1))


def test_a_code_is_one_products_only(uow: SqlUnitOfWork) -> None:
    one, two = add(uow, "사과", "배")
    (other,) = add(uow, "귤", barcode="ABC")
    uow.goods.set_codes(one.id, [ProductCode(f"0{GTIN}")])
    for code, name in ((f"0{GTIN}", "사과"), ("abc", "귤")):
        with pytest.raises(UserError) as refused:
            uow.goods.set_codes(two.id, [ProductCode("free"), ProductCode(code)])
        assert refused.value.code is ErrorCode.CODE_TAKEN
        assert refused.value.parameters == {"product": name}
        assert uow.goods.codes_of(two.id) == ()
    uow.goods.set_codes(other.id, [ProductCode("abc", 2)])
    assert uow.goods.with_code("ABC") == ((other, 2),)
    uow.goods.set_codes(one.id, [])
    uow.goods.set_codes(two.id, [ProductCode(f"0{GTIN}")] * 2)
    assert uow.goods.codes_of(two.id) == (ProductCode(f"0{GTIN}"),)


def test_options_of_a_product(uow: SqlUnitOfWork) -> None:
    (latte,) = add(uow, "라떼")
    strength = OptionGroup(0, "진하기", 0, 2, (Option(0, "샷 추가", Won(500)), Option(0, "연하게")))
    heat = OptionGroup(0, "온도", 1, 1, (Option(0, "차갑게"),))
    stored = [uow.goods.add_group(group) for group in (strength, heat)]
    assert len({one.id for one in stored}) == 2
    assert [option.name for option in stored[0].options] == ["샷 추가", "연하게"]
    uow.goods.set_options(latte.id, [stored[1].id, stored[0].id])
    assert uow.goods.options_of(latte.id) == (stored[1], stored[0])
    mocha, water = add(uow, "모카", "물")
    uow.goods.set_options(mocha.id, [stored[1].id])
    both = {latte.id: (stored[1], stored[0]), mocha.id: (stored[1],)}
    assert uow.goods.options_of_products([mocha.id, water.id, latte.id, 99]) == both
    assert uow.goods.options_of_products([]) == {}
    with pytest.raises(UserError) as refused:
        uow.goods.set_options(latte.id, [stored[0].id, 99])
    assert refused.value.code is ErrorCode.OPTION_UNKNOWN
    assert uow.goods.options_of(latte.id) == (stored[1], stored[0])
    uow.goods.set_options(latte.id, [])
    assert uow.goods.options_of(latte.id) == ()


def test_order_of_what_is_found(uow: SqlUnitOfWork) -> None:
    old, sold, new = add(uow, "사과 가", "사과 나", "사과 다")
    (best,) = add(uow, "사과 라", is_favourite=True)
    (coded,) = add(uow, "배", barcode="apple")
    add(uow, "사과 끝", active=False)
    uow.goods.note_sold(sold.id, 3)
    expected = [best, sold, new, old]
    assert uow.goods.find("사과", 9) == tuple(expected)
    assert uow.goods.find("ㅅㄱ", 2) == tuple(expected[:2])
    assert uow.goods.find("APPLE", 9) == (coded,)
    assert uow.goods.find("", 2) == (best, sold)
    assert uow.goods.find("없는", 9) == ()


def naive(uow: SqlUnitOfWork, text: str, limit: int) -> list[int]:
    """Every product, compared by itself; sold and favourites are as the test made them."""
    rows = uow.connection.exec_driver_sql(
        "SELECT id, name, favourite, sold FROM products WHERE active = 1"
    ).all()
    term = ProductTerm.of(text)
    fitting = [row for row in rows if term.finds(folded_name(row.name))]
    fitting.sort(key=lambda row: (-row.favourite, -row.sold, -row.id))
    return [row.id for row in fitting[:limit]]


@pytest.mark.parametrize("most_sorted", [4_000, 20, 0])
def test_the_search_finds_what_a_naive_one_finds(
    uow: SqlUnitOfWork, monkeypatch: pytest.MonkeyPatch, most_sorted: int
) -> None:
    """In each of its two ways, after names were changed and products removed."""
    monkeypatch.setattr(goods_module, "MOST_SORTED", most_sorted)
    rng = random.Random(most_sorted)

    def name() -> str:
        return "".join(rng.choices(SYLLABLES + " ㅋㄳ", k=rng.randint(1, 9)))

    made = add(uow, *(name() for _ in range(400)))
    changed = [
        replace(one, name=name(), is_favourite=rng.random() < 0.1, active=rng.random() < 0.9)
        for one in rng.sample(made, 150)
    ]
    uow.catalogue.update_products(changed)
    uow.imports.remove_products([one.id for one in rng.sample(made, 40)])
    left = uow.catalogue.existing_products(one.id for one in made)
    for number in left:
        uow.goods.note_sold(number, rng.randint(0, 3))
    for _ in range(300):
        base = folded_name(rng.choice(list(left.values())).name if rng.random() < 0.8 else name())
        start = rng.randrange(len(base) + 1)
        part = base[start : start + rng.randint(1, 5)]
        term = "".join(initials_of(c) if rng.random() < 0.5 else c for c in part)
        limit = rng.choice((1, 5, 50))
        assert [one.id for one in uow.goods.find(term, limit)] == naive(uow, term, limit), term
    for initial in INITIALS:
        assert [one.id for one in uow.goods.find(initial, 500)] == naive(uow, initial, 500)


def test_stock_that_is_not_counted_never_ends(uow: SqlUnitOfWork) -> None:
    (counted,) = add(uow, "빵")
    (free,) = add(uow, "봉투", is_tracked=False)
    assert uow.orders.take_stock(counted.id, 5)
    assert uow.orders.take_stock(free.id, 500)
    assert uow.orders.restock(free.id, 7)
    assert uow.orders.product(free.id) == free
    with pytest.raises(UserError) as refused:
        uow.orders.take_stock(counted.id, 1)
    assert refused.value.code is ErrorCode.OUT_OF_STOCK
    assert uow.orders.restock(counted.id, 5)
    assert uow.orders.product(counted.id) == counted


def test_kinds_of_goods_on_sale(uow: SqlUnitOfWork) -> None:
    """What is stopped is not on sale."""
    add(uow, "쌀", "배추", active=False)
    assert uow.goods.kinds_on_sale() == frozenset()
    add(uow, "우유", tax=TaxKind.EXEMPT)
    assert uow.goods.kinds_on_sale() == {TaxKind.EXEMPT}
    add(uow, "빵")
    assert uow.goods.kinds_on_sale() == set(TaxKind)
