"""The folder of copies: made while the shop sells, checked, thinned out, never down to nothing."""

import os
import shutil
import threading
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.maintenance.backup_job import (
    AGAIN_MS,
    DAYS_KEPT,
    LATEST_KEPT,
    BackupJob,
    expired_backups,
)
from posapp.services.ports.backups import BackupFile
from posapp.services.runtime.periodic_job import STATUS_CHANGED
from posapp.services.runtime.status_store import SyncEventKind, SyncStatusStore
from posapp.store.engine import connect, quick_check
from posapp.store.files.backup import (
    FolderCopies,
    backup,
    backup_before_step,
    backup_folder,
    list_backups,
)
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.unit_of_work import SqlStore
from tests.fakes.world import FakeClock
from tests.store.records import entry, user

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Usage = namedtuple("Usage", "total used free")


def names(database: Path) -> list[str]:
    return sorted(path.name for path in backup_folder(database).iterdir())


def damage(database: Path) -> None:
    """Overwrite a page that only an integrity check looks at."""
    with closing(connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        page = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'ix_orders_open'"
        ).fetchone()[0]
    content = bytearray(database.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\x5a" * 4096
    database.write_bytes(content)


def test_an_hourly_copy_lies_in_the_folder_under_its_time(store: SqlStore, database: Path) -> None:
    clock, status_store = FakeClock(START), SyncStatusStore()
    job = BackupJob(FolderCopies(database), status_store, clock)
    assert 0 < job.due_in_ms() <= 60_000, "soon after a start, but not in it"
    clock.advance(milliseconds=job.due_in_ms())
    assert job.run().changes == (STATUS_CHANGED,)
    (name,) = names(database)
    assert name == "shop-20260302T010020Z-0-00000000.backup.db"
    quick_check(backup_folder(database) / name)
    assert status_store.status.backup_at == START + timedelta(seconds=20)
    assert status_store.recent()[0].what is SyncEventKind.BACKED_UP
    assert job.due_in_ms() == 3_600_000
    clock.advance(hours=1)
    job.run()
    assert len(names(database)) == 2


def test_a_request_while_a_backup_is_made_makes_another_one_after_it(
    store: SqlStore, database: Path
) -> None:
    """The running one may have begun before the day was closed."""

    class Copies(FolderCopies):
        def make(self, at: datetime) -> BackupFile:
            made = super().make(at)
            if len(names(database)) == 1:
                job.run_soon()
            return made

    clock, status_store = FakeClock(START), SyncStatusStore()
    job = BackupJob(Copies(database), status_store, clock)
    job.run_soon()
    assert job.due_in_ms() == 0
    job.run()
    assert job.due_in_ms() == 0, "once more"
    clock.advance(seconds=1)
    job.run()
    assert job.due_in_ms() == 3_600_000 and len(names(database)) == 2


@pytest.mark.parametrize(
    ("hours", "copied"), [(0, False), (1, True), (30, True), (-1, True)], ids=str
)
def test_a_start_makes_one_unless_the_newest_is_young(
    store: SqlStore, database: Path, hours: int, copied: bool
) -> None:
    """Also when the newest is of a time to come: a clock was wrong, so its age is not known."""
    FolderCopies(database).make(START - timedelta(hours=hours, minutes=2))
    clock, status_store = FakeClock(START), SyncStatusStore()
    job = BackupJob(FolderCopies(database), status_store, clock)
    job.run()
    assert len(names(database)) == (2 if copied else 1)
    assert status_store.status.backup_at is not None
    if not copied:
        assert job.due_in_ms() == 58 * 60_000


def test_fault_61_a_damaged_database_makes_no_copy_and_takes_none_away(
    store: SqlStore, database: Path
) -> None:
    clock, status_store = FakeClock(START), SyncStatusStore()
    job = BackupJob(FolderCopies(database), status_store, clock)
    job.run()
    before = {path: path.read_bytes() for path in backup_folder(database).iterdir()}
    store.close()
    damage(database)
    clock.advance(hours=1)
    assert job.run().changes == (STATUS_CHANGED,)
    assert {path: path.read_bytes() for path in backup_folder(database).iterdir()} == before
    status = status_store.status
    assert status.backup_trouble == status.storage_trouble == "database_corrupt"
    assert status.backup_at == START, "the last good one"
    assert status_store.recent()[0].what is SyncEventKind.BACKUP_FAILED
    assert job.due_in_ms() == AGAIN_MS


def test_fault_52_a_copy_never_takes_the_last_room(
    store: SqlStore, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 10**6))
    status_store = SyncStatusStore()
    job = BackupJob(FolderCopies(database), status_store, FakeClock(START))
    job.run()
    assert names(database) == []
    assert status_store.status.backup_trouble == EnvironmentCode.DISK_FULL
    monkeypatch.undo()
    job.run()
    assert len(names(database)) == 1
    assert status_store.status.backup_trouble == ""


