"""Takes a picture of every state of every page.

    python -m tests.pictures FOLDER [--shop usual] [--sizes 1024x600,1366x768] [--themes light]
                                    [--languages ko] [--states home,pay_qr]

One file a picture: ``<state>-<width>x<height>-<language>-<theme>-<shop>.png``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from itertools import count
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.theme import STYLE_ARGUMENTS, THEMES
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.shell.routes import COUNTER_SIZES
from tests.pictures.records import write_records
from tests.pictures.visits import LOCKS, VISITS, leave
from tests.pictures.waiting import Waiting
from tests.ui.counter.demo_counter import demo_counter

_SETTLE_MS = 400
"""Time in milliseconds in which a page reads what it shows."""


def take_all(counter: CounterWindow, wanted: argparse.Namespace, shop: str, folder: Path) -> int:
    """Take the wanted pictures of one shop; return how many."""
    window, taken = counter.window, 0
    for state, visit in {**VISITS, **LOCKS}.items():
        if wanted.states and state not in wanted.states:
            continue
        visit.open(counter)
        for language in wanted.languages:
            counter.texts.set_language(language)  # type: ignore[attr-defined]
            for theme in wanted.themes:
                counter.theme.set_name(theme)  # type: ignore[attr-defined]
                for width, height in wanted.sizes:
                    window.resize(width, height)
                    QTest.qWait(_SETTLE_MS)
                    name = f"{state}-{width}x{height}-{language}-{theme}-{shop}.png"
                    window.grab().save(str(folder / name))
                    taken += 1
        leave(counter)
    return taken


def main() -> None:
    """Take the pictures that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shops", default="usual", type=_words)
    parser.add_argument("--sizes", default=list(COUNTER_SIZES), type=_sizes)
    parser.add_argument("--themes", default=list(THEMES), type=_words)
    parser.add_argument("--languages", default=list(LANGUAGES), type=_words)
    parser.add_argument("--states", default=[], type=_words)
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(["pictures", *STYLE_ARGUMENTS])
    taken = 0
    for shop in wanted.shops:
        with tempfile.TemporaryDirectory() as home:
            records = write_records(shop, Path(home))
            with demo_counter(
                Waiting(), Path(home), count(1_000, 200).__next__, "ko", records=records
            ) as counter:
                taken += take_all(counter, wanted, shop, wanted.folder)
    print(f"{taken} pictures in {wanted.folder}")  # noqa: T201 - the program's only output
    del app


def _words(text: str) -> list[str]:
    return text.split(",")


def _sizes(text: str) -> list[tuple[int, int]]:
    return [(int(w), int(h)) for w, _, h in (one.partition("x") for one in text.split(","))]


if __name__ == "__main__":
    main()
