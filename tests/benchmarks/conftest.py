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

SHOP_SETTINGS = {
    "POSAPP_MODE": "test",
    "POSAPP_API_BASE": "http://127.0.0.1:9",
    "POSAPP_LINK_BASE": "http://127.0.0.1:9",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
}
"""Variables of a shop without PortOne and keyring: it starts, and its calls fail at once."""


@pytest.fixture(scope="session", autouse=True)
def measuring(request: pytest.FixtureRequest) -> bool:
    """Whether to measure, as ``make bench`` does. Else every benchmark runs once and small, as part
    of ``make test``, and its output is no figure."""
    wanted: bool = request.config.getoption("--measure")
    figures.judged = wanted
    return wanted


@pytest.fixture(scope="session")
def rows(request: pytest.FixtureRequest, measuring: bool) -> int:
    """Number of requests in the desk's file."""
    wanted: int = request.config.getoption("--rows")
    return wanted or (ROWS if measuring else FEW_ROWS)


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with virtual_screen() as display:
        yield Screen(display, tmp_path_factory.mktemp("user"))


@pytest.fixture(scope="session")
def demo_home(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo shop that was opened once; that has compiled every module."""
    home = tmp_path_factory.mktemp("shop")
    screen.run("till_start.py", "demo", str(home), "ready")
    return home


@pytest.fixture(scope="session")
def shop_home(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop in test mode that was opened once, so that its schema is current."""
    home = tmp_path_factory.mktemp("till")
    screen.run("till_start.py", "run", str(home), "ready", **SHOP_SETTINGS)
    return home
