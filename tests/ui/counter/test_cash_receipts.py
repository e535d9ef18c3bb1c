"""Cash receipts in the real window: the panel of an order, and the list of what people do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from posapp.domain.cash_receipts import ReceiptState
from posapp.domain.receipt_identity import ReceiptPurpose
from tests.pictures.visits import leave
from tests.ui.scanner.typing_hands import HAND_MS

KEY = Qt.Key


@pytest.fixture
def counter(shared):
    shared.go_home()
    shared.window.activateWindow()
    if shared.demo.container.shift_service.read() is None:
        shared.demo.container.shift_service.open_shift(shared.demo.container.session.actor, 500_000)
    yield shared
    shared.demo.sandbox.faults.clear()
    leave(shared)


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()


def press(qtbot, counter, keyboard, key: Qt.Key) -> None:
    keyboard.now += HAND_MS
    QTest.keyClick(QApplication.focusWidget() or counter.window, key)
    counter._scans.flush()
    settle(qtbot, counter)


def type_into(counter, keyboard, line: QLineEdit, text: str) -> None:
    line.setFocus()
    for letter in text:
        keyboard.now += HAND_MS
        QTest.keyClicks(line, letter)
    counter._scans.flush()


def enter(qtbot, counter, keyboard, line: QLineEdit) -> None:
    keyboard.now += HAND_MS
    QTest.keyClick(line, KEY.Key_Return)
    counter._scans.flush()
    settle(qtbot, counter)


def sell(counter, count: int = 1):
    """A sale that is paid in cash."""
    till = counter.demo.container
    actor = till.session.actor
    with till.store.snapshot() as uow:
        product = next(
            one for one in uow.catalogue.existing_products(range(1, 2_000)).values() if one.stock
        )
    till.cart_service.add(actor, product.id, count=count)
    payable = int(till.cart_service.read().amounts.payable)
    return till.cash_service.sell(actor, payable, payable).order


def open_receipt(qtbot, counter, keyboard, order):
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    page = counter.screens.page("order")
    press(qtbot, counter, keyboard, KEY.Key_F4)
    assert page.receipt.is_open
    return page, page.receipt.panel


def wait_for(qtbot, counter, order, state: ReceiptState) -> None:
    def is_there() -> bool:
        with counter.demo.container.store.snapshot() as uow:
            found = uow.cash_receipts.of_order(order.id)
        return bool(found) and found[-1].state is state

    qtbot.waitUntil(is_there, timeout=20_000)


def test_a_receipt_is_asked_for_by_keys_and_issued(qtbot, counter, keyboard):
    order = sell(counter)
    page, panel = open_receipt(qtbot, counter, keyboard, order)
    assert panel.amount.text() == counter.texts.won(order.total)
    assert QApplication.focusWidget() is panel.number.line
    type_into(counter, keyboard, panel.number.line, "9001011234567")
    enter(qtbot, counter, keyboard, panel.number.line)
    assert "주민등록번호는 받을 수 없습니다" in panel.number.message
    panel.number.line.clear()
    type_into(counter, keyboard, panel.number.line, "01012345678")
    enter(qtbot, counter, keyboard, panel.number.line)
    wait_for(qtbot, counter, order, ReceiptState.ISSUED)
    page._changed()
    settle(qtbot, counter)
    qtbot.waitUntil(lambda: "발급 완료" in panel.badge.label)
    assert "소득공제 010-****-5678" in panel.holder.text()
    assert not panel.ask.isVisibleTo(page) and panel.number.line.text() == ""
    press(qtbot, counter, keyboard, KEY.Key_Escape)
    assert not page.receipt.is_open and counter.window.current == "order"


def test_what_is_typed_is_forgotten_with_the_panel(qtbot, counter, keyboard):
    page, panel = open_receipt(qtbot, counter, keyboard, sell(counter))
    type_into(counter, keyboard, panel.number.line, "0101234")
    press(qtbot, counter, keyboard, KEY.Key_Escape)
    assert panel.number.line.text() == ""
    press(qtbot, counter, keyboard, KEY.Key_F4)
    panel.number.line.setText("01012345678")
    page.forget_typed()
    assert panel.number.line.text() == "" and not page.receipt.is_open


def test_each_purpose_has_its_field(qtbot, counter, keyboard):
    page, panel = open_receipt(qtbot, counter, keyboard, sell(counter))
    panel.purpose.segments[1].click()
    assert panel.chosen_purpose is ReceiptPurpose.BUSINESS
    assert panel.number.line.accessibleName() == "사업자등록번호"
    panel.purpose.segments[2].click()
    assert not panel.number.isVisibleTo(page) and panel.ask.isVisibleTo(page)


def test_what_was_refused_is_closed_by_an_approval_number(qtbot, counter, keyboard):
    counter.demo.sandbox.faults.conduct.change(refuse_receipt="식별번호 오류")
    order = sell(counter)
    till = counter.demo.container
    till.cash_receipt_service.request(
        till.session.actor, order.id, ReceiptPurpose.PERSONAL, "010-1234-5678"
    )
    wait_for(qtbot, counter, order, ReceiptState.REFUSED)
    _, panel = open_receipt(qtbot, counter, keyboard, order)
    assert "식별번호 오류" in panel.note.text()
    type_into(counter, keyboard, panel.approval.line, "12")
    enter(qtbot, counter, keyboard, panel.approval.line)
    assert "6자리부터" in panel.approval.message
    type_into(counter, keyboard, panel.approval.line, "3456789")
    enter(qtbot, counter, keyboard, panel.approval.line)
    wait_for(qtbot, counter, order, ReceiptState.ISSUED)


def test_an_order_that_the_counter_did_not_make_has_no_receipt(qtbot, counter):
    with counter.demo.container.store.snapshot() as uow:
        order = next(one for one in uow.orders.newest(100) if not one.is_counter and one.is_paid)
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    assert counter.screens.page("order").view.items.receipt.isHidden()
