"""A database belongs to one mode: demo, test and live never share one.

The mode is written when a database is opened in a mode for the first time. Files that are older
than that mark are known by what is in them: the demo's payments carry numbers that only the demo
makes, and payments that this till accepted say whether they were a test channel's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.store.engine import connect_apart
from posapp.store.faults import sqlite_faults
from posapp.store.unit_of_work import SqlStore

_MARK = "SELECT mode FROM till"
_OF_DEMO = "SELECT count(*) FROM payments WHERE merchant_uid LIKE 'demo-%'"
_TAKEN_HERE = """
SELECT count(*) FROM payments AS p WHERE p.standing = 'ACCEPTED' AND p.sandbox = {sandbox}
AND NOT EXISTS (SELECT 1 FROM ledger AS l WHERE l.imp_uid = p.imp_uid AND l.actor = 'import')
"""
_TRADED = "SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM payments)"

Ask = Callable[[str], Any]
"""Runs a query and returns the one value of its one row."""


def hold_mode(store: SqlStore, mode: Mode) -> None:
    """Mark a database with the mode in which it is opened, or refuse it.

    Raises:
        EnvironmentProblem: ``DATABASE_OTHER_MODE``: it belongs to another mode, or it has traded
            and is to become a demo; nothing was changed.
    """
    with store.writing() as uow:

        def ask(query: str) -> Any:
            return uow.connection.exec_driver_sql(query).scalar_one()

        if str(ask(_MARK)) == mode.value:
            return
        _refuse_another(ask, mode, store.path)
        uow.connection.exec_driver_sql("UPDATE till SET mode = ?", (mode.value,))
        uow.commit()


def refuse_another_mode(path: Path, mode: Mode) -> None:
    """Refuse a file that belongs to another mode, whatever its schema; nothing is written.

    Raises:
        EnvironmentProblem: ``DATABASE_OTHER_MODE``, or what the disk says.
    """
    with sqlite_faults(path.name), closing(connect_apart(path)) as connection:
        _refuse_another(_asking(connection), mode, path)


def mode_of(path: Path) -> Mode | None:
    """Return the mode that a file belongs to, by its mark or by what is in it; ``None`` if nothing
    tells.

    Raises:
        EnvironmentProblem: what the disk says.
    """
    with sqlite_faults(path.name), closing(connect_apart(path)) as connection:
        return _mode(_asking(connection))


def _asking(connection: sqlite3.Connection) -> Ask:
    return lambda query: connection.execute(query).fetchone()[0]


def _refuse_another(ask: Ask, mode: Mode, path: Path) -> None:
    found = _mode(ask)
    if found is not None and found is not mode:
        raise _problem(path, found.value, mode)
    if found is None and mode is Mode.DEMO and ask(_TRADED) > 0:
        raise _problem(path, "?", mode)


def _mode(ask: Ask) -> Mode | None:
    mark = _mark(ask)
    if mark:
        return Mode(mark)
    if ask(_OF_DEMO) > 0:
        return Mode.DEMO
    for mode, sandbox in ((Mode.TEST, 1), (Mode.LIVE, 0)):
        if ask(_TAKEN_HERE.format(sandbox=sandbox)) > 0:
            return mode
    return None


def _mark(ask: Ask) -> str:
    try:
        return str(ask(_MARK))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        return ""  # an older schema


def _problem(path: Path, found: str, mode: Mode) -> EnvironmentProblem:
    detail = f"{path}: {found} ≠ {mode.value}"
    return EnvironmentProblem(EnvironmentCode.DATABASE_OTHER_MODE, detail)
