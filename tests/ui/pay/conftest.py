"""A pay screen in a window, driven by a FakePaying."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.services.session import Session
from posapp.ui.core.fonts import application_font, load_fonts
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.payment.payment_screen import PaymentScreen
from tests.fakes.world import FakeClock
from tests.ui.cancel.shop_records import FakeHistories
from tests.ui.pay.payment_scenarios import FakeCash, FakePaymentService, NoReceipts, paid_history


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application with its own typeface."""
    load_fonts()
    qapp.setFont(application_font(16))
    return qapp


@pytest.fixture
def theme(dressed: QApplication) -> Iterator[Theme]:
    made = Theme("light")
    made.apply(dressed)
    yield made
    dressed.setStyleSheet("")


@pytest.fixture
def texts(dressed: QApplication) -> Translator:
    return Translator("ko")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def payment_service(clock: FakeClock) -> FakePaymentService:
    return FakePaymentService(clock)


@pytest.fixture
def histories() -> FakeHistories:
    """The history of the order as the payment page's receipt has it."""
    return FakeHistories(found=paid_history())


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def room(qtbot: QtBot, theme: Theme) -> QWidget:
    """The window in which screens are shown."""
    window = QWidget()
    window.resize(1366, 640)
    qtbot.addWidget(window)
    return window


@pytest.fixture
def screen(
    qtbot: QtBot,
    room: QWidget,
    texts: Translator,
    theme: Theme,
    clock: FakeClock,
    payment_service: FakePaymentService,
    session: Session,
    histories: FakeHistories,
) -> PaymentScreen:
    """On screen, without an order yet; its calls are made at once."""
    made = PaymentScreen(
        *(texts, theme, InlineTaskRunner(room), clock, payment_service),
        *(session, histories),
        cash=FakeCash(payment_service),
        cash_receipts=NoReceipts(),
        shop="한빛상점",
        parent=room,
    )
    made.resize(room.size())
    with qtbot.waitExposed(room):
        room.show()
    return made
