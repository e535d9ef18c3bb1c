"""A shop's own settings of its scanner, and the hint at NumLock."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from posapp.domain.settings import Settings
from posapp.ui.scanner import num_lock
from posapp.ui.scanner.burst import GAP_MS, MARKED_GAP_MS, ScanRules
from posapp.ui.scanner.code import decode, mark_of, without_mark
from tests.ui.scanner.form import found
from tests.ui.scanner.typing_hands import HAND_MS

_K = Qt.Key
PREFIXES = {"~": "~", "AIM": "]C1"}
"""The setting, and what the scanner sends before a code."""


def test_the_usual_rules_are_those_of_the_settings():
    usual = Settings()
    assert ScanRules(usual.scan_gap_ms, usual.scan_prefix) == ScanRules()
    assert ScanRules().gap_ms == GAP_MS


@pytest.mark.parametrize(
    ("scanned", "prefix", "mark"),
    [
        *(("~1199", "~", 1), ("1199", "~", 0), ("~", "~", 1), ("1~", "~", 0), ("~1", "", 0)),
        *(("]C11199", "AIM", 3), ("]ㅊ11199", "AIM", 3), ("]C", "AIM", 0), ("C11", "AIM", 0)),
        *(("]C1", "]", 1), ("～1199", "~", 1), ("", "~", 0), ("", "AIM", 0)),
    ],
)
def test_the_mark_of_a_scanner(scanned, prefix, mark):
    assert mark_of(scanned, prefix) == mark


def test_an_own_mark_is_no_part_of_the_code_and_an_identifier_is_decoded_away():
    assert without_mark("~1199", "~") == "1199"
    assert without_mark("~~1199", "~") == "~1199"
    assert decode(without_mark("]C11199", "AIM")) == "1199"


@pytest.mark.parametrize("rules", [ScanRules(gap_ms=ms) for ms in (20, 50, 100)], ids=str)
@pytest.mark.parametrize("place", ["line", "button"])
def test_the_gap_of_a_shop_separates_a_scanner_from_a_hand(scans, form, keyboard, rules, place):
    getattr(form, place).setFocus()
    before = form.written
    keyboard.scan("1199", ms=rules.gap_ms)
    assert (found(scans), form.written, form.pressed) == (["1199"], before, [])
    scans.found.clear()
    keyboard.now += 500
    keyboard.type("88", rules.gap_ms + 1)
    keyboard.press(_K.Key_Return, rules.gap_ms + 1)
    assert (found(scans), form.pressed) == ([], [place])


@pytest.mark.parametrize("rules", [ScanRules(gap_ms=100)], ids=str)
def test_a_wide_gap_takes_no_enter_from_a_person(scans, form, keyboard, rules):
    form.line.setFocus()
    form.line.clear()
    keyboard.type("12", 101)
    keyboard.press(_K.Key_Return, 100)
    assert (found(scans), form.line.text(), form.pressed) == ([], "12", ["line"])


def marked(rules: ScanRules, code: str) -> str:
    return PREFIXES[rules.prefix] + code


MARKED = pytest.mark.parametrize("rules", [ScanRules(prefix=one) for one in PREFIXES], ids=str)


@MARKED
@pytest.mark.parametrize("end", ["Return", None])
@pytest.mark.parametrize("place", ["line", "text", "button", "table"])
@pytest.mark.parametrize("code", ["7", "12", "1199", "ABC-12/x"])
def test_a_marked_scan_is_sure_at_any_length(scans, form, keyboard, rules, place, end, code):
    getattr(form, place).setFocus()
    before = form.written
    keyboard.scan(marked(rules, code), end, ms=40)
    assert [decode(one) for one in found(scans)] == [code]
    assert (form.written, form.pressed) == (before, [])


@MARKED
@pytest.mark.parametrize("ms", [GAP_MS + 1, MARKED_GAP_MS])
def test_a_marked_scan_may_be_slow(scans, form, keyboard, rules, ms):
    form.line.setFocus()
    before = form.written
    keyboard.scan(PREFIXES[rules.prefix], None, ms=10)
    for key in (*"12", _K.Key_Return):
        keyboard.press(key, ms)
    assert [decode(one) for one in found(scans)] == ["12"]
    assert (form.written, form.pressed) == (before, [])


@MARKED
def test_a_marked_scan_in_hangul_mode(scans, form, hangul, rules):
    form.line.setFocus()
    before = form.written
    for key in (*marked(rules, "PO1199"), _K.Key_Return):
        hangul.press(key, 40)
    assert [decode(one).casefold() for one in found(scans)] == ["po1199"]
    assert (form.written, form.pressed) == (before, [])


@MARKED
@pytest.mark.parametrize("place", ["line", "button"])
def test_a_scanner_without_its_mark_presses_nothing_either(scans, form, keyboard, rules, place):
    getattr(form, place).setFocus()
    before = form.written
    keyboard.scan("1199")
    assert (found(scans), form.written, form.pressed) == (["1199"], before, [])


@MARKED
@pytest.mark.parametrize("typed", ["", "5", "12"])
def test_a_person_may_type_the_mark(scans, form, keyboard, rules, typed):
    form.line.setFocus()
    form.line.clear()
    keyboard.type(marked(rules, typed), HAND_MS)
    keyboard.press(_K.Key_Return, HAND_MS)
    assert found(scans) == []
    assert (form.line.text(), form.pressed) == (marked(rules, typed), ["line"])


# NumLock.


@pytest.fixture
def hints(scans, monkeypatch):
    seen = []
    scans.num_lock.found_off.connect(lambda: seen.append("off"))
    return seen


ARROWS = (_K.Key_End, _K.Key_Down, _K.Key_Insert, _K.Key_Clear, _K.Key_Delete)


@pytest.mark.parametrize("key", ARROWS, ids=lambda one: one.name)
def test_a_pad_that_moves_in_a_field_is_hinted_at_once(scans, form, keyboard, hints, key):
    form.line.setFocus()
    for _ in range(3):
        keyboard.press_on_pad(key)
        keyboard.press_on_pad(_K.Key_Down)
    assert hints == ["off"]
    form.other.setFocus()
    keyboard.press_on_pad(key)
    assert hints == ["off"]


def test_it_is_hinted_at_again_when_it_was_on_between(scans, form, keyboard, hints):
    form.line.setFocus()
    keyboard.press_on_pad(_K.Key_End)
    keyboard.press_on_pad(_K.Key_1, "1")
    keyboard.press_on_pad(_K.Key_End)
    assert hints == ["off"] * 2


@pytest.mark.parametrize("place", ["table", "button", "text"])
def test_arrows_of_the_pad_elsewhere_are_arrows(scans, form, keyboard, hints, place):
    getattr(form, place).setFocus()
    for key in ARROWS:
        keyboard.press_on_pad(key)
    assert hints == []


def test_arrows_beside_the_pad_say_nothing(scans, form, keyboard, hints):
    form.line.setFocus()
    for key in ARROWS:
        keyboard.press(key, HAND_MS)
    assert hints == []


def test_arrows_of_a_mac_say_nothing(qapp, form, keyboard, monkeypatch):
    """Qt marks all of them as keys of a pad there."""
    monkeypatch.setattr(num_lock, "HAS_NUM_LOCK", False)
    watch, seen = num_lock.NumLockWatch(), []
    watch.found_off.connect(lambda: seen.append("off"))
    modifier = Qt.KeyboardModifier.KeypadModifier
    for key, text in ((_K.Key_Down, ""), (_K.Key_1, "1"), (_K.Key_Down, "")):
        watch.note(form.line, QKeyEvent(QEvent.Type.KeyPress, key, modifier, text))
    assert seen == []


# Keys of the input method.

IME_KEYS = (
    *(_K.Key_Hangul, _K.Key_Hangul_Hanja, _K.Key_Hangul_Jeonja, _K.Key_Mode_switch),
    *(_K.Key_Alt, _K.Key_AltGr, _K.Key_Control),
)
"""한/영 and 한자; right Alt and right Ctrl on keyboards without keys of their own for them."""


@pytest.mark.parametrize("key", IME_KEYS, ids=lambda one: one.name)
@pytest.mark.parametrize("place", ["line", "text", "button"])
def test_keys_of_the_input_method_pass_at_once_and_do_nothing(scans, form, keyboard, place, key):
    getattr(form, place).setFocus()
    before, widget = form.written, getattr(form, place)
    keyboard.press_raw(key, HAND_MS)
    assert not scans._held, "it was held"
    assert scans._burst is None, "it counts as a scanner's"
    assert (form.written, form.pressed, found(scans)) == (before, [], [])
    assert QApplication.focusWidget() is widget


@pytest.mark.parametrize("place", ["line", "text"])
def test_shift_and_space_in_a_field_are_never_held(scans, form, keyboard, place):
    """An input method that does not take it leaves a blank to write."""
    getattr(form, place).setFocus()
    keyboard.press(" ", HAND_MS, Qt.KeyboardModifier.ShiftModifier)
    assert not scans._held
    assert (found(scans), form.pressed) == ([], [])
