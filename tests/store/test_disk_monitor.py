"""The store after a disk error, and how the status reports the trouble and its end."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.maintenance.disk_job import EVERY_MS, IN_TROUBLE_MS, DiskJob
from posapp.services.runtime.periodic_job import STATUS_CHANGED
from posapp.services.runtime.status_store import SyncEventKind, SyncStatusStore
from posapp.store.files.disk_monitor import RESERVE, reserve_path
from posapp.store.unit_of_work import SqlStore
from tests.fakes.world import FakeClock
from tests.store.records import attempt, entry, paid

Usage = namedtuple("Usage", "total used free")
CORRUPT, FULL = EnvironmentCode.DATABASE_CORRUPT, EnvironmentCode.DISK_FULL
IO, LOCKED = EnvironmentCode.DATABASE_IO, EnvironmentCode.READ_ONLY


def free(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - size, size))


def hear(store: SqlStore, code: EnvironmentCode) -> None:
    store.disk.record(EnvironmentProblem(code, "said"))


def code_of(store: SqlStore) -> EnvironmentCode | None:
    trouble = store.disk.problem()
    return None if trouble is None else trouble.code


def test_fault_52_a_full_disk_frees_the_reserve_and_begins_no_payment(
    store: SqlStore, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.disk.recheck()
    assert reserve_path(database).stat().st_size == RESERVE
    hear(store, FULL)
    assert not reserve_path(database).exists()
    with pytest.raises(EnvironmentProblem) as problem, store.transaction() as uow:
        uow.attempts.add(attempt())
    assert problem.value.code is FULL
    paid(store)  # a payment that had begun is finished
    with store.transaction() as uow:
        uow.ledger.append(entry())
        uow.commit()
    free(monkeypatch, RESERVE)
    store.disk.recheck()
    assert code_of(store) is FULL, "there is no room for a reserve yet"
    monkeypatch.undo()
    store.disk.recheck()
    assert code_of(store) is None
    assert reserve_path(database).exists()
    with store.transaction() as uow:
        uow.attempts.add(attempt())
        uow.commit()


@pytest.mark.parametrize("code", [IO, CORRUPT])
def test_fault_53_disk_error_stops_writing_until_the_next_start(
    store: SqlStore, database: Path, code: EnvironmentCode
) -> None:
    paid(store)
    hear(store, code)
    for _ in range(2):
        store.disk.recheck()
        hear(store, FULL)
        assert code_of(store) is code
        with pytest.raises(EnvironmentProblem) as problem, store.transaction():
            pass
        assert problem.value.code is code
        with store.snapshot() as uow:
            assert uow.payments.get("imp_1") is not None, "reading goes on"
    again = SqlStore(database)
    with again.transaction() as uow:
        uow.attempts.add(attempt())
        uow.commit()
    again.close()


def test_a_busy_database_is_no_trouble_of_the_disk(store: SqlStore) -> None:
    hear(store, EnvironmentCode.DATABASE_BUSY)
    assert code_of(store) is None


def test_fault_52_read_only_trouble_ends_when_the_reserve_is_written(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(store, LOCKED)
    monkeypatch.setattr(Path, "replace", _read_only)
    store.disk.recheck()
    assert code_of(store) is LOCKED
    monkeypatch.undo()
    store.disk.recheck()
    assert code_of(store) is None


def _read_only(*names: object) -> None:
    raise OSError(30, "read-only file system")


def test_too_little_room_for_a_reserve_is_reported_before_the_disk_is_full(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    free(monkeypatch, RESERVE + 1)
    store.disk.recheck()
    assert code_of(store) is FULL


def test_trouble_and_its_end_are_recorded_once(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, status_store, calls = FakeClock(), SyncStatusStore(), []
    watch = DiskJob(store.disk, status_store, clock, lambda: calls.append(1))
    assert watch.due_in_ms() == 0
    assert watch.run().changes == ()
    assert watch.due_in_ms() == EVERY_MS
    free(monkeypatch, 0)
    hear(store, FULL)
    assert watch.due_in_ms() == 0, "it is told at once"
    assert watch.run().changes == (STATUS_CHANGED,)
    assert status_store.status.storage_trouble == "disk_full"
    assert watch.due_in_ms() == IN_TROUBLE_MS
    assert watch.run().changes == ()
    assert [one.what for one in status_store.recent()] == [SyncEventKind.STORAGE_TROUBLE]
    monkeypatch.undo()
    clock.advance(milliseconds=IN_TROUBLE_MS)
    assert watch.run().changes == (STATUS_CHANGED,)
    assert status_store.status.storage_trouble == ""
    assert calls == []


@pytest.mark.parametrize("code", [IO, CORRUPT])
def test_fault_53_a_failing_disk_asks_for_a_copy_once(
    store: SqlStore, code: EnvironmentCode
) -> None:
    status_store, calls = SyncStatusStore(), []
    watch = DiskJob(store.disk, status_store, FakeClock(), lambda: calls.append(1))
    hear(store, code)
    watch.run()
    watch.run()
    assert calls == [1]
    assert status_store.status.storage_trouble == code.value
    assert watch.due_in_ms() > 0


MOVED = EnvironmentCode.DATABASE_MOVED


@pytest.mark.parametrize("what", ["moved", "deleted", "replaced", "folder moved"])
def test_fault_91_replaced_file_is_noticed_and_only_read(
    store: SqlStore, database: Path, what: str
) -> None:
    paid(store)
    folder = database.parent
    if what == "moved":
        database.rename(folder / "elsewhere.db")
    elif what == "deleted":
        database.unlink()
    elif what == "replaced":
        other = Path(shutil.copy(database, folder / "other.db"))
        other.replace(database)
    else:
        folder.rename(folder.with_name("away"))
    clock, status_store = FakeClock(), SyncStatusStore()
    watch = DiskJob(store.disk, status_store, clock)
    watch.run()
    assert status_store.status.storage_trouble == MOVED.value
    assert code_of(store) is MOVED
    for _ in range(2):
        with pytest.raises(EnvironmentProblem) as refused, store.transaction():
            raise AssertionError("nothing may be written")
        assert refused.value.code is MOVED
    if what == "folder moved":
        folder.with_name("away").rename(folder)
    store.disk.recheck()
    assert code_of(store) is MOVED, "until the program is started again"


def test_fault_91_the_very_next_write_notices(store: SqlStore, database: Path) -> None:
    database.rename(database.with_name("elsewhere.db"))
    with pytest.raises(EnvironmentProblem) as refused, store.transaction():
        raise AssertionError("nothing may be written")
    assert refused.value.code is MOVED


def test_fault_91_the_watch_checks_within_ten_seconds(store: SqlStore, database: Path) -> None:
    clock, status_store = FakeClock(), SyncStatusStore()
    watch = DiskJob(store.disk, status_store, clock)
    watch.run()
    assert not status_store.status.storage_trouble
    database.rename(database.with_name("elsewhere.db"))
    assert watch.due_in_ms() <= 10_000
    clock.advance(milliseconds=watch.due_in_ms())
    watch.run()
    assert status_store.status.storage_trouble == MOVED.value


def test_a_file_that_stays_is_no_trouble(store: SqlStore, database: Path) -> None:
    """The twin: hard links, copies and what SQLite does to it are none."""
    os.link(database, database.with_name("backup.db"))
    paid(store)
    store.disk.recheck()
    assert code_of(store) is None
