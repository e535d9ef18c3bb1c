"""Plugs the buyer's screen in and out below a real counter; started by test_plugged_display.

The screens are RandR monitors of a virtual X server, so every change comes as on a real machine:
from the server, through Qt's own plugin.

    python -m tests.ui.display.plugged_display ROUNDS
    python -m tests.ui.display.plugged_display ROUNDS measure

The second prints a JSON list: for each round the milliseconds from plugging the screen in to the QR
on it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from posapp.ui.core.theme import STYLE_ARGUMENTS
from posapp.ui.display.buyer_display import BuyerDisplay
from posapp.ui.display.buyer_view import BuyerPhase
from posapp.ui.display.display_window import DisplayWindow
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.shell import routes
from tests.e2e.screen import VirtualScreen
from tests.pictures.visits import VISITS, leave, until
from tests.pictures.waiting import Waiting
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.scaled_pages import ROOT
from tests.ui.pay.test_qr import read

WIDTH, HEIGHT = 1366, 768
SELLERS, BUYERS = "sellers", "buyers"


def play(rounds: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run this program on an X server of its own."""
    with VirtualScreen("2732x768") as screen:
        return subprocess.run(
            [sys.executable, "-m", "tests.ui.display.plugged_display", str(rounds), *words],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{screen.display}"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


class Monitors:
    """The monitors of the X server."""

    def put(self, name: str, left: int, *, output: str = "none") -> None:
        """Plug one in, or move it."""
        self.pull(name)
        self._xrandr("--setmonitor", name, f"{WIDTH}/300x{HEIGHT}/200+{left}+0", output)

    def pull(self, name: str) -> None:
        """Plug one out."""
        if name in self._xrandr("--listmonitors"):
            self._xrandr("--delmonitor", name)
            # Qt takes a monitor of the same name that comes at once for an unchanged one.
            until(lambda: name not in (one.name() for one in QGuiApplication.screens()))

    def _xrandr(self, *words: str) -> str:
        done = subprocess.run(["xrandr", *words], capture_output=True, text=True, check=True)
        return done.stdout


class Display:
    """The buyer's display of a counter, as a person in front of it sees it."""

    def __init__(self, counter: CounterWindow) -> None:
        assert counter.display is not None
        self.counter, self.part = counter, counter.display

    @property
    def window(self) -> DisplayWindow:
        assert self.part.window is not None
        return self.part.window

    def choose(self, name: str) -> None:
        """Choose a screen in the list of the settings."""
        self.part.choose(next(key for key, _ in self.part.choices() if f"|{name}|" in key))

    def is_on(self, left: int) -> bool:
        """Whether it fills the screen at this place."""
        part = self.part.window
        return (
            part is not None
            and part.isVisible()
            and part.geometry() == QRect(left, 0, WIDTH, HEIGHT)
            and part.screen().name() == BUYERS
        )

    def is_hidden(self) -> bool:
        """Whether nobody sees it."""
        part: BuyerDisplay = self.part
        return part.is_missing and (part.window is None or not part.window.isVisible())

    def shows(self, phase: BuyerPhase) -> bool:
        """Whether it shows this."""
        return self.window.view.phase is phase

    def link(self) -> list[str]:
        """The codes that a phone reads off it."""
        return [text for text, _ in read(self.window.grab().toImage())]

    def text(self) -> str:
        """Everything that can be read on it."""
        labels = self.window.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisible())


@contextmanager
def opened() -> Iterator[tuple[CounterWindow, Display, Monitors]]:
    """Two screens and a counter on the first one."""
    monitors = Monitors()
    monitors.put(SELLERS, 0, output="screen")
    monitors.put(BUYERS, WIDTH)
    app = QApplication([sys.argv[0], *STYLE_ARGUMENTS])
    app.setQuitOnLastWindowClosed(False)
    until(lambda: {one.name() for one in app.screens()} == {SELLERS, BUYERS})
    pace = count(1_000, 200).__next__
    with (
        tempfile.TemporaryDirectory() as home,
        demo_counter(Waiting(), Path(home), pace) as counter,
    ):
        counter.window.setGeometry(40, 40, 1024, 640)
        until(lambda: counter.window.screen().name() == SELLERS)
        yield counter, Display(counter), monitors


