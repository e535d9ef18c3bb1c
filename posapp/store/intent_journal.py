"""The journal of refund intents: lines added to a file beside the database, each with a checksum.

A line is whole or it is not there: one that a power cut tore off is passed over, and so is one that
does not fit its checksum; the others are read all the same.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, InvalidAmount
from posapp.domain.money import Won, positive
from posapp.domain.refunds import RefundState
from posapp.services.ports.journal import Intent, Mark
from posapp.store.faults import sqlite_faults
from posapp.store.lasting import sync

MANY_LINES = 5_000
"""About a megabyte: a till that is never closed tidies up as well."""


def journal_path(database: Path) -> Path:
    """Where the journal of a database lies."""
    return database.with_name(f"{database.stem}-intents.jsonl")


def _nobody(problem: EnvironmentProblem) -> None:
    """Nobody frees a reserve."""


class FileIntentJournal:
    """Port ``IntentJournal``. Any thread; one program at a time (the database's lock).

    Args:
        told: hears what the disk says; after ``DISK_FULL`` the lines are written once more, since
            a reserve may have been freed for them.
    """

    def __init__(self, path: Path, told: Callable[[EnvironmentProblem], None] = _nobody) -> None:
        self.path = path
        self._told = told
        self._lock = threading.Lock()
        self._intents: dict[str, Intent] = {}
        self._ends: dict[str, RefundState] = {}
        self._mark: Mark | None = None
        self._till = ""
        self._unreadable = 0
        self._lines = 0
        self._is_read = False

    def without_end(self) -> tuple[Intent, ...]:
        """Return intents of which no end was noted, in the order in which they were kept."""
        with self._lock:
            self._read()
            return tuple(one for tag, one in self._intents.items() if tag not in self._ends)

    def knows(self, tag: str) -> bool:
        """Tell whether an intent was kept since the file was last tidied up."""
        with self._lock:
            self._read()
            return tag in self._intents

    def mark(self) -> Mark | None:
        """Return how far the ledger was followed; ``None`` in a new journal."""
        with self._lock:
            self._read()
            return self._mark

    def till(self) -> str:
        """Return the code of the till whose intents these are; empty in a new or older journal."""
        with self._lock:
            self._read()
            return self._till

    def unreadable(self) -> int:
        """Return how many lines cannot be read; a last one cut short is not among them."""
        with self._lock:
            self._read()
            return self._unreadable

    def add(
        self,
        intents: Sequence[Intent] = (),
        ends: Mapping[str, RefundState] | None = None,
        mark: Mark | None = None,
        till: str = "",
    ) -> None:
        """Keep intents, ends (by tag), a mark and the till's code; on the disk when this returns.

        Raises:
            EnvironmentProblem: what the disk says; a part of the lines may be kept.
        """
        records: list[dict[str, Any]] = [_record(intent) for intent in intents]
        records += [{"end": tag, "state": state.value} for tag, state in (ends or {}).items()]
        if mark is not None:
            records.append({"mark": mark.seq, "hash": mark.hash})
        if till:
            records.append({"till": till})
        with self._lock:
            self._read()
            lines = b"".join(_line(record) for record in records)
            try:
                self._append(lines)
            except EnvironmentProblem as problem:
                self._told(problem)
                if problem.code is not EnvironmentCode.DISK_FULL:
                    raise
                self._append(lines)
            for record in records:
                self._take(record)
            self._lines += len(records)
            if self._lines > MANY_LINES + 4 * (len(self._intents) - len(self._ends)):
                self._tidy_up()

    def tidy_up(self) -> None:
        """Write the file anew without what has ended; lines that could not be read stay in a file
        set aside. Also done by itself, when most of a long file is over.

        Raises:
            EnvironmentProblem: what the disk says; the old file stands.
        """
        with self._lock:
            self._read()
            self._tidy_up()

    def _tidy_up(self) -> None:
        open_ones = {tag: one for tag, one in self._intents.items() if tag not in self._ends}
        records = [_record(one) for one in open_ones.values()]
        if self._mark is not None:
            records.append({"mark": self._mark.seq, "hash": self._mark.hash})
        if self._till:
            records.append({"till": self._till})
        with sqlite_faults(self.path.name):
            self._write_anew(b"".join(_line(record) for record in records))
        self._intents, self._ends, self._unreadable = open_ones, {}, 0
        self._lines = len(records)

    def _write_anew(self, lines: bytes) -> None:
        new = self.path.with_name(f".{self.path.name}.new")
        try:
            new.unlink(missing_ok=True)
            number = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(lines)
            sync(new)
            if self._unreadable:
                _name_too(self.path, _free_name(self.path))
            new.replace(self.path)
            sync(self.path.parent)
        finally:
            new.unlink(missing_ok=True)

    def _append(self, lines: bytes) -> None:
        with sqlite_faults(self.path.name):
            is_new = not self.path.exists()
            number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(number, "r+b", buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                if size and (file.seek(size - 1), file.read(1))[1] != b"\n":
                    lines = b"\n" + lines  # what was torn off stays a line of its own
                rest = memoryview(lines)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(number)
            if is_new:
                sync(self.path.parent)

    def _read(self) -> None:
        if self._is_read:
            return
        with sqlite_faults(self.path.name):
            content = self.path.read_bytes() if self.path.exists() else b""
        whole, _, torn = content.rpartition(b"\n")
        self._lines = whole.count(b"\n")
        for line in whole.split(b"\n"):
            record = _parsed(line)
            if record is None or not self._take(record):
                self._unreadable += bool(line)
        record = _parsed(torn)  # only its end may be missing
        if record is not None:
            self._take(record)
        self._is_read = True

    def _take(self, record: Mapping[str, Any]) -> bool:
        try:
            if "tag" in record:
                intent = _intent(record)
                self._intents[intent.tag] = intent
                self._ends.pop(intent.tag, None)  # an older database has it open again
            elif "end" in record:
                self._ends[str(record["end"])] = RefundState(record["state"])
            elif "till" in record:
                self._till = str(record["till"])
            else:
                self._mark = Mark(int(record["mark"]), str(record["hash"]))
        except (KeyError, TypeError, ValueError, InvalidAmount):
            return False
        return True


def set_journal_aside(database: Path) -> Path | None:
    """Give the journal of a database another name, as it is another till's; ``None`` if there is
    none. The till's code is in the name.

    Raises:
        EnvironmentProblem: what the disk says; the journal stands.
    """
    path = journal_path(database)
    if not path.exists():
        return None
    till = FileIntentJournal(path).till() or "unknown"
    name, number = path.with_name(f"{database.stem}-journal-of-{till}{path.suffix}"), 1
    while name.exists():
        number += 1
        name = path.with_name(f"{database.stem}-journal-of-{till}-{number}{path.suffix}")
    with sqlite_faults(path.name):
        path.rename(name)
        sync(path.parent)
    return name


def _line(record: Mapping[str, Any]) -> bytes:
    # ASCII: half a character pair that a name may carry is kept as it is.
    body = json.dumps(record, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(body), body)


def _parsed(line: bytes) -> dict[str, Any] | None:
    checksum, _, body = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        return None
    try:
        record = json.loads(body)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _record(intent: Intent) -> dict[str, Any]:
    return {
        "tag": intent.tag,
        "imp_uid": intent.imp_uid,
        "order": intent.order_id,
        "item": intent.item_id,
        "amount": int(intent.amount),
        "reason": intent.reason,
        "asked_by": intent.asked_by,
        "approved_by": intent.approved_by,
        "at": intent.created_at.astimezone(UTC).isoformat(),
    }


def _intent(record: Mapping[str, Any]) -> Intent:
    at = datetime.fromisoformat(record["at"])
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return Intent(
        tag=str(record["tag"]),
        imp_uid=str(record["imp_uid"]),
        order_id=int(record["order"]),
        item_id=None if record["item"] is None else int(record["item"]),
        amount=positive(Won(record["amount"])),
        reason=str(record["reason"]),
        asked_by=str(record["asked_by"]),
        approved_by=str(record["approved_by"]),
        created_at=at.astimezone(UTC),
    )


def _name_too(path: Path, name: Path) -> None:
    """A second name, so that there is never no journal; another one where there are no links."""
    try:
        os.link(path, name)
    except OSError:
        path.rename(name)


def _free_name(path: Path) -> Path:
    number = 1
    while True:
        name = path.with_name(f"{path.stem}-unreadable-{number}{path.suffix}")
        if not name.exists():
            return name
        number += 1
