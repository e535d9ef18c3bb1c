"""Uncertain rows show 확인 중 with a reason and are disabled, until they are certain again."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.services.payments.payment_engine import EngineStep
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.system.clock import SystemClock
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.test_scans_at_the_counter import orders_of, seller_of_requests
from tests.ui.scanner.typing_hands import Keyboard


def nothing_due() -> EngineStep:
    return EngineStep((), 60_000)


@pytest.fixture
def counter(qtbot, qapp, tmp_path):
    with demo_counter(qtbot, tmp_path, Keyboard().clock) as counter:
        qtbot.waitUntil(lambda: counter.worker.is_running)
        # Nothing is compared meanwhile.
        counter.worker.stop()
        counter.worker.start(nothing_due)
        yield counter


def restore(counter, *, compared: bool) -> None:
    with counter.demo.container.store.transaction() as uow:
        if compared:
            uow.checkpoints.set_compared()
        else:
            uow.checkpoints.set_behind(SystemClock().now())
        uow.commit()


def test_after_a_restore_nothing_can_be_done_before_comparing(qtbot, counter):
    unpaid, paid = next(orders_of(counter, paid=False)), next(orders_of(counter, paid=True))
    screens, texts = counter.screens, counter._texts
    item = paid.items[0]
    screens.open_requests(seller_of_requests(counter))
    screens.open("deliveries", {"actor": Actor.seller(item.seller_id), "item_id": item.id})
    screens.open_cancel(Actor.buyer(paid.buyer_id), item.id)
    screens.open_order(unpaid.buyer_id, unpaid.id)
    form, ready = screens.page("cancel").view.form, screens.pay.view.qr
    requests, deliveries = screens.page("requests"), screens.page("deliveries")
    qtbot.waitUntil(lambda: ready.pay.isEnabled() and form.button.isEnabled())
    qtbot.waitUntil(lambda: requests.view.approve.isEnabled() and deliveries.view.step.isEnabled())
    off = (
        *(ready.pay, form.button, deliveries.view.step, deliveries.view.hand_over),
        *(requests.view.approve, requests.view.reject),
    )

    restore(counter, compared=False)
    qtbot.waitUntil(lambda: not any(one.isEnabled() for one in off))
    for says_so in (ready.pay, form.button):
        assert says_so.text() == "확인 중"
    assert "확인 중" in deliveries.view.why_not.text()
    assert "확인 중" in counter.window.status_bar.message.toolTip()  # the text may be elided
    assert "확인 중" in form.form.consequence.text()
    rows = [requests.model._written(at).secondary for at in range(requests.model.rowCount())]
    actions = [requests.model._written(at).primary[-1] for at in range(requests.model.rowCount())]
    assert rows and "확인 중" in actions
    screens.open_history(paid.id, Actor.buyer(paid.buyer_id))
    page = screens.page("order")
    qtbot.waitUntil(lambda: page._history is not None)
    assert page._history.doubt is not None
    for row in page.view.items.rows:
        assert not row.tick.isEnabled()
        assert "확인 중" in row.badge.label
    assert page.view.items.doubt.isVisible() and "확인 중" in page.view.items.doubt.text()

    restore(counter, compared=True)
    qtbot.waitUntil(lambda: ready.pay.isEnabled() and form.button.isEnabled())
    qtbot.waitUntil(lambda: requests.view.approve.isEnabled() and deliveries.view.step.isEnabled())
    assert ready.pay.text() == texts("pay.pay")
    assert counter.window.status_bar.message.text() == ""


def test_order_with_differing_money_waits_for_its_explanation(qtbot, counter):
    paid = next(orders_of(counter, paid=True))
    till, page = counter.demo.container, counter.screens.page("order")
    with till.store.transaction() as uow:
        payment = uow.payments.accepted_of_order(paid.id)
        uow.mismatches.note(
            Mismatch(
                0,
                MismatchKind.CANCELS_DIFFER,
                payment.merchant_uid,
                payment.imp_uid,
                Won(1_000),
                "1000 went back in the console",
                SystemClock().now(),
            )
        )
        uow.commit()
    counter.screens.open_history(paid.id, Actor.buyer(paid.buyer_id))
    qtbot.waitUntil(lambda: page._history is not None)
    assert all(not row.tick.isEnabled() for row in page.view.items.rows)
    assert "미처리 금액" in page.view.items.doubt.text()
    with till.store.snapshot() as uow:
        (mismatch,) = uow.mismatches.of_payment(payment.imp_uid)
    till.unresolved_money_service.close_mismatch(
        Actor.person("하나"), mismatch.id, "콘솔에서 환불", 1_000
    )
    qtbot.waitUntil(lambda: page._history.doubt is None)  # without a second opening
    assert any(row.tick.isEnabled() for row in page.view.items.rows)
    assert not page.view.items.doubt.isVisible()
