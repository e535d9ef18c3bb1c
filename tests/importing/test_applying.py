"""Writing an import to the store: all or none, once even if repeated, and never over newer records
of the till."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.orders import ItemTrigger
from posapp.domain.users import UserStatus
from posapp.services.importing import ImportService, OnError, Tally
from posapp.store.repositories.claims import SqlClaims
from posapp.store.unit_of_work import SqlStore
from tests.importing.conftest import LINE, NOW, line_of, paid_shop, said, small_shop

Write = Callable[..., Path]


def test_refused_as_a_whole_or_without_the_bad_ones(
    importing: ImportService, csv_file: Write, store: SqlStore
) -> None:
    batch = importing.read(csv_file(LINE, line_of(주문번호="8", 수량="0")))
    refused = importing.apply(Actor.person(), batch, OnError.REFUSE)
    assert not refused.written
    with store.snapshot() as work:
        assert work.orders.get(7) is None
        assert work.people.get(12) is None
    taken = importing.apply(Actor.person(), batch, OnError.SKIP)
    assert (taken.written, taken.orders) == (True, Tally(added=1))
    with store.snapshot() as work:
        assert work.orders.get(7) is not None
        assert work.orders.get(8) is None


def test_checking_writes_nothing(
    importing: ImportService, csv_file: Write, store: SqlStore
) -> None:
    report = importing.check(importing.read(csv_file(LINE)))
    assert (report.written, report.orders.added) == (False, 1)
    with store.snapshot() as work:
        assert work.orders.get(7) is None


def test_an_unusable_file_is_never_taken_in_part(importing: ImportService, csv_file: Write) -> None:
    batch = importing.read(csv_file(LINE, line_of(주문번호="8", 상품='"열린')))
    assert not importing.apply(Actor.person(), batch, OnError.SKIP).written


@pytest.mark.parametrize("form", ["csv", "json"])
def test_twice_is_once(
    importing: ImportService, csv_file: Write, json_file: Write, store: SqlStore, form: str
) -> None:
    path = csv_file(LINE) if form == "csv" else json_file(paid_shop())
    first = importing.apply(Actor.person(), importing.read(path))
    with store.snapshot() as work:
        before = (work.orders.get(7), work.ledger.rows(0, 10), work.refunds.for_order(7))
    second = importing.apply(Actor.person(), importing.read(path))
    assert said(second) == []
    assert second.users == Tally(unchanged=first.users.added)
    assert second.products == Tally(unchanged=first.products.added)
    assert second.orders == Tally(unchanged=1)
    assert (second.payments, second.refunds) == (0, 0)
    with store.snapshot() as work:
        assert (work.orders.get(7), work.ledger.rows(0, 10), work.refunds.for_order(7)) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"수량": "3"},
        {"가격": "3300"},
        {"상품": "다른 빵"},
        {"상품번호": "22"},
        {"구매자번호": "13"},
        {"주문시각": "2026-01-05 14:31"},
        {"상태": "취소"},
    ],
)
def test_another_order_of_a_known_number_is_reported_and_never_written(
    importing: ImportService, csv_file: Write, store: SqlStore, changes: dict[str, str]
) -> None:
    importing.apply(Actor.person(), importing.read(csv_file(LINE)))
    with store.snapshot() as work:
        before = work.orders.get(7)
    report = importing.apply(
        Actor.person(), importing.read(csv_file(line_of(**changes))), OnError.SKIP
    )
    assert said(report) == [(2, "order_differs", "주문번호")]
    with store.snapshot() as work:
        assert work.orders.get(7) == before
        assert work.people.get(13) is None, "nobody is made for an order that is not taken"
        assert work.orders.product(22) is None


def test_an_order_that_was_paid_here_since_is_the_same_order(
    importing: ImportService, csv_file: Write, store: SqlStore
) -> None:
    importing.apply(Actor.person(), importing.read(csv_file(LINE)))
    with store.transaction() as work:
        order = work.orders.get(7)
        assert order is not None
        work.orders.save_items(item.apply(ItemTrigger.PAYMENT_VERIFIED) for item in order.items)
        work.commit()
    report = importing.apply(Actor.person(), importing.read(csv_file(LINE)))
    assert (said(report), report.orders) == ([], Tally(unchanged=1))


def test_a_paid_file_does_not_pay_an_open_order(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    importing.apply(Actor.person(), importing.read(json_file(small_shop())))
    report = importing.apply(Actor.person(), importing.read(json_file(paid_shop())))
    assert [cause for _, cause, _ in said(report)] == ["order_differs"]
    with store.snapshot() as work:
        assert work.payments.get("imp_700") is None


def test_listed_records_update_known_ones_except_stock_and_past_orders(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    importing.apply(Actor.person(), importing.read(json_file(small_shop())))
    shop = small_shop()
    shop["users"][1].update(name="김민서(단골)", email="m@shop.example")
    shop["products"][0].update(price=3500, stock=999, category="빵")
    report = importing.apply(Actor.person(), importing.read(json_file(shop)))
    assert (said(report), report.users, report.products, report.orders) == (
        [],
        Tally(updated=1, unchanged=1),
        Tally(updated=1, unchanged=1),
        Tally(unchanged=1),
    )
    with store.snapshot() as work:
        user, product, order = work.people.get(12), work.orders.product(21), work.orders.get(7)
    assert user is not None and product is not None and order is not None
    assert (user.name, user.phone, user.email) == (
        "김민서(단골)",
        "010-0000-0012",  # not said this time: kept
        "m@shop.example",
    )
    assert (product.price, product.stock, product.category) == (3500, 10, "빵")
    assert order.items[0].price == 3200


def test_order_lines_never_change_known_users_and_products(
    importing: ImportService, json_file: Write, csv_file: Write, store: SqlStore
) -> None:
    importing.apply(Actor.person(), importing.read(json_file(small_shop())))
    line = line_of(주문번호="9", 구매자="옛 이름", 판매자="옛 이름", 상품="옛 빵", 가격="100")
    report = importing.apply(Actor.person(), importing.read(csv_file(line)))
    assert (said(report), report.orders.added, report.users.updated) == ([], 1, 0)
    with store.snapshot() as work:
        user, seller, product = work.people.get(12), work.people.get(3), work.orders.product(21)
        order = work.orders.get(9)
    assert user is not None and user.name == "김민서"
    assert seller is not None and seller.status is UserStatus.SELLER
    assert product is not None and (product.name, product.price) == ("소금빵", 3200)
    assert order is not None and (order.items[0].name, order.total) == ("옛 빵", 200)


def test_of_several_namings_the_newest_order_counts(
    importing: ImportService, csv_file: Write, store: SqlStore
) -> None:
    path = csv_file(
        line_of(주문번호="8", 주문시각="2026-01-09", 구매자="새 이름", 가격="3500원"), LINE
    )
    importing.apply(Actor.person(), importing.read(path))
    with store.snapshot() as work:
        user, product = work.people.get(12), work.orders.product(21)
    assert user is not None and user.name == "새 이름"
    assert product is not None and product.price == 3500


def test_an_item_number_of_another_order_is_refused(
    importing: ImportService, json_file: Write
) -> None:
    importing.apply(Actor.person(), importing.read(json_file(small_shop())))
    shop = small_shop()
    shop["orders"][0]["id"] = 8
    report = importing.apply(Actor.person(), importing.read(json_file(shop)))
    assert [each[1:] for each in said(report)] == [
        ("item_taken", "orders[0].items[0].item_id"),
        ("item_taken", "orders[0].items[1].item_id"),
    ]


def test_nothing_is_kept_when_the_disk_fails_at_the_last_moment(
    importing: ImportService, json_file: Write, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL)

    monkeypatch.setattr(SqlClaims, "save", full)
    with pytest.raises(EnvironmentProblem):
        importing.apply(Actor.person(), importing.read(json_file(paid_shop())))
    with store.snapshot() as work:
        assert work.people.get(12) is None
        assert work.orders.get(7) is None
        assert work.claims.for_order(7) is None


def test_all_times_move_together_and_a_moved_order_is_still_the_same(
    importing: ImportService, json_file: Write
) -> None:
    path = json_file(paid_shop())
    batch = importing.read(path, shift_to=NOW)
    (row,) = batch.orders
    assert batch.newest == NOW == row.refunds[0].confirmed_at
    assert row.payment is not None
    assert row.payment.paid_at == NOW - timedelta(minutes=25)
    assert row.order.created_at == NOW - timedelta(minutes=30)
    importing.apply(Actor.person(), batch)
    later = importing.read(path, shift_to=NOW + timedelta(hours=3))
    report = importing.apply(Actor.person(), later)
    assert (said(report), report.orders) == ([], Tally(unchanged=1))


def test_moved_into_the_past_a_file_from_the_future_is_fine(
    importing: ImportService, json_file: Write
) -> None:
    shop = small_shop()
    shop["orders"][0]["created_at"] = "2031-01-01"
    assert [cause for _, cause, _ in said(importing.read(json_file(shop)))] == ["time_future"]
    assert said(importing.read(json_file(shop), shift_to=NOW)) == []


def test_batch_is_checked_again_when_applied(importing: ImportService, csv_file: Write) -> None:
    """Between checking and applying, another program may have created that order."""
    batch = importing.read(csv_file(LINE))
    assert importing.check(batch).orders.added == 1
    importing.apply(Actor.person(), importing.read(csv_file(line_of(수량="9"))))
    assert said(importing.apply(Actor.person(), batch)) == [(2, "order_differs", "주문번호")]
    assert replace(batch) == batch
