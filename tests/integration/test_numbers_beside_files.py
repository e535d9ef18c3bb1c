"""What the counter makes and what files bring have numbers of their own, whichever comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.services.goods.product_service import ProductDraft
from posapp.services.importing import ImportService, OnError, Report, Tally
from posapp.services.ports.record_ids import FIRST_OWN
from posapp.system.clock import SystemClock
from tests.fakes.access import EVERYTHING
from tests.fakes.till import SELLER
from tests.importing.conftest import json_file as json_file
from tests.importing.conftest import said, small_shop
from tests.integration.sale_shop import BREAD, SaleShop

PERSON = Actor.person()
Write = Callable[[object], Path]


@pytest.fixture
def shop(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[SaleShop]:
    opened = SaleShop(tmp_path, sandbox, clock)
    yield opened
    opened.close()


@pytest.fixture
def bring(shop: SaleShop, json_file: Write) -> Callable[..., Report]:
    importing = ImportService(shop.store, SystemClock(), EVERYTHING, sellers=True)

    def bringing(content: dict[str, Any], on_error: OnError = OnError.REFUSE) -> Report:
        return importing.apply(PERSON, importing.read(json_file(content)), on_error)

    return bringing


def make_product(shop: SaleShop) -> int:
    draft = ProductDraft("단팥빵", 2_200, SELLER, stock=30)
    return shop.product_service.create(PERSON, draft).product.id


def sell(shop: SaleShop) -> tuple[int, int]:
    """Make an order of one bread; return its number and its item's."""
    shop.cart_service.add(PERSON, BREAD)
    order = shop.checkout_service.order(PERSON, 2_200)
    return order.id, order.items[0].id


def with_numbers(order: int, item: int, product: int) -> dict[str, Any]:
    content = small_shop()
    content["products"][0]["id"] = product
    content["orders"][0].update(id=order, items=content["orders"][0]["items"][:1])
    content["orders"][0]["items"][0].update(id=item, product_id=product)
    return content


def another_file() -> dict[str, Any]:
    """A file whose numbers are small, as the counter's were."""
    return with_numbers(1, 1, 1)


def test_a_file_comes_after_what_the_counter_made(
    shop: SaleShop, bring: Callable[..., Report]
) -> None:
    """Earlier versions counted from the first free number on: a file with the same ones had its
    orders refused, and its products changed the counter's."""
    assert bring(small_shop()).written
    number, item = sell(shop)
    product = make_product(shop)
    report = bring(another_file())
    assert said(report) == []
    assert (report.orders, report.products.updated) == (Tally(added=1), 0)
    assert shop.order(number).items[0].id == item
    assert shop.product_service.get(product).product.name == "단팥빵"
    assert shop.order(1).items[0].id == 1


def test_the_counter_comes_after_a_file(shop: SaleShop, bring: Callable[..., Report]) -> None:
    assert bring(another_file()).written
    number, item = sell(shop)
    product = make_product(shop)
    assert (number, product) == (FIRST_OWN, FIRST_OWN)
    assert item > FIRST_OWN
    again = bring(another_file())
    assert (said(again), again.orders) == ([], Tally(unchanged=1))


def test_a_file_with_numbers_of_the_range_comes_first(
    shop: SaleShop, bring: Callable[..., Report]
) -> None:
    assert bring(with_numbers(FIRST_OWN, 5_000_000_001, FIRST_OWN)).written
    number, item = sell(shop)
    product = make_product(shop)
    assert (number, item, product) == (FIRST_OWN + 1, 5_000_000_002, FIRST_OWN + 1)
    changed = with_numbers(FIRST_OWN, 5_000_000_001, FIRST_OWN)
    changed["products"][0]["price"] = 9_900
    report = bring(changed)
    assert (said(report), report.products.updated) == ([], 1), "a file's product is the file's"


@pytest.mark.parametrize("on_error", OnError)
def test_a_file_changes_no_product_that_was_made_here(
    shop: SaleShop, bring: Callable[..., Report], on_error: OnError
) -> None:
    product = make_product(shop)
    before = shop.product_service.get(product)
    report = bring(with_numbers(8, 701, product), on_error)
    causes = [(cause, place) for _, cause, place in said(report)]
    assert causes[:1] == [("product_of_the_counter", "products[0].id")]
    assert report.orders.added == report.products.updated == 0
    assert shop.product_service.get(product) == before
    assert before.product.price == Won(2_200)


def test_a_file_refuses_an_order_that_was_made_here(
    shop: SaleShop, bring: Callable[..., Report]
) -> None:
    number, item = sell(shop)
    before = shop.order(number)
    report = bring(with_numbers(number, item, 507), OnError.SKIP)
    assert [cause for _, cause, _ in said(report)] == ["order_differs"]
    assert shop.order(number) == before
