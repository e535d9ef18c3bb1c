"""Every page is whole at every size: nothing cut, nothing covered, nothing too small to touch.

``make test`` measures each page with the longest texts at all sizes in both languages, and in a
share of all themes, scales and shops one page in ``STEP``; ``make geometry`` measures everything.
"""

from __future__ import annotations

import pytest

from posapp.ui.core.i18n import LANGUAGES
from tests.conftest import PatientBot
from tests.pictures.records import KINDS, write_records
from tests.pictures.visits import LOCKS, VISITS
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.geometry_cases import EVERY_CASE, LONGEST, SCALES, SMALL, Case, share, shrunk
from tests.ui.counter.page_faults import faults
from tests.ui.counter.scaled_pages import measure
from tests.ui.scanner.typing_hands import Keyboard

pytestmark = pytest.mark.slow

STEP = 5
"""One in so many pages is measured in each theme and at each scale, another one in each shop."""

SMALL_SCREENS = [(scale, screen) for scale, screens in SMALL.items() for screen in screens]

LARGE = (1920, 1920)
"""A screen in pixels that has room for every size."""


@pytest.fixture(scope="module")
def shop(qapp, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    records = write_records("longest", folder)
    with demo_counter(PatientBot(request), folder, Keyboard().clock, records=records) as counter:
        yield counter


@pytest.mark.parametrize("state", [*VISITS, *LOCKS])
def test_every_page_fits_with_the_longest_texts(shop, state):
    assert faults(shop, state, LONGEST) == []


@pytest.mark.parametrize(("scale", "kind"), sorted({(one.scale, one.shop) for one in share()}))
def test_every_page_fits_in_each_theme_and_at_each_scale(tmp_path, scale, kind):
    cases = [one for one in share() if (one.scale, one.shop) == (scale, kind)]
    first = (SCALES.index(scale) * len(KINDS) + KINDS.index(kind)) % STEP
    assert measure(cases, LARGE, tmp_path, (first, STEP)) == []


@pytest.mark.parametrize(("scale", "screen"), SMALL_SCREENS)
def test_a_small_screen_contains_the_window_and_the_rest_scrolls(request, tmp_path, scale, screen):
    cases = [Case(scale, "longest", "light", language, screen) for language in LANGUAGES]
    first = SMALL_SCREENS.index((scale, screen))
    few = (0, 1) if request.config.getoption("--every-size") else (first, STEP)
    assert measure(cases, screen, tmp_path, few) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", SCALES)
def test_every_page_fits_in_every_case(request, tmp_path, scale, kind):
    if not request.config.getoption("--every-size"):
        pytest.skip("make geometry measures every case")
    cases = [one for one in (*EVERY_CASE, *shrunk()) if (one.scale, one.shop) == (scale, kind)]
    assert measure(cases, LARGE, tmp_path) == []


def test_in_what_is_measured_any_two_values_occur_together():
    few = share()
    assert len(few) < len(EVERY_CASE) / 8
    for one in EVERY_CASE:
        values = (one.scale, one.shop, one.theme, one.language, one.size)
        for other in range(1, 5):
            for first in range(other):
                assert any(
                    (seen := (case.scale, case.shop, case.theme, case.language, case.size))[first]
                    == values[first]
                    and seen[other] == values[other]
                    for case in (*few, *LONGEST)
                )
