"""What a receipt printer can write: the cells of its line, and its own letters.

Apart from ``domain.roll``, because the settings name both before the first window is painted.
"""

from __future__ import annotations

from enum import StrEnum

COLUMNS = (32, 42, 48)
"""Cells of a line: of paper of 58 mm, and of 80 mm at 180 and at 203 dots an inch."""


class Hangul(StrEnum):
    """What of a text the printer writes with its own letters; all else is drawn.

    ``KS5601``: the characters of KS X 1001, with its 2,350 syllables, which every Korean printer
    has. ``CP949``: all 11,172 syllables. ``RASTER``: nothing.
    """

    KS5601 = "ks5601"
    CP949 = "cp949"
    RASTER = "raster"
