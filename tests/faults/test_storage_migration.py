"""docs/faults.md, row 56: the power goes while a shop's file is brought to a newer schema."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from posapp.store import open_store as opening
from posapp.store.engine import connect, quick_check
from posapp.store.files.backup import backup_folder, list_backups
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.migrations.sql_files import statements
from posapp.store.open_store import OUR_STEPS, open_store
from posapp.store.schema import SCHEMA_VERSION, schema_version
from tests.store.old_shops import EARLIER, make_old_shop
from tests.store.records import append_as_before, entry


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT name, sql FROM sqlite_schema").fetchall())


@pytest.fixture(scope="module")
def old_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of the first schema that has sold."""
    path = make_old_shop(tmp_path_factory.mktemp("old") / "posapp.db", "0001")
    sold = verify_ledger(path)
    assert isinstance(sold, int)
    append_as_before(path, [entry(number) for number in range(sold, 29)])
    return path


@pytest.fixture(scope="module")
def new_schema(old_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    path = Path(shutil.copy(old_shop, tmp_path_factory.mktemp("new") / "posapp.db"))
    open_store(path).close()
    return schema(path)


def _kill_at(number: int) -> None:
    """Let every connection that writes be watched; the process dies at its statement ``number``."""
    done = [0]

    def count(statement: str) -> None:
        done[0] += 1
        if done[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*given, **named)
        connection.set_trace_callback(count)
        return connection

    opening.connect = watched


def _migrate(path: str, number: int) -> None:
    _kill_at(number)
    open_store(Path(path)).close()


def _migrate_without_a_transaction(path: str, number: int) -> None:
    """The twin: each statement is kept as it is made."""
    _kill_at(number)
    with closing(opening.connect(Path(path))) as connection:
        for step in ("0002_requests", "0003_reconciling", "0004_modes_and_claims"):
            script = (OUR_STEPS.folder / "versions" / f"{step}.sql").read_text("utf-8")
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"UPDATE alembic_version SET version_num = '{step[:4]}'")


SHARE = 27
"""Of so many statements of all migrations, one is the last before a kill in the fixed share."""


def killed(action, path: Path, number: int) -> bool:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.test_storage_migration", "alembic.command"])
    process = context.Process(target=action, args=(str(path), number))
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


@pytest.mark.slow
def test_fault_56_kill_at_any_statement_leaves_the_old_or_the_new_schema(
    request: pytest.FixtureRequest,
    old_shop: Path,
    new_schema: set[tuple[str, str]],
    tmp_path: Path,
) -> None:
    """At every 27th statement and at each of the last ones; ``--every-place``: at every one."""
    step = 1 if request.config.getoption("--every-place") else SHARE
    before = schema(old_shop)
    number, last, ends = 1 - step, False, {"0001": 0, SCHEMA_VERSION: 0}
    while True:
        number += 1 if last else step
        folder = tmp_path / str(number)
        folder.mkdir()
        path = Path(shutil.copy(old_shop, folder / "posapp.db"))
        if not killed(_migrate, path, number):
            if last or step == 1:
                break
            number, last = number - step, True
            shutil.rmtree(folder)
            continue
        version = schema_version(path)
        ends[version] += 1
        assert schema(path) == (before if version == "0001" else new_schema), number
        quick_check(path)
        assert verify_ledger(path) == 29
        (copy,) = list_backups(backup_folder(path))
        assert schema_version(copy.path) == "0001"
        assert verify_ledger(copy.path) == 29
        open_store(path).close()
        assert schema(path) == new_schema
        assert verify_ledger(path) == 29
        shutil.rmtree(folder)
    assert ends["0001"] > 20, "statements of every step"
    assert ends[SCHEMA_VERSION] > 0, "and after the commit"


def test_fault_56_old_file_is_usable_after_a_killed_migration(
    new_schema: set[tuple[str, str]], tmp_path: Path
) -> None:
    made = make_old_shop(tmp_path / "made.db", EARLIER[-1])
    with closing(sqlite3.connect(made)) as connection:
        before = list(connection.iterdump())
    kills = 0
    for number in range(1, 999, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = Path(shutil.copy(made, folder / "posapp.db"))
        if not killed(_migrate, path, number):
            break
        if schema_version(path) == EARLIER[-1]:
            kills += 1
            with closing(sqlite3.connect(path)) as connection:
                assert list(connection.iterdump()) == before
        rows = verify_ledger(path)
        open_store(path).close()
        assert schema(path) == new_schema
        assert verify_ledger(path) == rows
    assert kills > 3, "in the middle of the step"


def test_fault_56_twin_without_one_transaction_leaves_a_mixed_schema(
    old_shop: Path, new_schema: set[tuple[str, str]], tmp_path: Path
) -> None:
    path = Path(shutil.copy(old_shop, tmp_path / "posapp.db"))
    assert killed(_migrate_without_a_transaction, path, 25)
    assert schema(path) not in (schema(old_shop), new_schema)