def test_fault_61_a_copy_made_amid_sales_is_of_one_moment(store: SqlStore, database: Path) -> None:
    """The copy ends although another thread commits again and again, and it is whole."""
    with store.transaction() as uow:
        uow.catalogue.add_users([user(n, name="이름" * 500) for n in range(1, 2000)])
        uow.commit()
    stop, sold = threading.Event(), []

    def sell() -> None:
        while not stop.is_set():
            with store.transaction() as uow:
                uow.ledger.append(entry(len(sold) + 1))
                uow.commit()
            sold.append(1)

    seller = threading.Thread(target=sell)
    seller.start()
    try:
        made = [FolderCopies(database).make(START + timedelta(hours=n)) for n in range(3)]
    finally:
        stop.set()
        seller.join(10)
    rows = [verify_ledger(backup_folder(database) / one.name) for one in made]
    assert all(isinstance(one, int) for one in rows)
    assert rows == sorted(rows)
    assert rows[-1] <= len(sold)
    assert len(sold) > 3, "selling went on"


def copies_at(*times: datetime) -> list[BackupFile]:
    return [BackupFile(f"shop-{at:%Y%m%dT%H%M%SZ}.backup.db", at, 1) for at in times]


def test_a_day_of_hours_and_a_month_of_days_stay() -> None:
    kept: list[BackupFile] = []
    for hour in range(100 * 24):
        (made,) = copies_at(START + timedelta(hours=hour))
        kept.append(made)
        gone = expired_backups(kept, made)
        kept = [copy for copy in kept if copy not in gone]
        assert made in kept
    newest = START + timedelta(hours=100 * 24 - 1)
    assert [copy.made_at for copy in kept[-LATEST_KEPT:]] == [
        newest - timedelta(hours=n) for n in reversed(range(LATEST_KEPT))
    ]
    assert len({copy.made_at.date() for copy in kept}) == DAYS_KEPT
    assert len(kept) <= LATEST_KEPT + DAYS_KEPT


@pytest.mark.parametrize("year", [1970, 2099])
def test_fault_50_a_clock_that_jumps_takes_no_real_day_away(year: int) -> None:
    real = copies_at(*(START - timedelta(days=n) for n in range(10)))
    kept = list(real)
    for hour in range(3):
        (made,) = copies_at(START.replace(year=year) + timedelta(hours=hour))
        kept.append(made)
        kept = [copy for copy in kept if copy not in expired_backups(kept, made)]
        assert made in kept
    assert set(real) <= set(kept)


def test_rotation_leaves_other_files(store: SqlStore, database: Path) -> None:
    folder = backup_folder(database)
    backup_before_step(database, "0001")
    backup(database, folder / "before summer.backup.db")
    backup(database, folder / "other-20260101T000000Z.backup.db")
    made = FolderCopies(database).make(START)
    assert FolderCopies(database).regular() == (made,)
    assert len(list_backups(folder)) == 4


def test_copies_before_a_step_are_numbered_and_the_last_three_stay(
    store: SqlStore, database: Path
) -> None:
    for _ in range(12):
        backup_before_step(database, "0001")
    backup_before_step(database, "0002")
    assert names(database) == [
        *(f"shop-schema-0001-{n}.backup.db" for n in (10, 11, 12)),
        "shop-schema-0002-1.backup.db",
    ]


def test_leftovers_of_a_killed_copy_are_deleted_later(store: SqlStore, database: Path) -> None:
    folder = backup_folder(database)
    folder.mkdir()
    old, young = (folder / f".shop-{n}.backup.db.1-2.partial" for n in "ab")
    old.touch()
    os.utime(old, (0, 0))
    young.touch()
    FolderCopies(database).make(START)
    assert not old.exists()
    assert young.exists(), "somebody may be writing it"


def test_no_database_is_a_trouble_that_is_reported(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        FolderCopies(tmp_path / "none.db").make(START)
    assert problem.value.code is EnvironmentCode.FILE_UNREADABLE
