"""The screen and the shop that everything here is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.processes import Screen
from tests.benchmarks.virtual_screen import virtual_screen


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with virtual_screen() as display:
        yield Screen(display, tmp_path_factory.mktemp("user"))


@pytest.fixture(scope="session")
def demo_home(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo shop that was opened before; making it has compiled every module."""
    home = tmp_path_factory.mktemp("shop")
    screen.run("till_start.py", str(home), "ready")
    return home
