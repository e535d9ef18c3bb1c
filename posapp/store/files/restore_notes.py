"""Notes of restores that no ledger has yet.

A restored file may have an older schema, and it is migrated only when it is opened. So a restore
leaves a note beside the database (``records_path``), and the next opening appends the ledger entry
and removes the note. Notes that cannot be read are set aside.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentProblem
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.store.files.atomic_replace import records_path
from posapp.store.files.fsync import fsync_path
from posapp.store.ledger_tables import ledger
from posapp.store.sqlite_errors import translate_driver_errors
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RestoreNote:
    """One restore.

    Attributes:
        actor: who restored.
        at: when (UTC).
        copy: file name of the backup.
        made_at: when the backup was made (UTC); later records are not in it.
        aside: new file name of the old database. With ``at`` it identifies the restore.
    """

    actor: Actor
    at: datetime
    copy: str
    made_at: datetime
    aside: str

    def entry(self) -> NewEntry:
        """Return the ledger entry; its reason names the backup and its time."""
        return NewEntry(
            event=LedgerEvent.DATABASE_RESTORED,
            amount=ZERO,
            actor=self.actor,
            at=self.at,
            reference=self.aside,
            reason=f"{self.copy} ({self.made_at:%Y-%m-%dT%H:%M:%SZ})",
        )


def note_lines(database: Path, note: RestoreNote) -> str:
    """Return the lines for ``replace_database``: a new note, after those that wait already. A line
    that cannot be read stays one, in ASCII.

    Raises:
        EnvironmentProblem: the waiting notes cannot be read.
    """
    waiting = _lines(records_path(database)) or ()
    kept = (line.decode("ascii", "backslashreplace") + "\n" for line in waiting)
    return "".join((*kept, _line(note)))


def waiting_notes(database: Path) -> tuple[RestoreNote, ...]:
    """Return the restores that no ledger has yet, oldest first. A line that cannot be read is
    logged and left out.

    Raises:
        EnvironmentProblem: the file cannot be read.
    """
    return tuple(filter(None, map(_parsed, _lines(records_path(database)) or ())))


def record_restores(store: SqlStore) -> tuple[RestoreNote, ...]:
    """Append the waiting notes to the ledger, each once, then remove them. Runs after each opening.
    If one cannot be read, the file is set aside instead.

    After a kill between commit and removal the next opening finds the entries and appends nothing.

    Returns:
        the restores whose entries were appended.

    Raises:
        EnvironmentProblem: the notes cannot be read, or the database not be written.
    """
    path = records_path(store.path)
    lines = _lines(path)
    if lines is None:
        return ()
    notes = waiting_notes(store.path)
    with store.transaction() as uow:
        missing = tuple(note for note in notes if not _is_recorded(uow, note))
        for note in missing:
            uow.ledger.append(note.entry())
        if missing:
            uow.commit()
    try:
        with translate_driver_errors(path.name):
            if not notes or len(notes) < len(lines):
                aside = _free_name(store.path)
                path.rename(aside)
                log.error("the notes of restores are damaged; they are set aside as %s", aside)
            else:
                path.unlink(missing_ok=True)
            fsync_path(path.parent)
    except EnvironmentProblem as problem:
        log.warning("the notes of restores are kept: %s %s", problem.code, problem.detail)
    return missing


def _is_recorded(uow: SqlUnitOfWork, note: RestoreNote) -> bool:
    entry = note.entry()
    found = select(ledger.c.seq).where(
        ledger.c.fact == entry.event,
        ledger.c.at == entry.at,
        ledger.c.reference == entry.reference,
    )
    return uow.connection.execute(found.limit(1)).first() is not None


def _line(note: RestoreNote) -> str:
    record = {
        "actor": str(note.actor),
        "at": note.at.astimezone(UTC).isoformat(),
        "copy": note.copy,
        "made_at": note.made_at.astimezone(UTC).isoformat(),
        "aside": note.aside,
    }
    return json.dumps(record) + "\n"  # ASCII: a name's lone surrogate is kept as it is


def _lines(path: Path) -> list[bytes] | None:
    """Return the lines of the notes, read or not; ``None`` without a file."""
    with translate_driver_errors(path.name):
        if not path.exists():
            return None
        _, _, records = path.read_bytes().partition(b"\n")
    return records.splitlines()


def _parsed(line: bytes) -> RestoreNote | None:
    """Return the note of a line; ``None``, with a log entry, if it cannot be read."""
    try:
        record = json.loads(line)
        return RestoreNote(
            Actor.parse(str(record["actor"])),
            datetime.fromisoformat(record["at"]).astimezone(UTC),
            str(record["copy"]),
            datetime.fromisoformat(record["made_at"]).astimezone(UTC),
            str(record["aside"]),
        )
    except (KeyError, TypeError, ValueError):
        log.error("a note of a restore cannot be read: %r", line)
        return None


def _free_name(database: Path) -> Path:
    number = 1
    while True:
        name = database.with_name(f"{database.stem}-restores-unreadable-{number}.txt")
        if not name.exists():
            return name
        number += 1
