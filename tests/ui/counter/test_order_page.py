"""The order page in the real window: to a request or a payment and back, by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.errors import UserError
from posapp.domain.orders import ItemStatus
from posapp.domain.requests import RequestKind, RequestState
from posapp.services.requests.create_request import why_not_requestable
from tests.pictures.visits import leave, orders, unpaid
from tests.ui.scanner.typing_hands import HAND_MS

KEY = Qt.Key


@pytest.fixture(params=["online", "offline"])
def counter(shared, request):
    if request.param == "offline":
        shared.demo.sandbox.stop()
    shared.worker.connectivity_changed.emit(request.param == "online")
    shared.go_home()
    shared.window.activateWindow()
    yield shared
    leave(shared)


@pytest.fixture
def delivered(counter):
    """A paid order of two items or more, of which the first two are handed over now."""
    order = next(
        one
        for one in orders(counter)
        if len(one.items) > 1
        and all(item.status is ItemStatus.COMPLETE_PAYMENT for item in one.items)
    )
    for item in order.items[:2]:
        counter.demo.container.fulfilment_service.hand_over(Actor.seller(item.seller_id), item.id)
    return order


def press(qtbot, counter, keyboard, key: Qt.Key) -> None:
    keyboard.now += HAND_MS
    QTest.keyClick(QApplication.focusWidget() or counter.window, key)
    counter._scans.flush()
    settle(qtbot, counter)


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()


def test_a_request_from_the_order_and_back_to_its_line(qtbot, counter, keyboard, delivered):
    item = delivered.items[1]
    counter.screens.open_history(delivered.id)
    settle(qtbot, counter)
    page = counter.screens.page("order")
    press(qtbot, counter, keyboard, KEY.Key_Down)
    press(qtbot, counter, keyboard, KEY.Key_F5)
    assert counter.window.current == "buyer_request"
    form = counter.screens.page("buyer_request").form
    assert form.item is not None and form.item.item_id == item.id
    press(qtbot, counter, keyboard, KEY.Key_1)
    press(qtbot, counter, keyboard, KEY.Key_Return)
    with counter.demo.container.store.snapshot() as uow:
        made = uow.requests.waiting_of_item(item.id)
    assert made is not None and made.buyer_id == delivered.buyer_id
    press(qtbot, counter, keyboard, KEY.Key_Escape)
    assert counter.window.current == "order"
    row = page.view.items.rows[1]
    assert row.result.text() == "환불 신청 대기" and row.property("current")
    assert QApplication.focusWidget() is row.tick
    press(qtbot, counter, keyboard, KEY.Key_F5)
    assert counter.window.current == "order"
    assert page.view.banner.message == "이미 전송된 요청입니다."


def test_the_page_says_what_the_service_would_say(qtbot, counter, delivered):
    """The page reads the rules from the records it shows; the service asks them when it acts."""
    till, buyer = counter.demo.container, Actor.buyer(delivered.buyer_id)
    first = delivered.items[0]
    till.request_service.create(buyer, first.id, RequestKind.REFUND, "파손")
    for order in orders(counter):
        history = till.order_history_service.for_order(order.id)
        for item in order.items:
            why = why_not_requestable(history, item)
            waiting = {one.item_id: one.kind for one in history.requests if _waits(one)}
            kind = waiting.get(item.id, RequestKind.EXCHANGE)
            actor = Actor.buyer(order.buyer_id)
            if why is None:
                till.request_service.create(actor, item.id, kind, "파손")
                till.request_service.withdraw(actor, item.id)
                continue
            with pytest.raises(UserError) as refused:
                till.request_service.create(actor, item.id, kind, "파손")
            assert refused.value.code is why.code, (order.id, item.id)


def _waits(request) -> bool:
    return request.state is RequestState.WAIT


def test_an_unpaid_order_is_paid_from_its_page(qtbot, counter, keyboard):
    order = unpaid(counter)
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    press(qtbot, counter, keyboard, KEY.Key_F7)
    assert counter.window.current == "pay"
    assert str(order.id) in counter.screens.pay.view.order.caption
    press(qtbot, counter, keyboard, KEY.Key_Escape)
    assert counter.window.current == "order"
