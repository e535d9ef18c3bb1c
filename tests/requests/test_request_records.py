"""The file's own rules for requests, and searches after later changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.requests import Decision, Request, RequestKind, RequestState
from posapp.services.ports.requests import RequestFilter, RequestRow
from posapp.store.engine import quick_check
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.store.schema import schema_version
from tests.requests.desk import OTHER_SELLER, PEOPLE, SELLER, Desk
from tests.store.records import append_as_before, entry


def rows(desk: Desk, seller: int = SELLER, **wanted: object) -> list[int]:
    found: tuple[RequestRow, ...] = desk.search.page(
        seller,
        RequestFilter(**wanted),
        50,  # type: ignore[arg-type]
    ).rows
    return [row.id for row in found]


def test_one_waiting_request_per_item_for_any_writer(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    with pytest.raises(UserError) as error, desk.store.transaction() as uow:
        uow.requests.add(replace(requested, kind=RequestKind.EXCHANGE))
    assert error.value.code is ErrorCode.REQUEST_SENT
    desk.desk.decide(Actor.seller(SELLER), requested.id, Decision.REJECT, "x")
    desk.ask(10)
    with pytest.raises(UserError) as error, desk.store.transaction() as uow:
        uow.requests.save(requested)
    assert error.value.code is ErrorCode.REQUEST_SENT


def test_a_refund_is_of_one_request(desk: Desk) -> None:
    desk.sell(1, 1000, 1000)
    decided = desk.desk.decide(Actor.seller(SELLER), desk.ask(10).id, Decision.APPROVE)
    other = desk.desk.decide(Actor.seller(SELLER), desk.ask(11).id, Decision.APPROVE)
    assert decided.refund_id is not None
    with (
        pytest.raises(IntegrityError, match=r"requests\.refund_id"),
        desk.store.transaction() as uow,
    ):
        uow.connection.exec_driver_sql(
            f"UPDATE requests SET refund_id = {decided.refund_id} WHERE id = {other.id}"
        )


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("UPDATE requests SET reason = 'x'", "never changes"),
        ("UPDATE requests SET item_id = 99", "never changes"),
        ("UPDATE requests SET amount = 1", "never changes"),
        ("DELETE FROM requests", "kept"),
        ("UPDATE requests SET state = 'CANCEL'", "once"),
        ("UPDATE requests SET state = 'WAIT'", "ck_requests"),
        ("UPDATE requests SET refund_id = NULL, money = 'NONE'", "ck_requests_refund"),
        ("UPDATE requests SET money = 'NONE'", "ck_requests_money"),
        ("UPDATE requests SET refund_id = 99", "FOREIGN KEY"),
        ("UPDATE requests SET ended_by = 'NOBODY'", "ck_requests_ended_by"),
    ],
)
def test_the_file_refuses(desk: Desk, statement: str, text: str) -> None:
    desk.sell(1)
    desk.desk.decide(Actor.seller(SELLER), desk.ask(10).id, Decision.APPROVE)
    with pytest.raises(IntegrityError, match=text), desk.store.transaction() as uow:
        uow.connection.exec_driver_sql(statement)
        uow.commit()


def test_user_is_found_by_the_present_name(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    assert rows(desk, buyer="하나") == [requested.id]
    with desk.store.transaction() as uow:
        uow.catalogue.update_users([replace(PEOPLE[0], name="김세나")])
        uow.commit()
    assert rows(desk, buyer="하나") == []
    assert rows(desk, buyer="세나") == rows(desk, buyer="김") == [requested.id]
    (row,) = desk.search.page(SELLER, RequestFilter(), 5).rows
    assert row.buyer_name == "김세나"


def test_rolled_back_request_is_not_found(desk: Desk) -> None:
    desk.sell(1)
    with desk.store.transaction() as uow:
        requested = desk_request(desk)
        uow.requests.add(requested)
    assert rows(desk, text="파손") == []
    with desk.store.snapshot() as uow:
        assert uow.connection.exec_driver_sql("SELECT count(*) FROM request_words").scalar() == 0


def desk_request(desk: Desk) -> Request:
    return Request(
        0, RequestKind.REFUND, RequestState.WAIT, SELLER, 1, 10, 1, "파손", desk.clock.now()
    )


def test_a_seller_sees_only_the_own(desk: Desk) -> None:
    desk.sell(1)
    desk.sell(2, seller=OTHER_SELLER)
    mine, others = desk.ask(10), desk.ask(20)
    assert rows(desk) == rows(desk, text="파손") == [mine.id]
    assert rows(desk, OTHER_SELLER) == rows(desk, OTHER_SELLER, buyer="김") == [others.id]
    assert rows(desk, number=20) == []
    assert desk.search.count(SELLER, RequestFilter(), 9) == 1
    assert desk.search.state_counts(SELLER, 9) == {
        RequestState.WAIT: 1, RequestState.OK: 0, RequestState.CANCEL: 0,
    }  # fmt: skip


@pytest.mark.parametrize("size", [0, -3, 10**6])
def test_sizes_beyond_reason_are_brought_into_bounds(desk: Desk, size: int) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    assert [row.id for row in desk.search.page(SELLER, RequestFilter(), size).rows] == [
        requested.id
    ]
    assert desk.search.nth_page(SELLER, RequestFilter(), size, 10**30).rows == ()
    assert desk.search.nth_page(SELLER, RequestFilter(), size, -1).rows != ()


FIRST = MigrationPlan(OUR_STEPS.folder, "0001")


def test_requests_come_to_a_shop_that_was_sold_in_before(tmp_path: Path) -> None:
    """The step from the first schema: the ledger's rows and their chain are what they were."""
    path = tmp_path / "old.db"
    open_store(path, FIRST).close()
    entries = append_as_before(path, [entry(n) for n in (1, 2, 3)])
    assert schema_version(path) == "0001"
    store = open_store(path)
    with store.transaction() as uow:
        assert uow.ledger.rows(0, 99) == entries
        uow.ledger.append(replace(entry(4), event=LedgerEvent.REQUEST_APPROVED))
        uow.commit()
    store.close()
    assert verify_ledger(path) == 4
    with closing(sqlite3.connect(path)) as connection:
        for change in ("UPDATE ledger SET amount = 5", "DELETE FROM ledger"):
            with pytest.raises(sqlite3.IntegrityError, match="ledger"):
                connection.execute(change)
    quick_check(path)
