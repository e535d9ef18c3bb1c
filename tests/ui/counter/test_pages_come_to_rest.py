"""Every page in windows of many widths: what it arranges by its width does not set that width."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from tests.ui.counter.scan_places import SCREENS

WIDTHS = (1366, 800, 900, 1000, 1008, 1040, 1100, 1200, 1300, 1320, 1400)
"""Widths of the window, one after the other: from a wide one to a narrow one first."""

MOST_TURNS = 20
"""Turns of the event loop in which a window of a new size comes to rest."""


class Resizes(QObject):
    """Counts how often a widget is given another size."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Resize
        return False


def turn(times: int = MOST_TURNS) -> None:
    for _ in range(times):
        QApplication.processEvents()


@pytest.fixture
def counter(shared_from_home):
    return shared_from_home


@pytest.mark.parametrize("name", SCREENS)
def test_page_comes_to_rest_at_each_width(qtbot, counter, name):
    window = counter.window
    window.show_screen(name)
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    counted = Resizes()
    window.screen_named(name).installEventFilter(counted)
    for height in (600, 900):
        for width in WIDTHS:
            window.resize(width, height)
            turn()
            counted.count = 0
            turn()
            assert counted.count == 0, (width, height)
