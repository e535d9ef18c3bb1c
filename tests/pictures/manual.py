"""Takes the pictures of the manual anew: ``make manual``.

    python -m tests.pictures.manual [--states home,orders] [--languages ko,en]

One file a picture: ``docs/manual/pictures/<language>-<name>.png``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from itertools import count
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.theme import STYLE_ARGUMENTS
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.shell import routes
from tests.pictures.unsent import leave_unsent
from tests.pictures.visits import LOCKS, VISITS, leave, until
from tests.pictures.waiting import Waiting
from tests.pictures.whole import whole
from tests.ui.counter.demo_counter import demo_counter

PICTURES = Path(__file__).parents[2] / "docs" / "manual" / "pictures"

REFUND = "refund"
"""The picture of the question before a refund."""

STATES = {
    **{
        name: name
        for name in (
            *(routes.HOME, routes.ORDERS, routes.ORDER, routes.CANCEL),
            *(routes.REQUESTS, routes.DELIVERIES, routes.SALE, routes.CHARTS),
            *(routes.PRODUCTS, "products_form"),
        )
    },
    REFUND: routes.ORDER,
    "pay": "pay_qr",
    routes.STAFF: "staff_people",
    routes.SHIFT: "shift_count",
    "staff_code": "staff_code",
    "lock": "lock_pin",
    routes.SYNC: routes.SYNC,
    routes.OPEN_MONEY: routes.OPEN_MONEY,
}
"""Pictures by name, with the state of ``VISITS`` that they show."""

UNFINISHED = (routes.SYNC, routes.OPEN_MONEY)
"""The last pictures: the worker is stopped for them, with refunds that it did not send."""

SIZE = (1024, 600)
WIDTH = 720
"""Pixels of a picture."""

_SETTLE_MS = 400
_COLOURS = 128
_EXACT = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither


def take(counter: CounterWindow, name: str, languages: list[str]) -> int:
    """Take one picture in each language; return how many."""
    window = counter.window
    window.resize(*SIZE)
    {**VISITS, **LOCKS}[STATES[name]].open(counter)
    until(lambda: counter.runner.busy == 0)
    QTest.qWait(_SETTLE_MS)
    for language in languages:
        counter.texts.set_language(language)  # type: ignore[attr-defined]
        QTest.qWait(_SETTLE_MS)
        dialog = _ask(counter) if name == REFUND else None
        picture = whole(window)
        if dialog is not None:
            dialog.close()
        save(picture, PICTURES / f"{language}-{name}.png")
    leave(counter)
    return len(languages)


def _ask(counter: CounterWindow):  # type: ignore[no-untyped-def]
    QTest.keyClick(QApplication.focusWidget() or counter.window, Qt.Key.Key_F8)
    until(QApplication.activeModalWidget)
    QTest.qWait(_SETTLE_MS)
    return QApplication.activeModalWidget()


def save(picture: QPixmap, path: Path) -> None:
    """Save a picture as a small file: few colours, no wider than ``WIDTH``."""
    small = picture.toImage().scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
    data = bytes(small.convertToFormat(QImage.Format.Format_RGB32).constBits())
    seen = Counter(memoryview(data).cast("I").tolist())
    colours = [colour for colour, _ in seen.most_common(_COLOURS)]
    few = small.convertToFormat(QImage.Format.Format_Indexed8, colours, _EXACT)
    few.save(str(path), "PNG", 0)  # type: ignore[call-overload]


def main() -> None:
    """Take the pictures that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures.manual")
    parser.add_argument("--states", default=list(STATES), type=lambda text: text.split(","))
    parser.add_argument("--languages", default=list(LANGUAGES), type=lambda text: text.split(","))
    wanted = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    app = QApplication(["manual", *STYLE_ARGUMENTS])
    taken = 0
    with (
        tempfile.TemporaryDirectory() as home,
        demo_counter(Waiting(), Path(home), count(1_000, 200).__next__, "ko") as counter,
    ):
        for name in wanted.states:
            if name in UNFINISHED and counter.worker.is_running:
                leave_unsent(counter)
            taken += take(counter, name, wanted.languages)
    print(f"{taken} pictures in {PICTURES}")  # noqa: T201 - the program's only output
    del app


if __name__ == "__main__":
    main()
