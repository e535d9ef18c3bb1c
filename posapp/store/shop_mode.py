"""Mode of a database: demo, test and live never share one.

The mode is written when a database is first opened in a mode. The content identifies the mode of
older files: the demo's payments have ids that only the demo makes, and payments that this till
accepted show whether a test channel took them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.store.engine import connect_read_only
from posapp.store.sqlite_errors import translate_driver_errors
from posapp.store.unit_of_work import SqlStore

_MARK = "SELECT mode FROM till"
_OF_DEMO = "SELECT count(*) FROM payments WHERE merchant_uid LIKE 'demo-%'"
_TAKEN_HERE = """
SELECT count(*) FROM payments AS p WHERE p.standing = 'ACCEPTED' AND p.sandbox = {sandbox}
AND NOT EXISTS (SELECT 1 FROM ledger AS l WHERE l.imp_uid = p.imp_uid AND l.actor = 'import')
"""
_TRADED = "SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM payments)"

Ask = Callable[[str], Any]
"""Runs a query and returns its single value."""


def hold_mode(store: SqlStore, mode: Mode) -> None:
    """Record the mode in which a database is opened, or refuse it.

    Raises:
        EnvironmentProblem: ``DATABASE_OTHER_MODE``: it belongs to another mode, or it has attempts
            or payments and would become a demo; nothing was changed.
    """
    with store.transaction() as uow:

        def ask(query: str) -> Any:
            return uow.connection.exec_driver_sql(query).scalar_one()

        if str(ask(_MARK)) == mode.value:
            return
        _refuse_another(ask, mode, store.path)
        uow.connection.exec_driver_sql("UPDATE till SET mode = ?", (mode.value,))
        uow.commit()


def refuse_another_mode(path: Path, mode: Mode) -> None:
    """Refuse a file of another mode, for any schema; nothing is written.

    Raises:
        EnvironmentProblem: ``DATABASE_OTHER_MODE``, or a disk error.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        _refuse_another(_asking(connection), mode, path)


def mode_of(path: Path) -> Mode | None:
    """Return the mode of a file, from its mark or its content; ``None`` if neither shows it.

    Raises:
        EnvironmentProblem: a disk error.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
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
