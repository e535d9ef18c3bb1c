"""The lock in windows of any width: its tiles follow the width, and never the reverse."""

from __future__ import annotations

import pytest

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.shell.main_window import SMALLEST
from tests.pictures.visits import LOCKS, PEOPLE, leave
from tests.ui.counter.test_pages_come_to_rest import Resizes, turn
from tests.ui.staff.staff_counter import settle


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


def written(tile) -> str:
    return "".join(tile.text().split())


def is_whole(tile) -> bool:
    """Its lines fit on it, and nothing lies over it."""
    metrics, lines = tile.fontMetrics(), tile.text().split("\n")
    wide = max(map(metrics.horizontalAdvance, lines)) <= tile.width() - 2 * 16
    high = metrics.lineSpacing() * len(lines) <= tile.height()
    return wide and high and tile.visibleRegion().boundingRect() == tile.rect()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_is_whole_on_its_tile(qtbot, locked, language):
    locked.window.resize(*SMALLEST)
    LOCKS["lock"].open(locked)
    locked.texts.set_language(language)
    settle(qtbot, locked)
    tiles = locked.lock.screen.tiles
    for number, (tile, person) in enumerate(zip(tiles, PEOPLE, strict=True), 1):
        role = locked.texts(f"staff.role_{person.role.value}")
        assert written(tile) == "".join(f"{number}{person.name}{role}".split())
        assert is_whole(tile)
    locked.texts.set_language("ko")
    leave(locked)
