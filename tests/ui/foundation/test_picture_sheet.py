"""A picture of every control in every state, theme and density, and what holds for all of them.

``make sheet`` keeps the pictures in ``test-results/sheets``, to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import COUNTER, KIOSK, THEMES, Theme
from tests.ui.foundation.picture_sheet import (
    changed_pixels,
    contrast_of_text,
    in_grey,
    prominence,
    write_sheet,
)
from tests.ui.foundation.specimens import BUSY, DISABLED, DISABLED_TICKED, SPECIMENS, Shot, Studio

LEAST_TARGET = {COUNTER: 48, KIOSK: 64}

LEVELS = 10
"""Levels of 255 by which a pixel has to be brighter or darker to be another one."""

PIXELS = 40
"""Such pixels that make two pictures different: less than the tick of the smallest box."""


@dataclass(frozen=True)
class Sheet:
    theme: str
    density: str
    shots: dict[tuple[str, str], Shot]


@pytest.fixture(scope="module", params=list(product(THEMES, LEAST_TARGET)), ids="-".join)
def sheet(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sheet]:
    """All pictures of one theme and density, which are written where ``--pictures`` says."""
    name, density = request.param
    theme = Theme(name, density=density)
    theme.apply(qapp)
    studio = Studio(QtBot(request), Translator("ko"), theme)
    shots = {
        (specimen.name, state): studio.take(specimen, state)
        for specimen in SPECIMENS
        for state in specimen.states
    }
    studio.close()
    folder = request.config.getoption("--pictures") or tmp_path_factory.mktemp("sheets")
    pictures = {key: shot.image for key, shot in shots.items()}
    write_sheet(Path(folder) / f"{name}-{density}.png", pictures, theme)
    yield Sheet(name, density, shots)
    qapp.setStyleSheet("")
    Theme(name).set_font(qapp)


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: one.name)
def test_every_state_has_the_same_size(sheet: Sheet, specimen):
    sizes = {state: sheet.shots[specimen.name, state].size.toTuple() for state in specimen.states}
    assert len(set(sizes.values())) == 1, sizes


@pytest.mark.parametrize(
    "specimen", [s for s in SPECIMENS if s.is_pressed], ids=lambda one: one.name
)
def test_every_control_is_large_enough_to_press(sheet: Sheet, specimen):
    target = sheet.shots[specimen.name, "rest"].target
    assert min(target.toTuple()) >= LEAST_TARGET[sheet.density]


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: one.name)
def test_states_differ_without_colour(sheet: Sheet, specimen):
    greys = {state: in_grey(sheet.shots[specimen.name, state].image) for state in specimen.states}
    alike = {
        (one, other): found
        for one, other in combinations(specimen.states, 2)
        if (found := changed_pixels(greys[one], greys[other], LEVELS)) < PIXELS
    }
    assert alike == {}


@pytest.mark.parametrize("specimen", [s for s in SPECIMENS if s.has_text], ids=lambda one: one.name)
def test_every_text_can_be_read(sheet: Sheet, specimen):
    least = 7.0 if sheet.theme == "contrast" else 4.5
    faint = {}
    for state in specimen.states:
        shot = sheet.shots[specimen.name, state]
        for area in (shot.text, shot.badge):
            if not area.isEmpty() and (found := contrast_of_text(shot.image, area)) < least:
                faint[state, area.getRect()] = found
    assert faint == {}


@pytest.mark.parametrize(
    "specimen", [s for s in SPECIMENS if DISABLED in s.states], ids=lambda one: one.name
)
def test_what_cannot_be_pressed_stands_out_least(sheet: Sheet, specimen):
    """Its text is as strong as any other, to be read; fill and outline tell it apart."""
    found = {
        state: prominence(sheet.shots[specimen.name, state].image) for state in specimen.states
    }
    waiting = (DISABLED, DISABLED_TICKED, BUSY)
    assert found[DISABLED] < min(found[one] for one in specimen.states if one not in waiting)


def test_the_measures_find_what_is_wrong(qapp):
    """Pictures that differ in colour alone, and a text that is too faint."""
    red, green = (QImage(40, 40, QImage.Format.Format_RGB32) for _ in range(2))
    red.fill(QColor(200, 0, 0))
    green.fill(QColor(0, 116, 0))
    assert changed_pixels(in_grey(red), in_grey(green), LEVELS) < PIXELS
    green.fill(QColor(0, 200, 0))
    assert changed_pixels(in_grey(red), in_grey(green), LEVELS) == 40 * 40
    faint = QImage(40, 40, QImage.Format.Format_RGB32)
    faint.fill(QColor("white"))
    faint.setPixelColor(20, 20, QColor("#777777"))
    assert 4.4 < contrast_of_text(faint, faint.rect()) < 4.5
