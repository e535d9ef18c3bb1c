"""Atomic replacement of the database by another file, safe against a kill at any point.

The new file is prepared beside the old one. Then a note records that it replaces the database;
after that, every opening continues until the replacement is done. The old file, with its -wal and
-shm, is renamed in the same folder and is never deleted.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.files.backup import backup_folder, list_backups
from posapp.store.files.fsync import fsync_path
from posapp.store.sqlite_errors import translate_driver_errors

COMPANIONS = ("-wal", "-shm", "-journal")
"""Files that SQLite keeps beside a database; without them its content may be wrong or lost."""


def incoming_path(database: Path) -> Path:
    """Return the path where the new file is prepared."""
    return database.with_name(f".{database.name}.incoming")


def records_path(database: Path) -> Path:
    """Return the path of what a finished replacement left for the next opening: its note, whose
    lines after the first are its ``records``."""
    return database.with_name(f".{database.name}.restored")


def aside_path(database: Path, at: datetime) -> Path:
    """Return a free path for the old file of a replacement made at ``at``."""
    stem = f"{database.stem}-aside-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    while True:
        path = database.with_name(f"{stem}{f'-{number}' if number > 1 else ''}.db")
        if not any(_beside(path, end).exists() for end in ("", *COMPANIONS)):
            return path
        number += 1


def replace_database(database: Path, aside: Path, records: str = "") -> None:
    """Replace the database by the file at ``incoming_path``, which is complete and on the disk.

    The database must not be open. An interrupted replacement is finished by the next opening.

    Args:
        aside: free path in the same folder, which the old file gets.
        records: lines that are at ``records_path`` once the new file is in place, and not before.

    Raises:
        EnvironmentProblem: a disk error.
    """
    with translate_driver_errors(database.name):
        if not incoming_path(database).is_file():
            raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, str(incoming_path(database)))
        note = _note_path(database)
        draft = note.with_name(note.name + ".draft")
        number = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(f"{aside.name}\n{records}")
        fsync_path(draft)
        draft.replace(note)
        fsync_path(database.parent)
    finish_replacing(database)


def finish_replacing(database: Path) -> bool:
    """Finish a replacement that ``replace_database`` began; ``False`` if there is none.

    Raises:
        EnvironmentProblem: a disk error.
    """
    note = _note_path(database)
    with translate_driver_errors(database.name):
        if not note.exists():
            return False
        incoming = incoming_path(database)
        name, _, records = note.read_text("utf-8").partition("\n")
        if incoming.exists():  # else only the note is left
            aside = database.with_name(name.strip())
            for end in COMPANIONS:
                _move(_beside(database, end), _beside(aside, end))
            if database.exists() and not aside.exists():
                _name_too(database, aside)
            fsync_path(database.parent)
            incoming.replace(database)
        fsync_path(database.parent)
        if records:
            note.replace(records_path(database))
        else:
            note.unlink()
        fsync_path(database.parent)
    return True


def remains_of(database: Path) -> tuple[str, ...]:
    """Return the names of files which show that a database existed here: a missing file is then
    damage, not a new shop.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    copies = [one.path.name for one in list_backups(backup_folder(database))]
    found = [name for name in copies if name.startswith(f"{database.stem}-")]
    with translate_driver_errors(database.name):
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


def _move(old: Path, new: Path) -> None:
    if old.exists() and not new.exists():
        old.rename(new)


def _name_too(path: Path, name: Path) -> None:
    """Hard-link a file to a second name, so that the first one always exists. On a file system
    without links it is renamed: the first name is then free until the new file takes it."""
    try:
        os.link(path, name)
    except OSError:
        path.rename(name)
