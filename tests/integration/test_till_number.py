"""A till with a number: each record that its use cases and its background write has it, with ids
of its block, its provider and its tender."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.merchant_numbers import build_refund_tag
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.importing import ImportService
from posapp.services.ports.record_ids import IDS_PER_TILL
from posapp.store.files.backup import backup
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.open_store import open_store
from tests.fakes.access import EVERYTHING
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import BUYER, Till, an_order
from tests.fakes.world import FakeClock, NumberedIds
from tests.importing.conftest import StillClock, paid_shop
from tests.importing.conftest import json_file as json_file
from tests.importing.readings import checking, truth_of

NUMBER = 7
WITH_TILL = ("attempts", "payments", "refunds", "outbox", "ledger")
WITH_IDS = ("attempts", "payments", "refunds", "outbox", "requests", "mismatches")


@pytest.fixture
def open_till(tmp_path: Path, clock: FakeClock) -> Iterator[Callable[[], Till]]:
    sandbox = Sandbox(clock=clock.unix)
    opened: list[Till] = []

    def opening() -> Till:
        till = Till(
            tmp_path / "posapp.db",
            sandbox,
            clock,
            gateway=BooksGateway(sandbox),
            make_ids=NumberedIds,
            around_store=_numbered,
        )
        opened.append(till)
        return till

    yield opening
    for till in opened:
        till.close()


def _numbered(store):  # type: ignore[no-untyped-def]
    store.till = NUMBER
    return store


def values(path: Path, query: str) -> set[object]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute(query)}


def check(path: Path, *tables: str) -> None:
    """Check every row, and that these tables have some."""
    for table in tables:
        assert values(path, f"SELECT count(*) FROM {table}") != {0}, table
    for table in WITH_TILL:
        assert values(path, f"SELECT till FROM {table}") <= {NUMBER}, table
    for table in WITH_IDS:
        blocks = values(path, f"SELECT id / {IDS_PER_TILL} FROM {table}")
        assert blocks <= {NUMBER}, table
    assert values(path, "SELECT provider FROM attempts UNION SELECT provider FROM payments") <= {
        "portone_v1"
    }
    assert values(path, "SELECT tender FROM payments") <= {"KAKAOPAY"}
    about = "SELECT provider FROM ledger WHERE imp_uid IN (SELECT imp_uid FROM payments)"
    assert values(path, about) <= {"portone_v1"}
    assert values(path, "SELECT form FROM ledger") <= {3}
    assert isinstance(verify_ledger(path), int)


def test_sales_and_refunds_of_all_kinds(open_till: Callable[[], Till], tmp_path: Path) -> None:
    path = tmp_path / "posapp.db"
    till = open_till()
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)), an_order(20, (5000, 1)))
    imp_uid = till.paid_order(10)
    till.cancellation_service.refund(Actor.buyer(BUYER), 100, "변심", 5000)
    till.work(2)
    assert till.refund_states() == [RefundState.CONFIRMED]
    # Late money of a cancelled order is refunded automatically.
    late = till.payment_service.start(Actor.buyer(BUYER), 20).attempt
    page = till.books.open(late.merchant_uid)
    till.pass_time(1500)
    till.cancellation_service.cancel(Actor.buyer(BUYER), 200, "안 삼")
    till.books.pay_try(page.imp_uid, late=True)
    till.pass_time(1200)
    # Cancels that this file does not have: an external one, and one with a tag of ours.
    till.books.console_cancel(imp_uid, 1000, "콘솔에서 취소")
    with till.store.snapshot() as uow:
        paid = uow.payments.get(imp_uid)
    assert paid is not None
    till.reconcile_job._comparison.resolve(paid.ref)
    with till.store.snapshot() as uow:
        origins = {one.origin for one in uow.refunds.in_states(list(RefundState), 99)}
    assert origins == set(RefundOrigin)
    check(path, "attempts", "payments", "refunds", "outbox", "ledger")


def test_a_refund_and_a_payment_that_only_portone_has(
    open_till: Callable[[], Till], tmp_path: Path
) -> None:
    path, copy = tmp_path / "posapp.db", tmp_path / "copy.db"
    till = open_till()
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    till.work(1)
    backup(path, copy)
    imp_uid = till.paid_order(10)
    till.books.console_cancel(imp_uid, 5000, f"품절 {build_refund_tag(100, 'LOST')}")
    till.close()
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    shutil.copyfile(copy, path)
    till = open_till()
    assert not till.order(10).is_paid
    till.work(2)
    assert till.order(10).items[1].is_paid
    assert till.refund_states() == [RefundState.CONFIRMED]
    check(path, "attempts", "payments", "refunds", "ledger")


def test_a_payment_that_a_file_claimed(tmp_path: Path, json_file: Callable[[object], Path]) -> None:
    path = tmp_path / "shop.db"
    store = open_store(path)
    store.till = NUMBER
    importing = ImportService(store, StillClock(), EVERYTHING, sellers=True)
    requested = {"item_id": 71, "kind": "EXCHANGE", "state": "WAIT", "reason": "작아요"}
    requests = [{**requested, "created_at": "2026-01-06T10:00:00+09:00"}]
    batch = importing.read(json_file({**paid_shop(), "requests": requests}))
    importing.apply(Actor.person(), batch)
    assert checking(store, truth_of(batch), live=False).run().error is None
    store.close()
    check(path, "payments", "refunds", "requests", "ledger")
