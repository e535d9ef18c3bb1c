"""The list of items to ship against a filter in plain Python, and the plans that it is read by."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.errors import ErrorCode
from posapp.domain.money import Won
from posapp.domain.orders import (
    DELIVERY_STEPS,
    IN_FULFILMENT,
    TO_SHIP,
    ItemStatus,
    ItemTrigger,
    Order,
    OrderItem,
)
from posapp.domain.refunds import OPEN, RefundState
from posapp.domain.requests import ClosedBy, Request, RequestKind, RequestState
from posapp.domain.users import User
from posapp.services.ports.fulfilment_search import (
    FulfilmentCursor,
    FulfilmentFilter,
    FulfilmentPage,
    FulfilmentRow,
)
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.store.search.fulfilment_search import SqlFulfilmentSearch
from posapp.store.unit_of_work import SqlStore
from tests.store.plans import plans_of
from tests.store.records import NOW, SELLER, item, later, order, paid, payment, refund, user

S = ItemStatus
NAMES = ["김하늘", "박100%", "이_라떼", "O'Brien", "가_나%다"]
GOODS = ["카페 라떼", "환불 100%", "A_b Tea", "라떼", "ＴＥＡ"]
TEXTS = ["", " ", "김", "라떼", "%", "_", "a_B", " TEA ", "brien", "없음", "'", "\x00", "\ud800",
         unicodedata.normalize("NFD", "하늘"), "하\u200b늘", "ｔｅａ", "ＴＥＡ", "카페 \u3000라떼",
         "\ufeff"]  # fmt: skip
NUMBERS = [None, None, 1, 2, 10, 21, 0, -1, 2**63, 2**63 - 1]


def ascii_lower(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def spelled(text: str) -> set[str]:
    """As it was typed, and as the search of orders reads it; nothing that shows finds all."""
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    plain = " ".join(unicodedata.normalize("NFKC", visible).split())
    typed = ascii_lower(unicodedata.normalize("NFC", text).strip())
    return {typed, plain.casefold()} if plain else {""}


def naive(
    orders: Sequence[Order], people: dict[int, User], seller: int | None, wanted: FulfilmentFilter
) -> list[FulfilmentRow]:
    """The same question, answered record by record."""
    texts = spelled(wanted.text.replace("\0", "?").replace("\ud800", "?"))
    rows = []
    for whole in orders:
        for one in whole.items:
            buyer, owner = people.get(one.buyer_id), people.get(one.seller_id)
            name = buyer.name if buyer else ""
            if (
                one.status in IN_FULFILMENT.intersection(wanted.statuses)
                and seller in (None, one.seller_id)
                and wanted.number in (None, one.id, one.order_id)
                and any(t in ascii_lower(one.name) or t in ascii_lower(name) for t in texts)
            ):
                rows.append(
                    FulfilmentRow(
                        one.id, whole.id, whole.created_at, one.status, one.name, one.count,
                        one.total, one.buyer_id, name, buyer.phone if buyer else "",
                        one.seller_id, owner.name if owner else "",
                    )
                )  # fmt: skip
    return sorted(rows, key=lambda row: (row.ordered_at, row.item_id))


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[User], list[Order]]:
    people = [user(n, name=draw(st.sampled_from(NAMES))) for n in range(1, 4)]
    people += [SELLER]
    orders = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        buyer = draw(st.integers(1, 4))  # 4 was deleted
        statuses = draw(st.lists(st.sampled_from([*IN_FULFILMENT, *ItemStatus]), max_size=4))
        items = tuple(
            OrderItem(
                id=number * 10 + n,
                order_id=number,
                buyer_id=buyer,
                seller_id=draw(st.sampled_from([9, 9, 8])),  # 8 was deleted
                product_id=1,
                name=draw(st.sampled_from(GOODS)),
                price=Won(draw(st.integers(0, 9000))),
                count=draw(st.integers(1, 3)),
                status=status,
            )
            for n, status in enumerate(statuses)
        )
        orders.append(Order(number, buyer, later(draw(st.integers(0, 3))), items))
    return people, orders


FILTERS = st.builds(
    FulfilmentFilter,
    statuses=st.one_of(st.just(IN_FULFILMENT), st.frozensets(st.sampled_from(ItemStatus))),
    number=st.sampled_from(NUMBERS),
    text=st.sampled_from(TEXTS),
)


@given(
    shops(),
    st.lists(FILTERS, min_size=8, max_size=8),
    st.sampled_from([None, 9, 8, 7]),
    st.integers(1, 5),
)
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_pages_and_counts_equal_a_plain_filter(
    store: SqlStore,
    shop: tuple[list[User], list[Order]],
    filters: list[FulfilmentFilter],
    seller: int | None,
    size: int,
) -> None:
    people, orders = shop
    with store.transaction() as uow:
        for table in ("users", "orders"):
            uow.connection.exec_driver_sql(f"DELETE FROM {table}")
        uow.catalogue.add_users(people)
        uow.catalogue.add_orders(orders)
        uow.commit()
    search = SqlFulfilmentSearch(store)
    by_id = {one.id: one for one in people}
    for wanted in filters:
        expected = naive(orders, by_id, seller, wanted)
        found: list[FulfilmentRow] = []
        after: FulfilmentCursor | None = None
        while True:
            page = search.page(seller, wanted, size, after)
            found += page.rows
            assert page.more is (len(found) < len(expected)), wanted
            if not page.more:
                break
            after = (page.rows[-1].ordered_at, page.rows[-1].item_id)
        assert found == expected, wanted
        for cap in (0, 1, 99):
            assert search.status_counts(seller, wanted, cap) == {
                status: min(len(naive(orders, by_id, seller, only(wanted, status))), cap + 1)
                for status in IN_FULFILMENT
            }


def only(wanted: FulfilmentFilter, status: ItemStatus) -> FulfilmentFilter:
    return FulfilmentFilter([status], wanted.number, wanted.text)


def rows(store: SqlStore, **filters: object) -> list[FulfilmentRow]:
    page = SqlFulfilmentSearch(store).page(9, FulfilmentFilter(**filters), 50)  # type: ignore[arg-type]
    return list(page.rows)


@pytest.fixture
def shop(store: SqlStore) -> SqlStore:
    """Two paid orders with an item of each status of a delivery."""
    statuses = (S.COMPLETE_PAYMENT, S.WAITING_FOR_DELIVERY, S.SHIPPING)
    with store.transaction() as uow:
        uow.catalogue.add_users([user(), SELLER])
        uow.catalogue.add_orders([order(1, *statuses), order(2, *statuses, created_at=later(9))])
        uow.commit()
    paid(store, payment("imp_1", 1), payment("imp_2", 2, merchant_uid="M-2"))
    return store


def test_each_row_says_which_step_is_next(shop: SqlStore) -> None:
    found = {row.status: (row.next_step, row.can_hand_over) for row in rows(shop)}
    assert found == {
        S.COMPLETE_PAYMENT: (ItemTrigger.DELIVERY_PREPARED, True),
        S.WAITING_FOR_DELIVERY: (ItemTrigger.SHIPPED, False),
        S.SHIPPING: (ItemTrigger.DELIVERED, False),
    }
    assert [row.item_id for row in rows(shop, statuses=TO_SHIP)] == [10, 11, 20, 21]
    assert {row.status: row.next_step for row in rows(shop)} == dict(DELIVERY_STEPS)


@pytest.mark.parametrize("state", RefundState)
@pytest.mark.parametrize("covered", [False, True])
def test_an_item_whose_money_goes_back_is_held(
    shop: SqlStore, state: RefundState, covered: bool
) -> None:
    with shop.transaction() as uow:
        named = {"item_id": None, "covers": "10 12"} if covered else {"item_id": 10}
        uow.refunds.add(refund(state=state, **named))
        uow.commit()
    held = {row.item_id: row for row in rows(shop) if row.hold is not None}
    items = {10, 12} if covered else {10}
    assert set(held) == (items if state in OPEN else set())
    for row in held.values():
        assert row.hold is ErrorCode.REFUND_IN_FLIGHT
        assert (row.next_step, row.can_hand_over) == (None, False)


@pytest.mark.parametrize("is_explained", [False, True])
def test_items_of_an_order_whose_money_is_in_doubt_are_held(
    shop: SqlStore, is_explained: bool
) -> None:
    with shop.transaction() as uow:
        resolved_at = NOW if is_explained else None
        uow.mismatches.note(
            Mismatch(
                0, MismatchKind.CANCELS_DIFFER, "M-2", "imp_2", Won(1), "why", NOW, resolved_at
            )
        )
        uow.commit()
    held = {row.order_id for row in rows(shop) if row.hold is ErrorCode.MONEY_IN_DOUBT}
    assert held == (set() if is_explained else {2})


def test_a_replacement_is_named(shop: SqlStore) -> None:
    def request(number: int, kind: RequestKind) -> Request:
        return Request(
            0, kind, RequestState.OK, 9, 1, number, 1, "x", NOW, NOW, ended_by=ClosedBy.SELLER
        )

    with shop.transaction() as uow:
        # A free item: its approved refund has no refund of money.
        uow.catalogue.add_orders([order(3, items=(item(30, 3, S.SHIPPING, price=Won(0)),))])
        uow.requests.add(request(11, RequestKind.EXCHANGE))
        uow.requests.add(request(30, RequestKind.REFUND))
        uow.commit()
    assert [row.item_id for row in rows(shop) if row.is_replacement] == [11]


def test_an_unmatchable_filter_reads_nothing(shop: SqlStore) -> None:
    search = SqlFulfilmentSearch(shop)
    nothing = FulfilmentPage((), more=False)
    for wanted in (FulfilmentFilter(number=0), FulfilmentFilter([S.CANCEL, S.DELIVERY_COMPLETE])):
        assert plans_of(shop, lambda: search.page(9, wanted, 5)) == []  # noqa: B023
        assert search.page(9, wanted, 5) == nothing
    zeros = dict.fromkeys(IN_FULFILMENT, 0)
    assert search.status_counts(9, FulfilmentFilter(number=-5), 9) == zeros


def test_the_size_of_a_page_is_bounded(shop: SqlStore) -> None:
    search = SqlFulfilmentSearch(shop)
    assert len(search.page(9, FulfilmentFilter(), 0).rows) == 1
    assert len(search.page(9, FulfilmentFilter(), 10**9).rows) == 6


OF_ALL = "ix_order_items_work (status=?"
OF_ONE = "ix_order_items_work_of_seller (seller_id=? AND status=?"
TABLES = ("order_items", "users", "refunds", "requests", "payments", "mismatches", "orders")


@pytest.mark.parametrize(("seller", "index"), [(None, OF_ALL), (9, OF_ONE)])
@pytest.mark.parametrize(("after", "bound"), [(None, ")"), ((NOW, 5), " AND ordered_at>?)")])
@pytest.mark.parametrize("text", ["", "라떼"])
def test_a_page_seeks_in_the_small_index_of_each_status(
    store: SqlStore,
    seller: int | None,
    index: str,
    after: FulfilmentCursor | None,
    bound: str,
    text: str,
) -> None:
    search = SqlFulfilmentSearch(store)
    wanted = FulfilmentFilter(text=text)
    (plan,) = plans_of(store, lambda: search.page(seller, wanted, 50, after))
    assert sum(f"INDEX {index}{bound}" in step for step in plan) == 3
    scanned = [step for step in plan if step.startswith("SCAN")]
    assert not [step for step in scanned if any(f"SCAN {table}" in step for table in TABLES)]
    counts = plans_of(store, lambda: search.status_counts(seller, wanted, 50))
    assert all(any(f"INDEX {index})" in step for step in plan) for plan in counts)
    assert len(counts) == 3
