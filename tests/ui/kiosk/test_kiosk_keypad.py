"""A visit by the keys of a keypad alone, and what a voice would say of it, word by word."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from posapp.ui.kiosk.spoken import SpokenItem, SpokenScreen
from tests.ui.kiosk.conftest import ORDER, PHONE_END, Kiosk

K = Qt.Key
GOLDEN = Path(__file__).parent

DIGITS = {str(one): K(K.Key_0.value + one) for one in range(10)}


def item_line(item: SpokenItem) -> str:
    parts = (item.name, item.role.value, item.state)
    return ", ".join(part for part in parts if part)


def line_of(spoken: object) -> str:
    """One line of the log."""
    if isinstance(spoken, SpokenItem):
        return f"  > {item_line(spoken)}"
    if isinstance(spoken, str):
        return f"  # {spoken}"
    assert isinstance(spoken, SpokenScreen)
    said = f"! {spoken.outcome}" if spoken.outcome else spoken.title
    items = " / ".join(item_line(one) for one in spoken.items)
    return " | ".join([f"{spoken.state}: {said}", *spoken.messages, f"[{items}]"])


def visit(kiosk: Kiosk, language: str) -> list[str]:
    """Pay by keys alone, with a wrong number and a call on the way; return what was spoken."""
    kiosk.window.repeat()
    if language == "en":
        kiosk.key(K.Key_Down, K.Key_Return)
    kiosk.key(K.Key_Down, K.Key_Up) if language == "ko" else kiosk.key(K.Key_NumberSign)
    while kiosk.window.focusWidget() is not kiosk.button("begin"):
        kiosk.key(K.Key_Asterisk, modifiers=Qt.KeyboardModifier.ShiftModifier)
    kiosk.key(K.Key_Return)
    kiosk.key(DIGITS["9"], K.Key_Return)
    kiosk.key(*[DIGITS[one] for one in str(ORDER)], K.Key_Enter)
    kiosk.key(*[DIGITS[one] for one in PHONE_END], K.Key_Return)
    assert kiosk.state == "summary"
    kiosk.key(K.Key_Down, K.Key_Return, K.Key_Up, K.Key_F1)
    while kiosk.window.focusWidget() is not kiosk.window.main:
        kiosk.key(K.Key_Down)
    kiosk.key(K.Key_Return)
    assert kiosk.state == "qr"
    kiosk.pay()
    kiosk.key(K.Key_Return)
    assert kiosk.state == "start"
    return [line_of(one) for one in kiosk.spoken]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_visit_by_keys_alone_is_spoken_word_by_word(kiosk: Kiosk, language: str):
    lines = visit(kiosk, language)
    golden = GOLDEN / f"spoken_{language}.txt"
    assert lines == golden.read_text("utf-8").splitlines()
    assert kiosk.services.order(ORDER).is_paid


def test_every_button_of_every_screen_is_in_the_order_of_the_keys(kiosk: Kiosk):
    """Walk around each screen by one key: every enabled button once, and then from the start."""
    walked = {}
    for action in ("", "begin", *str(ORDER), "next", *PHONE_END, "next", "pay", "call", "stop"):
        if action:
            kiosk.tap(action)
        shown = {
            one.action
            for one in kiosk.window.findChildren(type(kiosk.window.call))
            if one.isVisible() and one.isEnabled()
        }
        seen = []
        for _ in range(len(shown)):
            kiosk.key(K.Key_Down)
            seen.append(kiosk.window.focusWidget().action)
        assert (set(seen), len(seen)) == (shown, len(shown)), kiosk.state
        kiosk.key(*[K.Key_Up] * len(shown))
        assert kiosk.window.focusWidget().action == seen[-1]
        walked[kiosk.state] = seen
    assert set(walked) == {"start", "order", "phone", "summary", "qr", "outcome"}


def test_esc_is_the_way_back_and_at_the_first_screen_nothing(kiosk: Kiosk):
    kiosk.key(K.Key_Escape)
    assert kiosk.state == "start"
    kiosk.key(K.Key_Return, K.Key_1)
    kiosk.key(K.Key_Escape)
    assert kiosk.state == "start"


def test_a_key_in_the_countdown_continues_and_presses_nothing_else(kiosk: Kiosk):
    kiosk.key(K.Key_Return, K.Key_1)
    kiosk.wait(61)
    kiosk.key(K.Key_5)
    assert (kiosk.window.view.layout, kiosk.window.view.entry) == ("entry", "1")
    kiosk.wait(61)
    kiosk.key(K.Key_Return)
    assert (kiosk.state, kiosk.window.view.layout, kiosk.window.view.entry) == (
        *("order", "entry"),
        "1",
    )
    kiosk.wait(61)
    kiosk.key(K.Key_Escape)
    assert kiosk.state == "start"
