"""What a hand does on the payment page, and what an eye or a phone reads there."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.pay.payment_scenarios import BUYER, FakePaymentService
from tests.ui.pay.test_qr import read


def begin(screen: PaymentScreen) -> None:
    """Open the order and press 결제."""
    screen.open(Actor.buyer(BUYER.id), 1024)
    screen.view.qr.pay.click()


def become(screen: PaymentScreen, payment_service: FakePaymentService, phase: PaymentPhase) -> None:
    """The worker saw a change: the screen gets its id."""
    payment_service.become(phase)
    assert payment_service.attempt is not None
    screen.attempt_changed(payment_service.attempt.id)


def text(widget: QWidget) -> str:
    """Everything that can be read on a widget now."""
    seen = [one for one in widget.findChildren(QLabel) if one.isVisible()]
    pressed = [one for one in widget.findChildren(QAbstractButton) if one.isVisible()]
    return "\n".join(one.text() for one in (*seen, *pressed))


def codes(screen: PaymentScreen) -> list[str]:
    """The codes that a phone would read off the whole screen."""
    image: QImage = screen.grab().toImage()
    return [text for text, _ in read(image)]


def place(page: QWidget, widget: QWidget) -> QRect:
    """Where a widget is on the page."""
    return QRect(widget.mapTo(page, widget.rect().topLeft()), widget.size())


def question(screen: PaymentScreen) -> ConfirmDialog:
    found = [one for one in screen.findChildren(ConfirmDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def agree(qtbot: QtBot, screen: PaymentScreen) -> None:
    asked = question(screen)
    qtbot.waitUntil(asked.can_agree)
    QTest.keyClick(asked, Qt.Key.Key_F8)
