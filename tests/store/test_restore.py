"""A damaged file: found at the start, set aside and never deleted, the newest good copy in its
place; or a clear refusal. Killed anywhere in between, the old or the new file is there."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.ledger import ChainBreak
from posapp.store.engine import connect, quick_check
from posapp.store.files.atomic_replace import (
    aside_path,
    finish_replacing,
    incoming_path,
    replace_database,
)
from posapp.store.files.backup import FolderCopies, backup_folder
from posapp.store.files.integrity_check import (
    BackupDefect,
    check_backup,
    examine_copies,
    find_damage,
    newest_good,
)
from posapp.store.files.ledger_check import check_end, verify_ledger
from posapp.store.files.restore import repair_if_damaged, restore_backup
from posapp.store.open_store import open_store
from tests.fakes.actors import STAFF
from tests.store.records import entry

ROOT = Path(__file__).parents[2]
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def now() -> datetime:
    return START


def sell(path: Path, *numbers: int) -> None:
    """Add rows to a shop's ledger and close it properly."""
    store = open_store(path)
    with store.transaction() as uow:
        for number in numbers:
            uow.ledger.append(entry(number))
        uow.commit()
    store.close()


@pytest.fixture
def shop(database: Path) -> Path:
    """A shop with a copy of one row, and two rows."""
    sell(database, 1)
    FolderCopies(database).make(START)
    sell(database, 2)
    return database


def contents(folder: Path) -> dict[str, bytes]:
    """Every file with something in it, but for what SQLite's readers agree by."""
    return {
        path.name: content
        for path in folder.iterdir()
        if path.is_file() and path.suffix != ".db-shm" and (content := path.read_bytes())
    }


def asides(path: Path) -> list[Path]:
    return sorted(path.parent.glob("shop-aside-*"))


def root_of(path: Path, index: str) -> int:
    with closing(connect(path)) as connection:
        row = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (index,)
        ).fetchone()
    return int(row[0])


def overwrite(path: Path, start: int, with_bytes: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[start : start + len(with_bytes)] = with_bytes
    path.write_bytes(content)


def broken_header(path: Path) -> None:
    overwrite(path, 0, b"\x5a" * 100)


def broken_page(path: Path) -> None:
    overwrite(path, (root_of(path, "ledger") - 1) * 4096, b"\x5a" * 4096)


def broken_index(path: Path) -> None:
    overwrite(path, (root_of(path, "ix_orders_open") - 1) * 4096, b"\x5a" * 4096)


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def one_page_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 4096)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def gone(path: Path) -> None:
    path.unlink()


def another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER)")


def foreign_wal(path: Path, fresh: Path) -> None:
    """The -wal of another shop of this program, with frames that SQLite believes."""
    other = Path(shutil.copy(fresh, path.with_name("other.db")))
    kept = path.with_name("kept")
    store = open_store(other)
    with store.transaction() as uow:
        for number in range(40):
            uow.ledger.append(entry(number + 5, reason="남의 가게" * 100))
        uow.commit()
    shutil.copy(other.with_name("other.db-wal"), kept)
    store.close()
    kept.rename(path.with_name(path.name + "-wal"))


DAMAGES = [
    *(broken_header, broken_page, broken_index, cut_in_half, one_page_short, emptied, gone),
    another_program,
]


@pytest.mark.parametrize("harm", DAMAGES)
def test_fault_55_damaged_file_is_set_aside_and_the_newest_valid_copy_used(
    shop: Path, harm
) -> None:
    assert find_damage(shop) == ""
    assert repair_if_damaged(shop, now) is None, "the twin: what is whole is left alone"
    assert asides(shop) == []
    harm(shop)
    before = shop.read_bytes() if shop.exists() else None
    restored = repair_if_damaged(shop, now)
    assert restored is not None
    assert restored.copy.parent == backup_folder(shop)
    assert restored.made_at == START
    assert restored.copy.exists()
    assert str(shop) in restored.why
    if before is not None:
        assert restored.aside.read_bytes() == before, "not a byte of it is lost"
    assert verify_ledger(shop) == 1
    quick_check(shop)
    assert repair_if_damaged(shop, now) is None
    sell(shop, 2)


