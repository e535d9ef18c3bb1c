"""Unplugs, turns and scales screens under a real counter; started by test_screens_that_change.

The changes are those that a platform's plugin reports to Qt. They come by the same functions of
Qt's own library, which PySide does not offer.
"""

from __future__ import annotations

import ctypes
import sys
import tempfile
from itertools import count
from pathlib import Path

import PySide6
import shiboken6
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication

from posapp.ui.core.theme import STYLE_ARGUMENTS
from posapp.ui.navigation.counter_window import CounterWindow
from tests.pictures.records import write_records
from tests.pictures.visits import VISITS, leave, until
from tests.pictures.waiting import Waiting
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.geometry import problems
from tests.ui.pay.test_qr import read

LIBRARY = Path(PySide6.__file__).parent / "Qt" / "lib" / "libQt6Gui.so.6"

NAMES = "stays", "goes"
"""Names of the two screens."""

TURNED, SCALED, ROOMY = QRect(0, 0, 768, 1366), QRect(0, 0, 1093, 614), QRect(0, 0, 1366, 768)
"""The screen that stays: turned, as at scale 1.25, and as it was."""


class Platform:
    """Reports changes of screens as a platform's plugin does."""

    def __init__(self) -> None:
        self._gui = ctypes.CDLL(str(LIBRARY))

    def change(self, screen: QScreen, room: QRect) -> None:
        change = (
            self._gui._ZN22QWindowSystemInterface26handleScreenGeometryChangeEP7QScreenRK5QRectS4_
        )
        change.restype, change.argtypes = None, [ctypes.c_void_p] * 3
        change(*(_pointer(one) for one in (screen, room, room)))


def _pointer(wrapped: object) -> int:
    return int(shiboken6.getCppPointer(wrapped)[0])


def assert_fits(counter: CounterWindow, state: str, room: QRect) -> None:
    """Wait until the window is on its screen, and check what it shows there."""
    window = counter.window
    until(lambda: window.screen().geometry() == room)
    until(lambda: room.contains(window.frameGeometry()))
    until(lambda: problems(window) == [])
    assert window.isVisible()
    if state == "pay_qr":
        assert counter.screens.pay.is_live
        until(lambda: _read(counter))


def _read(counter: CounterWindow) -> bool:
    link = counter.screens.pay.progress.attempt.link_url
    return [text for text, _ in read(counter.window.grab().toImage())] == [link]


def main() -> None:
    """Change the first screen under the page of the argument, and then unplug the second one."""
    state = sys.argv[1]
    app = QApplication([sys.argv[0], *STYLE_ARGUMENTS])
    stays, goes = (next(one for one in app.screens() if one.name() == name) for name in NAMES)
    platform = Platform()
    with tempfile.TemporaryDirectory() as home:
        records, pace = write_records("usual", Path(home)), count(1_000, 200).__next__
        with demo_counter(Waiting(), Path(home), pace, records=records) as counter:
            window = counter.window
            window.setGeometry(stays.geometry().adjusted(8, 8, -8, -8))
            until(lambda: window.screen() is stays)
            VISITS[state].open(counter)
            for room in (TURNED, ROOMY, SCALED, TURNED, ROOMY):
                platform.change(stays, room)
                assert_fits(counter, state, room)
            window.move(goes.geometry().topLeft() + QPoint(40, 60))
            until(lambda: window.screen() is goes)
            window.resize(1600, 900)
            # What Qt does when a plugin reports that a screen is gone. The offscreen one would use
            # the screen again.
            window.windowHandle().setScreen(stays)
            app.screenRemoved.emit(goes)
            assert_fits(counter, state, ROOMY)
            leave(counter)


if __name__ == "__main__":
    main()
