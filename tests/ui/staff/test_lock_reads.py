"""The lock is read aloud as it looks, and reached by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from posapp.ui.core.i18n import LANGUAGES
from tests.pictures.visits import LOCKS, leave
from tests.ui.counter.test_accessible_tree import MESSAGE_ID, nodes, unnamed, wrong_roles
from tests.ui.counter.test_reading_order import way_round
from tests.ui.staff.staff_counter import settle

__all__ = ["nodes"]


@pytest.fixture(params=LOCKS)
def lock(qtbot, locked, request):
    """A state of the lock, of people who are in no record."""
    LOCKS[request.param].open(locked)
    settle(qtbot, locked)
    yield request.param, locked
    locked.texts.set_language("ko")
    leave(locked)


def test_it_reads_as_it_looks(qtbot, lock):
    _, counter = lock
    for language in LANGUAGES:
        counter.texts.set_language(language)
        settle(qtbot, counter)
        found = list(nodes(QAccessible.queryAccessibleInterface(counter.window)))
        assert unnamed(found) == [] and wrong_roles(found) == []
        texts = [text for node in found for text in (node.name, node.description) if text]
        assert [text for text in texts if MESSAGE_ID.fullmatch(text)] == []
        for tile in counter.lock.screen.tiles:
            role = counter.texts(f"staff.role_{tile.person.role.value}")
            assert f"{tile.number}  {tile.person.name}, {role}" in texts


def test_every_tile_and_the_pin_are_reached_by_tab_both_ways(qtbot, lock):
    state, counter = lock
    screen = counter.lock.screen
    screen.focus()
    there, back = way_round(counter), way_round(counter, forward=False)
    assert set(there) == set(back)
    assert set(screen.tiles) <= set(there)
    assert (screen.pin in there) == (state == "lock_pin")
    assert not any(key in there for key in screen.keypad.digits), "the digits are on the keyboard"
    assert QApplication.focusWidget() is not None
