"""Journal of refund intents: an append-only file beside the database, each line with a checksum.

A line that a power cut truncated, or that does not match its checksum, is skipped; the others are
still read.
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

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, InvalidAmount
from posapp.domain.money import Won, require_positive
from posapp.domain.payment_ref import Provider
from posapp.domain.refunds import RefundState
from posapp.services.ports.journal import Intent, LedgerPosition
from posapp.store.files.fsync import fsync_path
from posapp.store.sqlite_errors import translate_driver_errors

MANY_LINES = 5_000
"""About a megabyte: the file is compacted even if the till is never closed."""


def journal_path(database: Path) -> Path:
    """Return the path of a database's journal."""
    return database.with_name(f"{database.stem}-intents.jsonl")


def _nobody(problem: EnvironmentProblem) -> None:
    """Default for ``on_problem``: do nothing."""


class FileIntentJournal:
    """Port ``RefundJournal``. Thread-safe; one program at a time (the database's lock).

    Args:
        on_problem: called with a disk error; after ``DISK_FULL`` the lines are written once more,
            since it may have freed a reserve.
    """

    def __init__(
        self, path: Path, on_problem: Callable[[EnvironmentProblem], None] = _nobody
    ) -> None:
        self.path = path
        self._on_problem = on_problem
        self._lock = threading.Lock()
        self._intents: dict[str, Intent] = {}
        self._ends: dict[str, RefundState] = {}
        self._mark: LedgerPosition | None = None
        self._till = ""
        self._unreadable = 0
        self._lines = 0
        self._is_read = False

    def open_intents(self) -> tuple[Intent, ...]:
        """Return intents without an end, in the order in which they were added."""
        with self._lock:
            self._read()
            return tuple(one for tag, one in self._intents.items() if tag not in self._ends)

    def contains(self, tag: str) -> bool:
        """Tell whether an intent was added since the file was last compacted."""
        with self._lock:
            self._read()
            return tag in self._intents

    def mark(self) -> LedgerPosition | None:
        """Return the ledger position copied so far; ``None`` in a new journal."""
        with self._lock:
            self._read()
            return self._mark

    def till(self) -> str:
        """Return the code of the till with these intents; empty in a new or older journal."""
        with self._lock:
            self._read()
            return self._till

    def unreadable(self) -> int:
        """Return the number of unreadable lines, without a truncated last one."""
        with self._lock:
            self._read()
            return self._unreadable

    def add(
        self,
        intents: Sequence[Intent] = (),
        ends: Mapping[str, RefundState] | None = None,
        mark: LedgerPosition | None = None,
        till: str = "",
    ) -> None:
        """Add intents, ends (by tag), a mark and the till's code; on the disk when this returns.

        Raises:
            EnvironmentProblem: a disk error; some of the lines may be written.
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
                self._on_problem(problem)
                if problem.code is not EnvironmentCode.DISK_FULL:
                    raise
                self._append(lines)
            for record in records:
                self._take(record)
            self._lines += len(records)
            if self._lines > MANY_LINES + 4 * (len(self._intents) - len(self._ends)):
                self._tidy_up()

    def compact(self) -> None:
        """Rewrite the file without ended intents; unreadable lines are kept in a file set aside.
        Also runs automatically when most of a long file has ended.

        Raises:
            EnvironmentProblem: a disk error; the old file is kept.
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
        with translate_driver_errors(self.path.name):
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
            fsync_path(new)
            if self._unreadable:
                _name_too(self.path, _free_name(self.path))
            new.replace(self.path)
            fsync_path(self.path.parent)
        finally:
            new.unlink(missing_ok=True)

    def _append(self, lines: bytes) -> None:
        with translate_driver_errors(self.path.name):
            is_new = not self.path.exists()
            number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(number, "r+b", buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                if size and (file.seek(size - 1), file.read(1))[1] != b"\n":
                    lines = b"\n" + lines  # a truncated line stays a line of its own
                rest = memoryview(lines)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(number)
            if is_new:
                fsync_path(self.path.parent)

    def _read(self) -> None:
        if self._is_read:
            return
        with translate_driver_errors(self.path.name):
            content = self.path.read_bytes() if self.path.exists() else b""
        whole, _, torn = content.rpartition(b"\n")
        self._lines = whole.count(b"\n")
        for line in whole.split(b"\n"):
            record = _parsed(line)
            if record is None or not self._take(record):
                self._unreadable += bool(line)
        record = _parsed(torn)  # only its newline may be missing
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
            elif "till" in record:  # an intent has one, too: it is told by its tag, above
                self._till = str(record["till"])
            else:
                self._mark = LedgerPosition(int(record["mark"]), str(record["hash"]))
        except (KeyError, TypeError, ValueError, InvalidAmount):
            return False
        return True


def set_journal_aside(database: Path) -> Path | None:
    """Rename the journal of a database, as it is another till's; ``None`` if there is none. The new
    name holds that till's code.

    Raises:
        EnvironmentProblem: a disk error; the journal is kept.
    """
    path = journal_path(database)
    if not path.exists():
        return None
    till = FileIntentJournal(path).till() or "unknown"
    name, number = path.with_name(f"{database.stem}-journal-of-{till}{path.suffix}"), 1
    while name.exists():
        number += 1
        name = path.with_name(f"{database.stem}-journal-of-{till}-{number}{path.suffix}")
    with translate_driver_errors(path.name):
        path.rename(name)
        fsync_path(path.parent)
    return name


def _line(record: Mapping[str, Any]) -> bytes:
    # ASCII: a lone surrogate in a name is kept as it is.
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
        "asked_by": str(intent.requested_by),
        "approved_by": str(intent.approved_by),
        "at": intent.created_at.astimezone(UTC).isoformat(),
        "provider": intent.provider.value,
        "till": intent.till,
    }


def _intent(record: Mapping[str, Any]) -> Intent:
    """Return the intent of a line; one without provider and till was written before there were any.

    Raises:
        KeyError, TypeError, ValueError, InvalidAmount: it is no intent, or one of a provider that
            only a later program knows.
    """
    till = int(record.get("till", 0))
    if till < 0:
        raise ValueError("a till below 0")
    at = datetime.fromisoformat(record["at"])
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return Intent(
        tag=str(record["tag"]),
        imp_uid=str(record["imp_uid"]),
        order_id=int(record["order"]),
        item_id=None if record["item"] is None else int(record["item"]),
        amount=require_positive(Won(record["amount"])),
        reason=str(record["reason"]),
        requested_by=Actor.parse(str(record["asked_by"])),
        approved_by=Actor.parse(str(record["approved_by"])),
        created_at=at.astimezone(UTC),
        provider=Provider(record.get("provider", Provider.PORTONE_V1)),
        till=till,
    )


def _name_too(path: Path, name: Path) -> None:
    """Hard-link a second name, so that a journal always exists; without links, rename it."""
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
