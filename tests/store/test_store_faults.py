"""A full, read-only or failing disk: reported as text, without partial writes, and usable again
afterwards."""

import errno
import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.engine import connect, quick_check
from posapp.store.files.backup import backup, list_backups
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.open_store import open_store
from posapp.store.sqlite_errors import to_environment_problem, translate_driver_errors
from posapp.store.unit_of_work import SqlStore
from tests.store.records import entry, paid, payment, user

PEOPLE = [user(n, name="이름" * 50) for n in range(1, 2000)]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (sqlite3.SQLITE_FULL, EnvironmentCode.DISK_FULL),
        (sqlite3.SQLITE_READONLY_DIRECTORY, EnvironmentCode.READ_ONLY),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, EnvironmentCode.DATABASE_BUSY),
        (sqlite3.SQLITE_LOCKED, EnvironmentCode.DATABASE_BUSY),
        (sqlite3.SQLITE_IOERR_FSYNC, EnvironmentCode.DATABASE_IO),
        (sqlite3.SQLITE_CORRUPT_VTAB, EnvironmentCode.DATABASE_CORRUPT),
        (sqlite3.SQLITE_NOTADB, EnvironmentCode.DATABASE_CORRUPT),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, EnvironmentCode.FILE_UNREADABLE),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, None),
        (sqlite3.SQLITE_ERROR, None),
    ],
)
def test_sqlites_numbers_have_one_meaning(number: int, code: EnvironmentCode | None) -> None:
    error = sqlite3.OperationalError("said")
    error.sqlite_errorcode = number
    problem = to_environment_problem(error, "shop.db")
    assert (problem and problem.code) == code
    if problem is not None:
        assert problem.detail == "shop.db: said"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, EnvironmentCode.DISK_FULL),
        (errno.EROFS, EnvironmentCode.READ_ONLY),
        (errno.ENOENT, EnvironmentCode.FILE_UNREADABLE),
        (errno.EIO, EnvironmentCode.DATABASE_IO),
    ],
)
def test_the_systems_numbers_have_one_meaning(number: int, code: EnvironmentCode) -> None:
    with pytest.raises(EnvironmentProblem) as problem, translate_driver_errors():
        raise OSError(number, "said")
    assert problem.value.code is code


def test_bug_is_not_translated() -> None:
    with pytest.raises(sqlite3.ProgrammingError), translate_driver_errors():
        raise sqlite3.ProgrammingError
    with pytest.raises(ValueError, match="x"), translate_driver_errors():
        raise ValueError("x")


def test_fault_52_a_full_disk_keeps_the_state_before(store: SqlStore) -> None:
    paid(store)
    with pytest.raises(EnvironmentProblem) as problem, store.transaction() as uow:
        pages = uow.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        uow.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
        uow.ledger.append(entry())
        uow.catalogue.add_users(PEOPLE)
    assert problem.value.code is EnvironmentCode.DISK_FULL
    with store.snapshot() as uow:
        assert uow.catalogue.existing_users(range(2000)) == {}
        assert uow.ledger.rows(0, 5) == ()
    paid(store, payment("imp_2", order_id=2))  # the next one has a sound connection


def test_nothing_can_be_kept_after_the_disk_failed_inside_a_unit(store: SqlStore) -> None:
    """Code that swallows the problem and continues must not commit the second half."""
    with pytest.raises(Exception, match="rolled back"), store.transaction() as uow:
        pages = uow.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        uow.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(EnvironmentProblem):
            uow.catalogue.add_users(PEOPLE)
        uow.catalogue.add_users([user(5000)])
    with store.snapshot() as uow:
        assert uow.people.get(5000) is None


