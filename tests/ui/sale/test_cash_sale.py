"""A sale in cash (F7): what is received, the change, a first part, and the next sale."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.domain.actors import Actor
from posapp.domain.cash import TenderState
from posapp.domain.orders import OrderState
from tests.pictures.visits import BREAD, CAKE
from tests.ui.sale.test_sale_screen import KEY, said, settle

FLOAT = 100_000


@pytest.fixture
def container(counter):
    return counter.demo.container


@pytest.fixture
def shift(container, qtbot, counter, page):
    """An open shift, which the page has noticed."""
    shifts = container.shift_service
    if shifts.read() is None:
        shifts.open_shift(Actor.person(), FLOAT, is_sure=True)
    page.status_changed()
    settle(qtbot, counter, page)
    return shifts


@pytest.fixture
def panel(page):
    return page.cash.panel


@pytest.fixture
def pay(counter):
    return counter.screens.page("pay")


def tenders(container, order_id: int):
    with container.store.snapshot() as uow:
        return uow.cash.of_order(order_id)


def type_keys(press, text: str) -> None:
    for character in text:
        press(KEY.Key_Period if character == "." else getattr(KEY, f"Key_{character}"))


def test_without_a_shift_the_page_leads_to_opening_one(
    qtbot, counter, page, scan, press, container
):
    assert container.shift_service.read() is None
    went: list[str] = []
    page.go_requested.connect(lambda name, _: went.append(name))
    scan(BREAD)
    press(KEY.Key_F7)
    assert not page.cash.is_open
    assert said(page) == "개점 후 판매할 수 있습니다." and page.view.fix.text() == "개점"
    page.view.fix.click()
    assert went == ["shift"] and said(page) == ""


def test_the_exact_amount_is_two_keys(
    qtbot, counter, page, scan, press, shift, container, panel, pay
):
    scan(BREAD)  # 3,200
    press(KEY.Key_F7)
    assert panel.isVisible() and panel.received.line.hasFocus()
    assert panel.due.text() == "3,200원" and panel.change.text() == "0원"
    assert not page.view.pay.isEnabled() and not page.view.cash.isEnabled()
    qtbot.waitUntil(lambda: panel._guard.is_past)
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert counter.window.current == "pay" and not page.cash.is_open
    order = pay._controller.taken.order
    assert order.state is not OrderState.WAITING_FOR_PAYMENT and order.receipt_no is not None
    (tender,) = tenders(container, order.id)
    assert (tender.amount, tender.received, tender.change) == (3_200, 3_200, 0)
    assert tender.state is TenderState.KEPT
    outcome = pay.view.outcome
    assert outcome.isVisible() and outcome.heading.text() == "현금을 받았습니다."
    assert outcome.amount.text() == "3,200원" and outcome.next.text() == "다음 손님"
    press(KEY.Key_Return)
    assert counter.window.current == "sale" and page.cart is None


def test_change_is_the_largest_figure_until_the_next_input(
    qtbot, counter, page, scan, press, shift, panel, pay
):
    scan(BREAD, CAKE)  # 41,200
    press(KEY.Key_F7)
    type_keys(press, "50.")
    assert panel.received.line.text() == "50000" and panel.change.text() == "8,800원"
    press(KEY.Key_F7)
    settle(qtbot, counter, page)
    outcome = pay.view.outcome
    assert outcome.heading.text() == "거스름돈 8,800원을 내어 주세요."
    assert outcome.amount.text() == "8,800원"
    assert outcome.message.text() == "받을 금액 41,200원 · 받은 현금 50,000원"
    scan(BREAD)
    assert counter.window.current == "sale" and len(page.cart.lines) == 1


def test_too_little_takes_nothing_and_says_how_much(
    qtbot, counter, page, scan, press, shift, panel
):
    scan(BREAD)
    press(KEY.Key_F7)
    type_keys(press, "3000")
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert panel.isVisible() and panel.received.message == "200원이 모자랍니다."
    assert panel.rest.isVisible() and panel.rest.text() == "나머지 카카오페이"
    assert panel.change.text() == "200원" and panel._change_name.text() == "남은 금액"
    assert page.cart is not None


def test_a_slip_of_the_keys_is_taken_by_a_second_press_only(
    qtbot, counter, page, scan, press, shift, panel
):
    scan(BREAD)
    press(KEY.Key_F7)
    type_keys(press, "320000")
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert panel.isVisible() and "받은 현금 320,000원, 맞으면" in panel.received.message
    press(KEY.Key_Backspace)
    press(KEY.Key_0)  # typed anew: it is asked about again
    press(KEY.Key_Return)
    assert panel.isVisible()
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert counter.window.current == "pay"


def test_a_second_f7_at_once_was_not_meant_as_received(qtbot, counter, page, scan, press, shift):
    scan(BREAD)
    clock = [0]
    page.cash.panel._guard._clock = lambda: clock[0]
    press(KEY.Key_F7)
    page.cash.panel.repaint()
    press(KEY.Key_F7)
    settle(qtbot, counter, page)
    assert page.cash.is_open and page.cart is not None
    clock[0] = 1_000
    press(KEY.Key_F7)
    settle(qtbot, counter, page)
    assert counter.window.current == "pay"


def test_notes_add_up_and_esc_forgets_them(qtbot, counter, page, scan, press, shift, panel):
    scan(CAKE)
    press(KEY.Key_F7)
    for note in panel.notes[2:0:-1]:
        QTest.mouseClick(note, Qt.MouseButton.LeftButton)
    assert panel.received.line.text() == "15000"
    press(KEY.Key_Escape)
    assert not page.cash.is_open and page.table.hasFocus()
    press(KEY.Key_F7)
    assert panel.received.line.text() == ""
    panel.exact.click()
    assert panel.received.line.text() == "38000"


def test_a_scan_beside_the_panel_changes_what_is_to_be_paid(
    qtbot, counter, page, scan, press, shift, panel
):
    scan(BREAD)
    press(KEY.Key_F7)
    type_keys(press, "5000")
    scan(BREAD)
    assert panel.isVisible() and panel.due.text() == "6,400원"
    assert panel.received.line.text() == "5000"
    press(KEY.Key_Return)
    assert panel.received.message == "1,400원이 모자랍니다."


def test_a_part_in_cash_and_the_rest_by_qr(
    qtbot, counter, page, scan, press, shift, container, panel, pay
):
    scan(CAKE)  # 38,000
    press(KEY.Key_F7)
    type_keys(press, "10.")
    press(KEY.Key_F8)
    settle(qtbot, counter, page)
    qtbot.waitUntil(lambda: pay.progress is not None)
    attempt = pay.progress.attempt
    assert attempt.amount == 28_000
    (tender,) = tenders(container, attempt.order_id)
    assert (tender.amount, tender.state) == (10_000, TenderState.RECEIVED)
    assert (
        pay.view.order.left.text() == "28,000원" and pay.view.order.received.text() == "-10,000원"
    )
    assert pay.view.qr.amount.text() == "28,000원"


def test_without_a_network_cash_is_taken(qtbot, counter, page, scan, press, shift, panel):
    page.set_online(False)
    try:
        scan(BREAD)
        assert not page.view.pay.isEnabled() and page.view.cash.isEnabled()
        press(KEY.Key_F7)
        type_keys(press, "1000")
        assert not panel.rest.isVisible()
        press(KEY.Key_Escape)
    finally:
        page.set_online(True)
