"""The list of cash receipts that wait for a person, in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.cash_receipts import ReceiptState
from posapp.domain.receipt_identity import ReceiptPurpose
from tests.pictures.receipts import leave_receipts
from tests.pictures.visits import leave
from tests.ui.scanner.typing_hands import HAND_MS

KEY = Qt.Key
_GUARD_MS = 400


@pytest.fixture
def counter(shared):
    leave_receipts(shared)
    shared.go_home()
    shared.window.activateWindow()
    yield shared
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
    leave(shared)


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()


def press(qtbot, counter, keyboard, key: Qt.Key) -> None:
    keyboard.now += HAND_MS
    QTest.keyClick(QApplication.focusWidget() or counter.window, key)
    counter._scans.flush()
    settle(qtbot, counter)


def opened(qtbot, counter, state: ReceiptState, purpose: ReceiptPurpose | None = None):
    """The page with a receipt of a state, and of a purpose, chosen."""
    counter.window.show_screen("cash_receipts")
    settle(qtbot, counter)
    page = counter.screens.page("cash_receipts")
    page.refresh()
    settle(qtbot, counter)
    found = next(
        one.receipt
        for one in page.view.model.entries
        if one.receipt.state is state and purpose in (None, one.receipt.purpose)
    )
    page.view.choose(found.id)
    page.view.list.setFocus()
    return page, found


def stored(counter, receipt_id: int):
    with counter.demo.container.store.snapshot() as uow:
        return uow.cash_receipts.get(receipt_id)


def dialog(qtbot):
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    QTest.qWait(_GUARD_MS)
    return QApplication.activeModalWidget()


def test_home_leads_there_only_while_something_waits(qtbot, counter):
    row = counter.home.rows["receipts"]
    counter.home.status_changed()
    qtbot.waitUntil(row.isVisible)
    waiting = len(counter.demo.container.cash_receipt_service.tasks())
    assert row._number.text() == str(waiting) and not row.key
    row.click()
    settle(qtbot, counter)
    assert counter.window.current == "cash_receipts"
    page = counter.screens.page("cash_receipts")
    assert page.view.model.rowCount() == waiting and f"{waiting}건" in page.subtitle


def test_the_first_due_is_first_and_what_is_late_is_red(qtbot, counter):
    page, _ = opened(qtbot, counter, ReceiptState.UNKNOWN)
    tasks = page.view.model.entries
    assert [one.receipt.due_at for one in tasks] == sorted(one.receipt.due_at for one in tasks)
    rows = [page.view.model.index(at).data(page.view.model.TextRole) for at in range(len(tasks))]
    assert (rows[0].tone, rows[0].note) == ("error", "기한 지남")
    assert all(row.note for row, one in zip(rows, tasks, strict=True) if not one.receipt.issued_at)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (ReceiptState.UNKNOWN, set()),
        (ReceiptState.REFUSED, {"reissue", "enter_number"}),
        (ReceiptState.CANCEL_REFUSED, {"cancelled"}),
    ],
)
def test_only_what_the_state_allows_is_offered(qtbot, counter, state, offered):
    page, _ = opened(qtbot, counter, state)
    buttons = ("reissue", "enter_number", "cancelled")
    assert {name for name in buttons if getattr(page, name).isVisible()} == offered


def test_enter_opens_the_order_and_back_leads_to_the_list(qtbot, counter, keyboard):
    _, receipt = opened(qtbot, counter, ReceiptState.REFUSED)
    press(qtbot, counter, keyboard, KEY.Key_Return)
    assert counter.window.current == "order"
    assert counter.screens.page("order")._order_id == receipt.order_id
    press(qtbot, counter, keyboard, KEY.Key_Escape)
    assert counter.window.current == "cash_receipts"


def test_an_approval_number_ends_the_task_of_a_receipt_issued_by_hand(qtbot, counter, keyboard):
    page, receipt = opened(qtbot, counter, ReceiptState.REFUSED, ReceiptPurpose.PERSONAL)
    press(qtbot, counter, keyboard, KEY.Key_F7)
    asked = dialog(qtbot)
    assert not asked.yes.isEnabled() and "58,600" in asked.yes.text()
    asked.number.line.setText("12")
    press(qtbot, counter, keyboard, KEY.Key_Return)
    assert asked.yes.hasFocus() and asked.isVisible(), "Enter in the field stores nothing"
    press(qtbot, counter, keyboard, KEY.Key_F7)
    assert "6자리부터" in asked.notice.text() and asked.isVisible()
    asked.number.line.setText("123456789")
    QTest.qWait(_GUARD_MS)
    press(qtbot, counter, keyboard, KEY.Key_F7)
    qtbot.waitUntil(lambda: stored(counter, receipt.id).state is ReceiptState.ISSUED)
    settle(qtbot, counter)
    assert stored(counter, receipt.id).approval_no == "123456789"
    assert page.view.model.row_of(receipt.id) == -1


def test_a_refused_receipt_is_issued_again_under_a_new_number(qtbot, counter, keyboard):
    till = counter.demo.container
    actor = till.session.actor
    if till.shift_service.read() is None:
        till.shift_service.open_shift(actor, 500_000)
    counter.demo.sandbox.faults.conduct.change(refuse_receipt="식별번호 오류")
    with till.store.snapshot() as uow:
        known = uow.catalogue.existing_products(range(1, 2_000)).values()
        product = next(one for one in known if one.stock)
    till.cart_service.add(actor, product.id)
    payable = int(till.cart_service.read().amounts.payable)
    order = till.cash_service.sell(actor, payable, payable).order
    asked = till.cash_receipt_service.request(
        actor, order.id, ReceiptPurpose.PERSONAL, "01098765432"
    )
    qtbot.waitUntil(lambda: stored(counter, asked.id).state is ReceiptState.REFUSED, timeout=20_000)
    counter.demo.sandbox.faults.clear()
    page, _ = opened(qtbot, counter, ReceiptState.REFUSED)
    page.view.choose(asked.id)
    press(qtbot, counter, keyboard, KEY.Key_F8)
    question = dialog(qtbot)
    assert not question.yes.isEnabled(), "the number was overwritten and is typed again"
    question.number.line.setText("9001011234567")
    press(qtbot, counter, keyboard, KEY.Key_F8)
    assert "주민등록번호" in question.notice.text()
    question.number.line.setText("01012345678")
    QTest.qWait(_GUARD_MS)
    press(qtbot, counter, keyboard, KEY.Key_F8)

    def states() -> list[ReceiptState]:
        with till.store.snapshot() as uow:
            return [one.state for one in uow.cash_receipts.of_order(order.id)]

    qtbot.waitUntil(
        lambda: states() == [ReceiptState.CANCELLED, ReceiptState.ISSUED], timeout=20_000
    )
    settle(qtbot, counter)
    assert page.view.model.row_of(asked.id) == -1


def test_a_cancellation_by_hand_is_recorded_after_a_question(qtbot, counter, keyboard):
    page, receipt = opened(qtbot, counter, ReceiptState.CANCEL_REFUSED)
    press(qtbot, counter, keyboard, KEY.Key_F7)
    question = dialog(qtbot)
    assert question.no.hasFocus()
    press(qtbot, counter, keyboard, KEY.Key_F7)
    qtbot.waitUntil(lambda: stored(counter, receipt.id).state is ReceiptState.CANCELLED)
    settle(qtbot, counter)
    assert page.view.model.row_of(receipt.id) == -1


def test_the_evidence_is_copied(qtbot, counter, keyboard):
    page, receipt = opened(qtbot, counter, ReceiptState.REFUSED, ReceiptPurpose.UNNAMED)
    press(qtbot, counter, keyboard, KEY.Key_F3)
    assert any(receipt.own_no in value for _, value in page.view.detail.facts.rows)
    page.view.copy.click()
    assert receipt.own_no in QApplication.clipboard().text()
    press(qtbot, counter, keyboard, KEY.Key_F3)
