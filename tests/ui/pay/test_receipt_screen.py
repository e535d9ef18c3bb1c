"""The receipt: the text of the slip, and the actions on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.receipts.receipt_screen import ReceiptScreen
from tests.ui.pay.payment_scenarios import (
    EnvironmentCode,
    EnvironmentProblem,
    FakeReceipts,
    weird_order,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def receipts() -> FakeReceipts:
    return FakeReceipts()


@pytest.fixture
def screen(
    qtbot: QtBot, room: QWidget, texts: Translator, theme: Theme, receipts: FakeReceipts
) -> ReceiptScreen:
    made = ReceiptScreen(texts, theme, InlineTaskRunner(room), receipts, room)
    made.resize(room.size())
    with qtbot.waitExposed(room):
        room.show()
    return made


def test_slip_shows_every_field(screen: ReceiptScreen):
    screen.open(1024)
    lines = screen.slip.lines()
    for part in (
        "한빛상점",
        "2026년 3월 2일 (월) 10:00:00",
        "테스트 결제",
        "59,900원",
        "아메리카노",
        "4,500원 × 2",
        "9,000원",
        "취소",
        "1024",
        "김서연",
        "카카오페이",
        "imp_448280090638",
    ):
        assert part in lines
    assert screen.slip.accessibleName() == "영수증"
    assert "59,900원" in screen.slip.accessibleDescription()


def test_a_live_payment_has_no_test_badge(screen: ReceiptScreen, receipts: FakeReceipts):
    receipts.receipt = replace(
        receipts.receipt, payment=replace(receipts.receipt.payment, sandbox=False)
    )
    screen.open(1024)
    assert "테스트 결제" not in screen.slip.lines()


def test_slip_shows_the_refunded_amount(screen: ReceiptScreen, receipts: FakeReceipts):
    receipts.receipt = replace(receipts.receipt, refunded=Won(32_000))
    screen.open(1024)
    assert "-32,000원" in screen.slip.lines()
    assert "27,900원" in screen.slip.lines()


def test_the_address_is_copied_whole(qtbot: QtBot, screen: ReceiptScreen, receipts: FakeReceipts):
    screen.open(1024)
    with qtbot.waitSignal(screen.notified):
        QTest.keyClick(screen, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == receipts.receipt.payment.receipt_url


def test_without_an_address_there_is_nothing_to_copy(screen: ReceiptScreen, receipts: FakeReceipts):
    receipts.receipt = replace(
        receipts.receipt, payment=replace(receipts.receipt.payment, receipt_url="")
    )
    screen.open(1024)
    assert screen.copy.isHidden()


def test_enter_is_done(qtbot: QtBot, screen: ReceiptScreen):
    screen.open(1024)
    with qtbot.waitSignal(screen.home_requested):
        QTest.keyClick(screen, Qt.Key.Key_Return)


def test_missing_receipt_is_reported(screen: ReceiptScreen, receipts: FakeReceipts):
    receipts.receipt = None
    screen.open(5)
    assert screen.empty.isVisible()
    assert screen.empty.message == "이 주문에는 영수증이 없습니다."
    assert screen.copy.isHidden()


def test_trouble_is_reported_and_can_be_tried_again(screen: ReceiptScreen, receipts: FakeReceipts):
    receipts.refusal = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    screen.open(1024)
    assert "데이터베이스" in screen.banner.message
    receipts.refusal = None
    screen.banner.acted.emit()
    assert "한빛상점" in screen.slip.lines()


def test_the_language_changes_on_the_slip(screen: ReceiptScreen, texts: Translator):
    screen.open(1024)
    texts.set_language("en")
    assert "₩59,900" in screen.slip.lines()
    assert "KakaoPay" in screen.slip.lines()
    assert "59,900원" not in screen.slip.lines()


@pytest.mark.parametrize("size", [(1366, 640), (1920, 950), (1080, 1800)])
def test_foreign_names_stay_on_the_slip(
    screen: ReceiptScreen, room: QWidget, receipts: FakeReceipts, size: tuple[int, int]
):
    receipts.receipt = replace(receipts.receipt, order=weird_order(), shop="<b>가게</b>" * 500)
    room.resize(*size)
    screen.resize(*size)
    screen.open(1024)
    QApplication.processEvents()
    for label in screen.slip.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText
            area = label.geometry()
            assert screen.slip.rect().contains(area), label.text()[:40]
            assert label.minimumSizeHint().width() <= label.width()
    lines = screen.slip.lines()
    assert any(line.replace("\u200b", "").startswith("<b>굵게</b>") for line in lines)
    assert not any("\x00" in line or "\u202e" in line for line in lines)