@contextmanager
def files_may_grow_to(size: int) -> Iterator[None]:
    """A real write error (EFBIG) from the kernel, at the first byte beyond ``size``."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_fault_53_a_failing_commit_keeps_nothing_and_closes_its_connection(
    store: SqlStore, database: Path
) -> None:
    paid(store)
    with store.transaction() as uow:
        used = uow.connection.connection.dbapi_connection
        uow.catalogue.add_users(PEOPLE[:20])
        with files_may_grow_to(4096), pytest.raises(EnvironmentProblem) as problem:
            uow.commit()
    assert problem.value.code is EnvironmentCode.DATABASE_IO
    assert isinstance(used, sqlite3.Connection)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        used.execute("SELECT 1")
    with store.snapshot() as uow:
        assert uow.catalogue.existing_users(range(30)) == {}
    # After a disk error later results are not trusted: the file is only read until a new start.
    for _ in range(2):
        with pytest.raises(EnvironmentProblem) as problem, store.transaction():
            pass
        assert problem.value.code is EnvironmentCode.DATABASE_IO
    store.close()
    again = open_store(database)
    with again.transaction() as uow:
        uow.catalogue.add_users(PEOPLE[:20])
        uow.commit()
    again.close()
    quick_check(database)


def test_fault_55_damage_found_while_reading_is_reported(store: SqlStore, database: Path) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users(PEOPLE)
        uow.commit()
    store.close()
    content = database.read_bytes()
    database.write_bytes(content[:4096] + b"\x5a" * (len(content) - 4096))
    damaged = SqlStore(database)
    with pytest.raises(EnvironmentProblem) as problem, damaged.snapshot() as uow:
        uow.catalogue.existing_users(range(2000))
    assert problem.value.code is EnvironmentCode.DATABASE_CORRUPT
    damaged.close()


@contextmanager
def read_only_folder(database: Path) -> Iterator[Path]:
    """A folder in which this process may write nothing, with a copy of the database in it."""
    folder = Path(tempfile.mkdtemp())
    copy = Path(shutil.copy(database, folder / "shop.db"))
    copy.chmod(0o444)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)  # root writes everywhere
    try:
        yield copy
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_fault_52_read_only_folder_is_reported_and_unchanged(
    store: SqlStore, database: Path
) -> None:
    with store.transaction() as uow:
        uow.ledger.append(entry())
        uow.commit()
    store.close()
    with read_only_folder(database) as path:
        for action in (
            lambda: open_store(path),
            lambda: open_store(path.with_name("new.db")),
            lambda: backup(path, path.with_name("x.backup.db")),
        ):
            with pytest.raises(EnvironmentProblem) as problem:
                action()
            assert problem.value.code in (
                EnvironmentCode.READ_ONLY,
                EnvironmentCode.FILE_UNREADABLE,
            )
        # What only reads works there.
        quick_check(path)
        assert verify_ledger(path) == 1
        assert list_backups(path.parent) == ()
        assert [found.name for found in path.parent.iterdir()] == ["shop.db"]


def test_fault_61_a_backup_of_a_shop_that_is_selling_is_whole(
    store: SqlStore, database: Path, tmp_path: Path
) -> None:
    to = tmp_path / "copies" / "일일.backup.db"
    to.parent.mkdir()
    with store.transaction() as uow:
        uow.ledger.append(entry())
        uow.catalogue.add_users(PEOPLE)
        uow.commit()
        uow.ledger.append(entry(2))
        made = backup(database, to)
        uow.commit()
    assert made.size == to.stat().st_size
    assert [found.name for found in to.parent.iterdir()] == [to.name]
    assert to.stat().st_mode & 0o777 == 0o600
    quick_check(to)
    assert verify_ledger(to) == 1, "what was not committed is not in the copy"
    assert verify_ledger(database) == 2
    restored = open_store(to)
    with restored.snapshot() as uow:
        assert len(uow.catalogue.existing_users(range(2000))) == len(PEOPLE)
    restored.close()


def test_fault_61_a_failed_backup_leaves_the_last_good_one(
    store: SqlStore, database: Path, tmp_path: Path
) -> None:
    to = tmp_path / "a.backup.db"
    backup(database, to)
    good = to.read_bytes()
    with files_may_grow_to(8192), pytest.raises(EnvironmentProblem):
        backup(database, to)
    assert to.read_bytes() == good
    store.close()
    with closing(connect(database)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'ix_orders_open'"
        ).fetchone()[0]
    content = bytearray(database.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\x5a" * 4096
    database.write_bytes(content)
    with pytest.raises(EnvironmentProblem) as problem:
        backup(database, to)
    assert problem.value.code is EnvironmentCode.DATABASE_CORRUPT
    assert to.read_bytes() == good
    assert not [found for found in tmp_path.iterdir() if "partial" in found.name]
