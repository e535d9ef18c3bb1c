"""The search of orders in every state against a filter in plain Python, and the plans that it is
read by."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.money import Won
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import ItemStatus, Order, OrderItem, OrderState, Product
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.users import User
from posapp.services.ports.order_search import OrderFilter, OrderPage, OrderSummary
from posapp.store.search import text_matches
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from tests.store.plans import plans_of
from tests.store.records import NOW, W, later, order, product, user

NAMES = ["김하늘", "박100%", "이_라떼", "O'Brien", "brien", "가_나%다", "환불", "선우 별"]
PHONES = ["010-1234-5678", "+82 10 9999-1234", "", "02 123 4567", "1012345678", "010.9999.1234"]
GOODS = ["카페 라떼", "환불 100%", "A_b Tea", "아메리카노", "라떼", "２＋１ 쿠키", "7-up"]
BARCODES = ["8801234567893", "", "AB-12", "12", "08801234567893", "36000291452"]
PRICES = [0, 1, 100, 1200, 4500, 9000]
TEXTS = [
    "", " ", "김", "하늘", "라떼", "환불", "%", "_", "100%", "a_b", "TEA", "BRIEN", "1234",
    "010 1234", "12", "1", "3", "07", "880", "ab-12", "없음", "'", "\\", "\x00", "９", "\ud800",
    "9" * 24, "0" * 30 + "3", "9223372036854775808", "--", "1234-5678", "김하늘 라떼", "라떼 5678",
    "하늘 라떼 1234", "1,200원", "4,500", "9000", "주문번호 3", "PO3", "po 3", "No.2", "3번",
    "8801234567893", "036000291452", "imp_2", "IMP_1", "+82 10-1234", "2+1", "7-up", "하\u200b늘",
    "선우  별", "별 선우", '"', "OR", "l1", "w2931", "a b c d e f 없음",
    unicodedata.normalize("NFD", "하늘"),
]  # fmt: skip

NUMBER = re.compile(r"(주문 ?(번호)?|no\.?|#|₩)? ?(\d{1,3}(,\d{3})+|\d+) ?(번|원)?", re.ASCII)


@cache
def folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(text.replace("\0", "?").replace("\ud800", "?").split())


def phone_digits(text: str) -> str:
    """As people would compare two numbers."""
    digits = "".join(c for c in folded(text) if c in "0123456789")
    if digits.startswith("82") and len(digits) > 10:
        return "0" + digits[2:].lstrip("0")
    return f"0{digits}" if digits.startswith("10") and len(digits) == 10 else digits


def gtin(code: str) -> str:
    """A trade item number without its zeros; another code as it is."""
    bare = folded(code)
    if not (bare.isdigit() and len(bare) in (8, 11, 12, 13, 14)):
        return bare
    total = sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(reversed(bare)))
    return bare.lstrip("0") if total % 10 == 0 else bare


@dataclasses.dataclass
class Shop:
    people: dict[int, User]
    goods: dict[int, Product]
    orders: list[Order]
    paid: dict[str, int]
    """Number of the order by PortOne's number of its payment."""

    def matches(self, one: Order, text: str) -> bool:
        if "\0" in text or "\ud800" in text:
            return False  # no stored text has them
        whole = folded(text)[:100].strip()
        if re.fullmatch(r"po ?\d+", whole):
            return int(whole[2:]) == one.id
        if NUMBER.fullmatch(whole) or (
            re.fullmatch(r"[0-9 \-().+]+", whole) and len(re.sub(r"\D", "", whole)) >= 3
        ):
            return self._matches_word(one, whole)
        return all(self._matches_word(one, word) for word in whole.split()[:6])

    def _matches_word(self, one: Order, word: str) -> bool:
        buyer = self.people.get(one.buyer_id)
        number = NUMBER.fullmatch(word)
        if number:
            word = number[3].replace(",", "")
        codes = [self.goods[i.product_id].barcode for i in one.items if i.product_id in self.goods]
        digits = phone_digits(word)
        is_phone = re.fullmatch(r"[0-9 \-().+]+", word) and len(digits) >= 3
        value = int(word) if number else -1
        living = one.total if one.active_items else sum(i.total for i in one.items)
        return (
            any(word in folded(i.name) for i in one.items)
            or (buyer is not None and word in folded(buyer.name))
            or bool(buyer and is_phone and digits in phone_digits(buyer.phone))
            or value in (one.id, living, sum(i.total for i in one.items))
            or any(code and gtin(code) == gtin(word) for code in codes)
            or self.paid.get(word) == one.id
        )


def segments_of(one: Order) -> set[OrderSegment | None]:
    found: set[OrderSegment | None] = {None}
    if any(item.status is ItemStatus.CANCEL for item in one.items):
        found.add(OrderSegment.CANCELLED)
    usual = {
        OrderState.WAITING_FOR_PAYMENT: OrderSegment.OPEN,
        OrderState.PAID: OrderSegment.PAID,
        OrderState.IN_DELIVERY: OrderSegment.DELIVERY,
        OrderState.DELIVERED: OrderSegment.DELIVERY,
    }
    return found | ({usual[one.state]} if one.state in usual else set())


