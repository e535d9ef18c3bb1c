"""The screen and the shop of the benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import figures
from tests.benchmarks.processes import Screen
from tests.benchmarks.virtual_screen import virtual_screen
from tests.requests.million import ROWS

FEW_ROWS = 4_000


@pytest.fixture(scope="session", autouse=True)
def measuring(request: pytest.FixtureRequest) -> bool:
    """Whether to measure, as ``make bench`` does. Else every benchmark runs once and small, as part
    of ``make test``, and its output is no figure."""
    wanted: bool = request.config.getoption("--measure")
    figures.judged = wanted
    return wanted


@pytest.fixture(scope="session")
def rows(measuring: bool) -> int:
    """Number of requests in the desk's file."""
    return ROWS if measuring else FEW_ROWS


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with virtual_screen() as display:
        yield Screen(display, tmp_path_factory.mktemp("user"))


@pytest.fixture(scope="session")
def demo_home(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo shop that was opened once; that has compiled every module."""
    home = tmp_path_factory.mktemp("shop")
    screen.run("till_start.py", str(home), "ready")
    return home
