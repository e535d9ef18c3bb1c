"""A restore is one entry of the restored ledger, with its actor and copy, after any
interruption."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posapp.domain.actors import TILL
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.seals import SealKey, SealState
from posapp.store.files.atomic_replace import records_path
from posapp.store.files.backup import FolderCopies, backup, backup_folder
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.files.restore import repair_if_damaged, restore_backup
from posapp.store.files.restore_notes import record_restores, waiting_notes
from posapp.store.ledger_seals import begin_sealing, check_seals
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from tests.fakes.actors import STAFF, WHO
from tests.store.records import entry

ROOT = Path(__file__).parents[2]
MADE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def copy(database: Path) -> Path:
    """A copy of one ledger row, of a shop that has two."""
    sell(database, 1)
    FolderCopies(database).make(MADE)
    sell(database, 2)
    (made,) = backup_folder(database).iterdir()
    return made


def sell(path: Path, number: int) -> None:
    store = open_store(path)
    with store.transaction() as uow:
        uow.ledger.append(entry(number))
        uow.commit()
    store.close()


def reopen(path: Path) -> list[NewEntry]:
    """Open the shop, as a program does, and return the restores of its ledger."""
    store = open_store(path)
    record_restores(store)
    with store.snapshot() as uow:
        found = [row.entry for row in uow.ledger.rows(0, 1000)]
    store.close()
    return [one for one in found if one.event is LedgerEvent.DATABASE_RESTORED]


def test_restore_is_in_the_ledger_of_the_copy_with_actor_and_time(database, copy):
    aside = restore_backup(WHO, database, copy, NOW)
    assert verify_ledger(database) == 1, "nothing is written before the copy is opened"
    (found,) = reopen(database)
    assert (str(found.actor), found.at, found.amount) == (str(WHO), NOW, 0)
    assert (found.reference, found.reason) == (
        aside.name,
        f"{copy.name} (2026-03-01T09:30:00Z)",
    )
    assert reopen(database) == [found], "once"
    assert verify_ledger(database) == 2
    assert not records_path(database).exists()


def test_a_file_that_was_never_restored_has_no_such_entry(database, copy):
    assert reopen(database) == []


def test_automatic_restore_names_the_till(database, copy):
    os.truncate(database, 9000)
    assert repair_if_damaged(database, lambda: NOW) is not None
    (found,) = reopen(database)
    assert (str(found.actor), found.at) == (str(TILL), NOW)


@pytest.mark.parametrize("version", ["0001", "0004", "0006"])
def test_copy_of_an_older_schema_gets_its_entry_when_migrated(database, tmp_path, version):
    old = tmp_path / "old.db"
    open_store(old, MigrationPlan(OUR_STEPS.folder, version)).close()
    older = backup(old, tmp_path / "older.backup.db").path
    restore_backup(WHO, database, older, NOW)
    (found,) = reopen(database)
    assert str(found.actor) == str(WHO)
    assert found.reason.startswith("older.backup.db (")


def test_two_restores_before_an_opening_are_both_recorded(database, copy):
    restore_backup(WHO, database, copy, NOW)
    restore_backup(STAFF, database, copy, NOW + timedelta(minutes=1))
    assert [str(note.actor) for note in waiting_notes(database)] == [str(WHO), str(STAFF)]
    assert [str(one.actor) for one in reopen(database)] == [str(WHO), str(STAFF)]
    assert len(reopen(database)) == 2


def test_unreadable_note_affects_no_other(database, copy, caplog):
    restore_backup(WHO, database, copy, NOW)
    path = records_path(database)
    path.write_bytes(path.read_bytes() + b'{"actor": "till"}\n[1]\n\xff\n')
    assert [str(one.actor) for one in reopen(database)] == [str(WHO)]
    assert caplog.text.count("cannot be read") == 3


DAMAGED = (
    pytest.param(b"%s{\x00\xff\n", id="line"),
    pytest.param(b"\x00" * 40, id="zeros"),
    pytest.param(b"", id="empty"),
)


@pytest.mark.parametrize("damaged", DAMAGED)
def test_notes_that_cannot_be_read_are_set_aside(database, copy, damaged, caplog):
    restore_backup(WHO, database, copy, NOW)
    path = records_path(database)
    content = damaged.replace(b"%s", path.read_bytes())
    path.write_bytes(content)
    found = reopen(database)
    assert len(found) == (b"actor" in content), "a readable line is entered all the same"
    aside = database.with_name(f"{database.stem}-restores-unreadable-1.txt")
    assert aside.exists()
    assert aside.read_bytes() == content
    assert aside.name in caplog.text
    assert not path.exists()
    assert reopen(database) == found, "once"
    path.write_bytes(content)
    reopen(database)
    assert aside.read_bytes() == content
    assert aside.with_name(aside.name.replace("-1.", "-2.")).exists(), "each has its own name"


def test_restore_keeps_the_lines_that_it_cannot_read(database, copy):
    restore_backup(WHO, database, copy, NOW)
    path = records_path(database)
    path.write_bytes(path.read_bytes() + b'{"actor": "\xea\xb9\x80\xff"}\n')
    restore_backup(STAFF, database, copy, NOW + timedelta(minutes=1))
    assert [str(one.actor) for one in reopen(database)] == [str(WHO), str(STAFF)]
    asides = list(database.parent.glob("*-restores-unreadable-*"))
    assert len(asides) == 1
    assert rb'{"actor": "\xea\xb9\x80\xff"}' in asides[0].read_bytes().splitlines()


def test_a_copy_whose_name_is_no_text_is_recorded_once(database, tmp_path):
    made = backup(database, tmp_path / "one\udcff.backup.db").path
    restore_backup(WHO, database, made, NOW)
    (found,) = reopen(database)
    assert found.reason.startswith("one")
    assert reopen(database) == [found]


def test_where_the_note_stays_the_entry_is_not_repeated(database, copy, monkeypatch):
    restore_backup(WHO, database, copy, NOW)

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "no")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        (found,) = reopen(database)
    assert records_path(database).exists()
    assert reopen(database) == [found]


def test_the_entry_is_sealed_as_any_other(database, copy):
    restore_backup(WHO, database, copy, NOW)
    key = SealKey(b"k" * 32)
    store = open_store(database)
    begin_sealing(store, key, NOW)
    record_restores(store)
    store.close()
    assert check_seals(database, key).state is SealState.WHOLE


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from posapp.domain.actors import Actor
from posapp.store.files.restore import restore_backup
from posapp.store.files.restore_notes import record_restores
from posapp.store.open_store import open_store
at, count = int(sys.argv[3]), 0
def step(real):
    def counted(*args, **more):
        global count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    return counted
for name in ("rename", "replace", "unlink"):
    setattr(Path, name, step(getattr(Path, name)))
os.link, os.fsync = step(os.link), step(os.fsync)
path = Path(sys.argv[1])
restore_backup(Actor.person("한별"), path, Path(sys.argv[2]), datetime(2026, 3, 2, tzinfo=UTC))
record_restores(open_store(path))
"""


def killed_walk(database: Path, copy: Path, folder: Path, check: Callable[[Path], None]) -> int:
    """Restore and open, killed at each step in turn; return the number of steps."""
    at, ended = 0, False
    while not ended:
        at += 1
        path = folder / str(at) / "shop.db"
        path.parent.mkdir(parents=True)
        shutil.copy(database, path)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(copy), str(at)], cwd=ROOT, check=False
        )
        ended = done.returncode == 0
        assert ended or done.returncode == -signal.SIGKILL
        check(path)
    return at


def test_killed_at_each_step_the_entry_is_there_once_if_the_copy_is(database, copy, tmp_path):
    kept, written = [], []

    def check(path: Path) -> None:
        found = reopen(path)
        assert reopen(path) == found
        assert verify_ledger(path) == 2, "two of the old file, or one and the restore"
        store = open_store(path)
        with store.snapshot() as uow:
            facts = [row.entry.event for row in uow.ledger.rows(0, 9)]
        store.close()
        sold = len(facts) - len(found)
        assert len(found) == 2 - sold, "the entry is there if and only if the copy is"
        (written if found else kept).append(path)

    assert killed_walk(database, copy, tmp_path / "killed", check) > 14
    assert len(kept) > 3
    assert len(written) > 3
