"""``posapp tour``: the same windows offscreen, a whole sale done by itself, a picture of each step.

Nothing is played: the window is the program's own, the buttons are pressed, the payment is made at
the sandbox over HTTP as a phone does it, and the outcome is what the till found out.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posapp.app.shop import shop_at
from posapp.app.window import Running, open_the_demo
from posapp.system.logging import Redactor, start_log
from posapp.ui.touring import Sightseer

PATIENCE_MS = 30_000
"""How long one step may take before the tour gives up."""


@dataclass(frozen=True, slots=True)
class Tour:
    """What is played, and where its pictures go."""

    folder: Path
    theme: str
    language: str
    size: tuple[int, int]


def play(tour: Tour, say: Callable[[str], None]) -> int:
    """Play a sale and keep its pictures and ``transcript.txt``; 0 if it came to its good end.

    Args:
        say: told each line of the transcript as it happens.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    tour.folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="posapp-tour-"))
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        say(line)

    try:
        look = {"mode": "demo", "theme": tour.theme, "language": tour.language}
        shop = shop_at(str(home), {}, look)
        log = start_log(shop.home.logs, Redactor())
        running = Running(shop, open_the_demo, live=False)
        try:
            ended_well = _play(running, tour, tell)
        finally:
            running.close()
            log.close()
        tell(f"pictures: {tour.folder}")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    (tour.folder / "transcript.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if ended_well else 1


def _play(running: Running, tour: Tour, tell: Callable[[str], None]) -> bool:
    sights = Sightseer(running.counter, tour.folder, tour.size, PATIENCE_MS, tell)
    if not sights.open_window():
        return False
    demo = running.demo
    if demo is None or not sights.find_an_order():
        return False
    merchant_uid = sights.show_the_code()
    if not merchant_uid:
        return False
    demo.sandbox.books.open(merchant_uid)
    if not sights.see_the_buyer():
        return False
    demo.sandbox.books.pay(merchant_uid)
    return sights.see_the_outcome() and sights.see_the_receipt()
