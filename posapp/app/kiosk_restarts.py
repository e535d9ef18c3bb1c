"""When a kiosk was started, and whether it ended cleanly."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path

from posapp.domain.kiosk_times import CRASH_WINDOW, is_crashing
from posapp.system.atomic_file import replace_text

log = logging.getLogger(__name__)

FILE = "kiosk-starts.json"
_MOST = 10


class KioskRestarts:
    """Keeps the times of starts in a small file of the shop's folder. A disk error is logged: the
    kiosk opens without the memory of its crashes.

    Attributes:
        is_crashing: there were so many starts without a clean end that it takes no payments.
    """

    def __init__(self, folder: Path, now: datetime) -> None:
        self._path, self._now = folder / FILE, now
        self._before = _read(self._path)
        self.is_crashing = is_crashing(self._before, now)

    def count_start(self) -> None:
        """Keep this start, which is a crash unless it ends cleanly. A signal must end the program
        cleanly from now on."""
        recent = [one for one in self._before if abs(self._now - one) <= CRASH_WINDOW]
        self._write([*recent, self._now][-_MOST:])

    def end_cleanly(self) -> None:
        """Note that the program was ended on purpose."""
        self._write([])

    def _write(self, starts: list[datetime]) -> None:
        try:
            replace_text(self._path, json.dumps([one.isoformat() for one in starts]))
        except OSError as error:
            log.warning("the start of the kiosk is not kept: %s", error)


def _read(path: Path) -> list[datetime]:
    try:
        found = [datetime.fromisoformat(one) for one in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
    return [one for one in found if one.tzinfo is not None]
