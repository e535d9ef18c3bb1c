"""Random hands, scans, times and networks at the kiosk; a seed replays."""

from __future__ import annotations

import random
import secrets

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.errors import EnvironmentCode
from posapp.domain.kiosk import IDLE_STATES, KioskState
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.ui.kiosk.kiosk_button import KioskButton
from tests.ui.kiosk.conftest import FREE, LONG, ORDER, Kiosk
from tests.ui.printing.test_roll_printing import FakePrinter

EVENTS = 3_000
"""Events of hands and of the world around a kiosk, for each seed."""

KEYS = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F1),
    *(Qt.Key(Qt.Key.Key_0.value + one) for one in range(10)),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_A, Qt.Key.Key_F4),
)
SIZES = ((1080, 1920), (1366, 768), (1280, 800))


class Monkey:
    """Does one random thing after the other."""

    def __init__(self, kiosk: Kiosk, seed: int) -> None:
        self.kiosk = kiosk
        self.random = random.Random(seed)
        self.events = 0
        self.printer = FakePrinter()
        kiosk.add_printer(self.at_printer)

    def at_printer(self, address: str) -> FakePrinter:
        """A printer that is well, away, half through a paper, or says nothing."""
        halted = PrinterProblem(EnvironmentCode.PRINTER_HALTED, may_be_out=True)
        away = PrinterProblem(EnvironmentCode.PRINTER_AWAY)
        states = (PrinterState.READY, PrinterState.UNKNOWN, away, halted)
        self.printer.results.append(self.random.choice(states))
        return self.printer.at(address)

    def step(self) -> None:
        acts = (
            *[self.press_button] * 8,
            *[self.press_key] * 4,
            *[self.type_right] * 3,
            *[self.wait, self.work] * 2,
            *(self.touch, self.scan, self.pay, self.network, self.resize),
        )
        if self.kiosk.state == "qr" and self.random.random() < 0.3:
            self.pay()
        extra = self.kiosk.window.extra
        if extra.isVisible() and self.random.random() < 0.5:
            self.kiosk.clock.advance(seconds=1)
            QTest.mouseClick(extra, Qt.MouseButton.LeftButton)
        if self.kiosk.services.gateway.plan and self.random.random() < 0.2:
            self.network()
        act = self.random.choice(acts)
        act()
        self.events += 2 if act in (self.press_button, self.type_right, self.touch) else 1
        QApplication.processEvents()

    def press_button(self) -> None:
        self.kiosk.clock.advance(milliseconds=self.random.choice((10, 400, 2_000)))
        shown = [one for one in self.kiosk.window.findChildren(KioskButton) if one.isVisible()]
        if shown:
            QTest.mouseClick(self.random.choice(shown), Qt.MouseButton.LeftButton)

    def press_key(self) -> None:
        key = self.random.choice(KEYS)
        modifiers = self.random.choice(
            (*[Qt.KeyboardModifier.NoModifier] * 4, Qt.KeyboardModifier.AltModifier)
        )
        place = self.kiosk.window.focusWidget() or self.kiosk.window
        QApplication.sendEvent(place, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))

    def type_right(self) -> None:
        """Go on as a buyer does, where random digits lead nowhere."""
        kiosk = self.kiosk
        kiosk.clock.advance(seconds=1)
        digits = {"order": str(self.random.choice((ORDER, LONG, FREE))), "phone": "0001"}
        for digit in digits.get(kiosk.state, ""):
            kiosk.controller.type_digit(digit)
            self.events += 1
        if kiosk.window.main.isVisible() and kiosk.window.main.isEnabled():
            QTest.mouseClick(kiosk.window.main, Qt.MouseButton.LeftButton)

    def touch(self) -> None:
        window = self.kiosk.window
        at = QPoint(self.random.randrange(window.width()), self.random.randrange(window.height()))
        place = window.childAt(at) or window
        QTest.mouseClick(place, Qt.MouseButton.LeftButton)

    def scan(self) -> None:
        codes = (f"PO{ORDER}", f"PO{LONG}", "PO9", "8801234567893", "x" * 5_000)
        self.kiosk.controller.scanned(self.random.choice(codes))

    def wait(self) -> None:
        self.kiosk.wait(self.random.choice((0.1, 5, 30, 90, 310)))

    def work(self) -> None:
        self.kiosk.work()

    def pay(self) -> None:
        payment = self.kiosk.controller.payment
        assert payment is not None
        if self.kiosk.window.qr.code.is_scannable and payment.is_scannable:
            self.kiosk.pay()

    def network(self) -> None:
        plan = self.kiosk.services.gateway.plan
        plan.clear() if plan else self.kiosk.lose_network()

    def resize(self) -> None:
        self.kiosk.window.resize(*self.random.choice(SIZES))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``--monkey`` plays so many events by a new seed, ``--monkey-seed`` one seed again."""
    option = metafunc.config.getoption
    seeds = [1, 2] if not option("--monkey") else [secrets.randbelow(10**9)]
    if option("--monkey-seed") is not None:
        seeds = [option("--monkey-seed")]
    metafunc.parametrize("seed", seeds)


def test_nothing_that_hands_do_breaks_the_kiosk_or_its_books(
    request: pytest.FixtureRequest, kiosk: Kiosk, seed: int
):
    monkey = Monkey(kiosk, seed)
    paid = 0
    while monkey.events < (request.config.getoption("--monkey") or EVENTS):
        monkey.step()
        assert kiosk.window.isVisible()
        below, visit = kiosk.controller.flow.below, kiosk.controller.visit
        may_idle = below in IDLE_STATES or (below is KioskState.START and visit.has_wishes)
        assert kiosk.window.view.layout != "idle" or may_idle
        paid += kiosk.controller.is_paid
    assert paid, "no buyer came as far as paying"
    assert monkey.printer.papers, "nobody had a receipt printed"
    kiosk.services.gateway.plan.clear()
    for _ in range(40):
        kiosk.clock.advance(seconds=60)
        kiosk.work()
        kiosk.wait(1)
    assert kiosk.controller.flow.below in (KioskState.START, KioskState.ORDER)
    kiosk.services.check_books()
