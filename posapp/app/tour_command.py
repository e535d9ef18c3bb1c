"""``posapp tour``: runs a whole sale in the real windows offscreen, with a picture of each step.

Nothing is simulated in the program: the window is its own, the buttons are pressed, the payment is
made at the sandbox over HTTP like a phone's, and the till finds the result itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posapp.app.desktop_app import DesktopApp, open_demo_shop
from posapp.app.shop_config import load_shop
from posapp.system.logging import Redactor, start_log
from posapp.ui.navigation.tour_driver import TourDriver

PATIENCE_MS = 30_000
"""Time limit of one step."""


@dataclass(frozen=True, slots=True)
class Tour:
    """Options of a tour."""

    folder: Path
    theme: str
    language: str
    size: tuple[int, int]


def play(tour: Tour, say: Callable[[str], None]) -> int:
    """Run a sale and write its pictures and ``transcript.txt``; return 0 if it succeeded.

    Args:
        say: called with each line of the transcript as it happens.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    tour.folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="posapp-tour-"))
    lines: list[str] = []

    def report(line: str) -> None:
        lines.append(line)
        say(line)

    try:
        appearance = {
            "mode": "demo",
            "start_screen": "home",
            "theme": tour.theme,
            "language": tour.language,
        }
        shop = load_shop(str(home), {}, appearance)
        log = start_log(shop.home.logs, Redactor())
        running = DesktopApp(shop, open_demo_shop, live=False)
        try:
            ended_well = _play(running, tour, report)
        finally:
            running.close()
            log.close()
        report(f"pictures: {tour.folder}")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    (tour.folder / "transcript.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if ended_well else 1


def _play(running: DesktopApp, tour: Tour, report: Callable[[str], None]) -> bool:
    driver = TourDriver(running.counter, tour.folder, tour.size, PATIENCE_MS, report)
    if not driver.open_window():
        return False
    demo = running.demo
    if demo is None or not driver.find_an_order():
        return False
    merchant_uid = driver.show_the_code()
    if not merchant_uid:
        return False
    demo.sandbox.books.open(merchant_uid)
    if not driver.see_the_buyer():
        return False
    demo.sandbox.books.pay(merchant_uid)
    return driver.see_the_outcome() and driver.see_the_receipt()
