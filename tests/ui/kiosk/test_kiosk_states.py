"""Every state of the kiosk that there is a picture of: whole, and to be read in every theme."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from posapp.ui.core.theme import THEMES, Theme
from posapp.ui.kiosk.kiosk_measures import KioskMeasures
from posapp.ui.widgets.roles import Label
from tests.pictures.buyers import KIOSK
from tests.ui.contrast import colours_in, faint
from tests.ui.geometry import place_in
from tests.ui.kiosk.conftest import Kiosk
from tests.ui.kiosk.screen_checks import SCREENS, settle, wrong

SIZE = (1366, 768)
OPENED_LATER = "kiosk_maintenance"
"""The state of a kiosk whose services are not there."""


@pytest.mark.parametrize("measures", [KioskMeasures(SCREENS[SIZE])])
@pytest.mark.parametrize("state", KIOSK)
def test_every_state_is_whole_and_can_be_read_in_every_theme(
    request: pytest.FixtureRequest, closed_kiosk: Kiosk, theme: Theme, state: str
):
    """In one theme, by turns of the states; ``--every-size``: in each."""
    kiosk, turn = closed_kiosk, list(KIOSK).index(state) % len(THEMES)
    every = request.config.getoption("--every-size")
    themes = tuple(THEMES) if every else (tuple(THEMES)[turn],)
    kiosk.window.resize(*SIZE)
    if state != OPENED_LATER:
        kiosk.controller.attach(kiosk.services.container)
    KIOSK[state](kiosk)
    found = []
    for language in ("en", "ko"):
        kiosk.texts.set_language(language)
        settle()
        found += wrong(kiosk)
        for name in themes:
            theme.set_name(name)
            settle()
            found += faint(kiosk.window, name)
    assert found == []


@pytest.mark.parametrize("name", THEMES)
def test_the_qr_is_black_on_white_in_every_theme(kiosk: Kiosk, theme: Theme, name: str):
    theme.set_name(name)
    kiosk.to_qr()
    settle()
    code = kiosk.window.qr.code
    paper = code.paper_rect.toRect().translated(place_in(code, kiosk.window).topLeft())
    inside = paper.adjusted(16, 16, -16, -16)  # the corners are round
    assert colours_in(kiosk.window, inside) == {"#000000", "#ffffff"}


def test_what_is_too_faint_is_found(qtbot, theme: Theme):
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet("background: white")
    label = Label("body", window)
    label.setText("흐린 글자")
    for colour, count in (("#777777", 1), ("#767676", 0)):
        label.setStyleSheet(f"color: {colour}; font-size: 40px; font-weight: bold")
        label.adjustSize()
        window.show()
        settle()
        assert len(faint(window, "light")) == count, colour
        assert len(faint(window, "contrast")) == 1
