"""Telling a database file from an older copy of itself, however it came into its place.

Each opening gives the file a new random generation, and keeps the same beside it. A file of another
generation than the one that was opened last is an older copy, or another till's: what was done
after it is not known. Copies that this program makes say so themselves (``backup``).
"""

from __future__ import annotations

import logging
import os
from contextlib import closing
from datetime import datetime
from pathlib import Path

from posapp.domain.errors import EnvironmentProblem
from posapp.store.columns import to_microseconds
from posapp.store.engine import connect
from posapp.store.faults import sqlite_faults
from posapp.store.lasting import sync

log = logging.getLogger(__name__)

NONE = "-"
"""Stands for the generation of a file that was never opened by a version that gives one."""

MARK_BEHIND = """
UPDATE lineage SET behind_since = coalesce(behind_since, ?),
  last_attempt = (SELECT coalesce(max(id), 0) FROM attempts)
"""
"""Makes a file an older copy, with the attempts that it has."""


def generation_path(database: Path) -> Path:
    """Where the generation of the file that was opened last is kept."""
    return database.with_name(f"{database.stem}-generation")


def renew_generation(database: Path, now: datetime) -> bool:
    """Begin a new generation; return whether the file is older than the one that was opened last,
    which is then remembered in it. Once after each opening; one program at a time.

    Killed anywhere, the next opening finds the same.

    Raises:
        EnvironmentProblem: the file is an older one, and the disk does not let that be remembered.
    """
    path = generation_path(database)
    with sqlite_faults(database.name), closing(connect(database)) as connection:
        known = path.read_text("ascii").split() if path.exists() else []
        ((own,),) = connection.execute("SELECT generation FROM lineage").fetchall()
        own = own or NONE
        is_older = own not in known if known else own != NONE
        new = os.urandom(16).hex()
        try:
            # Both hold until the file has the new one. An older file never comes among them.
            _keep(path, [*(known if is_older else [own]), new])
            connection.execute("BEGIN IMMEDIATE")
            if is_older:
                connection.execute(MARK_BEHIND, (to_microseconds(now),))
            connection.execute("UPDATE lineage SET generation = ?", (new,))
            connection.execute("COMMIT")
            _keep(path, [new])
        except EnvironmentProblem as problem:
            if is_older:
                raise
            log.warning("the file keeps its generation: %s %s", problem.code, problem.detail)
    if is_older:
        log.error("%s is older than the file that was opened last", database)
    return is_older


def _keep(path: Path, generations: list[str]) -> None:
    new = path.with_name(f".{path.name}.new")
    with sqlite_faults(path.name):
        new.unlink(missing_ok=True)
        number = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(" ".join(generations))
        sync(new)
        new.replace(path)
        sync(path.parent)
