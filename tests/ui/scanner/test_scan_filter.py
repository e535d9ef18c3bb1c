"""A scanner's keys reach no widget; a person's keys reach every widget."""

from __future__ import annotations

import random
from itertools import pairwise, product

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from posapp.ui.scanner.code import keys_of
from tests.ui.scanner.form import PLACES, found
from tests.ui.scanner.typing_hands import ENDS, HAND_MS, SCANNER_MS, hostile_burst


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_scan_presses_and_writes_nothing(scans, form, keyboard, place, end):
    getattr(form, place).setFocus()
    before, focus = form.written, QApplication.focusWidget()
    keyboard.scan("1199", end)
    assert found(scans) == ["1199"]
    assert form.pressed == []
    assert form.written == before
    assert QApplication.focusWidget() is focus


@pytest.mark.parametrize("code", ["7", "12", "999", "PO1", "8801043014830", "A" * 5_000])
@pytest.mark.parametrize("place", ["button", "table", "by_key"])
def test_a_code_of_any_length_presses_nothing(scans, form, keyboard, place, code):
    getattr(form, place).setFocus()
    keyboard.scan(code)
    assert found(scans) == [code[:200]]
    assert form.pressed == []


@pytest.mark.parametrize("code", ["12", "999", "PO1", "8801043014830", "A" * 5_000])
def test_a_code_of_any_length_leaves_a_field_as_it_was(scans, form, keyboard, code):
    form.line.setFocus()
    form.line.setText("한빛 상점")
    form.line.setSelection(3, 2)
    before = form.written
    keyboard.scan(code)
    assert found(scans) == [code[:200]]
    assert form.written == before
    assert form.pressed == []


@pytest.mark.parametrize("ms", [1, 10, 24, 40, 50])
def test_slow_and_fast_scanners(scans, form, keyboard, ms):
    form.button.setFocus()
    keyboard.scan("1199", ms=ms)
    assert found(scans) == ["1199"]
    assert form.pressed == []


def test_a_scanner_that_sends_no_end(scans, form, keyboard):
    form.line.setFocus()
    before = form.written
    keyboard.scan("8801043014830", end=None)
    assert found(scans) == ["8801043014830"]
    assert form.written == before


def test_two_scans_in_quick_succession(scans, form, keyboard):
    form.button.setFocus()
    keyboard.scan("1199")
    for key in (*"1200", Qt.Key.Key_Return):
        keyboard.press(key, SCANNER_MS)
    assert found(scans) == ["1199", "1200"]
    assert form.pressed == []


def test_an_enter_belongs_to_the_scan_for_a_moment_and_then_to_the_person(scans, form, keyboard):
    form.button.setFocus()
    keyboard.scan("1199")
    keyboard.press(Qt.Key.Key_Return, 149)
    assert found(scans) == ["1199"]
    assert form.pressed == []
    keyboard.press(Qt.Key.Key_Return, 2)
    scans.flush()
    assert form.pressed == ["button"]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("place", PLACES)
def test_five_thousand_keys_with_everything_among_them(scans, form, keyboard, place, seed):
    getattr(form, place).setFocus()
    before = form.written
    for key in hostile_burst(5_000, random.Random(f"{place} {seed}")):
        keyboard.press(key, SCANNER_MS)
    keyboard.press(Qt.Key.Key_Return, SCANNER_MS)
    found(scans)
    assert form.pressed == []
    assert form.written == before


HANGUL = [
    # (steps, what the scanner sent)
    ([*"880", ("", "ㅁ"), ("", "뮤"), ("뮤", "ㅃ"), ("ㅃ", ""), *"-12"], "880abQ-12"),
    ([("", "ㅖ"), ("ㅖ", "ㅒ"), ("ㅒ", ""), *"1200"], "PO1200"),
    ([("", "ㅁ"), ("", "무"), ("", "문"), ("문", "ㅇ")], "ansd"),
]


