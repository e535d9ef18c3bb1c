"""The buyer's screen is plugged in and out, moved and mirrored, on a real X server."""

from __future__ import annotations

import shutil

import pytest

from tests.ui.display.plugged_display import play

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("xrandr"), reason="X and its monitors are Linux's"),
]

ROUNDS = 5


def test_the_display_is_found_again_and_never_on_the_wrong_screen(pytestconfig):
    """A sale in a process of its own. ``--every-place`` plugs the screen in and out 100 times."""
    rounds = 100 if pytestconfig.getoption("--every-place") else ROUNDS
    done = play(rounds)
    assert done.returncode == 0, done.stderr
