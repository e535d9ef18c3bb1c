"""Tab, arrows, Backspace and Delete as the first key of a burst, and pressed by a person."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from posapp.ui.core.theme import Theme
from posapp.ui.scanner.burst import GAP_MS
from posapp.ui.widgets.search_field import SearchField
from tests.ui.scanner.form import PLACES, found
from tests.ui.scanner.typing_hands import HAND_MS, SCANNER_MS, hostile_burst

_K = Qt.Key
LEAVING = (_K.Key_Tab,)
"""The key that moves the focus: arrows pass at once, a scanner sends none."""

ARROWS = (_K.Key_Up, _K.Key_Down, _K.Key_PageUp, _K.Key_PageDown)
EDITING = (_K.Key_Left, _K.Key_Right, _K.Key_Home, _K.Key_End, _K.Key_Backspace, _K.Key_Delete)


@pytest.fixture
def moved(form):
    """Rows to which a search field moved its list."""
    search, rows = SearchField(Theme("light"), form), []
    search.moved.connect(rows.append)
    search.setText("한빛")
    form.layout().addWidget(search)
    form.search = search
    return rows


def state(form, moved) -> tuple:
    return (
        *(form.written, form.search.text(), form.search.cursorPosition(), tuple(moved)),
        *(form.table.currentRow(), tuple(form.pressed), QApplication.focusWidget()),
    )


@pytest.mark.parametrize("ms", [SCANNER_MS, GAP_MS])
@pytest.mark.parametrize("key", LEAVING, ids=lambda one: one.name)
@pytest.mark.parametrize("place", [*PLACES, "search"])
def test_a_scan_that_begins_with_a_moving_key_moves_nothing(
    scans, form, moved, keyboard, place, key, ms
):
    form.table.setCurrentCell(1, 0)
    getattr(form, place).setFocus()
    before = state(form, moved)
    keyboard.press(key, 500)
    QApplication.processEvents()
    for each in (*"1199", Qt.Key.Key_Return):
        keyboard.press(each, ms)
    assert found(scans) == ["1199"]
    assert state(form, moved) == before


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("key", LEAVING, ids=lambda one: one.name)
def test_a_hostile_burst_after_a_moving_key(scans, form, moved, hangul, key, seed):
    chance = random.Random(f"{key} {seed}")
    place = chance.choice([*PLACES, "search"])
    form.table.setCurrentCell(1, 0)
    getattr(form, place).setFocus()
    before = state(form, moved)
    for each in (key, *hostile_burst(500, chance), Qt.Key.Key_Return):
        hangul.press(each, SCANNER_MS)
    found(scans)
    assert state(form, moved) == before


COMMANDS = (_K.Key_C, _K.Key_X, _K.Key_V, _K.Key_Y, _K.Key_Z)
_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def clipboard(qapp):
    clipboard = qapp.clipboard()
    clipboard.setText("적어 둔 것")
    yield clipboard
    clipboard.clear()


@pytest.mark.parametrize("ms", [SCANNER_MS, GAP_MS])
@pytest.mark.parametrize("key", COMMANDS, ids=lambda one: one.name)
@pytest.mark.parametrize("place", [*PLACES, "search"])
def test_a_scan_that_begins_with_ctrl_touches_no_clipboard_and_undoes_nothing(
    scans, form, moved, keyboard, clipboard, place, key, ms
):
    field = getattr(form, place)
    field.setFocus()
    if isinstance(field, (QLineEdit, QPlainTextEdit)):
        field.selectAll()
    before = state(form, moved)
    keyboard.press(key, 500, _CONTROL)
    QApplication.processEvents()
    for each in (*"1199", Qt.Key.Key_Return):
        keyboard.press(each, ms)
    assert found(scans) == ["1199"]
    assert clipboard.text() == "적어 둔 것"
    assert state(form, moved) == before


# People.


def test_a_person_copies_cuts_pastes_and_undoes(scans, form, keyboard, clipboard):
    form.line.setText("한빛")
    form.line.setFocus()
    form.line.selectAll()
    for key, copied, text in (
        (_K.Key_C, "한빛", "한빛"),
        (_K.Key_X, "한빛", ""),
        (_K.Key_V, "한빛", "한빛"),
        (_K.Key_Z, "한빛", ""),
    ):
        keyboard.press(key, HAND_MS, _CONTROL)
        scans.flush()  # the timer of the key
        assert (clipboard.text(), form.line.text()) == (copied, text), key.name
    assert found(scans) == [] and form.pressed == []


def test_a_pasted_text_is_followed_by_what_is_typed_close_behind_it(
    scans, form, keyboard, clipboard
):
    form.line.clear()
    form.line.setFocus()
    keyboard.press(_K.Key_V, HAND_MS, _CONTROL)
    keyboard.press("5", 20)
    assert found(scans) == []
    assert form.line.text() == "적어 둔 것5"


@pytest.mark.parametrize(
    ("key", "by"), [(_K.Key_Down, 1), (_K.Key_Up, -1), (_K.Key_PageDown, 8), (_K.Key_PageUp, -8)]
)
def test_a_person_moves_rows_from_a_search(scans, form, moved, keyboard, key, by):
    form.search.setFocus()
    for _ in range(3):
        keyboard.press(key, HAND_MS)
    assert found(scans) == []
    assert moved == [by] * 3


def test_a_person_leaves_a_field_by_tab_and_types_on(scans, form, keyboard):
    form.line.setFocus()
    form.line.clear()
    keyboard.type("12")
    keyboard.press(_K.Key_Tab, HAND_MS)
    scans.flush()  # the timer of the key
    assert QApplication.focusWidget() is form.other
    keyboard.type("34")
    assert found(scans) == []
    assert (form.line.text(), form.other.text()) == ("12", "34")


@pytest.mark.parametrize("ms", [20, HAND_MS], ids=["two fingers", "one finger"])
def test_what_follows_a_tab_goes_where_the_tab_leads(scans, form, keyboard, ms):
    """The program is busy: the next key arrives where the focus was before the Tab acts."""
    form.line.setFocus()
    form.line.clear()
    for key, text in ((_K.Key_Tab, "\t"), (_K.Key_7, "7"), (_K.Key_Return, "\r")):
        keyboard.now += ms
        target = keyboard.target()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QApplication.sendEvent(target, event)
    assert found(scans) == []
    assert (form.line.text(), form.other.text(), form.pressed) == ("", "7", [])


def test_a_tab_with_a_key_close_behind_it_still_comes_first(scans, form, keyboard):
    form.line.setFocus()
    keyboard.press(_K.Key_Tab, HAND_MS)
    keyboard.press("5", 20)
    assert found(scans) == []
    assert (form.line.text(), form.other.text()) == ("0", "5")


@pytest.mark.parametrize("key", EDITING, ids=lambda one: one.name)
def test_an_editing_key_in_a_field_is_never_late(scans, form, keyboard, key):
    form.line.setFocus()
    form.line.setText("한빛")
    form.line.setCursorPosition(1)
    keyboard.press(key, HAND_MS)
    assert not scans._held, "it was held"
    assert (form.line.text(), form.line.cursorPosition()) != ("한빛", 1)


@pytest.mark.parametrize("key", LEAVING, ids=lambda one: one.name)
def test_a_moving_key_waits_for_one_gap_at_most(scans, form, moved, keyboard, key):
    form.search.setFocus()
    before = state(form, moved)
    keyboard.press(key, HAND_MS)
    assert state(form, moved) == before
    assert 0 < scans._timer.patience_ms <= GAP_MS
    scans._timer.ended.emit()
    assert state(form, moved) != before


@pytest.mark.parametrize("key", ARROWS, ids=lambda one: one.name)
def test_an_arrow_acts_at_once(scans, form, moved, keyboard, key):
    """An arrow is never late: a person who holds a list by the arrows must see it move."""
    form.search.setFocus()
    keyboard.press(key, HAND_MS)
    assert len(moved) == 1 and not scans._held
