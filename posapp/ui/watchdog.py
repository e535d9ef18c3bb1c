"""The watchdog: notices that the screen stands still, and writes down where everything was.

A screen that does not answer is a bug of ours, or a disk or driver that hangs. Nobody can say
afterwards where it hung, so the traces of all threads are kept while it does.
"""

from __future__ import annotations

import faulthandler
import logging
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger(__name__)

BEAT_MS = 500
"""How often the screen's thread says that it goes on."""

PATIENCE_MS = 5_000
"""Silence after which the traces are written."""

LARGEST = 1_000_000
"""Bytes of ``stalls.log``; beyond, it begins anew."""


class Watchdog(QObject):
    """A beat on the screen's thread, and a daemon thread that listens to it.

    One stall is written down once, however long it lasts. Traces name files, lines and functions,
    never values: there is nothing in them to hide.
    """

    def __init__(
        self,
        folder: Path,
        parent: QObject | None = None,
        *,
        beat_ms: int = BEAT_MS,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(parent)
        self.file = folder / "stalls.log"
        self._listener = Listener(self.file, patience_ms)
        self._timer = QTimer(self)
        self._timer.setInterval(beat_ms)
        self._timer.timeout.connect(self._listener.hear)

    @property
    def stalls(self) -> int:
        """How often the screen stood still."""
        return self._listener.stalls

    def start(self) -> None:
        """Begin to watch."""
        self._listener.start()
        self._timer.start()

    def stop(self) -> None:
        """Watch no more; a second time does nothing."""
        self._timer.stop()
        self._listener.stop()


class Listener:
    """The thread. No ``QObject``: it outlives the widgets, and touches nothing of Qt's.

    Times are seconds of the monotonic clock; tests give them, the thread takes the clock's.
    """

    def __init__(self, file: Path, patience_ms: int) -> None:
        self.stalls = 0
        self._file = file
        self._patience = patience_ms / 1000
        self._pause = self._patience / 5
        self._heard = self._looked = time.monotonic()
        self._stalled_since: float | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def hear(self, at: float | None = None) -> None:
        """The screen goes on. Called on its thread."""
        self._heard = time.monotonic() if at is None else at

    def start(self) -> None:
        """Begin to listen."""
        self._heard = self._looked = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._stopped.set()

    def look(self, now: float) -> None:
        """Write down a silence that is too long, once, and tell of its end."""
        slept = now - self._looked > self._pause + self._patience / 2
        self._looked = now
        if slept:
            # This thread stood still too: the machine slept, or is out of breath.
            self._heard = max(self._heard, now)
        silence = now - self._heard
        if self._stalled_since is None and silence > self._patience:
            self._stalled_since = self._heard
            self.stalls += 1
            log.error("the screen has stood still for %.1f s; traces are in stalls.log", silence)
            self._write()
        elif self._stalled_since is not None and silence <= self._patience:
            log.warning("the screen goes on after %.1f s", self._heard - self._stalled_since)
            self._stalled_since = None

    def _run(self) -> None:
        while not self._stopped.wait(self._pause):
            self.look(time.monotonic())

    def _write(self) -> None:
        try:
            mode = "w" if self._file.exists() and self._file.stat().st_size > LARGEST else "a"
            with self._file.open(mode, encoding="utf-8") as out:
                out.write(f"--- {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
                out.flush()
                faulthandler.dump_traceback(out, all_threads=True)
        except OSError as error:
            log.error("the traces could not be written: %s", error)
