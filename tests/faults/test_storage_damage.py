"""docs/faults.md, rows 54, 55, 57, 58, 60, 61 and 63, through a whole till: a file that is locked,
damaged, lost, too new, or restored from an older copy."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import MismatchKind
from posapp.store import engine, unit_of_work
from posapp.store.engine import connect
from posapp.store.files.backup import FolderCopies, backup_folder
from posapp.store.files.restore import repair_if_damaged, restore_backup
from posapp.store.open_store import open_store
from posapp.store.schema import SCHEMA_VERSION
from posapp.ui.core.i18n import Translator
from tests.fakes.actors import STAFF
from tests.fakes.till import BUYER, an_order
from tests.faults.maintained_till import MaintainedTill
from tests.faults.mutants import BlindSender

ITEMS = (100, 101, 102)


@pytest.fixture
def shop(tmp_path, sandbox, clock):
    """A paid order of three items (5,000 + 3,000 + 2 × 1,000 won), with a copy made after it."""
    shop = MaintainedTill(tmp_path / "posapp.db", sandbox, clock)
    shop.till.stock_shop(
        an_order(10, (5000, 1), (3000, 1), (1000, 2)), an_order(11, (4000, 1)), an_order(12)
    )
    shop.till.pass_time(30)
    shop.imp_uid = shop.till.paid_order(10)
    FolderCopies(shop.path).make(clock.now())
    clock.advance(minutes=5)
    yield shop
    shop.close()


def refund(shop: MaintainedTill, item_id: int = 100, amount: int = 5000):
    return shop.till.cancellation_service.refund(Actor.buyer(BUYER), item_id, "단순 변심", amount)


def state_of(shop: MaintainedTill, item_id: int) -> list[RefundState]:
    with shop.store.snapshot() as uow:
        return [one.state for one in uow.refunds.of_item(item_id)]


def back(shop: MaintainedTill) -> int:
    """Won of the order's payment that PortOne refunded."""
    (payment,) = (one for one in shop.till.books.payments() if one.imp_uid == shop.imp_uid)
    return payment.cancel_amount


# 54: locked


