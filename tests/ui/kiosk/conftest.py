"""A kiosk in its window over real services, a stand-in of PortOne, and a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.domain.orders import Order
from posapp.services.ports.receipt_printer import ReceiptPrinter
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner, TaskRunner
from posapp.ui.core.theme import KIOSK, Theme
from posapp.ui.kiosk.input_guard import InputGuard
from posapp.ui.kiosk.kiosk_button import KioskButton
from posapp.ui.kiosk.kiosk_controller import KioskController
from posapp.ui.kiosk.kiosk_measures import KioskMeasures
from posapp.ui.kiosk.kiosk_window import KioskWindow
from posapp.ui.kiosk.receipt_print import ReceiptPrint
from posapp.ui.printing.roll_printing import RollPrinting
from tests.fakes.books_gateway import Fault
from tests.fakes.kiosk import FakeKiosk
from tests.fakes.till import OTHER_BUYER, an_order
from tests.fakes.world import FakeClock

ORDER, LONG, FREE, WIDE = 1200, 1300, 1400, 1500
SHOP = "하나 베이커리"
NAME = "김하나"
PHONE_END = "0001"
TOTAL = "15,400원"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ignore one more warning: the offscreen platform has no other window to be raised above."""
    here = Path(__file__).parent
    noise = pytest.mark.qt_log_ignore("This plugin does not support (propagateSizeHints|raise)")
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(noise)


def _widest_order() -> Order:
    """An order with names and amounts as long as they may be shown."""
    order = an_order(WIDE, (218_888, 9), (1_000, 1))
    names = ("유기농 통밀 무화과 호두 크림치즈 캄파뉴 " * 3, "W" * 60)
    items = zip(order.items, names, strict=True)
    return replace(order, items=tuple(replace(one, name=name) for one, name in items))


class Kiosk:
    """The window with everything behind it, and a buyer's hands."""

    def __init__(
        self,
        folder: Path,
        texts: Translator,
        theme: Theme,
        measures: KioskMeasures | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.texts = texts
        self.measures = measures or KioskMeasures()
        self.folder = folder
        self.services = FakeKiosk(folder / "posapp.db", self.clock)
        self.services.stock_shop(
            an_order(ORDER, (7_700, 2)),
            an_order(LONG, *[(1_000 + at, 1) for at in range(40)]),
            an_order(FREE, (0, 1), buyer=OTHER_BUYER),
            _widest_order(),
        )
        self.runner = InlineTaskRunner()
        self.controller = KioskController(self.runner, self.clock, idle_s=60)
        self.window = KioskWindow(
            *(texts, theme, self.controller), shop=SHOP, mode="practice", measures=measures
        )
        self.guard = InputGuard(self.window, self.controller)
        self.guard.install()
        self.controller.language_requested.connect(
            lambda: texts.set_language("en" if texts.language == "ko" else "ko")
        )
        self.spoken: list[object] = []
        self.window.screen_spoken.connect(self.spoken.append)
        self.window.item_spoken.connect(self.spoken.append)
        self.controller.digit_typed.connect(
            lambda digit, private: self.spoken.append("a private digit" if private else digit)
        )

    @property
    def state(self) -> str:
        return self.controller.flow.below.value

    @property
    def title(self) -> str:
        return self.window.view.title

    def buttons(self) -> list[KioskButton]:
        return self.window.findChildren(KioskButton)

    def button(self, action: str) -> KioskButton:
        found = [one for one in self.buttons() if one.action == action and one.isVisible()]
        assert len(found) == 1, (action, self.state)
        return found[0]

    def tap(self, *actions: str) -> None:
        """Touch buttons, one a second."""
        for action in actions:
            self.wait(1)
            QTest.mouseClick(self.button(action), Qt.MouseButton.LeftButton)
            QApplication.processEvents()

    def key(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
        """Press keys, one a second."""
        for key in keys:
            self.wait(1)
            place = self.window.focusWidget() or self.window
            QTest.keyClick(place, key, modifiers or Qt.KeyboardModifier.NoModifier)
            QApplication.processEvents()

    def wait(self, seconds: float) -> None:
        """Let time pass; the times are looked at at its end."""
        self.clock.advance(seconds=seconds)
        self.controller.tick()
        QApplication.processEvents()

    def work(self) -> None:
        """Let the worker poll, and tell the window."""
        self.clock.advance(seconds=2)
        for change in self.services.engine.step().changes + self.services.engine.step().changes:
            if change.subject == "attempt":
                self.controller.attempt_changed(change.id)
        QApplication.processEvents()

    def type(self, digits: str) -> None:
        self.tap(*digits)

    def wish(self, enlarged: int, *, low: bool = False) -> None:
        """Choose a size and a place of the screen at the start."""
        while self.controller.visit.enlarged != enlarged:
            self.tap("large")
        if low != self.controller.visit.low:
            if not any(one.action == "low" and one.isVisible() for one in self.buttons()):
                self.tap("down")
            self.tap("low")

    def to_summary(self) -> None:
        self.tap("begin")
        self.type(str(ORDER))
        self.tap("next")
        self.type(PHONE_END)
        self.tap("next")
        assert self.state == "summary"

    def to_qr(self) -> str:
        """Show a QR; return the attempt's number at PortOne."""
        self.to_summary()
        self.tap("pay")
        assert self.state == "qr"
        return self.merchant_uid

    @property
    def merchant_uid(self) -> str:
        payment = self.controller.payment
        assert payment is not None
        assert payment.progress is not None
        return payment.progress.attempt.merchant_uid

    def add_printer(
        self, connect: Callable[[str], ReceiptPrinter], runner: TaskRunner | None = None
    ) -> RollPrinting:
        """Give the shop a receipt printer."""
        roll = RollPrinting(connect, address="tcp:printer:9100", runner=runner or self.runner)
        receipts = ReceiptPrint(self.texts, self.runner, self.clock, roll, self.controller)
        receipts.changed.connect(self.controller.changed)
        receipts.service = self.services.container.receipts
        self.controller.receipts = receipts
        return roll

    def lose_network(self) -> None:
        """Let every call to PortOne fail until ``services.gateway.plan`` is cleared."""
        self.services.gateway.plan.extend([Fault.NOT_CONNECTED] * 1_000)

    def pay(self) -> None:
        """Pay the QR that is on the screen, as a buyer does."""
        self.services.books.pay(self.merchant_uid)
        self.work()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme("light", density=KIOSK)
    made.apply(qapp)
    yield made
    qapp.setStyleSheet("")


@pytest.fixture
def measures() -> KioskMeasures | None:
    """What was measured at the kiosk; a test gives another value by a parameter."""
    return None


@pytest.fixture
def closed_kiosk(
    tmp_path: Path, texts: Translator, theme: Theme, qtbot: QtBot, measures: KioskMeasures | None
) -> Iterator[Kiosk]:
    """A kiosk whose services are not there yet."""
    made = Kiosk(tmp_path, texts, theme, measures)
    qtbot.addWidget(made.window)
    made.window.resize(1080, 1920)
    with qtbot.waitExposed(made.window):
        made.window.show()
    yield made
    made.guard.remove()
    made.window.may_close = True
    made.services.close()


@pytest.fixture
def kiosk(closed_kiosk: Kiosk) -> Kiosk:
    closed_kiosk.controller.attach(closed_kiosk.services.container)
    return closed_kiosk
