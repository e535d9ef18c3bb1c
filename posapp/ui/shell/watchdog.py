"""Watchdog: detects a frozen screen and writes the tracebacks of all threads.

A frozen screen is a bug of ours, or a disk or driver that hangs. The cause cannot be found
afterwards, so the tracebacks are written during the stall.
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
"""Interval of the heartbeat in milliseconds."""

PATIENCE_MS = 5_000
"""Silence in milliseconds after which the tracebacks are written."""

LARGEST = 1_000_000
"""Size limit of ``stalls.log`` in bytes; beyond it, the file is restarted."""


class Watchdog(QObject):
    """Heartbeat on the GUI thread, and a daemon thread that checks it.

    One stall is written once, however long it lasts. Tracebacks contain files, lines and functions,
    never values, so nothing in them is secret.
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
        self._listener = StallDetector(self.file, patience_ms)
        self._timer = QTimer(self)
        self._timer.setInterval(beat_ms)
        self._timer.timeout.connect(self._listener.heartbeat)

    @property
    def stalls(self) -> int:
        """Return the number of stalls."""
        return self._listener.stalls

    def start(self) -> None:
        """Start watching."""
        self._listener.start()
        self._timer.start()

    def stop(self) -> None:
        """Stop watching; a second call does nothing."""
        self._timer.stop()
        self._listener.stop()


class StallDetector:
    """The checking thread. No ``QObject``: it outlives the widgets and touches nothing of Qt's.

    Times are seconds of the monotonic clock; tests pass their own.
    """

    def __init__(self, file: Path, patience_ms: int) -> None:
        self.stalls = 0
        self._file = file
        self._patience = patience_ms / 1000
        self._pause = self._patience / 5
        self._last_heartbeat = self._last_check = time.monotonic()
        self._stalled_since: float | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def heartbeat(self, at: float | None = None) -> None:
        """Record a heartbeat. Called on the GUI thread."""
        self._last_heartbeat = time.monotonic() if at is None else at

    def start(self) -> None:
        """Start the thread."""
        self._last_heartbeat = self._last_check = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stopped.set()

    def check(self, now: float) -> None:
        """Write the tracebacks once when a silence is too long, and log its end."""
        slept = now - self._last_check > self._pause + self._patience / 2
        self._last_check = now
        if slept:
            # This thread was paused too: the machine slept, or is overloaded.
            self._last_heartbeat = max(self._last_heartbeat, now)
        silence = now - self._last_heartbeat
        if self._stalled_since is None and silence > self._patience:
            self._stalled_since = self._last_heartbeat
            self.stalls += 1
            log.error("the screen has stood still for %.1f s; traces are in stalls.log", silence)
            self._write_trace()
        elif self._stalled_since is not None and silence <= self._patience:
            log.warning(
                "the screen goes on after %.1f s", self._last_heartbeat - self._stalled_since
            )
            self._stalled_since = None

    def _run(self) -> None:
        while not self._stopped.wait(self._pause):
            self.check(time.monotonic())

    def _write_trace(self) -> None:
        try:
            mode = "w" if self._file.exists() and self._file.stat().st_size > LARGEST else "a"
            with self._file.open(mode, encoding="utf-8") as out:
                out.write(f"--- {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
                out.flush()
                faulthandler.dump_traceback(out, all_threads=True)
        except OSError as error:
            log.error("the traces could not be written: %s", error)
