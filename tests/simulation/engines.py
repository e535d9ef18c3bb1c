"""The store's engines with less to do a statement: same connections, same errors, same SQL.

The days of a simulated shop are mostly units of work of two or three small statements each, and
every start of the program made engines anew. Two things of SQLAlchemy cost more than all of SQLite
then, and nothing of what is looked at here depends on them:

* A listener of ``begin`` makes each statement ask seven times whether anybody listens. The same
  BEGIN is said at the driver instead.
* Each engine compiles each statement for itself. All engines of a process share what was compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from posapp.domain.errors import EnvironmentProblem
from posapp.store.engine import make_engine


class _Statements(dict[Any, Any]):
    """What was compiled, by statement alone: the dialects of all engines here are alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_STATEMENTS = _Statements()


def make_quick_engine(
    path: Path, *, reading: bool, told: Callable[[EnvironmentProblem], None] = lambda problem: None
) -> Engine:
    """As ``make_engine``, which makes it."""
    engine = make_engine(path, reading=reading, told=told)
    engine.update_execution_options(compiled_cache=_STATEMENTS)
    begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
    engine._has_events = False
    engine.dialect.do_begin = lambda connection: connection.execute(begin)  # type: ignore[assignment,method-assign]
    return engine
