"""현금으로 환불 in the real window: from the order's page to the list of cash to hand out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefundState
from posapp.domain.refunds import RefundState
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.pictures.refused import refused_order
from tests.pictures.visits import leave
from tests.ui.counter.test_cash_receipts import press, settle

KEY = Qt.Key


@pytest.fixture
def counter(shared):
    shared.go_home()
    shared.window.activateWindow()
    yield shared
    shared.demo.sandbox.faults.clear()
    leave(shared)


def question(qtbot, counter) -> ConfirmDialog:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, ConfirmDialog)]
    dialog = next(one for one in found if one.isVisible())
    qtbot.waitUntil(lambda: dialog._guard.is_past)
    return dialog


def test_a_refusal_for_good_is_given_back_in_cash(qtbot, counter, keyboard):
    till = counter.demo.container
    order = refused_order(counter)
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    page = counter.screens.page("order")
    items = page.view.items
    (row,) = items.rows
    assert items.in_cash.isVisible() and items.in_cash.isEnabled()
    assert "더 이상 취소하지 않습니다" in row.result.text()
    press(qtbot, counter, keyboard, KEY.Key_F7)
    dialog = question(qtbot, counter)
    assert "38,000원" in dialog.windowTitle() + dialog.yes.text()
    dialog.yes.click()
    qtbot.waitUntil(lambda: bool(till.cash_service.open_cash().to_hand_out))
    settle(qtbot, counter)
    (due,) = till.cash_service.open_cash().to_hand_out
    assert (due.state, due.replaced) == (CashRefundState.WAITING, order.total)
    assert "F12" in counter.window.toast.message
    qtbot.waitUntil(lambda: not items.in_cash.isVisible())
    assert row.result.text() == "현금 38,000원을 내어 주세요."
    till.cash_service.hand_out(till.session.actor, due.id)


def test_another_refusal_has_no_such_button(qtbot, counter):
    order = refused_order(counter, says="한도 초과")
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    assert not counter.screens.page("order").view.items.in_cash.isVisible()
    with counter.demo.container.store.snapshot() as uow:
        (refund,) = uow.refunds.for_order(order.id)
    assert refund.state is RefundState.REFUSED
    seller = Actor.seller(order.items[0].seller_id)
    again = counter.demo.container.cancellation_service
    again.refund(seller, order.items[0].id, "", int(order.total))
