"""Cash on the payment page: in place of a QR, for its rest, and given back where it fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.session import Session
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.display.buyer_view import BuyerPhase
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.printing.roll_printing import RollPrinting
from tests.ui.cancel.shop_records import FakeHistories
from tests.ui.pay.payment_page import agree, become, text
from tests.ui.pay.payment_scenarios import (
    BUYER,
    FakeCash,
    FakePaymentService,
    NoReceipts,
    paid_history,
)
from tests.ui.printing.test_roll_printing import FakePrinter

KEY = Qt.Key
ORDER = 1024


@pytest.fixture
def cash(payment_service: FakePaymentService) -> FakeCash:
    payment_service.order = replace(payment_service.order, is_counter=True)
    return FakeCash(payment_service)


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


@pytest.fixture
def page(qtbot: QtBot, room: QWidget, texts, theme, clock, payment_service, cash, printer):
    runner = InlineTaskRunner(room)
    history = paid_history()
    found = replace(history, order=replace(history.order, is_counter=True))
    roll = RollPrinting(printer.at, address="tcp:printer:9100", auto="yes", runner=runner)
    made = PaymentScreen(
        *(texts, theme, runner, clock, payment_service, Session(), FakeHistories(found=found)),
        cash=cash,
        cash_receipts=NoReceipts(),
        shop="한빛상점",
        roll=roll,
        parent=room,
    )
    made.resize(room.size())
    with qtbot.waitExposed(room):
        room.show()
    made.open(Actor.buyer(BUYER.id), ORDER)
    return made


def total(page: PaymentScreen) -> int:
    return int(page._controller.order.total)


def take(qtbot: QtBot, page: PaymentScreen, received: str) -> None:
    """Press F7, type what was received, and Enter."""
    panel = page.cash.taking.panel
    assert panel.isVisible()
    panel.received.line.setText(received)
    qtbot.waitUntil(lambda: panel._guard.is_past)
    QTest.keyClick(panel.received.line, KEY.Key_Return)


def test_cash_in_place_of_a_qr(qtbot, page, cash, printer):
    assert page.view.qr.cash.isVisible()
    page.view.qr.cash.click()
    take(qtbot, page, str(total(page) + 400))
    assert cash.calls == [("take", total(page), total(page) + 400)]
    outcome = page.view.outcome
    assert outcome.isVisible() and outcome.heading.text() == "거스름돈 400원을 내어 주세요."
    assert outcome.amount.text() == "400원" and not outcome.cash.isVisible()
    assert page.buyer_view.phase is BuyerPhase.PAID and page.buyer_view.amount == total(page)
    assert printer.drawers == 1 and len(printer.papers) == 1


def test_an_imported_order_takes_no_cash(page, payment_service):
    payment_service.order = replace(payment_service.order, is_counter=False)
    page.open(Actor.buyer(BUYER.id), ORDER)
    assert not page.view.qr.cash.isVisible() and page.view.qr.pay.isVisible()


def test_while_the_qr_lives_no_cash_is_taken(page):
    page.view.qr.pay.click()
    assert not page.view.qr.cash.isVisible()
    assert "현금" not in text(page.view.qr)


def test_offline_cash_is_what_enter_presses(page):
    page.set_online(False)
    assert page.view.primary is page.view.qr.cash
    page.set_online(True)
    assert page.view.primary is page.view.qr.pay


@pytest.mark.parametrize("phase", [PaymentPhase.FAILED, PaymentPhase.EXPIRED, PaymentPhase.STOPPED])
def test_after_a_qr_that_failed_the_rest_is_taken_in_cash(
    qtbot, page, payment_service, cash, phase
):
    payment_service.cash = Won(10_000)
    page.open(Actor.buyer(BUYER.id), ORDER, starts=True)
    rest = total(page) - 10_000
    assert page.progress.attempt.amount == rest
    become(page, payment_service, phase)
    outcome = page.view.outcome
    assert outcome.isVisible() and outcome.cash.isVisible() and outcome.given.isVisible()
    asked = "카카오페이 결제가 되지 않았습니다. 받은 현금 10,000원을 반환해 주세요."
    assert outcome.detail.text() == asked
    outcome.cash.click()
    assert page.cash.taking.panel.due.text() == f"{rest:,}원"
    take(qtbot, page, "")
    assert cash.calls == [("take", rest, rest)]
    assert outcome.heading.text() == "현금을 받았습니다."


def test_the_cash_of_a_qr_that_failed_is_given_back(qtbot, page, payment_service, cash, printer):
    payment_service.cash = Won(10_000)
    page.open(Actor.buyer(BUYER.id), ORDER, starts=True)
    become(page, payment_service, PaymentPhase.FAILED)
    said: list[str] = []
    page.notified.connect(said.append)
    page.view.outcome.given.click()
    assert printer.drawers == 0 and cash.calls == []
    agree(qtbot, page)
    assert printer.drawers == 1 and cash.calls == [("give_back", ORDER, 10_000)]
    assert said == ["받은 현금 10,000원을 반환했습니다."]
    assert not page.view.outcome.given.isVisible() and page.view.outcome.cash.isVisible()
    assert page._controller.due == total(page)


def test_cash_that_was_held_before_a_restart_is_shown_with_its_actions(
    qtbot, page, payment_service, cash
):
    payment_service.cash = Won(10_000)
    page.open(Actor.buyer(BUYER.id), ORDER)
    outcome, rest = page.view.outcome, total(page) - 10_000
    assert outcome.isVisible() and outcome.heading.text() == "받은 현금 10,000원이 있습니다."
    assert outcome.next.text() == "카카오페이" and outcome.cash.isVisible()
    assert outcome.given.isVisible()
    assert page.view.order.left.text() == f"{rest:,}원"
    outcome.next.click()
    assert page.progress.attempt.amount == rest and page.view.qr.isVisible()


def test_a_mixed_sale_names_both_tenders(page, payment_service):
    payment_service.cash = Won(10_000)
    page.open(Actor.buyer(BUYER.id), ORDER, starts=True)
    become(page, payment_service, PaymentPhase.DONE)
    rest = total(page) - 10_000
    assert page.view.outcome.message.text() == f"받은 현금 10,000원 · 카카오페이 {rest:,}원"
    assert not page.view.outcome.given.isVisible()


def test_the_panel_says_why_nothing_was_taken(qtbot, page, cash):
    cash.refusal = UserError(ErrorCode.NO_SHIFT)
    page.view.qr.cash.click()
    take(qtbot, page, "")
    panel = page.cash.taking.panel
    assert panel.isVisible() and panel.received.message != ""
    assert page.view.qr.isVisible()
    assert not page.may_leave()  # closes the panel first
    assert not panel.isVisible() and page.may_leave()


def test_a_press_twice_takes_once(qtbot, page, cash, monkeypatch):
    page.view.qr.cash.click()
    panel, calls = page.cash.taking.panel, []
    monkeypatch.setattr(page.cash.taking, "_run", lambda work, done: calls.append(work))
    panel.received.line.setText(str(total(page)))
    panel.take.click()
    panel.take.click()
    QTest.keyClick(panel.received.line, KEY.Key_Return)
    assert len(calls) == 1
    assert not page.may_leave() and panel.isVisible()  # it is being taken


def test_a_cash_receipt_is_one_key_from_the_outcome(qtbot, page, cash):
    outcome = page.view.outcome
    page.view.qr.cash.click()
    assert not outcome.cash_receipt.isVisible()
    take(qtbot, page, "")
    assert outcome.cash_receipt.isVisible() and outcome.cash_receipt.key == "F4"
    outcome.cash_receipt.click()
    panel = page.cash_receipt.panel
    assert panel.isVisible() and panel.number.line.hasFocus()
    assert panel.amount.text() == "5,000원"
    assert not page.may_leave()  # closes the panel first
    assert not panel.isVisible() and page.may_leave()


def test_a_sale_by_qr_alone_offers_no_cash_receipt(page, payment_service):
    page.view.qr.pay.click()
    become(page, payment_service, PaymentPhase.DONE)
    assert page.view.outcome.isVisible() and not page.view.outcome.cash_receipt.isVisible()