def expected(shop: Shop, wanted: OrderFilter) -> list[OrderSummary]:
    """The same question, answered record by record."""
    kept = [
        one
        for one in shop.orders
        if wanted.segment in segments_of(one)
        and (wanted.since is None or one.created_at >= wanted.since)
        and (wanted.until is None or one.created_at <= wanted.until)
        and shop.matches(one, wanted.text)
    ]
    kept.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    return [OrderSummary.of(o, shop.people.get(o.buyer_id), is_claimed=False) for o in kept]


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    people = {
        n: user(n, name=draw(st.sampled_from(NAMES)), phone=draw(st.sampled_from(PHONES)))
        for n in range(1, 4)
    }
    goods = {n: product(n, barcode=draw(st.sampled_from(BARCODES))) for n in range(1, 4)}
    orders = []
    for number in range(1, draw(st.integers(1, 14)) + 1):
        buyer = draw(st.integers(1, 4))  # 4 was deleted
        statuses = draw(st.lists(st.sampled_from([W, W, *ItemStatus]), max_size=4))
        items = tuple(
            OrderItem(
                id=number * 10 + n,
                order_id=number,
                buyer_id=buyer,
                seller_id=9,
                product_id=draw(st.integers(1, 4)),
                name=draw(st.sampled_from(GOODS)),
                price=Won(draw(st.sampled_from(PRICES))),
                count=draw(st.integers(1, 3)),
                status=status,
            )
            for n, status in enumerate(statuses)
        )
        at = later(draw(st.sampled_from([0, 0, 1, 700_000, 40_000_000])))
        orders.append(Order(number, buyer, at, items))
    return Shop(people, goods, orders, {"imp_1": 1, "imp_2": min(2, len(orders))})


MOMENTS = st.none() | st.sampled_from([later(s) for s in (-1, 0, 1, 700_000, 50_000_000)])
FILTERS = st.builds(
    OrderFilter,
    text=st.sampled_from(TEXTS),
    segment=st.none() | st.sampled_from(OrderSegment),
    since=st.none() | MOMENTS,
    until=st.none() | MOMENTS,
)


def fill(store: SqlStore, shop: Shop) -> None:
    with store.transaction() as uow:
        run = uow.connection.exec_driver_sql
        run("DROP TRIGGER IF EXISTS payments_kept")
        for table in ("payments", "orders", "users", "products"):
            run(f"DELETE FROM {table}")
        run("INSERT INTO order_words (order_words) VALUES ('delete-all')")
        uow.catalogue.add_users(list(shop.people.values()))
        uow.catalogue.add_products(list(shop.goods.values()))
        uow.catalogue.add_orders(shop.orders)
        for imp_uid, number in shop.paid.items():
            uow.payments.add(
                Payment(imp_uid, f"M-{imp_uid}", number, Won(300), NOW, PaymentDisposition.REJECTED)
            )
        uow.commit()


@contextmanager
def way(few: int) -> Iterator[None]:
    """Let the search take few matches and rows for many."""
    before = text_matches.SMALL_RESULT, text_matches.FEW_ROWS
    text_matches.SMALL_RESULT, text_matches.FEW_ROWS = few, few * 2
    try:
        yield
    finally:
        text_matches.SMALL_RESULT, text_matches.FEW_ROWS = before


def pages(search: SqlOrderSearch, wanted: OrderFilter, size: int) -> Iterator[OrderPage]:
    after = None
    while True:
        page = search.page(wanted, size, after)
        yield page
        if not page.more:
            return
        after = (page.rows[-1].created_at, page.rows[-1].order_id)


@pytest.mark.parametrize("few", [0, 2, 4000], ids=["weeks", "mixed", "hits"])
@given(shop=shops(), requested=st.lists(FILTERS, min_size=8, max_size=8), size=st.integers(1, 5))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_pages_and_counts_equal_a_plain_filter(
    store: SqlStore, few: int, shop: Shop, requested: list[OrderFilter], size: int
) -> None:
    """For each way of searching a text: by its hits, by rows, by weeks."""
    fill(store, shop)
    search = SqlOrderSearch(store)
    with way(few):
        for wanted in requested:
            right = expected(shop, wanted)
            found = list(pages(search, wanted, size))
            assert [row for page in found for row in page.rows] == right, wanted
            assert all(len(page.rows) <= size for page in found)
            assert all(page.rows and page.named is None for page in found[1:])
            digits = re.sub(r"\D", "", folded(wanted.text))
            if (named := found[0].named) is not None:
                assert named in right and named.order_id == int(digits)
            elif digits and folded(wanted.text) == digits:
                assert all(row.order_id != int(digits) for row in right)
            of = {
                one: len(expected(shop, replace(wanted, segment=one)))
                for one in (None, *OrderSegment)
            }
            for cap in (-1, 0, 2, 100):
                assert search.counts(wanted, cap) == {
                    one: min(number, cap + 1) for one, number in of.items()
                }


def numbers(search: SqlOrderSearch, text: str) -> list[int]:
    return [row.order_id for row in search.page(OrderFilter(text), 9).rows]