@pytest.mark.parametrize(("steps", "sent"), HANGUL)
@pytest.mark.parametrize("place", ["line", "text"])
def test_a_scan_in_hangul_mode(scans, form, keyboard, place, steps, sent):
    getattr(form, place).setFocus()
    before = form.written
    keyboard.scan_in_hangul(steps)
    assert [keys_of(one) for one in found(scans)] == [sent]
    assert form.written == before
    assert form.pressed == []


def test_the_syllable_that_a_scan_left_behind_is_not_written_late(scans, form, keyboard):
    form.line.setFocus()
    before = form.written
    keyboard.scan_in_hangul([*"120", ("", "ㅁ")])
    keyboard.now += 20
    keyboard.compose("ㅁ", "")
    assert len(found(scans)) == 1
    assert form.written == before


CODES = ("PO1200", "PO1199X", "ABC-12/x", "Qkrqt", "8801043014830", "rkqt", "]C1PO7")


@pytest.mark.parametrize("place", PLACES)
def test_any_code_in_hangul_mode(scans, form, hangul, place):
    getattr(form, place).setFocus()
    before = form.written
    for code, end in product(CODES, ENDS):
        scans.found.clear()
        hangul.scan(code, end)
        assert [keys_of(one).casefold() for one in found(scans)] == [code.casefold()], end
        assert (form.written, form.pressed) == (before, []), (code, end)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("place", ["line", "text"])
def test_a_scan_leaves_the_syllable_that_a_person_was_composing(scans, form, hangul, place, code):
    field = getattr(form, place)
    field.setFocus()
    field.selectAll()
    hangul.type("gksqlc")
    hangul.scan(code)
    assert [keys_of(one).casefold() for one in found(scans)] == [code.casefold()]
    text = form.line.text() if place == "line" else form.text.toPlainText()
    assert (text, form.pressed) == ("한빛", [])


def test_a_syllable_that_a_person_took_back_does_not_return(scans, form, hangul):
    form.line.setFocus()
    form.line.clear()
    hangul.type("g")
    hangul.method.flush()
    hangul.compose("", "")  # Backspace, which the input method keeps to itself
    hangul.scan("PO1200")
    assert [keys_of(one) for one in found(scans)] == ["PO1200"]
    assert form.line.text() == ""


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("place", PLACES)
def test_five_thousand_keys_in_hangul_mode(scans, form, hangul, place, seed):
    getattr(form, place).setFocus()
    before = form.written
    for key in hostile_burst(5_000, random.Random(f"{place} {seed}")):
        hangul.press(key, SCANNER_MS)
    hangul.press(Qt.Key.Key_Return, SCANNER_MS)
    found(scans)
    assert (form.written, form.pressed) == (before, [])


@pytest.mark.parametrize("place", ["line", "text"])
def test_a_field_that_the_program_empties_during_a_scan_stays_empty(scans, form, keyboard, place):
    """A page that opens while a scan arrives empties its fields."""
    field = getattr(form, place)
    field.setFocus()
    keyboard.press("1", 500)
    QApplication.processEvents()
    field.clear()
    for key in (*"199", Qt.Key.Key_Return):
        keyboard.press(key, SCANNER_MS)
    assert found(scans) == ["1199"]
    assert (form.line.text() if place == "line" else form.text.toPlainText()) == ""


# People.


def test_a_person_types_and_presses_enter(scans, form, keyboard):
    form.line.setFocus()
    form.line.clear()
    keyboard.type("1200")
    keyboard.press(Qt.Key.Key_Return, HAND_MS)
    assert found(scans) == []
    assert form.line.text() == "1200"
    assert form.pressed == ["line"]


@pytest.mark.parametrize("ms", [51, 60, 90])
def test_a_fast_typist(scans, form, keyboard, ms):
    form.line.setFocus()
    form.line.clear()
    keyboard.type("01012345678", ms)
    keyboard.press(Qt.Key.Key_Return, ms)
    assert found(scans) == []
    assert form.line.text() == "01012345678"
    assert form.pressed == ["line"]


def test_two_fingers_that_fall_together_lose_nothing(scans, form, keyboard):
    form.line.setFocus()
    form.line.clear()
    for character, ms in zip("서울로 12가", (120, 15, 120, 8, 130, 20, 110), strict=True):
        keyboard.press(character, ms)
    keyboard.press(Qt.Key.Key_Return, 30)
    assert found(scans) == []
    assert form.line.text() == "서울로 12가"
    assert form.pressed == ["line"]


