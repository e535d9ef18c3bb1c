"""Count of PIN entries in a small file beside the database.

An older copy of the database would take entries back; with this file the higher count of both
rules. A file that cannot be read counts nothing: the database's own count is left.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from pathlib import Path

from posapp.domain.pins import PinTries
from posapp.store.columns import from_microseconds, to_microseconds
from posapp.store.files.fsync import fsync_path
from posapp.store.sqlite_errors import translate_driver_errors

log = logging.getLogger(__name__)


def pin_counter_path(database: Path) -> Path:
    """Return the path of a database's count."""
    return database.with_name(f"{database.stem}-pins.json")


class FilePinCounter:
    """Port ``TryCounter``. Thread-safe; one program at a time (the database's lock)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._counted: dict[int, PinTries] | None = None

    def get(self, staff_id: int) -> PinTries:
        """Return what is counted of a person.

        Raises:
            EnvironmentProblem: a disk error.
        """
        with self._lock:
            return self._read().get(staff_id, PinTries())

    def set(self, staff_id: int, tries: PinTries) -> None:
        """Replace the count of a person; on the disk when this returns. Raises like ``get``."""
        with self._lock:
            counted = {**self._read(), staff_id: tries}
            counted = {number: one for number, one in counted.items() if one.count}
            self._counted = None  # a failed write may or may not have replaced the file
            self._write(counted)
            self._counted = counted

    def _read(self) -> dict[int, PinTries]:
        if self._counted is None:
            with translate_driver_errors(self.path.name):
                content = self.path.read_bytes() if self.path.exists() else b"{}"
            self._counted = _parsed(content)
        return self._counted

    def _write(self, counted: dict[int, PinTries]) -> None:
        new = self.path.with_name(f".{self.path.name}.new")
        rows = {
            str(number): [one.count, one.at and to_microseconds(one.at), one.boot_ms]
            for number, one in counted.items()
        }
        with translate_driver_errors(self.path.name):
            new.unlink(missing_ok=True)
            number = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(number, "w", encoding="ascii") as file:
                json.dump(rows, file)
            fsync_path(new)
            new.replace(self.path)
            fsync_path(self.path.parent)


def _parsed(content: bytes) -> dict[int, PinTries]:
    try:
        rows = json.loads(content)
        return {
            int(number): PinTries(int(count), from_microseconds(int(at)), int(boot_ms))
            for number, (count, at, boot_ms) in rows.items()
        }
    except (ValueError, TypeError, AttributeError, OverflowError):
        log.exception("the count of PINs cannot be read")
        return {}
