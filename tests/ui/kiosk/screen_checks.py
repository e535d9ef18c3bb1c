"""What is wrong with a kiosk's screen as it is now: measured in pixels, and in millimetres."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import ceil

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QRegion
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from posapp.ui.kiosk.kiosk_button import KioskButton
from posapp.ui.kiosk.kiosk_content import KioskContent, TurnedArea
from posapp.ui.kiosk.kiosk_measures import SMALL_SCREEN_MM, SMALL_TEXT_MM, TEXT_MM
from tests.ui.geometry import place_in, problems
from tests.ui.kiosk.conftest import Kiosk

SCREENS = {(1080, 1920): 610, (1920, 1080): 610, (1366, 768): 396, (1280, 800): 257}
"""Sizes in pixels, and their diagonals in millimetres: 24, 24, 15.6 and 10.1 inches."""

GAP = 8
NO_TEXTS = ("shop", "badge")
"""Roles of what nobody has to read in order to pay."""


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def per_mm(kiosk: Kiosk) -> float:
    """Pixels a millimetre of the screen as it was measured."""
    width, height = kiosk.window.width(), kiosk.window.height()
    return (width**2 + height**2) ** 0.5 / SCREENS[width, height]


def least_text_mm(kiosk: Kiosk) -> float:
    """Least height of Hangul on this screen at the usual size, in millimetres."""
    is_small = SCREENS[kiosk.window.width(), kiosk.window.height()] <= SMALL_SCREEN_MM
    return SMALL_TEXT_MM if is_small else TEXT_MM


def buttons_of(kiosk: Kiosk) -> list[KioskButton]:
    return [one for one in kiosk.window.findChildren(KioskButton) if one.isVisible()]


def wrong(kiosk: Kiosk) -> list[str]:
    """Every fault of the screen, one line each."""
    settle()
    window = kiosk.window
    buttons = buttons_of(kiosk)
    return [
        *problems(window),
        *_targets(kiosk, buttons),
        *_covered(window, buttons),
        *_texts(kiosk, buttons),
        *_turning(kiosk),
    ]


def _targets(kiosk: Kiosk, buttons: list[KioskButton]) -> Iterator[str]:
    least = max(64, ceil(15 * per_mm(kiosk)))
    for one in buttons:
        if min(one.width(), one.height()) < least:
            yield f"{one.action}: {one.width()} × {one.height()} of {least}"
    for one, other in combinations(buttons, 2):
        first, second = place_in(one, kiosk.window), place_in(other, kiosk.window)
        if first.adjusted(-GAP + 1, -GAP + 1, GAP - 1, GAP - 1).intersects(second):
            yield f"{one.action} and {other.action} are too close"


def _covered(window: QWidget, buttons: list[KioskButton]) -> Iterator[str]:
    kinds = ("TurnedArea", "QrPlace", "ShopName", "CallBanner", "ModeStrip")
    others = [
        one
        for one in window.children()
        if isinstance(one, QWidget) and type(one).__name__ in kinds and one.isVisible()
    ]
    for one, other in combinations([*buttons, *others], 2):
        if one.geometry().intersects(other.geometry()):
            yield f"{one.objectName() or one} covers {other.objectName() or other}"


def _texts(kiosk: Kiosk, buttons: list[KioskButton]) -> Iterator[str]:
    least = least_text_mm(kiosk) * per_mm(kiosk) * kiosk.controller.visit.enlarged / 100
    labels = [one for one in kiosk.window.findChildren(QLabel) if one.isVisible() and one.text()]
    for widget in (*buttons, *labels):
        if widget.property("role") not in NO_TEXTS and hangul_height(widget.font()) < least - 0.5:
            height = hangul_height(widget.font())
            yield f"{widget.text()!r}: {height:.1f} of {least:.1f} pixels"


def hangul_height(font: QFont) -> float:
    """Height in pixels of the box of a Hangul syllable."""
    return QFontMetricsF(font).tightBoundingRect("가").height()


def ink_height(image: QImage) -> int:
    """Height in pixels of what is painted in the middle of a picture, on its ground."""
    side = image.width() // 8
    ground = image.pixel(side, image.height() // 2)
    rows = [
        y
        for y in range(10, image.height() - 10)
        if any(image.pixel(x, y) != ground for x in range(side, image.width() - side))
    ]
    return rows[-1] - rows[0] + 1 if rows else 0


def _turning(kiosk: Kiosk) -> Iterator[str]:
    """Everything that is read can be seen whole: at once, or by the two buttons."""
    area = kiosk.window.findChild(TurnedArea)
    content = kiosk.window.findChild(KioskContent)
    if content.width() > max(area.width(), 0) and area.isVisible():
        yield f"the texts are {content.width()} of {area.width()} pixels wide"
    labels = [
        one for one in content.findChildren(QLabel) if one.text() and one.isVisibleTo(content)
    ]
    if not area.isVisible():
        if labels:
            yield f"{labels[0].text()!r} is not shown"
        return
    for one in labels:
        place = _place(one, content)
        if not content.rect().contains(place):
            yield f"{one.text()!r} is outside of the texts"
    bar = area.verticalScrollBar()
    at, unseen = bar.value(), {one: _lines_of(one, content) for one in labels}
    can_turn = any(one.action == "down" for one in buttons_of(kiosk))
    bar.setValue(0)
    halves: set[str] = set()
    for _ in range(400):
        halves |= set(_halves(area, labels, content))
        for one, lines in unseen.items():
            unseen[one] = [line for line in lines if _seen_of(line, area) < line.height()]
        if not (can_turn and area.can_turn_down):
            break
        area.turn(1)
    bar.setValue(at)
    yield from sorted(halves)
    for one, lines in unseen.items():
        if lines:
            yield f"{one.text()!r} is never seen whole"


def _halves(area: TurnedArea, labels: list[QLabel], content: QWidget) -> Iterator[str]:
    """Lines of which a part is seen now."""
    for one in labels:
        for line in _lines_of(one, content):
            if 0 < (seen := _seen_of(line, area)) < line.height():
                yield f"{one.text()!r}: {seen} of a line's {line.height()} pixels"


def _seen_of(line: QRect, area: TurnedArea) -> int:
    """How many pixels of a line's height are seen now."""
    shown = QRegion(area.rect()) if area.mask().isEmpty() else area.mask()
    place = line.translated(0, -area.verticalScrollBar().value())
    return shown.intersected(area.rect()).intersected(place).boundingRect().height()


def _lines_of(label: QLabel, content: QWidget) -> list[QRect]:
    """Where the lines of a text are, as long as their glyphs are within the font's height."""
    place = _place(label, content)
    height = QFontMetricsF(label.font()).height()
    count = max(1, round(label.heightForWidth(label.width()) / height)) if label.wordWrap() else 1
    top = place.center().y() + 1 - height * count / 2
    ink = height * 0.1  # above and below the letters
    return [
        QRect(place.left(), ceil(top + at * height + ink), 1, int(height - 2 * ink))
        for at in range(count)
    ]


def _place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