def test_a_key_that_is_held_writes_on(scans, form, keyboard):
    form.line.setFocus()
    form.line.clear()
    keyboard.press("0", HAND_MS)
    keyboard.now += 300
    keyboard.repeat(Qt.Key.Key_0, 20, "0")
    keyboard.press(Qt.Key.Key_Return, HAND_MS)
    assert found(scans) == []
    assert form.line.text() == "0" * 21
    assert form.pressed == ["line"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_key_that_is_held_presses_once(scans, form, keyboard, key):
    form.button.setFocus()
    keyboard.press(key, HAND_MS)
    keyboard.repeat(key, 3)
    scans.flush()
    keyboard.now += 300
    keyboard.repeat(key, 40)
    scans.flush()
    assert form.pressed == ["button"]


@pytest.mark.parametrize("key", [Qt.Key.Key_F8, Qt.Key.Key_F2, Qt.Key.Key_Escape])
def test_a_function_key_that_is_held_presses_once(scans, form, keyboard, key):
    form.table.setFocus()
    keyboard.press(key, HAND_MS)
    scans.flush()
    keyboard.now += 300
    keyboard.repeat(key, 40)
    scans.flush()
    assert len(form.pressed) == 1


def test_a_shortcut_of_a_person(scans, form, keyboard):
    form.line.setFocus()
    keyboard.press(Qt.Key.Key_F8, HAND_MS)
    scans.flush()
    keyboard.press(Qt.Key.Key_F2, HAND_MS)
    scans.flush()
    assert form.pressed == ["F8", "F2"]
    assert found(scans) == []


def test_hangul_by_hand(scans, form, keyboard):
    form.line.setFocus()
    form.line.clear()
    for committed, composing in [
        ("", "ㅎ"),
        ("", "하"),
        ("", "한"),
        ("한", "ㅂ"),
        ("", "비"),
        ("", "빛"),
    ]:
        keyboard.now += HAND_MS
        keyboard.compose(committed, composing)
    keyboard.now += HAND_MS
    keyboard.compose("빛", "")  # the input method commits at Enter, and passes it on
    keyboard.press(Qt.Key.Key_Return, 1)
    assert found(scans) == []
    assert form.line.text() == "한빛"
    assert form.pressed == ["line"]


@pytest.mark.parametrize("ms", [60, HAND_MS])
def test_hangul_by_a_fast_hand(scans, form, hangul, ms):
    form.line.setFocus()
    form.line.clear()
    hangul.type("gksqlc tkdwja 12", ms)
    hangul.press(Qt.Key.Key_Return, ms)
    assert found(scans) == []
    assert (form.line.text(), form.pressed) == ("한빛 상점 12", ["line"])


def test_delayed_enter_does_not_press_a_new_button(scans, form, keyboard):
    form.button.setFocus()
    keyboard.press(Qt.Key.Key_Return, HAND_MS)
    form.by_key.setFocus()
    scans.flush()
    assert form.pressed == []


def test_key_times_of_the_window_system_are_used(scans, form, keyboard):
    """The program was busy for two seconds, and typed keys arrive all at once."""
    form.line.setFocus()
    form.line.clear()
    stamps = [5_000 + 130 * at for at in range(5)]
    assert min(b - a for a, b in pairwise(stamps)) > 50
    for stamp, character in zip(stamps, "1200\r", strict=True):
        is_end = character == "\r"
        code = Qt.Key.Key_Return if is_end else Qt.Key(ord(character))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, character)
            event.setTimestamp(stamp)
            QApplication.sendEvent(form.line, event)
    assert found(scans) == []
    assert form.line.text() == "1200"
    assert form.pressed == ["line"]


def test_delayed_keys_are_delivered_by_a_timer(scans, form, keyboard, qtbot):
    form.button.setFocus()
    keyboard.press(Qt.Key.Key_Return, HAND_MS)
    qtbot.waitUntil(lambda: form.pressed == ["button"])
