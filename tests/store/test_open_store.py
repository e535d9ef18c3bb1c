"""Opening a file: new, old, newer, foreign, damaged, and killed on the way between two schemas."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store import engine
from posapp.store.engine import quick_check, refuse_old_sqlite
from posapp.store.files.backup import backup_folder, list_backups
from posapp.store.migrations.sql_files import statements
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.store.schema import SCHEMA_VERSION, schema_version
from posapp.store.tables import metadata
from posapp.store.triggers import TRIGGERS
from tests.store.records import paid

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("every_migration")


def schema(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
            " AND name <> 'alembic_version'"
        ).fetchall()
    return {name: " ".join(sql.split()) for name, sql in rows}


def test_migrations_and_tables_give_the_same_schema(fresh_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "tables.db"
    tables = create_engine(f"sqlite:///{path}")
    metadata.create_all(tables)
    with tables.begin() as connection:
        for trigger in TRIGGERS:
            connection.exec_driver_sql(trigger)
    tables.dispose()
    assert schema(fresh_file) == schema(path)


def test_head_is_the_last_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(OUR_STEPS.folder))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA_VERSION


def test_a_new_file_is_private_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "가게 100% #1?" / "shop.db"
    open_store(path).close()
    assert [found.name for found in path.parent.iterdir()] == ["shop.db"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert schema_version(path) == SCHEMA_VERSION
    quick_check(path)


def test_two_programs_creating_one_file_share_the_shop(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with ThreadPoolExecutor(2) as pool:
        stores = list(pool.map(open_store, [path, path]))
    paid(stores[0])
    with stores[1].snapshot() as uow:
        assert uow.payments.get("imp_1") is not None
    for store in stores:
        store.close()
    assert [found.name for found in tmp_path.iterdir()] == ["shop.db"]


def test_alembic_is_not_imported_for_a_file_of_today(database: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from posapp.store.open_store import open_store;"
        "open_store(Path(sys.argv[1])).close();"
        "sys.exit(any(name in sys.modules for name in ('alembic', 'sqlalchemy.orm', 'mako')))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(database)], cwd=ROOT, check=False)
    assert done.returncode == 0


def problem_of_opening(path: Path, steps: MigrationPlan = OUR_STEPS) -> EnvironmentProblem:
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(EnvironmentProblem) as problem:
        open_store(path, steps).close()
    assert (path.read_bytes() if path.is_file() else b"") == before, "the file was touched"
    return problem.value


def test_fault_57_a_newer_schema_is_refused_untouched(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    problem = problem_of_opening(database)
    assert problem.code is EnvironmentCode.DATABASE_NEWER
    assert "0099" in problem.detail
    assert SCHEMA_VERSION in problem.detail
    assert list_backups(backup_folder(database)) == ()


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"name,price\n" * 900])
def test_fault_55_file_that_is_no_database_is_no_new_shop(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(content)
    assert problem_of_opening(path).code is EnvironmentCode.DATABASE_CORRUPT


def test_fault_55_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER)")
    assert problem_of_opening(path).code is EnvironmentCode.DATABASE_CORRUPT


def test_fault_55_damaged_pages_are_found(database: Path) -> None:
    quick_check(database)
    whole = database.read_bytes()
    # Page 2 on: everything but the schema is overwritten, then cut in the middle.
    for damage in (whole[:4096] + b"\x5a" * (len(whole) - 4096), whole[: len(whole) // 2]):
        database.write_bytes(damage)
        with pytest.raises(EnvironmentProblem) as problem:
            quick_check(database)
        assert problem.value.code is EnvironmentCode.DATABASE_CORRUPT


def test_a_folder_or_a_missing_file_is_no_database(tmp_path: Path) -> None:
    assert problem_of_opening(tmp_path).code is EnvironmentCode.FILE_UNREADABLE
    with pytest.raises(EnvironmentProblem) as problem:
        quick_check(tmp_path / "none.db")
    assert problem.value.code is EnvironmentCode.FILE_UNREADABLE


def test_fault_60_an_old_sqlite_is_refused_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_old_sqlite()
    refuse_old_sqlite(engine.OLDEST_SQLITE)
    with pytest.raises(EnvironmentProblem) as problem:
        refuse_old_sqlite((3, 36, 99))
    assert problem.value.code is EnvironmentCode.SQLITE_TOO_OLD
    assert problem.value.detail == "3.36.99 < 3.37.0"


def test_a_script_is_cut_between_its_statements_only() -> None:
    script = (
        "-- x;\nCREATE TABLE a (b);\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN\nSELECT 1;\nEND;"
    )
    assert [found.split()[-1] for found in statements(script)] == ["(b);", "END;"]
    with pytest.raises(ValueError, match="inside"):
        list(statements("CREATE TABLE a ("))


NEXT = """
import os, signal
from alembic import op
revision = "0099"
down_revision = "HEAD"
STATEMENTS = [
    "CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT",
    "ALTER TABLE users ADD COLUMN pin TEXT NOT NULL DEFAULT ''",
    "UPDATE users SET pin = 'x'",
    "DROP INDEX ix_orders_buyer",
]
def upgrade():
    for number, statement in enumerate(STATEMENTS):
        if os.environ.get("KILL_AT") == str(number):
            os.kill(os.getpid(), signal.SIGKILL)
        if os.environ.get("FAIL_AT") == str(number):
            raise ZeroDivisionError
        op.execute(statement)
    if os.environ.get("KILL_AT") == "end":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def next_steps(tmp_path: Path) -> MigrationPlan:
    folder = tmp_path / "next" / "migrations"
    shutil.copytree(OUR_STEPS.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0099_next.py").write_text(NEXT.replace("HEAD", SCHEMA_VERSION))
    return MigrationPlan(folder, "0099")


def test_an_old_schema_is_copied_then_brought_up(database: Path, next_steps: MigrationPlan) -> None:
    store = open_store(database)
    paid(store)
    store.close()
    store = open_store(database, next_steps)
    with store.snapshot() as uow:
        assert uow.payments.get("imp_1") is not None
        assert uow.connection.exec_driver_sql("SELECT count(*) FROM things").scalar_one() == 0
    store.close()
    assert schema_version(database) == "0099"
    (copy,) = list_backups(backup_folder(database))
    assert copy.path.name == f"shop-schema-{SCHEMA_VERSION}-1.backup.db"
    assert schema_version(copy.path) == SCHEMA_VERSION
    open_store(database, next_steps).close()
    assert len(list_backups(backup_folder(database))) == 1, "no step was due, so no copy is"
    assert problem_of_opening(database).code is EnvironmentCode.DATABASE_NEWER


def test_fault_56_a_step_that_fails_leaves_the_old_schema_and_a_copy(
    database: Path, next_steps: MigrationPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = schema(database)
    for number in range(4):
        monkeypatch.setenv("FAIL_AT", str(number))
        with pytest.raises(ZeroDivisionError):
            open_store(database, next_steps)
        assert schema(database) == before
        assert schema_version(database) == SCHEMA_VERSION
        assert len(list_backups(backup_folder(database))) == min(number + 1, 3)


@pytest.mark.parametrize("moment", ["0", "2", "end"])
def test_fault_56_killed_in_a_step_leaves_the_old_schema_and_a_copy(
    database: Path, next_steps: MigrationPlan, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    before = schema(database)
    script = (
        "import sys; from pathlib import Path;"
        "from posapp.store.open_store import MigrationPlan, open_store;"
        "open_store(Path(sys.argv[1]), MigrationPlan(Path(sys.argv[2]), '0099'))"
    )
    monkeypatch.setenv("KILL_AT", moment)
    done = subprocess.run(
        [sys.executable, "-c", script, str(database), str(next_steps.folder)],
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert schema(database) == before
    assert len(list_backups(backup_folder(database))) == 1
    monkeypatch.delenv("KILL_AT")
    open_store(database, next_steps).close()
    assert schema_version(database) == "0099"


def test_a_file_system_without_wal_is_refused_by_name(tmp_path: Path) -> None:
    """SQLite only says which journal it uses instead; dot files for locks have no WAL."""
    path = tmp_path / "shop.db"
    uri = f"{path.as_uri()}?vfs=unix-dotfile"
    with (
        closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection,
        pytest.raises(EnvironmentProblem) as caught,
    ):
        engine.use_wal(connection, path)
    assert caught.value.code is EnvironmentCode.DATABASE_PLACE
    assert "delete" in caught.value.detail


def test_a_shop_on_a_file_system_without_wal_is_not_opened(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sqlite3.connect
    opened: list[sqlite3.Connection] = []

    def without_wal(address: str, **options: object) -> sqlite3.Connection:
        opened.append(real(f"{address}&vfs=unix-dotfile", **options))
        return opened[-1]

    # The shop's own file says in its head that it is in WAL; this copy does not.
    path = database.with_name("copy.db")
    with closing(real(path)) as copy, closing(real(database)) as source:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    monkeypatch.setattr(engine.sqlite3, "connect", without_wal)
    with pytest.raises(EnvironmentProblem) as caught:
        engine.connect(path)
    assert caught.value.code is EnvironmentCode.DATABASE_PLACE
    with pytest.raises(sqlite3.ProgrammingError):
        opened[0].execute("SELECT 1")
