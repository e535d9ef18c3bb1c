"""An import is taken back as a whole, or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.print_log import record_print
from posapp.services.importing import ImportService, OnError, short_transactions, write_plan
from posapp.services.importing.take_back import UndoReport
from posapp.services.importing.undo_import import UndoImportService
from posapp.services.ports.order_search import OrderFilter
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.importing.conftest import LINE, NOW, StillClock, line_of, paid_shop, small_shop
from tests.store.records import attempt, entry

Write = Callable[..., Path]
PERSON = Actor.person("김")


@pytest.fixture
def undoing(store: SqlStore) -> UndoImportService:
    return UndoImportService(store, StillClock(), EVERYTHING)


def rows(store: SqlStore) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(store.path)) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table}").fetchall()
            for table in ("orders", "order_items", "users", "products", "import_records")
        }


def refusal(undoing: UndoImportService, number: int) -> ErrorCode:
    obstacle = undoing.find_obstacle(number)
    with pytest.raises(UserError) as caught:
        undoing.undo(PERSON, number)
    assert obstacle is not None and obstacle.code is caught.value.code
    return caught.value.code


def test_an_untouched_import_goes_as_if_it_had_never_been(
    importing: ImportService, undoing: UndoImportService, store: SqlStore, csv_file: Write
) -> None:
    assert importing.apply(PERSON, importing.read(csv_file(LINE))).import_id == 1
    before = rows(store)
    more = csv_file(
        line_of(주문번호="8", 구매자번호="13", 구매자="박새롬"),
        line_of(주문번호="9", 상품번호="22", 상품="라떼"),
    )
    report = importing.apply(PERSON, importing.read(more))
    assert (report.import_id, report.orders.added) == (2, 2)
    assert undoing.find_obstacle(2) is None
    assert undoing.undo(PERSON, 2) == UndoReport(orders=2, users=1, products=1, restored=0)
    assert rows(store) == before
    last, first = undoing.newest(9)
    assert (last.id, last.source, last.undone_by, last.undone_at) == (2, more.name, PERSON, NOW)
    assert (first.id, first.undone_at, first.imported_by) == (1, None, PERSON)
    assert refusal(undoing, 2) is ErrorCode.IMPORT_UNDONE
    assert importing.apply(PERSON, importing.read(more)).orders.added == 2


def test_known_users_and_products_are_as_they_were_but_for_the_stock(
    importing: ImportService,
    undoing: UndoImportService,
    store: SqlStore,
    json_file: Callable[[object], Path],
) -> None:
    shop = small_shop()
    importing.apply(PERSON, importing.read(json_file(shop)))
    shop["users"][1]["name"] = "김민지"
    shop["products"][0]["price"] = 9999
    report = importing.apply(PERSON, importing.read(json_file(shop)))
    assert (report.users.updated, report.products.updated) == (1, 1)
    with store.transaction() as work:
        work.orders.restock(21, 5)
        work.commit()
    assert undoing.undo(PERSON, report.import_id).restored == 2
    with store.snapshot() as work:
        user, product = work.people.get(12), work.orders.product(21)
    assert user is not None and user.name == "김민서"
    assert product is not None and (int(product.price), product.stock) == (3200, 15)


def test_what_was_changed_again_since_is_not_overwritten(
    importing: ImportService,
    undoing: UndoImportService,
    json_file: Callable[[object], Path],
) -> None:
    shop = small_shop()
    importing.apply(PERSON, importing.read(json_file(shop)))
    for name in ("김민지", "김민호"):
        shop["users"][1]["name"] = name
        last = importing.apply(PERSON, importing.read(json_file(shop))).import_id
    assert refusal(undoing, last - 1) is ErrorCode.IMPORT_CHANGED_SINCE
    undoing.undo(PERSON, last)
    undoing.undo(PERSON, last - 1)


def test_users_and_products_that_others_name_stay(
    importing: ImportService, undoing: UndoImportService, store: SqlStore, csv_file: Write
) -> None:
    first = importing.apply(PERSON, importing.read(csv_file(LINE))).import_id
    importing.apply(PERSON, importing.read(csv_file(line_of(주문번호="8"))))
    assert undoing.undo(PERSON, first) == UndoReport(orders=1, users=0, products=0, restored=0)
    with store.snapshot() as work:
        assert work.people.get(12) is not None and work.orders.product(21) is not None
        assert work.orders.get(7) is None and work.orders.get(8) is not None


def _try(store: SqlStore) -> None:
    with store.transaction() as work:
        work.attempts.add(replace(attempt("M-7", 7), id=0))
        work.commit()


def _book(store: SqlStore) -> None:
    with store.transaction() as work:
        work.ledger.append(entry(order_id=7, imp_uid=""))
        work.commit()


def _print(store: SqlStore, paper: str = "receipt 7") -> None:
    with store.transaction() as work:
        record_print(work.checkpoints, paper, NOW)
        work.commit()


@pytest.mark.parametrize("touch", [_try, _book, _print, lambda store: _print(store, "account 7")])
def test_an_import_that_something_happened_to_is_not_taken_back(
    importing: ImportService,
    undoing: UndoImportService,
    store: SqlStore,
    csv_file: Write,
    touch: Callable[[SqlStore], None],
) -> None:
    lines = (LINE, line_of(주문번호="8"), line_of(주문번호="77"))
    number = importing.apply(PERSON, importing.read(csv_file(*lines))).import_id
    touch(store)
    before = rows(store)
    assert refusal(undoing, number) is ErrorCode.IMPORT_TOUCHED
    assert rows(store) == before


def test_a_claimed_payment_holds_its_import(
    importing: ImportService, undoing: UndoImportService, json_file: Callable[[object], Path]
) -> None:
    number = importing.apply(PERSON, importing.read(json_file(paid_shop()))).import_id
    assert refusal(undoing, number) is ErrorCode.IMPORT_TOUCHED


def test_a_request_holds_its_import(
    importing: ImportService, undoing: UndoImportService, json_file: Callable[[object], Path]
) -> None:
    shop = small_shop()
    shop["requests"] = [
        {
            "item_id": 71, "kind": "REFUND", "state": "CANCEL", "reason": "변심",
            "created_at": "2026-01-06T10:00:00+09:00", "processed_at": "2026-01-06T11:00:00+09:00",
            "ended_by": "BUYER",
        }
    ]  # fmt: skip
    number = importing.apply(PERSON, importing.read(json_file(shop))).import_id
    assert refusal(undoing, number) is ErrorCode.IMPORT_TOUCHED


def test_an_unknown_import_and_one_without_permission(
    importing: ImportService, undoing: UndoImportService, store: SqlStore, csv_file: Write
) -> None:
    assert refusal(undoing, 99) is ErrorCode.IMPORT_UNKNOWN
    number = importing.apply(PERSON, importing.read(csv_file(LINE))).import_id

    class Nothing:
        def is_allowed(self, *_: object) -> bool:
            return False

    strict = UndoImportService(store, StillClock(), AccessControl(Nothing()))
    with pytest.raises(UserError) as caught:
        strict.undo(PERSON, number)
    assert caught.value.code is ErrorCode.NOT_PERMITTED


def test_an_import_can_be_followed_and_stopped_and_then_leaves_nothing(
    importing: ImportService,
    undoing: UndoImportService,
    store: SqlStore,
    csv_file: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write_plan, "STEP_SIZE", 4)
    monkeypatch.setattr(short_transactions, "MOST_RECORDS", 4)
    lines = [line_of(주문번호=str(number)) for number in range(1, 21)]
    batch = importing.read(csv_file(*lines))
    seen: list[tuple[int, int]] = []

    def until(limit: int) -> Callable[[int, int], bool]:
        def progress(done: int, size: int) -> bool:
            seen.append((done, size))
            return done < limit

        return progress

    before = rows(store)
    report = importing.apply(PERSON, batch, progress=until(10))
    assert (report.stopped, report.written, report.import_id) == (True, False, 0)
    assert rows(store) == before
    assert seen == [(7, 23), (11, 23)]
    stopped = undoing.newest(1)[0]
    assert (stopped.undone_by, stopped.undone_at, stopped.is_whole) == (PERSON, NOW, False)
    seen.clear()
    assert importing.apply(PERSON, batch, progress=until(99)).written
    assert seen[-1] == (23, 23)
    assert undoing.newest(1)[0].is_whole


def test_a_file_that_changes_nothing_is_no_import(
    importing: ImportService, undoing: UndoImportService, csv_file: Write
) -> None:
    path = csv_file(LINE)
    importing.apply(PERSON, importing.read(path))
    assert importing.apply(PERSON, importing.read(path), OnError.SKIP).import_id == 0
    assert len(undoing.newest(9)) == 1


def test_an_import_is_undone_once_and_kept(
    importing: ImportService, undoing: UndoImportService, store: SqlStore, csv_file: Write
) -> None:
    undoing.undo(PERSON, importing.apply(PERSON, importing.read(csv_file(LINE))).import_id)
    with closing(sqlite3.connect(store.path)) as connection:
        for statement in (
            "DELETE FROM imports",
            "UPDATE imports SET source = 'x'",
            "UPDATE imports SET undone_at = 1",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_orders_that_are_gone_leave_the_search_and_can_come_again(
    importing: ImportService, undoing: UndoImportService, store: SqlStore, csv_file: Write
) -> None:
    search = SqlOrderSearch(store)

    def found() -> list[int]:
        return [row.order_id for row in search.page(OrderFilter("소금빵"), 9).rows]

    path = csv_file(LINE, line_of(주문번호="8"))
    for _ in range(2):
        number = importing.apply(PERSON, importing.read(path)).import_id
        assert found() == [8, 7]
        undoing.undo(PERSON, number)
        assert found() == []
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("INSERT INTO order_words (order_words) VALUES ('integrity-check')")