def test_a_new_name_and_phone_number_are_found_and_the_old_ones_are_not(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user()])
        uow.catalogue.add_orders([order(1)])
        uow.catalogue.update_users([replace(user(), name="이바다", phone="010-7777-0000")])
        uow.commit()
    search = SqlOrderSearch(store)
    assert numbers(search, "7777-0000") == numbers(search, "바다") == [1]
    assert numbers(search, "5678") == numbers(search, "하늘") == []


def test_a_buyer_who_is_known_after_the_order_is_found(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_orders([order(1)])
        uow.catalogue.add_users([user()])
        uow.commit()
    assert numbers(SqlOrderSearch(store), "하늘") == [1]


@pytest.mark.parametrize("text", ["4,500원", "9000"])
def test_a_cancelled_item_changes_the_amount_that_is_found(store: SqlStore, text: str) -> None:
    with store.transaction() as uow:
        whole = order(1, ItemStatus.COMPLETE_PAYMENT, ItemStatus.COMPLETE_PAYMENT)
        items = (replace(whole.items[0], count=1), replace(whole.items[1], count=1))
        uow.catalogue.add_orders([replace(whole, items=items), order(2, W, W)])
        uow.commit()
    search = SqlOrderSearch(store)
    assert numbers(search, "9000") == [1]
    assert numbers(search, "4500") == []
    with store.transaction() as uow:
        uow.orders.save_items([replace(items[0], status=ItemStatus.CANCEL)])
        uow.commit()
    for found in (text, "18000"):
        assert numbers(search, found) == ([1] if found == text else [2])
    with store.transaction() as uow:
        uow.orders.save_items([replace(items[1], status=ItemStatus.CANCEL)])
        uow.commit()
    assert numbers(search, "9000") == [1], "of all, if each is cancelled"
    assert numbers(search, "4500") == []


def test_what_did_not_happen_is_not_found(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user()])
        uow.catalogue.add_orders([order(1)])
    with store.snapshot() as uow:
        count = uow.connection.exec_driver_sql("SELECT count(*) FROM order_words").scalar_one()
    assert count == 0
    assert numbers(SqlOrderSearch(store), "하늘") == []


LED = {
    None: "COVERING INDEX ix_orders_created",
    OrderSegment.OPEN: "COVERING INDEX ix_orders_segment (segment=?",
    OrderSegment.PAID: "COVERING INDEX ix_orders_segment (segment=?",
    OrderSegment.DELIVERY: "COVERING INDEX ix_orders_segment (segment=?",
    OrderSegment.CANCELLED: "INDEX ix_orders_cancelled",
}


def search_plans(store: SqlStore, read: Callable[[], object]) -> list[list[str]]:
    """The plans of the statements that search, not of those that read the found orders."""
    return [plan for plan in plans_of(store, read) if " r" in plan[0] or "words" in plan[0]]


@pytest.mark.parametrize("after", [None, (NOW, 5)], ids=["first", "next"])
@pytest.mark.parametrize("since", [None, NOW], ids=["always", "since"])
@pytest.mark.parametrize("segment", LED, ids=str)
def test_a_page_seeks_in_the_index_of_its_segment_and_sorts_nothing(
    store: SqlStore, segment: OrderSegment | None, since: datetime | None, after: Any
) -> None:
    search = SqlOrderSearch(store)
    wanted = OrderFilter(segment=segment, since=since)
    ((step,),) = search_plans(store, lambda: search.page(wanted, 50, after))
    assert LED[segment] in step
    assert ("SEARCH" in step) is bool(
        segment not in (None, OrderSegment.CANCELLED) or since or after
    )
    assert ("created_at<?" in step) is (after is not None)
    assert ("created_at>?" in step) is (since is not None)
    for plan in search_plans(store, lambda: search.counts(wanted, 999)):
        assert "INDEX ix_orders_" in plan[-1]
        assert "TEMP B-TREE" not in " ".join(plan)


def test_a_text_is_found_by_its_marks_which_lead_to_the_rows(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user()])
        uow.catalogue.add_orders([order(1)])
        uow.commit()
    search = SqlOrderSearch(store)
    found = " / ".join(
        step
        for plan in search_plans(store, lambda: search.page(OrderFilter("라떼 하늘"), 50))
        for step in plan
    )
    assert "SCAN order_words VIRTUAL TABLE INDEX" in found
    assert "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)" in found
    assert "SCAN r" not in found
    with way(0):
        weekly = search_plans(store, lambda: search.page(OrderFilter("라떼"), 50))[-1]
    assert weekly[0].startswith("SCAN order_words VIRTUAL TABLE INDEX")
    assert weekly[1] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"


def test_a_code_is_looked_up_by_indices(store: SqlStore) -> None:
    search = SqlOrderSearch(store)
    plans = [" / ".join(p) for p in plans_of(store, lambda: search.page(OrderFilter("ab-12"), 50))]
    assert any("products USING INDEX ix_products_barcode" in plan for plan in plans)
    assert any("payments USING INDEX" in plan for plan in plans)
    assert not any("SCAN products" in plan or "SCAN payments" in plan for plan in plans)
