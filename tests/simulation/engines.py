"""The store's engines with less overhead a statement: same connections, same errors, same SQL.

A simulated day consists mostly of units of work of two or three small statements, and every start
of the program makes new engines. Two costs of SQLAlchemy then exceed all of SQLite, and the
simulation does not depend on them:

* A listener of ``begin`` adds seven checks for listeners to each statement. The same BEGIN is
  executed at the driver instead.
* Each engine compiles each statement for itself. All engines of a process share one cache.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from posapp.domain.errors import EnvironmentProblem
from posapp.store.engine import make_engine
from tests.fakes.shared_setup import STATEMENTS


def make_quick_engine(
    path: Path,
    *,
    reading: bool,
    on_problem: Callable[[EnvironmentProblem], None] = lambda problem: None,
) -> Engine:
    """Make an engine by ``make_engine`` and remove both costs."""
    engine = make_engine(path, reading=reading, on_problem=on_problem)
    engine.update_execution_options(compiled_cache=STATEMENTS)
    begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
    engine._has_events = False
    engine.dialect.do_begin = lambda connection: connection.execute(begin)  # type: ignore[assignment,method-assign]
    return engine
