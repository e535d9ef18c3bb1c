"""Termination signals close the window like its close button: the user is asked first."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

log = logging.getLogger(__name__)

PATIENCE_MS = 20_000
"""Timeout of the question in milliseconds.

A session manager kills what does not end, and no data depends on the answer.
"""

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP")
_NUMBERS = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


class Termination(QObject):
    """Turns SIGTERM, SIGINT and SIGHUP into ``requested``. For the main thread.

    A second signal, or a timeout with a dialog still open, becomes ``insisted``.
    """

    requested = Signal()
    """Termination requested: close the window, which asks the user if there is a reason."""

    insisted = Signal()
    """Second request, or a timeout with a dialog still open: close at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Qt's loop sleeps in C++, where Python's handlers do not run: a byte wakes it.
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._take)
        self._before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}
        self._fd_before = -1
        self._was_requested = False
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(PATIENCE_MS)
        self._limit.timeout.connect(self._no_answer)

    def install(self) -> None:
        """Install the signal handlers."""
        self._fd_before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in _NUMBERS:
            self._before[number] = signal.signal(number, _nothing)

    def remove(self) -> None:
        """Restore the previous signal handlers."""
        self._limit.stop()
        self._notifier.setEnabled(False)
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if self._before:
            signal.set_wakeup_fd(self._fd_before)
        self._before.clear()
        self._ours.close()
        self._theirs.close()

    @Slot()
    def _take(self) -> None:
        try:
            decided = self._ours.recv(64)
        except OSError:
            return
        for number in decided:
            if number in _NUMBERS:
                self._ask(number)

    def _ask(self, number: int) -> None:
        log.warning("%s: the program is asked to end", signal.Signals(number).name)
        if self._was_requested:
            self.insisted.emit()
            return
        self._was_requested = True
        self._limit.start()
        self.requested.emit()

    @Slot()
    def _no_answer(self) -> None:
        """Insist only if a dialog is still open.

        Without one, the user chose to stay, and the next signal asks again.
        """
        self._was_requested = False
        if QApplication.activeModalWidget() is not None:
            self.insisted.emit()


def _nothing(number: int, frame: FrameType | None) -> None:
    """Do nothing: the byte on the socket carries the signal."""
