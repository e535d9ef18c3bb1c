"""The indicator follows the records at every change, by any program part."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.requests import Decision, RequestKind
from tests.fakes.actors import STAFF
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.test_scans_at_the_counter import orders_of
from tests.ui.scanner.typing_hands import Keyboard


@pytest.fixture
def counter(qtbot, qapp, tmp_path):
    with demo_counter(qtbot, tmp_path, Keyboard().clock) as counter:
        qtbot.waitUntil(lambda: counter.worker.is_running)
        # Nothing is sent meanwhile: only actions of the user change the records.
        counter.worker.stop()
        counter.worker.start(_quiet)
        yield counter


def _quiet():
    from posapp.services.payments.payment_engine import EngineStep

    return EngineStep((), 60_000)


def waiting_refund(counter):
    with counter.demo.container.store.snapshot() as uow:
        for number in range(1200, 1000, -1):
            for request in uow.requests.for_order(number):
                if request.state.value == "WAIT" and request.kind is RequestKind.REFUND:
                    return request
    raise AssertionError("no refund is asked for in the demo shop")


def indicator_says(qtbot, counter, text: str) -> None:
    indicator = counter.window.status_bar.sync
    qtbot.waitUntil(lambda: text in indicator.text())


def open_count(counter) -> int:
    return counter.window.status_bar._open


def test_a_decision_at_the_desk_and_its_undo(qtbot, counter):
    """It said that one refund waits until F11 was opened."""
    request = waiting_refund(counter)
    desk = counter.demo.container.decision_service
    before = open_count(counter)
    desk.decide(Actor.seller(request.seller_id), request.id, Decision.APPROVE, "")
    indicator_says(qtbot, counter, "환불 1건")
    qtbot.waitUntil(lambda: open_count(counter) == before + 1)
    desk.undo(Actor.seller(request.seller_id), request.id)
    indicator = counter.window.status_bar.sync
    qtbot.waitUntil(lambda: "환불 1건" not in indicator.text())
    qtbot.waitUntil(lambda: open_count(counter) == before)


def test_waiting_refund_is_counted(qtbot, counter):
    order = next(orders_of(counter, paid=True))
    item = order.items[0]
    counter.demo.container.cancellation_service.refund(
        Actor.buyer(order.buyer_id), item.id, "", item.total
    )
    indicator_says(qtbot, counter, "환불 1건")


def test_taken_over_refund_is_counted(qtbot, counter):
    order = next(orders_of(counter, paid=True))
    item = order.items[0]
    till = counter.demo.container
    refund = till.cancellation_service.refund(Actor.buyer(order.buyer_id), item.id, "", item.total)
    indicator_says(qtbot, counter, "환불 1건")
    counter.demo.container.sync_service.take_over(STAFF, refund.id)
    qtbot.waitUntil(lambda: counter.window.status_bar.sync.tone == "error")
    qtbot.waitUntil(lambda: counter.window.status_bar._for_person == 1)


def test_started_and_stopped_qr(qtbot, counter):
    order = next(orders_of(counter, paid=False))
    payment_service = counter.demo.container.payment_service
    progress = payment_service.start(Actor.buyer(order.buyer_id), order.id)
    indicator_says(qtbot, counter, "QR")
    payment_service.abandon(Actor.person(), progress.attempt.id)
    qtbot.waitUntil(lambda: "QR" not in counter.window.status_bar.sync.text())
