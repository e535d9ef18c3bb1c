"""Detection of an older copy of the database file, however it was put in place.

Each opening gives the file a new random generation and stores it beside the file too. A file of
another generation than the last opened one is an older copy, or another till's: work done
after it is unknown. Copies that this program makes are marked as such (``backup``).
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
from posapp.store.files.fsync import fsync_path
from posapp.store.sqlite_errors import translate_driver_errors

log = logging.getLogger(__name__)

NONE = "-"
"""Generation of a file that was never opened by a version with generations."""

MARK_BEHIND = """
UPDATE lineage SET behind_since = coalesce(behind_since, ?),
  last_attempt = (SELECT coalesce(max(id), 0) FROM attempts)
"""
"""Marks a file as an older copy, with its last attempt."""


def generation_path(database: Path) -> Path:
    """Return the path of the last opened file's generation."""
    return database.with_name(f"{database.stem}-generation")


def renew_generation(database: Path, now: datetime) -> bool:
    """Begin a new generation; return whether the file is older than the last opened one, which is
    then recorded in it. Runs once after each opening; one program at a time.

    After a kill at any point the next opening finds the same result.

    Raises:
        EnvironmentProblem: the file is an older one, and the disk refuses to record that.
    """
    path = generation_path(database)
    with translate_driver_errors(database.name), closing(connect(database)) as connection:
        known = path.read_text("ascii").split() if path.exists() else []
        ((own,),) = connection.execute("SELECT generation FROM lineage").fetchall()
        own = own or NONE
        is_older = own not in known if known else own != NONE
        new = os.urandom(16).hex()
        try:
            # Both are valid until the file has the new one. An older file's one is never added.
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
    with translate_driver_errors(path.name):
        new.unlink(missing_ok=True)
        number = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(" ".join(generations))
        fsync_path(new)
        new.replace(path)
        fsync_path(path.parent)
