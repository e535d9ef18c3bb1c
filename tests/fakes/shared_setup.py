"""Costs of a shop's file that the tests of one process share instead of paying them each time.

Most tests need a shop's file and are about something else. Two costs of it then exceed the test:

* A new file goes through every migration, a quarter of a second. The first one of a process does;
  each later one is a copy of it with a till code of its own. Its name, rights and place on the disk
  come about as ever.
* Each engine compiles each statement for itself. All engines of a process share one cache.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Engine

from posapp.store import open_store, unit_of_work
from posapp.store.engine import make_engine
from posapp.store.open_store import OUR_STEPS, MigrationPlan

_migrate = open_store._migrate


class _Statements(dict[Any, Any]):
    """Compiled statements by statement alone: the dialects of all engines here are alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


STATEMENTS = _Statements()


def make_sharing_engine(*given: Any, **how: Any) -> Engine:
    """Make an engine by ``make_engine`` that shares what others compiled."""
    engine = make_engine(*given, **how)
    engine.update_execution_options(compiled_cache=STATEMENTS)
    return engine


@cache
def _new_shop() -> bytes:
    """Return the file that the migrations make of an empty one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        path.touch()
        _migrate(path, OUR_STEPS)
        open_store._checkpoint_into_file(path)
        return path.read_bytes()


def _copy_or_migrate(path: Path, steps: MigrationPlan) -> None:
    if steps is not OUR_STEPS or path.stat().st_size:
        _migrate(path, steps)
        return
    path.write_bytes(_new_shop())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE till SET code = lower(hex(randomblob(3)))")


@contextmanager
def shared_setup() -> Iterator[None]:
    """Copy new shops, and share compiled statements."""
    with (
        mock.patch.object(open_store, "_migrate", _copy_or_migrate),
        mock.patch.object(unit_of_work, "make_engine", make_sharing_engine),
    ):
        yield


@contextmanager
def migrated_shops() -> Iterator[None]:
    """Let every migration run for each new shop: it is the test's subject."""
    with mock.patch.object(open_store, "_migrate", _migrate):
        yield
