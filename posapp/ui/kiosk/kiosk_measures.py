"""Millimetres of a kiosk's screen: how large texts and targets are, and what is within reach.

What a screen says of its own size is often wrong, so a shop measures it (``kiosk_screen_mm``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, hypot

from PySide6.QtCore import QSize
from PySide6.QtGui import QScreen

LEAST_TARGET = 64
"""Smallest height and width of a target in pixels."""

LEAST_TARGET_MM = 15

TEXT_MM = 12
SMALL_TEXT_MM = 7.25
"""Height of a Hangul syllable that is to be read, and that on a small screen, in millimetres."""

SMALL_SCREEN_MM = 280
"""Diagonal up to which a screen is a small one."""

HANGUL = 0.86
"""Height of a Hangul syllable as a part of its font's size: of 가 in Pretendard."""

REACH_MM = (400, 1_220)
"""What can be reached from a seat, in millimetres from the floor."""

NOMINAL = 96 / 25.4
"""Pixels a millimetre of a screen of which nothing is known."""

_BELIEVED = (2.0, 8.0)
"""Pixels a millimetre that are believed if a screen says so itself."""

LEAST_BAND = 4
"""The band is at least this part of the screen: what is out of reach stays operable for others."""

_TALLEST = 0.88
"""Height of an upright screen of 16 : 9 as a part of its diagonal."""


@dataclass(frozen=True, slots=True)
class KioskMeasures:
    """What was measured at the place of a kiosk.

    Attributes:
        screen_mm: diagonal of the screen; 0: not measured.
        floor_mm: from the floor to the lower edge of the picture; 0: not measured.
    """

    screen_mm: int = 0
    floor_mm: int = 0

    def per_mm(self, size: QSize, screen: QScreen | None = None) -> float:
        """Return the pixels a millimetre of a window that covers its screen.

        Args:
            size: of the window.
            screen: is asked where nothing was measured, and believed if it may be true.
        """
        if self.screen_mm:
            return hypot(size.width(), size.height()) / self.screen_mm
        stated = screen.physicalSize() if screen is not None else None
        if screen is None or stated is None or stated.width() <= 0:
            return NOMINAL
        per_mm = screen.geometry().width() / stated.width()
        return per_mm if _BELIEVED[0] <= per_mm <= _BELIEVED[1] else NOMINAL

    def text(self, size: QSize, screen: QScreen | None = None) -> int:
        """Return the smallest size of a font in pixels for what is to be read."""
        per_mm = self.per_mm(size, screen)
        diagonal_mm = hypot(size.width(), size.height()) / per_mm
        return ceil(text_mm(diagonal_mm) * per_mm / HANGUL)

    def target(self, size: QSize, screen: QScreen | None = None) -> int:
        """Return the pixels of the smallest target."""
        return max(LEAST_TARGET, ceil(LEAST_TARGET_MM * self.per_mm(size, screen)))

    def band(self, size: QSize) -> tuple[int, int]:
        """Return top and bottom of what can be reached from a seat, in pixels of the window: the
        lower half where the height of the screen was not measured."""
        height = size.height()
        if not self.floor_mm or not self.screen_mm:
            return height // 2, height
        per_mm = self.per_mm(size)
        bottom, top = (round(height - (mm - self.floor_mm) * per_mm) for mm in REACH_MM)
        least = height // LEAST_BAND
        top = max(0, min(top, height - least))
        return top, min(height, max(bottom, top + least))


def text_mm(screen_mm: float) -> float:
    """Return the millimetres of a Hangul syllable on a screen of this diagonal."""
    return SMALL_TEXT_MM if screen_mm <= SMALL_SCREEN_MM else TEXT_MM


def reach_above_edge(screen_mm: int, floor_mm: int) -> tuple[int, int, bool]:
    """Return from where to where a screen can be reached from a seat, in millimetres above its
    lower edge, and whether all that is pressed has room there, however the screen is turned."""
    low, high = (max(0, mm - floor_mm) for mm in REACH_MM)
    return low, high, high - low >= screen_mm * _TALLEST / LEAST_BAND


def type_sizes(text: int, target: int, percent: int) -> Mapping[str, int]:
    """Return the tokens of the theme that follow from measures.

    Args:
        text: size of the font in pixels of all that is to be read.
        target: pixels of the smallest target.
        percent: how large the buyer wants it.
    """
    body = text * percent // 100
    return {
        **dict.fromkeys(("font-body", "font-button", "font-money"), body),
        "font-caption": body * 6 // 10,
        "font-heading": body,
        "font-title": body * 11 // 10,
        "font-money-large": max(96, text * 7 // 4) * percent // 100,
        "target": target,
        "target-large": max(96, target),
        "field": body * 3 // 2,
        "sign": 28 * percent // 100,
        "padding": 28 if percent == 100 else 16,
    }
