"""The buyer's screen is plugged in and out, moved and mirrored, on a real X server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.e2e.screen import VirtualScreen
from tests.ui.counter.scaled_pages import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("xrandr"), reason="X and its monitors are Linux's"),
]

ROUNDS = 5


def test_the_display_is_found_again_and_never_on_the_wrong_screen(pytestconfig):
    """A sale in a process of its own. ``--every-place`` plugs the screen in and out 100 times."""
    rounds = 100 if pytestconfig.getoption("--every-place") else ROUNDS
    with VirtualScreen("2732x768") as screen:
        done = subprocess.run(
            [sys.executable, "-m", "tests.ui.display.plugged_display", str(rounds)],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{screen.display}"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr
