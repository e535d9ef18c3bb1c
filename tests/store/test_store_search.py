"""The list of open orders against a filter in plain Python, and the plan that it is read by."""

import dataclasses
import unicodedata
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Product
from posapp.domain.users import User
from posapp.services.ports.order_search import OrderRow
from posapp.store.search import order_search
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, W, later, order, product, user

NAMES = ["김하늘", "박100%", "이_라떼", "O'Brien", "brien", "가_나%다", "환불"]
PHONES = ["010-1234-5678", "+82 10 9999-1234", "", "02 123 4567"]
GOODS = ["카페 라떼", "환불 100%", "A_b Tea", "아메리카노", "라떼"]
BARCODES = ["8801234567893", "", "AB-12", "12"]
TEXTS = [
    "", " ", "김", "하늘", "라떼", "환불", "%", "_", "100%", "a_b", "TEA", "BRIEN", "1234",
    "010 1234", "12", "1", "3", "07", "880", "ab-12", "없음", "'", "\\", "\x00", "９", "\ud800",
    "9" * 24, "0" * 30 + "3", "9223372036854775808", "--", "1234-5678",
    unicodedata.normalize("NFD", "하늘"),
]  # fmt: skip


def ascii_lower(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def naive(
    text: str, whole: Order, people: dict[int, User], goods: dict[int, Product]
) -> OrderRow | None:
    """The same question, answered record by record."""
    if not whole.active_items or whole.is_paid:
        return None
    buyer = people.get(whole.buyer_id)
    row = OrderRow(
        order_id=whole.id,
        buyer_id=whole.buyer_id,
        buyer_name=buyer.name if buyer else "",
        buyer_phone=buyer.phone if buyer else "",
        name=whole.name,
        item_count=len(whole.active_items),
        total=whole.total,
        created_at=whole.created_at,
        status=W,
    )
    wanted = ascii_lower(unicodedata.normalize("NFC", text).strip())
    if not wanted:
        return row
    number = all(c in "0123456789 -().+" for c in wanted) and digits(wanted) != ""
    short = number and len(digits(wanted)) < 3
    barcodes = [goods[i.product_id].barcode for i in whole.items if i.product_id in goods]
    hits = [
        wanted in ascii_lower(row.buyer_name),
        any(wanted in ascii_lower(i.name) for i in whole.items),
        wanted.isascii() and wanted.isdigit() and int(wanted) == whole.id,
        not short and any(wanted in ascii_lower(code) for code in barcodes),
        number and not short and digits(wanted) in digits(row.buyer_phone),
    ]
    return row if any(hits) else None


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[User], list[Product], list[Order]]:
    people = [
        user(n, name=draw(st.sampled_from(NAMES)), phone=draw(st.sampled_from(PHONES)))
        for n in range(1, 4)
    ]
    goods = [product(n, barcode=draw(st.sampled_from(BARCODES))) for n in range(1, 4)]
    orders = []
    for number in range(1, draw(st.integers(1, 14)) + 1):
        buyer = draw(st.integers(1, 4))  # 4 was deleted
        statuses = draw(st.lists(st.sampled_from([W, W, W, *ItemStatus]), max_size=4))
        items = tuple(
            OrderItem(
                id=number * 10 + n,
                order_id=number,
                buyer_id=buyer,
                seller_id=9,
                product_id=draw(st.integers(1, 4)),
                name=draw(st.sampled_from(GOODS)),
                price=Won(draw(st.integers(0, 9000))),
                count=draw(st.integers(1, 3)),
                status=status,
            )
            for n, status in enumerate(statuses)
        )
        orders.append(Order(number, buyer, later(draw(st.integers(0, 3))), items))
    return people, goods, orders


@given(shops(), st.lists(st.sampled_from(TEXTS), min_size=6, max_size=6), st.integers(1, 5))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_pages_equal_a_plain_filter(
    store: SqlStore,
    shop: tuple[list[User], list[Product], list[Order]],
    texts: list[str],
    size: int,
) -> None:
    people, goods, orders = shop
    with store.transaction() as uow:
        for table in ("users", "products", "orders"):
            uow.connection.exec_driver_sql(f"DELETE FROM {table}")
        uow.catalogue.add_users(people)
        uow.catalogue.add_products(goods)
        uow.catalogue.add_orders(orders)
        uow.commit()
    search = SqlOrderSearch(store)
    for text in texts:
        by_id = {u.id: u for u in people}, {p.id: p for p in goods}
        rows = [row for whole in orders if (row := naive(text, whole, *by_id)) is not None]
        rows.sort(key=lambda row: (row.created_at, row.order_id), reverse=True)
        found: list[OrderRow] = []
        before: tuple[datetime, int] | None = None
        while page := search.open_orders(text, before, size):
            assert len(page) <= size
            found += page
            assert len(found) <= len(rows), "a row came twice"
            before = (page[-1].created_at, page[-1].order_id)
        assert found == rows, text


def test_syllables_in_parts_find_whole_ones(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user()])
        uow.catalogue.add_orders([order(1)])
        uow.commit()
    search = SqlOrderSearch(store)
    assert len(search.open_orders(unicodedata.normalize("NFD", " 하늘 "), None, 5)) == 1


def test_a_new_phone_number_is_found_and_the_old_one_is_not(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user()])
        uow.catalogue.add_orders([order(1)])
        uow.catalogue.update_users([dataclasses.replace(user(), phone="010-7777-0000")])
        uow.commit()
    search = SqlOrderSearch(store)
    assert len(search.open_orders("7777-0000", None, 5)) == 1
    assert search.open_orders("5678", None, 5) == ()


@pytest.mark.parametrize("before", [None, (NOW, 5)])
@pytest.mark.parametrize("text", ["", "라떼", "0101234"])
def test_the_plan_walks_the_index_of_open_orders_and_sorts_nothing(
    store: SqlStore,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    before: tuple[datetime, int] | None,
) -> None:
    requested: list[tuple[str, object]] = []
    with store.snapshot() as uow:
        original = type(uow.connection).execute

        def noting(connection: object, query: object, *rest: object) -> object:
            compiled = query.compile(connection.engine)  # type: ignore[attr-defined]
            requested.append((str(compiled), list(compiled.params.values())))
            return original(connection, query, *rest)  # type: ignore[arg-type,call-overload]

    monkeypatch.setattr(type(uow.connection), "execute", noting)
    SqlOrderSearch(store).open_orders(text, before, 50)
    monkeypatch.undo()
    ((sql, _),) = requested
    with store.snapshot() as uow:
        marks = tuple(1 for _ in range(sql.count("?")))
        rows = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", marks).all()
    plan = " / ".join(row[3] for row in rows)
    assert "USING INDEX ix_orders_open" in plan
    assert "USE TEMP B-TREE" not in plan
    assert "SCAN order_items" not in plan
    assert "SCAN users" not in plan
    if before is not None:
        assert "SEARCH orders USING INDEX ix_orders_open (created_at<?" in plan
    assert order_search.SHORTEST_PART == 3