@pytest.fixture
def impatient(monkeypatch):
    """Five seconds are over at once."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    monkeypatch.setattr(unit_of_work, "BUSY_SECONDS", 0)


def locked(shop: MaintainedTill) -> sqlite3.Connection:
    """Another process (a virus scanner, a backup program) that holds the file's lock."""
    connection = sqlite3.connect(shop.path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_fault_54_a_locked_database_fails_before_any_call(impatient, shop) -> None:
    shop.close()
    shop.open()
    rows = len(shop.till.books.payments())
    with closing(locked(shop)):
        requested = len(shop.portone.calls)
        for action in (
            lambda: refund(shop),
            lambda: shop.till.payment_service.start(Actor.buyer(BUYER), 11),
        ):
            with pytest.raises(EnvironmentProblem) as problem:
                action()
            assert problem.value.code is EnvironmentCode.DATABASE_BUSY
            assert "다른 프로그램이" in Translator("ko").error(problem.value)
        assert shop.portone.calls[requested:] == []
        assert shop.till.order(10).is_paid, "looking up goes on"
    assert len(shop.till.books.payments()) == rows
    assert state_of(shop, 100) == []
    assert shop.store.disk.problem() is None, "it is over when the lock is"
    refund(shop)
    shop.till.pass_time(60)
    shop.till.check_books()
    assert state_of(shop, 100) == [RefundState.CONFIRMED]


def test_fault_54_twin_that_calls_before_recording_moves_unrecorded_money(impatient, shop) -> None:
    with closing(locked(shop)):
        BlindSender(shop.till).cancel(shop.imp_uid, 5000)
        with pytest.raises(EnvironmentProblem):
            refund(shop)
    assert back(shop) == 5000
    assert shop.till.ledger_balance() != shop.till.portone_balance()


# 55 and 63: damaged


def page_of_the_ledger(shop: MaintainedTill) -> None:
    with closing(connect(shop.path)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'ledger'"
        ).fetchone()[0]
    content = bytearray(shop.path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\x5a" * 4096
    shop.path.write_bytes(content)


def header(shop: MaintainedTill) -> None:
    content = bytearray(shop.path.read_bytes())
    content[:100] = b"\0" * 100
    shop.path.write_bytes(content)


def cut(shop: MaintainedTill) -> None:
    os.truncate(shop.path, shop.path.stat().st_size // 3)


def empty(shop: MaintainedTill) -> None:
    os.truncate(shop.path, 0)


def lost(shop: MaintainedTill) -> None:
    shop.path.unlink()


@pytest.mark.parametrize("harm", [page_of_the_ledger, header, cut, empty, lost])
@pytest.mark.parametrize("sent", [False, True])
def test_fault_55_damaged_shop_resumes_from_copy_with_each_refund_once(shop, harm, sent) -> None:
    """After the copy one refund was carried out and one was approved (and, in one half of the
    cases, carried out while the journal did not hear of it any more)."""
    refund(shop, 101, 3000)
    shop.till.pass_time(30)
    refund(shop, 100)
    shop.run("journal")
    if sent:
        shop.till.pass_time(30)
    done = back(shop)
    assert done == (8000 if sent else 3000)
    shop.close()
    harm(shop)
    shop.open()
    assert shop.restored is not None
    assert shop.restored.aside.exists() == (harm is not lost)
    (entered,) = shop.maintenance.recovered.entered
    assert entered.item_id == 100
    assert shop.maintenance.recovered.database_is_older
    assert state_of(shop, 100) == [RefundState.NEEDS_REVIEW]
    with pytest.raises(UserError, match=ErrorCode.FILE_BEHIND.value):
        refund(shop, 100)
    # Compared with PortOne first; nothing is sent blindly.
    shop.till.pass_time(120)
    assert back(shop) == done
    if sent:
        assert state_of(shop, 100) == [RefundState.CONFIRMED], "PortOne knew its tag"
    else:
        assert state_of(shop, 100) == [RefundState.NEEDS_REVIEW]
        with pytest.raises(UserError, match=ErrorCode.REFUND_IN_FLIGHT.value):
            refund(shop, 100)
        shop.till.unresolved_money_service.retry(STAFF, entered.id)
        shop.till.pass_time(1500)
        assert state_of(shop, 100) == [RefundState.CONFIRMED]
    assert back(shop) == 8000
    assert RefundState.CONFIRMED in state_of(shop, 101)
    shop.till.check_books()


def test_fault_55_twin_without_the_journal_the_approval_is_forgotten(shop) -> None:
    refund(shop, 100)
    shop.close()
    header(shop)
    shop.open()
    assert shop.maintenance.recovered.entered == ()
    shop.till.pass_time(120)
    assert state_of(shop, 100) == []
    assert back(shop) == 0


def test_fault_55_payments_after_the_copy_are_restored_from_portone(shop) -> None:
    """A payment that only the damaged file knew is attached again by reconciling."""
    shop.till.paid_order(11)
    shop.run("journal")
    shop.close()
    header(shop)
    shop.open()
    assert not shop.till.order(11).is_paid
    shop.till.pass_time(120)
    assert shop.till.order(11).is_paid
    shop.till.check_books()


def test_fault_55_intent_of_a_payment_missing_in_the_copy_is_reported(shop) -> None:
    shop.till.paid_order(11)
    refund(shop, 110, 4000)
    shop.run("journal")
    shop.close()
    header(shop)
    shop.open()
    (lost_one,) = shop.maintenance.recovered.reported
    assert lost_one.item_id == 110
    with shop.store.snapshot() as uow:
        (mismatch,) = uow.mismatches.open(5)
    assert mismatch.kind is MismatchKind.LOST_INTENT
    assert lost_one.tag in mismatch.evidence
    # Once PortOne's books are compared the payment is known; the next start enters the intent.
    shop.till.pass_time(120)
    shop.close()
    shop.open()
    (entered,) = shop.maintenance.recovered.entered
    assert entered.tag == lost_one.tag
    assert state_of(shop, 110) == [RefundState.NEEDS_REVIEW]
    shop.till.explain()
    shop.till.unresolved_money_service.retry(STAFF, entered.id)
    shop.till.pass_time(1500)
    assert state_of(shop, 110) == [RefundState.CONFIRMED]
    shop.till.check_books()


def test_fault_63_without_a_copy_the_shop_stays_closed(shop) -> None:
    shop.close()
    header(shop)
    for copy in backup_folder(shop.path).iterdir():
        os.truncate(copy, 5000)
    before = shop.path.read_bytes()
    for _ in range(2):
        with pytest.raises(EnvironmentProblem) as problem:
            repair_if_damaged(shop.path, shop.clock.now)
        with pytest.raises(EnvironmentProblem):
            open_store(shop.path)
    assert shop.path.read_bytes() == before
    text = Translator("ko").error(problem.value)
    assert str(shop.path) in text
    assert "posapp restore" in text
    shutil.copy(backup_folder(shop.path).parent / "posapp.db", shop.path.with_name("kept"))
    shop.path.unlink()
    with pytest.raises(EnvironmentProblem):
        open_store(shop.path)
    assert not shop.path.exists(), "no new shop over the old one"
    shop.path.with_name("kept").replace(shop.path)
    shutil.rmtree(backup_folder(shop.path))


# 57, 58, 60, 61


def test_fault_57_newer_shop_is_refused_with_both_numbers(shop) -> None:
    shop.close()
    with closing(sqlite3.connect(shop.path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    before = shop.path.read_bytes()
    assert repair_if_damaged(shop.path, shop.clock.now) is None, "newer is no damage"
    with pytest.raises(EnvironmentProblem) as problem:
        open_store(shop.path)
    assert problem.value.code is EnvironmentCode.DATABASE_NEWER
    text = Translator("ko").error(problem.value)
    assert "0999" in text
    assert SCHEMA_VERSION in text
    assert shop.path.read_bytes() == before


def test_fault_58_an_old_copy_compares_first_and_repeats_nothing(shop) -> None:
    """At the copy a refund waited to be sent; it was carried out after that. The copy that is put
    back believes that it still has to be sent."""
    refund(shop, 100)
    FolderCopies(shop.path).make(shop.clock.now())
    shop.till.pass_time(60)
    assert back(shop) == 5000
    shop.till.paid_order(12)
    shop.run("journal")
    shop.close()
    newest = FolderCopies(shop.path).regular()[0]
    restore_backup(STAFF, shop.path, backup_folder(shop.path) / newest.name, shop.clock.now())
    shop.open()
    assert shop.maintenance.recovered.database_is_older
    assert state_of(shop, 100) == [RefundState.APPROVED]
    assert not shop.till.status_store.status.may_send, "before the comparing nothing is sent"
    shop.till.pass_time(120)
    assert "cancel" not in shop.portone.calls
    assert shop.till.status_store.status.may_send
    assert state_of(shop, 100) == [RefundState.CONFIRMED]
    assert shop.till.order(12).is_paid
    assert back(shop) == 5000
    shop.till.check_books()


def test_fault_60_an_old_sqlite_stops_the_shop_before_its_file_is_touched(
    shop, monkeypatch
) -> None:
    shop.close()
    before = shop.path.read_bytes()
    monkeypatch.setattr(engine, "OLDEST_SQLITE", (99, 0, 0))
    for action in (
        lambda: repair_if_damaged(shop.path, shop.clock.now),
        lambda: open_store(shop.path),
    ):
        with pytest.raises(EnvironmentProblem) as problem:
            action()
        assert problem.value.code is EnvironmentCode.SQLITE_TOO_OLD
        assert "99.0.0" in problem.value.detail
    assert shop.path.read_bytes() == before


def test_fault_61_the_copy_of_a_selling_shop_opens_as_a_shop(shop, tmp_path, sandbox) -> None:
    shop.till.payment_service.start(Actor.buyer(BUYER), 11)
    with shop.store.transaction() as uow:  # in the midst of a write
        made = FolderCopies(shop.path).make(shop.clock.now())
        uow.commit()
    external = tmp_path / "elsewhere" / "posapp.db"
    external.parent.mkdir()
    shutil.copy(backup_folder(shop.path) / made.name, external)
    other = MaintainedTill(external, sandbox, shop.clock)
    assert other.restored is None
    assert len(other.till.payment_service.list_live()) == 1
    other.till.pass_time(60)
    other.till.check_books()
    other.close()
