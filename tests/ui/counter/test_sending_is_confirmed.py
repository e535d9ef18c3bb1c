"""Each action that can move money shows the amount, asks, and reports its result."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.notice import Notice
from tests.fakes.actors import STAFF
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.test_scans_at_the_counter import orders_of
from tests.ui.scanner.typing_hands import HAND_MS, Keyboard


@pytest.fixture
def keyboard():
    return Keyboard()


@pytest.fixture
def counter(qtbot, qapp, tmp_path, keyboard):
    with demo_counter(qtbot, tmp_path, keyboard.clock) as counter:
        yield counter


def a_refund_in_a_persons_hands(qtbot, counter):
    qtbot.waitUntil(lambda: counter.worker.is_running)
    counter.worker.stop()  # or it is sent before anybody can take it over
    order = next(orders_of(counter, paid=True))
    item, till = order.items[0], counter.demo.container
    refund = till.cancellation_service.refund(Actor.buyer(order.buyer_id), item.id, "", item.total)
    counter.demo.container.sync_service.take_over(STAFF, refund.id)
    counter.worker.start(till.sync_engine.step)
    return refund


def press(counter, keyboard, key: Qt.Key) -> None:
    keyboard.now += HAND_MS
    QTest.keyClick(keyboard.target(), key)
    counter._scans.flush()


def returned(counter, refund) -> int:
    payments = counter.demo.sandbox.books.payments()
    return next(one.cancel_amount for one in payments if one.imp_uid == refund.imp_uid)


def test_f12_f8_asks_with_the_amount_and_reports_the_outcome(qtbot, counter, keyboard):
    refund = a_refund_in_a_persons_hands(qtbot, counter)
    before, amount = returned(counter, refund), counter._texts.won(refund.amount)
    press(counter, keyboard, Qt.Key.Key_F12)
    page = counter.screens.page("open_money")
    qtbot.waitUntil(lambda: page.view.current is not None)
    page.view.choose(("refund", refund.id))
    press(counter, keyboard, Qt.Key.Key_F8)
    question = QApplication.activeModalWidget()
    assert isinstance(question, ConfirmDialog)
    assert amount in question.windowTitle() and amount in question.yes.text()
    assert returned(counter, refund) == before
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    notice = counter.window.findChild(Notice)
    qtbot.waitUntil(notice.isVisible, timeout=20_000)
    assert amount in notice.message and "환불되었습니다" in notice.message
    assert returned(counter, refund) == before + refund.amount


def test_no_is_the_default_and_sends_nothing(qtbot, counter, keyboard):
    refund = a_refund_in_a_persons_hands(qtbot, counter)
    before = returned(counter, refund)
    press(counter, keyboard, Qt.Key.Key_F12)
    page = counter.screens.page("open_money")
    qtbot.waitUntil(lambda: page.view.current is not None)
    page.view.choose(("refund", refund.id))
    press(counter, keyboard, Qt.Key.Key_F8)
    qtbot.waitUntil(QApplication.activeModalWidget().isActiveWindow)
    press(counter, keyboard, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert returned(counter, refund) == before
    with counter.demo.container.store.snapshot() as uow:
        assert uow.refunds.get(refund.id).state.value == "NEEDS_PERSON"


def test_giving_it_back_to_the_automatic_on_f11_reports_the_outcome(qtbot, counter, keyboard):
    refund = a_refund_in_a_persons_hands(qtbot, counter)
    amount = counter._texts.won(refund.amount)
    press(counter, keyboard, Qt.Key.Key_F11)
    page = counter.screens.page("sync")
    page.view.choose(refund.id)
    qtbot.waitUntil(page.evidence.isVisible)
    press(counter, keyboard, Qt.Key.Key_F8)
    question = QApplication.activeModalWidget()
    assert amount in question.accessibleDescription() and amount in question.yes.text()
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    notice = counter.window.findChild(Notice)
    qtbot.waitUntil(notice.isVisible, timeout=20_000)
    assert amount in notice.message and "환불되었습니다" in notice.message


def test_four_keys_refund_a_line_of_a_known_order(qtbot, counter, keyboard):
    """Down, F8, 1, F8: no number is typed, and the line shows how it ended."""
    till, page = counter.demo.container, counter.screens.page("order")
    with till.store.snapshot() as uow:
        order = next(
            one
            for one in orders_of(counter, paid=True)
            if len(one.items) > 1 and not uow.refunds.for_order(one.id)
        )
    counter.screens.open_history(order.id)
    qtbot.waitUntil(lambda: page._history is not None and counter.runner.busy == 0)
    rows = page.view.items.rows
    qtbot.waitUntil(rows[0].tick.hasFocus)
    press(counter, keyboard, Qt.Key.Key_Down)
    assert rows[1].tick.hasFocus()
    press(counter, keyboard, Qt.Key.Key_F8)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CancelDialog)
    qtbot.waitUntil(dialog.can_agree)
    press(counter, keyboard, Qt.Key.Key_1)
    press(counter, keyboard, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    qtbot.waitUntil(lambda: "환불 완료" in rows[1].result.text(), timeout=20_000)
    with till.store.snapshot() as uow:
        (refund,) = uow.refunds.for_order(order.id)
    item = order.items[1]
    assert (refund.item_id, refund.amount, refund.reason) == (item.id, item.total, "단순 변심")
    assert refund.requested_by == Actor.seller(item.seller_id)
