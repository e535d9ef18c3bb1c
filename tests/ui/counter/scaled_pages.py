"""Measures every page of a shop in a process of its own: a scale is chosen at the start of Qt.

    python -m tests.ui.counter.scaled_pages CASES [FIRST STEP]

``CASES`` is a list in JSON, of what a ``Case`` is made of; all have one shop, and the scale of
``QT_SCALE_FACTOR``. ``FIRST`` and ``STEP`` choose a share of the states: every ``STEP``-th one from
that one on. Prints what is wrong, one line each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import astuple
from itertools import count
from pathlib import Path

from PySide6.QtWidgets import QApplication

from posapp.ui.core.theme import STYLE_ARGUMENTS
from tests.pictures.records import write_records
from tests.pictures.visits import LOCKS, VISITS
from tests.pictures.waiting import Waiting
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.geometry_cases import Case
from tests.ui.counter.page_faults import faults

ROOT = Path(__file__).parents[3]


def measure(
    cases: Sequence[Case], screen: tuple[int, int], folder: Path, share: tuple[int, int] = (0, 1)
) -> list[str]:
    """Return what is wrong with any page in cases of one scale and one shop.

    Args:
        screen: size in pixels at that scale.
        folder: where the description of the screen is put.
        share: the first of the states, and how many steps on the next one is; by default all are.
    """
    scale = cases[0].scale
    width, height = (round(side * scale) for side in screen)
    described = folder / f"screen-{width}x{height}.json"
    described.write_text(json.dumps({"screens": [one_screen(width, height)]}))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.ui.counter.scaled_pages",
            json.dumps([astuple(case) for case in cases]),
            *map(str, share),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": f"offscreen:configfile={described}",
            "QT_SCALE_FACTOR": str(scale),
            "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough",
        },
        capture_output=True,
        text=True,
        timeout=1_800,
        check=False,
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr}"
    return done.stdout.splitlines()


def one_screen(
    width: int, height: int, *, x: int = 0, name: str = "only", scale: int = 1
) -> dict[str, object]:
    """Return what the offscreen platform is told of a screen, in device pixels."""
    return {
        **{"name": name, "x": x, "y": 0, "width": width, "height": height, "dpr": 1},
        **{"logicalDpi": 96 * scale, "logicalBaseDpi": 96},
    }


def main() -> None:
    """Measure the cases of the argument."""
    app = QApplication([sys.argv[0], *STYLE_ARGUMENTS])
    cases = [Case(*given[:4], tuple(given[4])) for given in json.loads(sys.argv[1])]
    first, step = map(int, sys.argv[2:] or ("0", "1"))
    states = (*VISITS, *LOCKS)[first::step]
    assert app.primaryScreen().devicePixelRatio() == cases[0].scale
    with tempfile.TemporaryDirectory() as home:
        records, pace = write_records(cases[0].shop, Path(home)), count(1_000, 200).__next__
        with demo_counter(Waiting(), Path(home), pace, records=records) as counter:
            QApplication.processEvents()
            window, room = counter.window, counter.window.screen().availableGeometry()
            if not room.contains(window.frameGeometry()):
                sys.stdout.write(f"{window.frameGeometry()} is not on {room}\n")
            window.setMinimumSize(1, 1)  # for a screen that is smaller yet
            for theme in dict.fromkeys(case.theme for case in cases):
                counter.theme.set_name(theme)  # once: it styles all pages anew
                here = [case for case in cases if case.theme == theme]
                for state in states:
                    sys.stdout.writelines(f"{what}\n" for what in faults(counter, state, here))


if __name__ == "__main__":
    main()
