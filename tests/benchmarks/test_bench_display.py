"""The buyer's display: from plugging its screen in to the QR on it, on a real X server."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.benchmarks.figures import quantile, report_line
from tests.ui.display.plugged_display import play

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not shutil.which("xrandr"), reason="X and its monitors are Linux's"),
]

ROUNDS = 100


def test_a_screen_is_plugged_in(measuring: bool) -> None:
    rounds = ROUNDS if measuring else 2
    done = play(rounds, "measure")
    assert done.returncode == 0, done.stderr
    taken = json.loads(done.stdout)
    assert len(taken) == rounds
    report_line("buyer's display, plugged in → QR on it, p95", quantile(taken, 0.95), "ms", 500)
