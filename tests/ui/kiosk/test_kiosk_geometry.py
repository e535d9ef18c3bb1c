"""Every screen of the kiosk at its sizes, in both languages, as large and as low as one can have
it: nothing cut, covered, lost or too small."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, QSizeF
from PySide6.QtWidgets import QLabel

from posapp.ui.core.theme import Theme
from posapp.ui.kiosk.kiosk_measures import NOMINAL, KioskMeasures
from posapp.ui.kiosk.kiosk_window import KioskWindow
from tests.ui.geometry import place_in
from tests.ui.kiosk.conftest import PHONE_END, WIDE, Kiosk
from tests.ui.kiosk.screen_checks import (
    SCREENS,
    buttons_of,
    hangul_height,
    ink_height,
    settle,
    wrong,
)

Check = Callable[[Kiosk], list[str]]


def look(kiosk: Kiosk, name: str, check: Check) -> list[str]:
    """Look at a state in both languages, with and without a call."""
    found = []
    for called in (False, True):
        if called:
            kiosk.controller.call()
        for language in ("en", "ko"):
            kiosk.texts.set_language(language)
            settle()
            found += [f"{name} {language} {called}: {one}" for one in check(kiosk)]
        if called:
            kiosk.controller.end_call()
    return found


def walk(kiosk: Kiosk, qtbot, check: Check, enlarged: int, *, low: bool = False) -> list[str]:
    """Look at every screen of a visit; return what is wrong."""
    kiosk.wish(enlarged, low=low)
    found = look(kiosk, "start", check)
    kiosk.tap("begin", *"9999999999")
    found += look(kiosk, "order", check)
    kiosk.tap("next")
    found += look(kiosk, "wrong", check)
    kiosk.tap(*str(WIDE), "next", *PHONE_END)
    found += look(kiosk, "phone", check)
    kiosk.tap("next")
    found += look(kiosk, "summary", check)
    kiosk.controller.set_online(False)
    found += look(kiosk, "summary offline", check)
    kiosk.controller.set_online(True)
    kiosk.wait(121 if enlarged > 100 or low else 61)
    found += look(kiosk, "idle", check)
    kiosk.tap("continue", "pay")
    found += look(kiosk, "qr", check)
    assert kiosk.window.qr.code.module_size() >= 8
    kiosk.clock.advance(seconds=301)
    qtbot.waitUntil(lambda: not kiosk.window.qr.code.is_scannable)
    found += look(kiosk, "checking", check)
    kiosk.work()
    found += look(kiosk, "expired", check)
    kiosk.tap("retry")
    kiosk.pay()
    found += look(kiosk, "paid", check)
    kiosk.controller.ask_exit()
    found += look(kiosk, "exit", check)
    assert kiosk.controller.visit.enlarged == enlarged
    return found


PLACES = [
    *((size, 100, "light") for size in SCREENS),
    *((size, 150, "contrast") for size in SCREENS),
    *((size, 200, "dark") for size in SCREENS),
]


@pytest.mark.parametrize(
    ("size", "measures", "enlarged", "name"),
    [(size, KioskMeasures(SCREENS[size]), *others) for size, *others in PLACES],
)
def test_every_screen_is_whole_and_large_enough(
    kiosk: Kiosk, theme: Theme, size: tuple[int, int], enlarged: int, name: str, qtbot
):
    theme.set_name(name)
    kiosk.window.shop.show_name("아주 긴 이름을 가진 우리 동네 빵집 " * 2)
    kiosk.window.resize(*size)
    assert walk(kiosk, qtbot, wrong, enlarged) == []


# The low screen


def beyond(kiosk: Kiosk) -> list[str]:
    """What is pressed or scanned, and cannot be reached from a seat."""
    window = kiosk.window
    top, bottom = kiosk.measures.band(window.size())
    found = []
    for one in buttons_of(kiosk):
        place = place_in(one, window)
        if one.action == "begin":  # all of the screen is its target
            place.setTop(max(place.top(), min(top, place.bottom() - 64)))
        if place.top() < top or place.bottom() >= bottom:
            found.append(f"{one.action}: {place.top()} to {place.bottom()} of {top} to {bottom}")
    code = window.qr.code
    if code.isVisible() and place_in(code, window).top() < top:
        found.append(f"the QR begins at {place_in(code, window).top()} of {top}")
    return found


LOW = [
    *((size, 0, enlarged) for size in SCREENS for enlarged in (100, 150, 200)),
    *(((1080, 1920), 800, enlarged) for enlarged in (100, 200)),
    *(((1080, 1920), 300, 150), ((1920, 1080), 1_000, 100), ((1366, 768), 1_050, 200)),
]
TOO_LOW = {((1366, 768), 0, 200), ((1280, 800), 0, 200)}
"""Where a whole row of such letters is higher than a third of the lower half: the buttons then
begin as low as they can. A kiosk whose height was measured has more room."""


@pytest.mark.parametrize(
    ("size", "measures", "enlarged"),
    [
        (size, KioskMeasures(SCREENS[size], floor_mm), enlarged)
        for size, floor_mm, enlarged in LOW
        if (size, floor_mm, enlarged) not in TOO_LOW
    ],
)
def test_on_a_low_screen_all_is_within_reach(
    kiosk: Kiosk, size: tuple[int, int], enlarged: int, qtbot
):
    kiosk.window.resize(*size)
    check = lambda one: [*beyond(one), *wrong(one)]  # noqa: E731 - one expression
    assert walk(kiosk, qtbot, check, enlarged, low=True) == []


@pytest.mark.parametrize(
    ("size", "measures"), [(size, KioskMeasures(SCREENS[size])) for size, *_ in sorted(TOO_LOW)]
)
def test_a_low_screen_too_small_for_its_letters_is_whole(
    kiosk: Kiosk, size: tuple[int, int], qtbot
):
    kiosk.window.resize(*size)
    assert walk(kiosk, qtbot, wrong, 200, low=True) == []


@pytest.mark.parametrize(
    ("screen_mm", "floor_mm", "band"),
    [
        *((0, 0, (960, 1920)), (610, 0, (960, 1920)), (0, 800, (960, 1920))),
        *((610, 800, (403, 1920)), (610, 300, (0, 1559)), (610, 1_700, (1440, 1920))),
    ],
)
def test_the_band_follows_from_the_height_of_the_screen(screen_mm, floor_mm, band):
    assert KioskMeasures(screen_mm, floor_mm).band(QSize(1080, 1920)) == band


# Millimetres


def test_a_kiosk_in_which_no_money_moves_says_so(kiosk: Kiosk, texts, theme, qtbot):
    def marks(window: KioskWindow) -> list[str]:
        labels = window.findChildren(QLabel)
        return [one.text() for one in labels if one.property("role") == "badge"]

    assert marks(kiosk.window) == ["연습"]
    live = KioskWindow(texts, theme, kiosk.controller, shop="하나 베이커리")
    qtbot.addWidget(live)
    assert marks(live) == []


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
    ("mm", "pixels", "per_mm"),
    [
        *((299, 1080, 3.61), (217, 1280, 5.90)),
        *((0, 1280, NOMINAL), (160, 1920, NOMINAL), (1_280, 1280, NOMINAL)),
    ],
)
def test_a_screen_is_believed_only_if_what_it_says_may_be_true(mm, pixels, per_mm):
    found = KioskMeasures().per_mm(QSize(1080, 1920), Screen(mm, pixels))
    assert found == pytest.approx(per_mm, abs=0.01)


@pytest.mark.parametrize(
    ("size", "mm", "hangul", "target"),
    [
        *(((1080, 1920), 610, 44, 64), ((1080, 1920), 686, 39, 64), ((1080, 1920), 546, 49, 64)),
        *(((1366, 768), 396, 48, 64), ((1280, 800), 257, 43, 89)),
    ],
)
def test_a_measured_screen_has_texts_and_targets_of_so_many_millimetres(size, mm, hangul, target):
    measures, screen = KioskMeasures(mm), Screen(160, size[0])
    assert measures.text(QSize(*size), screen) == pytest.approx(hangul / 0.86, abs=1.2)
    assert measures.target(QSize(*size), screen) == target


@pytest.mark.parametrize("measures", [KioskMeasures(610)])
@pytest.mark.parametrize("enlarged", [100, 200])
def test_the_letters_that_are_painted_have_twelve_millimetres(kiosk: Kiosk, enlarged: int):
    """By the pixels of a button, whatever a font says of itself."""
    kiosk.wish(enlarged)
    kiosk.tap("begin")
    settle()
    button = kiosk.button("delete")
    ink = ink_height(button.grab().toImage())
    per_mm = (1080**2 + 1920**2) ** 0.5 / 610
    assert 12 * per_mm * enlarged / 100 - 2 <= ink <= 1.2 * hangul_height(button.font())


@pytest.mark.parametrize("measures", [KioskMeasures(610)])
def test_texts_keep_their_millimetres_where_a_screen_has_fewer_pixels(kiosk: Kiosk):
    before = kiosk.button("call").font().pixelSize()
    kiosk.window.resize(540, 960)
    settle()
    assert kiosk.button("call").font().pixelSize() == pytest.approx(before / 2, abs=1)