def check_sale(counter: CounterWindow, display: Display) -> None:
    """The buyer sees greeting, order, QR and outcome, and never who they are."""
    display.choose(BUYERS)
    until(lambda: display.is_on(WIDTH))
    assert "어서 오세요" in display.text()
    VISITS["pay_ready"].open(counter)
    pay = counter.screens.pay
    until(lambda: pay._controller.buyer is not None and display.shows(BuyerPhase.ORDER))
    buyer, order = pay._controller.buyer, pay._controller.order
    private = (buyer.name, buyer.phone[-4:], str(order.id), str(buyer.id))
    assert not [one for one in private if one in display.text().replace(",", "")]
    counter.window.show_screen(routes.ORDERS)
    until(lambda: display.shows(BuyerPhase.IDLE))
    VISITS["pay_qr"].open(counter)
    until(lambda: display.shows(BuyerPhase.SCAN) and display.window.code.isVisible())
    assert display.link() == [pay.progress.attempt.link_url]
    assert pay._controller.buyer.name not in display.text()
    counter.window.show_screen(routes.ORDERS)  # a live QR stays
    until(lambda: counter.window.current == routes.ORDERS)
    assert display.link() == [pay.progress.attempt.link_url]
    counter.window.show_screen(routes.PAYING)
    assert QGuiApplication.focusWindow() is not display.window.windowHandle()


def check_screens(
    counter: CounterWindow, display: Display, monitors: Monitors, rounds: int
) -> None:
    """With a QR on both sides the screen goes and comes, moves, and is mirrored."""
    pay, qr = counter.screens.pay, counter.screens.pay.view.qr
    link = pay.progress.attempt.link_url
    for _ in range(rounds):
        monitors.pull(BUYERS)
        until(display.is_hidden)
        assert "손님 화면이 연결되지 않았습니다." in qr.notice.text()
        assert qr.code.is_scannable
        monitors.put(BUYERS, WIDTH)
        until(lambda: display.is_on(WIDTH))
        assert not qr.notice.text()
    assert display.link() == [link]
    monitors.put(BUYERS, 0)  # mirrored
    until(display.is_hidden)
    monitors.put(BUYERS, WIDTH)
    until(lambda: display.is_on(WIDTH))
    counter.window.move(WIDTH + 60, 60)  # dragged over to the buyer's
    until(lambda: QRect(0, 0, WIDTH, HEIGHT).contains(counter.window.geometry().center()))
    until(lambda: counter.window.screen().name() == SELLERS and display.is_on(WIDTH))
    monitors.pull(SELLERS)  # the buyer's is the only one now
    monitors.put(SELLERS, WIDTH, output="screen")  # swapped
    monitors.put(BUYERS, 0)
    until(lambda: display.is_on(0) and counter.window.screen().name() == SELLERS)
    assert display.link() == [link]
    display.part.choose("")
    until(lambda: not display.window.isVisible())
    assert not display.part.is_missing


def measure(counter: CounterWindow, display: Display, monitors: Monitors, rounds: int) -> None:
    """Print how long it takes until the QR is on a screen that is plugged in."""
    display.choose(BUYERS)
    VISITS["pay_qr"].open(counter)
    until(lambda: display.is_on(WIDTH) and display.window.code.isVisible())
    taken = []
    for _ in range(rounds):
        monitors.pull(BUYERS)
        until(display.is_hidden)
        begun = time.perf_counter()
        monitors.put(BUYERS, WIDTH)
        while not (display.is_on(WIDTH) and display.window.code.isVisible()):
            QApplication.processEvents()
        taken.append((time.perf_counter() - begun) * 1000)
    sys.stdout.write(json.dumps(taken))


def main() -> None:
    """Run all of it, or measure."""
    if sys.argv[2:] == ["measure"]:
        with opened() as (counter, display, monitors):
            measure(counter, display, monitors, int(sys.argv[1]))
            leave(counter)
        return
    with opened() as (counter, display, monitors):
        check_sale(counter, display)
        check_screens(counter, display, monitors, int(sys.argv[1]))
        leave(counter)


if __name__ == "__main__":
    main()
