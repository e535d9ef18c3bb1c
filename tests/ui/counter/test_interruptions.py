"""A theme or a language changed in the middle of every flow takes nothing away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.ui.core.theme import AUTO, THEMES
from tests.ui.counter.flow_places import FLOWS, end_undo, left_in_korean, texts_on, what_is_there
from tests.ui.scanner.typing_hands import HAND_MS

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def as_before(counter):
    yield
    end_undo(counter)
    counter.texts.set_language("ko")
    counter.theme.set_name("light")


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


@pytest.mark.parametrize("flow", FLOWS, ids=lambda one: one.__name__)
def test_another_language_in_the_middle(qtbot, counter, keyboard, paid, flow):
    before = begin(qtbot, counter, paid, flow)
    press(counter, keyboard, Qt.Key.Key_F9)
    assert counter.texts.language == "en"
    assert changed(before, what_is_there(counter)) == {}
    assert left_in_korean(counter) == []
    press(counter, keyboard, Qt.Key.Key_F9)
    assert counter.texts.language == "ko"
    assert changed(before, what_is_there(counter)) == {}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda one: one.__name__)
def test_every_theme_in_the_middle(qtbot, counter, keyboard, paid, flow):
    before = begin(qtbot, counter, paid, flow)
    said = sorted({text for _, text in texts_on(counter)})
    seen = set()
    for _ in (AUTO, *THEMES):
        press(counter, keyboard, Qt.Key.Key_F10)
        seen.add(counter.theme.choice)
        assert changed(before, what_is_there(counter)) == {}
    assert seen == {AUTO, *THEMES} and len(said) > 10