@pytest.mark.parametrize("harm", DAMAGES)
def test_fault_55_without_valid_copy_files_stay_and_no_shop_is_created(shop: Path, harm) -> None:
    (copy,) = backup_folder(shop).iterdir()
    os.truncate(copy, 9000)
    harm(shop)
    before = contents(shop.parent)
    for action in (lambda: repair_if_damaged(shop, now), lambda: repair_if_damaged(shop, now)):
        with pytest.raises(EnvironmentProblem) as problem:
            action()
        assert problem.value.code is EnvironmentCode.DATABASE_CORRUPT
        assert str(shop) in problem.value.detail
        assert str(backup_folder(shop)) in problem.value.detail
    assert contents(shop.parent) == before


def test_fault_63_a_missing_file_is_no_new_shop_where_one_was(shop: Path) -> None:
    shop.unlink()
    with pytest.raises(EnvironmentProblem) as problem:
        open_store(shop)
    assert problem.value.code is EnvironmentCode.DATABASE_CORRUPT
    assert not shop.exists()
    # The twin: without traces of an older shop, a new one is created.
    shutil.rmtree(backup_folder(shop))
    open_store(shop).close()
    assert verify_ledger(shop) == 0


@pytest.mark.parametrize(
    "left", ["shop.db-wal", "shop-aside-20260101T000000Z.db", "shop-intents.jsonl"]
)
def test_fault_63_each_trace_of_a_shop_is_detected(tmp_path: Path, left: str) -> None:
    path = tmp_path / "shop.db"
    (tmp_path / left).write_bytes(b"something")
    with pytest.raises(EnvironmentProblem) as problem:
        open_store(path)
    assert left in problem.value.detail
    assert not path.exists()


@pytest.mark.parametrize("rows", [2, 10, 2000])
def test_fault_55_a_foreign_wal_is_found(shop: Path, fresh_file: Path, rows: int) -> None:
    sell(shop, *range(2, rows))
    foreign_wal(shop, fresh_file)
    assert find_damage(shop) != ""
    restored = repair_if_damaged(shop, now)
    assert restored is not None
    aside = restored.aside
    assert {path.name for path in asides(shop)} >= {aside.name, aside.name + "-wal"}
    assert not shop.with_name("shop.db-wal").exists(), "it would be read into the copy"
    assert verify_ledger(shop) == 1


