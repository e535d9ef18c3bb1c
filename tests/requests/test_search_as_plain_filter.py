"""Filters, pages, counts and jumps, compared with a plain filter in memory over random requests."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.requests import ClosedBy, Request, RequestKind, RequestState, undo_deadline
from posapp.domain.users import User
from posapp.services.ports.requests import MONEY_OF, RefundProgress, RequestFilter, RequestRow
from posapp.store.search import request_search
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork

START = datetime(2026, 1, 5, tzinfo=UTC)
NAMES = ["김하나", "이 두리", "Kim", "가%_나", "12"]
GOODS = ["카페라떼", "라떼 아트", "Latte 100%", "환불", "가나다_", 'O"R 1=1', "환", "떼",
         "ＬＡＴＴＥ"]  # fmt: skip
REASONS = ["환불해 주세요", "파손", "라떼가 식음", "50% 할인", "a_b'c", "한", "latte", "환불 라떼"]
TEXTS = ["", "", "환", "환불", "라떼", "떼가", "%", "_", "latte", "LATTE", "'", '"', "OR", "없음",
         "환불 라떼", "카페라떼", "* ", "s7", "라떼\ud800", "1", "NEAR(환 불)",
         "라\u200b떼", "ｌａｔｔｅ", "ＬＡＴＴＥ", "라떼 \u3000아트",
         "\ufeff", "환\u2060"]  # fmt: skip
BUYERS = ["", "", "", "김", "하나", "이 두", "1", "2", "02", "kim", "%", "없", "9" * 30, "12",
          "１２", "\ufeff김", "Ｋｉｍ", "\u200b"]  # fmt: skip


Wish = tuple[Request, str, RefundState]
"""A request, its product, and how its refund stands if it has one."""


def record(n: int, draw: Callable[[Any], Any]) -> Wish:
    state = draw(st.sampled_from(RequestState))
    ended = state is not RequestState.WAIT
    at = START + timedelta(days=draw(st.sampled_from([0, 0, 1, 8, 9, 400])))
    by = draw(st.sampled_from(ClosedBy)) if ended else None
    request = Request(
        id=0,
        kind=draw(st.sampled_from(RequestKind)),
        state=state,
        seller_id=draw(st.sampled_from([7, 7, 7, 8])),
        buyer_id=draw(st.integers(1, len(NAMES))),
        item_id=n,
        order_id=1000 + n // 2,
        reason=draw(st.sampled_from(REASONS)),
        created_at=at,
        processed_at=at + timedelta(hours=1) if ended else None,
        processed_by=Actor.parse(f"{by.value.lower()}:7" if by else ""),
        ended_by=by,
        note="x" if ended else "",
    )
    return request, draw(st.sampled_from(GOODS)), draw(st.sampled_from(RefundState))


@st.composite
def shops(draw: Callable[[Any], Any]) -> list[Wish]:
    return [record(n, draw) for n in range(1, draw(st.integers(1, 25)) + 1)]


MOMENTS = st.sampled_from([START + timedelta(days=days) for days in (-1, 0, 1, 8, 399, 401)])
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(RequestKind),
    "state": st.sampled_from(RequestState),
    "since": MOMENTS,
    "until": MOMENTS,
    "buyer": st.sampled_from(BUYERS),
    "number": st.sampled_from([1, 2, 1001, 5, 1003, 0, -1, 2**70]),
    "text": st.sampled_from(TEXTS),
    "text of a row": st.sampled_from(GOODS + REASONS),
    "money": st.sampled_from(RefundProgress),
}


@st.composite
def filters(draw: Callable[[Any], Any]) -> RequestFilter:
    """A few conditions each: of many at once, hardly a row would be left."""
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=3, unique=True))
    said = {name.split()[0]: draw(FIELDS[name]) for name in names}
    return RequestFilter(**said, oldest_first=draw(st.booleans()))


def fill(store: SqlStore, shop: list[Wish]) -> list[RequestRow]:
    """Put a shop into an emptied file; what the table should show, in the order of ids."""
    rows = []
    with store.transaction() as uow:
        run = uow.connection.exec_driver_sql
        run("DROP TRIGGER IF EXISTS requests_kept")
        run("DROP TRIGGER IF EXISTS refunds_kept")
        run("DROP TRIGGER IF EXISTS payments_kept")
        for table in ("requests", "refunds", "payments", "orders", "users"):
            run(f"DELETE FROM {table}")
        run("INSERT INTO request_words (request_words) VALUES ('delete-all')")
        uow.catalogue.add_users([User(n, name) for n, name in enumerate(NAMES, start=1)])
        orders: dict[int, list[OrderItem]] = {}
        for request, product, _ in shop:
            orders.setdefault(request.order_id, []).append(
                OrderItem(
                    request.item_id, request.order_id, 1, request.seller_id, 1, product,
                    Won(100), 3, ItemStatus.DELIVERY_COMPLETE,
                )
            )  # fmt: skip
        uow.catalogue.add_orders(
            [Order(number, 1, START, tuple(items)) for number, items in orders.items()]
        )
        for request, product, refund_state in shop:
            money = RefundProgress.NONE
            if (request.kind, request.state) == (RequestKind.REFUND, RequestState.OK):
                money = MONEY_OF[refund_state]
                request = request.with_refund(a_refund(uow, request, refund_state))
            number = uow.requests.add(request).id
            rows.append(shown(replace(request, id=number), product, money))
        uow.commit()
    return rows


def a_refund(uow: SqlUnitOfWork, request: Request, state: RefundState) -> int:
    """Of a payment of its own, as states in flight allow one a payment."""
    imp_uid = f"imp_{request.item_id}"
    uow.payments.add(
        Payment(
            imp_uid, f"M-{request.item_id}", request.order_id, Won(300), START,
            PaymentDisposition.REJECTED,
        )
    )  # fmt: skip
    refund = Refund(
        0, imp_uid, request.order_id, None, RefundOrigin.ITEM, Won(300), "", f"[RF-{imp_uid}]",
        "", "", START, state,
    )  # fmt: skip
    return uow.refunds.add(refund).id


def shown(request: Request, product: str, money: RefundProgress) -> RequestRow:
    undo = undo_deadline(request.ended_by, request.processed_at)
    return RequestRow(
        request.id, request.created_at, request.buyer_id, NAMES[request.buyer_id - 1],
        request.item_id, request.order_id, product, request.kind, request.reason, request.state,
        request.processed_at, request.ended_by, request.note, Won(300), money,
        undo if money in (RefundProgress.NONE, RefundProgress.WAITING) else None, request.refund_id,
    )  # fmt: skip


def low(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def spelled(text: str) -> set[str]:
    """As it was typed, and as the search of orders reads it; nothing that shows finds all."""
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    plain = " ".join(unicodedata.normalize("NFKC", visible).split())
    return {low(text.strip()), plain.casefold()} if plain else {""}


def plainly(
    rows: list[RequestRow], seller_of: dict[int, int], f: RequestFilter
) -> list[RequestRow]:
    texts, buyers = spelled(f.text), spelled(f.buyer)
    kept = [
        row
        for row in rows
        if seller_of[row.id] == 7
        and f.kind in (None, row.kind)
        and f.state in (None, row.state)
        and (f.since is None or row.created_at >= f.since)
        and (f.until is None or row.created_at <= f.until)
        and (f.number is None or f.number in (row.item_id, row.order_id))
        and f.money in (None, row.money)
        and any(text in low(row.product_name) or text in low(row.reason) for text in texts)
        and any(
            buyer in low(row.buyer_name) or (buyer.isdigit() and int(buyer) == row.buyer_id)
            for buyer in buyers
        )
    ]
    return sorted(kept, key=lambda row: (row.created_at, row.id), reverse=not f.oldest_first)


@pytest.mark.parametrize(
    ("few", "most_weeks"),
    [(0, 64), (0, 3), (3, 64), (3, 3), (4000, 64)],
    ids=["weeks", "all weeks", "mixed", "mixed, all weeks", "hits"],
)
@given(
    shop=shops(), requested=st.lists(filters(), min_size=10, max_size=10), size=st.integers(1, 7)
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_page_equals_a_plain_filter(
    store: SqlStore,
    few: int,
    most_weeks: int,
    shop: list[Wish],
    requested: list[RequestFilter],
    size: int,
) -> None:
    """For each way of searching a text: by its hits, by rows, by weeks; and of counting: as the
    index yields them, of the seller alone or of all, in some weeks or in all."""
    limits = {"SMALL_RESULT": few, "FEW_ROWS": few * 2, "RARE": few // 2}
    # So small that the rows of a shop reach them, too.
    limits |= {"SAMPLE": 1, "STATES_AT_ONCE": 2, "MOST_WEEKS": most_weeks}
    before = {name: getattr(request_search, name) for name in limits}
    vars(request_search).update(limits)
    try:
        rows = fill(store, shop)
        sellers = {row.id: request.seller_id for row, (request, *_) in zip(rows, shop, strict=True)}
        search = SqlRequestSearch(store)
        for wanted in requested:
            check(search, wanted, plainly(rows, sellers, wanted), size)
            for cap in (-1, 0, 1, 3, 100):
                # Each count is the number of rows that the table would show in that state.
                assert search.state_counts(7, cap, wanted) == {
                    state: min(len(plainly(rows, sellers, replace(wanted, state=state))), cap + 1)
                    for state in RequestState
                }
    finally:
        vars(request_search).update(before)


def check(
    search: SqlRequestSearch, wanted: RequestFilter, expected: list[RequestRow], size: int
) -> None:
    found: list[RequestRow] = []
    after, number = None, 0
    while True:
        page = search.page(7, wanted, size, after)
        assert search.nth_page(7, wanted, size, number) == page
        if number and page.rows:
            back = search.page(7, wanted, size, (page.rows[0].created_at, page.rows[0].id),
                               backwards=True)  # fmt: skip
            assert list(back.rows) == found[-size:]
            assert back.more is (len(found) > size)
        found += page.rows
        assert page.more is (len(found) < len(expected))
        if not page.more:
            break
        after, number = (page.rows[-1].created_at, page.rows[-1].id), number + 1
    assert found == expected
    assert search.nth_page(7, wanted, size, number + 1).rows == ()
    last = search.last_page(7, wanted, size)
    assert list(last.rows) == expected[-size:]
    assert last.more is (len(expected) > size)
    for cap in (0, 1, 3, 100):
        assert search.count(7, wanted, cap) == min(len(expected), cap + 1)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (RequestFilter(text="라\u200b떼 \u3000아트\ufeff"), ["라떼 아트"]),
        (RequestFilter(text="ｌａｔｔｅ １００％"), ["Latte 100%"]),
        (RequestFilter(text="ＬＡＴＴＥ"), ["ＬＡＴＴＥ", "Latte 100%"]),
        (RequestFilter(text=unicodedata.normalize("NFD", "라떼")), ["라떼 아트"]),
        (RequestFilter(text="\u200b"), ["ＬＡＴＴＥ", "Latte 100%", "라떼 아트"]),
        (RequestFilter(buyer="Ｋ\u2060ｉｍ"), ["ＬＡＴＴＥ", "Latte 100%", "라떼 아트"]),
        (RequestFilter(buyer="３"), ["ＬＡＴＴＥ", "Latte 100%", "라떼 아트"]),
    ],
)
def test_pasted_text_finds_what_the_typed_one_would(
    store: SqlStore, filters: RequestFilter, found: list[str]
) -> None:
    goods = ["라떼 아트", "Latte 100%", "ＬＡＴＴＥ"]
    shop = [
        (
            Request(
                0, RequestKind.REFUND, RequestState.WAIT, 7, 3, n, 1000 + n, "-",
                START + timedelta(days=n),
            ),
            name,
            RefundState.APPROVED,
        )
        for n, name in enumerate(goods, start=1)
    ]  # fmt: skip
    fill(store, shop)
    page = SqlRequestSearch(store).page(7, filters, 9, None)
    assert [row.product_name for row in page.rows] == found
