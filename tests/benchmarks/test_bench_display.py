"""The buyer's display: from plugging its screen in to the QR on it, on a real X server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.benchmarks.figures import quantile, report_line
from tests.e2e.screen import VirtualScreen
from tests.ui.counter.scaled_pages import ROOT

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not shutil.which("xrandr"), reason="X and its monitors are Linux's"),
]

ROUNDS = 100


def test_a_screen_is_plugged_in(measuring: bool) -> None:
    rounds = ROUNDS if measuring else 2
    with VirtualScreen("2732x768") as screen:
        done = subprocess.run(
            [sys.executable, "-m", "tests.ui.display.plugged_display", str(rounds), "measure"],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{screen.display}"},
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
    taken = json.loads(done.stdout)
    assert len(taken) == rounds
    report_line("buyer's display, plugged in → QR on it, p95", quantile(taken, 0.95), "ms", 500)
