"""Every screen of the kiosk at its sizes, in both languages: nothing cut, covered or too small."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtWidgets import QApplication, QLabel

from posapp.ui.core.theme import Theme
from posapp.ui.kiosk import kiosk_button
from posapp.ui.kiosk.kiosk_button import KioskButton, target_of
from posapp.ui.kiosk.kiosk_window import KioskWindow
from tests.ui.geometry import place_in, problems
from tests.ui.kiosk.conftest import LONG, ORDER, PHONE_END, Kiosk
from tests.ui.kiosk.test_kiosk_lock_down import set_up_managers

SIZES = [(1080, 1920), (1920, 1080), (1366, 768), (1280, 800)]


def wrong(kiosk: Kiosk) -> list[str]:
    """What is wrong with the window as it is now."""
    for _ in range(3):
        QApplication.processEvents()
    window = kiosk.window
    buttons = [one for one in window.findChildren(KioskButton) if one.isVisible()]
    small = [
        f"{one.action}: {one.width()} × {one.height()}"
        for one in buttons
        if one.width() < kiosk_button.LEAST or one.height() < kiosk_button.LEAST
    ]
    close = [
        f"{one.action} and {other.action} are too close"
        for one, other in combinations(buttons, 2)
        if place_in(one, window)
        .adjusted(-4, -4, 3, 3)
        .intersects(place_in(other, window).adjusted(-3, -3, 4, 4))
    ]
    return problems(window) + small + close


def look(kiosk: Kiosk, name: str) -> list[str]:
    """Look at a state in both languages, with and without a call."""
    found = []
    for called in (False, True):
        if called:
            kiosk.controller.call()
        for language in ("en", "ko"):
            kiosk.texts.set_language(language)
            found += [f"{name} {language} {called}: {one}" for one in wrong(kiosk)]
        if called:
            kiosk.controller.end_call()
    return found


@pytest.mark.parametrize(
    ("size", "name"),
    [
        *((size, "light") for size in SIZES),
        *(((1366, 768), "contrast"), ((1080, 1920), "contrast"), ((1280, 800), "dark")),
    ],
)
def test_every_screen_fits(kiosk: Kiosk, theme: Theme, size: tuple[int, int], name: str, qtbot):
    theme.set_name(name)
    kiosk.window.shop.show_name("아주 긴 이름을 가진 우리 동네 빵집 " * 2)
    kiosk.window.resize(*size)
    found = look(kiosk, "start")
    kiosk.tap("begin", *"9999999999")
    found += look(kiosk, "order")
    kiosk.tap("next")
    found += look(kiosk, "wrong")
    kiosk.tap(*str(LONG), "next", *PHONE_END)
    found += look(kiosk, "phone")
    kiosk.tap("next")
    found += look(kiosk, "summary")
    kiosk.controller.set_online(False)
    found += look(kiosk, "summary offline")
    kiosk.controller.set_online(True)
    kiosk.wait(61)
    found += look(kiosk, "idle")
    kiosk.tap("continue", "back", "back", "begin", *str(ORDER), "next", *PHONE_END, "next", "pay")
    found += look(kiosk, "qr")
    assert kiosk.window.qr.code.module_size() >= 8
    kiosk.clock.advance(seconds=301)
    qtbot.waitUntil(lambda: not kiosk.window.qr.code.is_scannable)
    found += look(kiosk, "checking")
    kiosk.work()
    found += look(kiosk, "expired")
    kiosk.tap("retry")
    kiosk.pay()
    found += look(kiosk, "paid")
    kiosk.controller.ask_exit()
    found += look(kiosk, "exit")
    assert found == []


def test_a_kiosk_in_which_no_money_moves_says_so(kiosk: Kiosk, texts, theme, qtbot):
    def marks(window: KioskWindow) -> list[str]:
        labels = window.findChildren(QLabel)
        return [one.text() for one in labels if one.property("role") == "badge"]

    assert marks(kiosk.window) == ["연습"]
    live = KioskWindow(texts, theme, kiosk.controller, shop="하나 베이커리")
    qtbot.addWidget(live)
    assert marks(live) == []


def test_a_window_that_turns_takes_the_flat_screen(kiosk: Kiosk):
    set_up_managers(kiosk, "박서준")
    kiosk.texts.set_language("en")
    kiosk.controller.ask_exit()
    kiosk.tap(*"111111")
    for size in ((1080, 1920), (1280, 800)):
        kiosk.window.resize(*size)
        for _ in range(3):
            QApplication.processEvents()
        assert kiosk.window.size().toTuple() == size
        assert problems(kiosk.window) == []


class Screen:
    """A screen of a size in millimetres and pixels."""

    def __init__(self, mm: float, pixels: int) -> None:
        self._mm, self._pixels = mm, pixels

    def physicalSize(self) -> QSizeF:
        return QSizeF(self._mm, self._mm)

    def geometry(self):
        return self

    def width(self) -> int:
        return self._pixels


@pytest.mark.parametrize(
    ("mm", "pixels", "least"),
    [
        *((299, 1080, 64), (217, 1280, 89), (344, 1366, 64)),
        *((0, 1280, 64), (9_999, 1280, 64), (100, 4_000, 64)),
    ],
)
def test_a_target_has_fifteen_millimetres_where_the_screen_tells_its_size(mm, pixels, least):
    assert target_of(Screen(mm, pixels)) == least


def test_targets_grow_on_a_small_sharp_screen(kiosk: Kiosk, monkeypatch):
    kiosk.window.resize(1280, 800)
    monkeypatch.setattr("posapp.ui.kiosk.kiosk_window.target_of", lambda screen: 89)
    kiosk.tap("begin")
    for _ in range(3):
        QApplication.processEvents()
    buttons = [one for one in kiosk.window.findChildren(KioskButton) if one.isVisible()]
    assert min(one.height() for one in buttons) >= 89
    assert problems(kiosk.window) == []
