"""Putting another file in the place of the database: all of it, or nothing, wherever it is killed.

The new file is made ready beside the old one. Then a note says that it is to take its place; from
there on every opening goes on with it until it is done. The old file, with its -wal and -shm, gets
another name in the same folder and is never deleted.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.backup import backup_folder, list_backups
from posapp.store.faults import sqlite_faults
from posapp.store.lasting import sync

COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; without it the database may be another, or none."""


def incoming_path(database: Path) -> Path:
    """Where the new file is made ready."""
    return database.with_name(f".{database.name}.incoming")


def replace_database(database: Path, at: datetime) -> Path:
    """Put the file at ``incoming_path``, which is whole and on the disk, in the database's place.

    Nobody may have the database open. Once this has begun it is finished by the next opening.

    Returns:
        the name under which the old file is set aside.

    Raises:
        EnvironmentProblem: what the disk says.
    """
    with sqlite_faults(database.name):
        if not incoming_path(database).is_file():
            raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, str(incoming_path(database)))
        aside = _free_name(database, at)
        note = _note_path(database)
        draft = note.with_name(note.name + ".draft")
        number = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(aside.name)
        sync(draft)
        draft.replace(note)
        sync(database.parent)
    finish_replacing(database)
    return aside


def finish_replacing(database: Path) -> bool:
    """Finish what ``replace_database`` began, if it did; ``False`` if there is nothing to finish.

    Raises:
        EnvironmentProblem: what the disk says.
    """
    note = _note_path(database)
    with sqlite_faults(database.name):
        if not note.exists():
            return False
        incoming = incoming_path(database)
        if incoming.exists():  # else only the note is left
            aside = database.with_name(note.read_text("utf-8").strip())
            for end in COMPANIONS:
                _move(_beside(database, end), _beside(aside, end))
            if database.exists() and not aside.exists():
                _name_too(database, aside)
            sync(database.parent)
            incoming.replace(database)
        sync(database.parent)
        note.unlink()
        sync(database.parent)
    return True


def traces(database: Path) -> tuple[str, ...]:
    """Return the names of what tells that a database was here: then a missing file is damage, and
    never the beginning of a new shop.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    copies = [one.path.name for one in list_backups(backup_folder(database))]
    found = [name for name in copies if name.startswith(f"{database.stem}-")]
    with sqlite_faults(database.name):
        form = re.compile(re.escape(database.stem) + r"-(aside-.*\.db|intents\.jsonl)")
        beside = sorted(database.parent.iterdir()) if database.parent.is_dir() else []
        found += [path.name for path in beside if form.fullmatch(path.name)]
        wal = _beside(database, "-wal")
        if wal.exists() and wal.stat().st_size:
            found.append(wal.name)
    return tuple(found)


def _note_path(database: Path) -> Path:
    return database.with_name(f".{database.name}.replacing")


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _free_name(database: Path, at: datetime) -> Path:
    stem = f"{database.stem}-aside-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    while True:
        path = database.with_name(f"{stem}{f'-{number}' if number > 1 else ''}.db")
        if not any(_beside(path, end).exists() for end in ("", *COMPANIONS)):
            return path
        number += 1


def _move(old: Path, new: Path) -> None:
    if old.exists() and not new.exists():
        old.rename(new)


def _name_too(path: Path, name: Path) -> None:
    """Give a file a second name, so that the first one never stands empty; where the file system
    has no links, the first one is free until the new file takes it."""
    try:
        os.link(path, name)
    except OSError:
        path.rename(name)
