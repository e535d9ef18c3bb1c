"""A live QR goes on while another page is shown, and the top bar leads back to it."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.shell.routes import TABS
from tests.ui.counter.test_scans_at_the_counter import orders_of
from tests.ui.scanner.typing_hands import HAND_MS

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def counter(shared, qtbot):
    """A counter whose payment page shows a live QR."""
    order = next(orders_of(shared, paid=False))
    pay = shared.screens.pay
    shared.screens.open_order(order.buyer_id, order.id)
    qtbot.waitUntil(pay.view.qr.pay.isEnabled)
    pay.view.qr.pay.click()
    qtbot.waitUntil(lambda: pay.progress is not None and pay.progress.phase is PaymentPhase.SCAN)
    yield shared
    if pay.is_live:
        pay._controller.stop()
        qtbot.waitUntil(lambda: not pay.is_live)
    shared.arrivals._close()
    shared.window.toast.hide()
    shared.go_home()


def press(counter, keyboard, key: Qt.Key) -> None:
    keyboard.now += HAND_MS
    QTest.keyClick(QApplication.focusWidget() or counter.window, key, CONTROL)
    counter._scans.flush()


def chip(counter):
    return counter.window.top_bar.payment


@pytest.mark.parametrize("tab", [route.id for route in TABS])
def test_a_tab_leaves_the_qr_live_and_the_chip_leads_back(qtbot, counter, keyboard, tab):
    pay = counter.screens.pay
    attempt = pay.progress.attempt.id
    assert not chip(counter).isVisible(), "the QR itself is on screen"
    press(counter, keyboard, Qt.Key(ord(str(counter.window.top_bar._numbers[tab]))))
    assert counter.window.current == tab, "nothing was asked"
    assert QApplication.activeModalWidget() is None
    assert pay.is_live
    assert chip(counter).isVisible()
    assert re.fullmatch(r"결제 중 \d:\d\d", chip(counter).text())
    assert "Ctrl+O" in chip(counter).toolTip()
    assert not chip(counter).hasFocus()
    chip(counter).click()
    assert counter.window.current == "pay" and not chip(counter).isVisible()
    assert pay.is_live and pay.progress.attempt.id == attempt
    assert pay.view.qr.code.is_scannable
    qtbot.waitUntil(pay.view.qr.code.hasFocus)


def test_the_chip_counts_down_and_follows_the_language(qtbot, counter):
    counter.window.show_screen("orders")
    seconds = counter.screens.pay.seconds_left
    qtbot.waitUntil(lambda: counter.screens.pay.seconds_left < seconds)
    qtbot.waitUntil(lambda: chip(counter).text() != f"결제 중 {seconds // 60}:{seconds % 60:02d}")
    counter._texts.set_language("en")
    assert re.fullmatch(r"Paying \d:\d\d", chip(counter).text())
    counter._texts.set_language("ko")


def test_ctrl_o_opens_the_newest_notice_and_else_the_qr(qtbot, counter, keyboard):
    paid = next(orders_of(counter, paid=True))
    counter.window.show_screen("orders")
    counter.arrivals.notify(paid.id, lambda: f"주문 {paid.id}", "success")
    press(counter, keyboard, Qt.Key.Key_O)
    assert counter.window.current == "order"
    assert counter.screens.pay.is_live
    press(counter, keyboard, Qt.Key.Key_O)
    assert counter.window.current == "pay"
    press(counter, keyboard, Qt.Key.Key_O)
    assert counter.window.current == "pay"


def test_ctrl_o_opens_nothing_without_a_notice_and_a_qr(qtbot, counter, keyboard):
    pay = counter.screens.pay
    pay._controller.stop()
    qtbot.waitUntil(lambda: not pay.is_live)
    counter.window.show_screen("orders")
    assert not chip(counter).isVisible()
    press(counter, keyboard, Qt.Key.Key_O)
    assert counter.window.current == "orders"


def test_the_chip_is_gone_once_the_buyer_has_paid(qtbot, counter):
    pay = counter.screens.pay
    counter.window.show_screen("more")
    focused = QApplication.focusWidget()
    assert chip(counter).isVisible()
    counter.demo.sandbox.books.pay(pay.progress.attempt.merchant_uid)
    qtbot.waitUntil(lambda: pay.progress.phase is PaymentPhase.DONE)
    assert not chip(counter).isVisible()
    assert counter.window.current == "more"
    assert QApplication.focusWidget() is focused


def test_another_order_waits_for_the_end_of_the_qr(qtbot, counter):
    """It was opened in place of the QR, which nobody saw any more."""
    pay = counter.screens.pay
    first, other = list(orders_of(counter, paid=False))[:2]
    assert pay.progress.attempt.order_id == first.id
    attempt = pay.progress.attempt.id
    counter.window.show_screen("orders")
    counter.screens.open_order(other.buyer_id, other.id)
    assert counter.window.current == "orders"
    assert "결제 중인 QR이 있습니다." in counter.window.toast.message
    assert pay.is_live and pay.progress.attempt.id == attempt
    counter.screens.open_order(first.buyer_id, first.id)
    assert counter.window.current == "pay" and pay.view.qr.code.is_scannable
    assert pay.progress.attempt.id == attempt
