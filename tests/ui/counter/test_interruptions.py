"""A theme or a language changed in the middle of every flow takes nothing away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.ui.core.theme import AUTO, THEMES
from posapp.ui.shell.routes import COUNTER_SIZES
from tests.ui.counter.flow_places import FLOWS, end_undo, left_in_korean, texts_on, what_is_there
from tests.ui.geometry import problems
from tests.ui.scanner.typing_hands import HAND_MS

pytestmark = pytest.mark.slow


CHOICES = (AUTO, *THEMES)
"""In the order of the key."""


_TURNS = 20
"""Turns of the event loop after which every layout has settled; most have after two."""


@pytest.fixture(scope="module", autouse=True)
def as_before(shared):
    size = shared.window.size()
    yield
    shared.window.resize(size)
    shared.theme.set_name("light")


@pytest.fixture(autouse=True)
def in_korean(counter):
    yield
    end_undo(counter)
    counter.texts.set_language("ko")


def press(counter, keyboard, key: Qt.Key) -> None:
    keyboard.press(key, HAND_MS)
    counter._scans.flush()
    for _ in range(3):
        QApplication.processEvents()


def begin(qtbot, counter, paid, flow) -> dict[str, object]:
    flow(qtbot, counter, paid)
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()
    return what_is_there(counter)


def changed(before: dict, now: dict) -> dict:
    keys = before.keys() | now.keys()
    return {key: (before.get(key), now.get(key)) for key in keys if before.get(key) != now.get(key)}


def cut(counter) -> list[str]:
    """What is cut or covered once all layouts have settled."""
    found: list[str] = []
    for turn in range(_TURNS):
        QApplication.processEvents()
        shown = QApplication.activeModalWidget() or counter.window
        found = problems(shown) if turn > 1 else ["not settled"]
        if not found:
            break
    return found


@pytest.mark.parametrize("flow", FLOWS, ids=lambda one: one.__name__)
def test_another_language_and_theme_in_the_middle(qtbot, request, counter, keyboard, paid, flow):
    """In ``make test`` the next theme in each flow, of all in turns; else every theme in each."""
    counter.theme.set_name(CHOICES[FLOWS.index(flow) % len(CHOICES)])
    counter.window.resize(*COUNTER_SIZES[0])
    before = begin(qtbot, counter, paid, flow)
    said = {text for _, text in texts_on(counter)}
    press(counter, keyboard, Qt.Key.Key_F9)
    assert counter.texts.language == "en"
    assert changed(before, what_is_there(counter)) == {}
    assert left_in_korean(counter) == []
    assert cut(counter) == []
    press(counter, keyboard, Qt.Key.Key_F9)
    assert counter.texts.language == "ko"
    assert changed(before, what_is_there(counter)) == {}
    for _ in CHOICES if request.config.getoption("--every-size") else CHOICES[:1]:
        next_one = CHOICES[(CHOICES.index(counter.theme.choice) + 1) % len(CHOICES)]
        press(counter, keyboard, Qt.Key.Key_F10)
        assert counter.theme.choice == next_one
        assert changed(before, what_is_there(counter)) == {}
    assert len(said) > 10