def test_fault_55_a_killed_shop_with_its_own_wal_is_whole(shop: Path) -> None:
    """The twin: the -wal of a program that was killed is no damage, and nothing of it is lost."""
    script = (
        "import os, sys; from pathlib import Path; from tests.store.records import entry\n"
        "from posapp.store.open_store import open_store\n"
        "with open_store(Path(sys.argv[1])).transaction() as uow:\n"
        "    uow.ledger.append(entry(3)); uow.commit(); os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(shop)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert shop.with_name("shop.db-wal").stat().st_size > 0
    assert repair_if_damaged(shop, now) is None
    assert verify_ledger(shop) == 3


def test_a_ledger_that_is_longer_than_a_page_is_checked_at_its_end(shop: Path) -> None:
    sell(shop, *range(3, 1200))
    assert check_end(shop) == 1199
    with closing(sqlite3.connect(shop, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER ledger_kept")
        connection.execute("DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)")
    assert check_end(shop) == ChainBreak(1198, "head_changed")


def test_fault_61_a_rotten_copy_is_passed_over(shop: Path) -> None:
    copies = FolderCopies(shop)
    copies.make(START + timedelta(hours=1))
    copies.make(START + timedelta(hours=2))
    copies.make(START + timedelta(hours=3))
    newest, second, third, _ = sorted(backup_folder(shop).iterdir(), reverse=True)
    os.truncate(newest, 5000)
    with closing(sqlite3.connect(second, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    with closing(sqlite3.connect(third, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER ledger_fixed")
        connection.execute("UPDATE ledger SET amount = 1 WHERE seq = 2")
    found = examine_copies(shop)
    flaws = [one.flaw for one in found]
    assert flaws == [BackupDefect.DAMAGED, BackupDefect.NEWER, BackupDefect.LEDGER, None]
    assert [one.rows for one in found] == [0, 0, 0, 1]
    good = newest_good(shop)
    assert good is not None
    assert good.made_at == START


def test_file_that_is_no_copy_is_named(tmp_path: Path) -> None:
    assert check_backup(tmp_path / "none.db").flaw is BackupDefect.UNREADABLE
    text = tmp_path / "text.db"
    text.write_text("이름,가격\n" * 2000, "utf-8")
    assert check_backup(text).flaw is BackupDefect.DAMAGED
    with closing(sqlite3.connect(tmp_path / "notes.db")) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER)")
    assert check_backup(tmp_path / "notes.db").flaw is BackupDefect.FOREIGN


def test_fault_57_a_newer_file_is_not_taken_for_a_damaged_one(shop: Path) -> None:
    """Its tables may differ; the opening refuses it, and no copy replaces it."""
    with closing(sqlite3.connect(shop, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.execute("ALTER TABLE ledger RENAME COLUMN reason TO why")
    before = shop.read_bytes()
    assert repair_if_damaged(shop, now) is None
    with pytest.raises(EnvironmentProblem) as problem:
        open_store(shop)
    assert problem.value.code is EnvironmentCode.DATABASE_NEWER
    assert shop.read_bytes() == before


def test_fault_55_a_file_without_its_ledger_is_damaged_and_no_copy(shop: Path) -> None:
    (copy,) = backup_folder(shop).iterdir()
    shutil.copy(copy, copy.with_name("other.backup.db"))
    for path in (shop, copy.with_name("other.backup.db")):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for name in ("ledger", "ledger_head"):
                for (trigger,) in connection.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
                ).fetchall():
                    connection.execute(f"DROP TRIGGER {trigger}")
                connection.execute(f"DROP TABLE {name}")
    assert BackupDefect.FOREIGN in [one.flaw for one in examine_copies(shop)]
    restored = repair_if_damaged(shop, now)
    assert restored is not None
    assert restored.copy == copy


def test_a_copy_that_does_not_pass_leaves_everything(shop: Path) -> None:
    (copy,) = backup_folder(shop).iterdir()
    broken_index(copy)
    before = shop.read_bytes()
    with pytest.raises(EnvironmentProblem):
        restore_backup(STAFF, shop, copy, START)
    assert shop.read_bytes() == before
    assert asides(shop) == []
    assert not incoming_path(shop).exists()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from posapp.domain.actors import Actor
from posapp.store.files import atomic_replace, fsync
from posapp.store.files.restore import restore_backup
at, count = int(sys.argv[3]), 0
def step(real):
    def counted(*args, **more):
        global count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    return counted
for name in ("rename", "replace", "unlink", "write_text"):
    setattr(Path, name, step(getattr(Path, name)))
os.link, os.fsync = step(os.link), step(os.fsync)
actor = Actor.person("한별")
restore_backup(actor, Path(sys.argv[1]), Path(sys.argv[2]), datetime(2026, 3, 2, tzinfo=UTC))
"""


def test_fault_61_a_restore_killed_at_each_step_leaves_the_old_or_the_new(
    request: pytest.FixtureRequest, shop: Path, tmp_path: Path
) -> None:
    """At every other step; ``--every-place``: at each."""
    step = 1 if request.config.getoption("--every-place") else 2
    (copy,) = backup_folder(shop).iterdir()
    ended, old, new = False, 0, 0
    at = 1 - step
    while not ended:
        at += step
        folder = tmp_path / f"killed-{at}"
        folder.mkdir()
        path = folder / "shop.db"
        shutil.copy(shop, path)
        path.with_name("shop.db-wal").write_bytes(b"")
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(copy), str(at)], cwd=ROOT, check=False
        )
        ended = done.returncode == 0
        assert ended or done.returncode == -signal.SIGKILL
        assert path.exists(), at
        open_store(path).close()
        rows = verify_ledger(path)
        assert rows in (1, 2), at
        old, new = old + (rows == 2), new + (rows == 1)
        if rows == 1:
            (aside,) = (one for one in asides(path) if one.suffix == ".db")
            assert verify_ledger(aside) == 2, "the old one is kept"
    assert old > 3 / step
    assert new > 3 / step
    assert at > 12


def test_where_there_are_no_links_the_old_file_is_renamed(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*names: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    (copy,) = backup_folder(shop).iterdir()
    aside = restore_backup(STAFF, shop, copy, START)
    assert verify_ledger(shop) == 1
    assert verify_ledger(aside) == 2


def test_names_of_set_aside_files_are_unique(shop: Path) -> None:
    (copy,) = backup_folder(shop).iterdir()
    names = {restore_backup(STAFF, shop, copy, START).name for _ in range(3)}
    assert names == {
        "shop-aside-20260302T010000Z.db",
        "shop-aside-20260302T010000Z-2.db",
        "shop-aside-20260302T010000Z-3.db",
    }
    assert not finish_replacing(shop)
    with pytest.raises(EnvironmentProblem):
        replace_database(shop, aside_path(shop, START))
