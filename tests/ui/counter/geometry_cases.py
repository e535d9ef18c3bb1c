"""Combinations of theme, scale, size, language and shop at which every page is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cache
from itertools import combinations, product

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.theme import THEMES
from posapp.ui.shell.main_window import SMALLEST
from posapp.ui.shell.routes import COUNTER_SIZES
from tests.pictures.records import KINDS

SCALES = (1.0, 1.25, 1.5, 2.0)
"""Device pixels a pixel."""

SMALL = {
    1.0: ((800, 480),),
    3.0: ((640, 360), (341, 200)),
}
"""Screens by scale that no page is made for; at scale 3 those of 1920 × 1080 and 1024 × 600."""


@dataclass(frozen=True, slots=True)
class Case:
    """How a shop's pages are shown: pixels are those of the window, whatever the scale."""

    scale: float
    shop: str
    theme: str
    language: str
    size: tuple[int, int]

    @property
    def is_small(self) -> bool:
        """Whether the page is made for a larger window: it scrolls."""
        return self.size[0] < SMALLEST[0] or self.size[1] < SMALLEST[1]


EVERY_CASE = tuple(
    Case(*given) for given in product(SCALES, KINDS, THEMES, LANGUAGES, COUNTER_SIZES)
)

LONGEST = tuple(
    Case(1.0, "longest", "light", *given) for given in product(LANGUAGES, COUNTER_SIZES)
)
"""Measured beside the share."""


def shrunk() -> Iterator[Case]:
    """Yield the cases in which a scale leaves a screen of one of the sizes less room."""
    for scale, (width, height) in product(SCALES[1:], COUNTER_SIZES):
        size = round(width / scale), round(height / scale)
        for language, theme in product(LANGUAGES, THEMES):
            yield Case(scale, "longest", theme, language, size)


@cache
def share() -> tuple[Case, ...]:
    """Choose a few cases in which, with ``LONGEST``, every two values of two properties occur
    together.

    The same few each time: each is the first one with the most pairs that were not there yet.
    """
    chosen: list[Case] = []
    missing = set().union(*map(_pairs, EVERY_CASE)).difference(*map(_pairs, LONGEST))
    while missing:
        best = max(EVERY_CASE, key=lambda case: len(_pairs(case) & missing))
        chosen.append(best)
        missing -= _pairs(best)
    return tuple(chosen)


def _pairs(case: Case) -> set[object]:
    return set(combinations(enumerate(astuple(case)), 2))
