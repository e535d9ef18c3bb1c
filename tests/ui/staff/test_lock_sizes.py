"""The lock in windows of any width: its tiles follow the width, and never the reverse."""

from __future__ import annotations

import pytest

from tests.ui.counter.test_pages_come_to_rest import Resizes, turn


@pytest.mark.parametrize("width", range(800, 1300, 20))
@pytest.mark.parametrize("before", [1366, 800])
def test_lock_comes_to_rest_at_each_width(locked, before, width):
    window, lock = locked.window, locked.lock.screen
    counted = Resizes()
    lock.installEventFilter(counted)
    for each in (before, width):
        window.resize(each, 700)
        turn()
    counted.count = 0
    turn()
    assert counted.count == 0
    assert lock.tiles[0].isVisible()
