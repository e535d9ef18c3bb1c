"""The first page over a real shop: what a number finds, what waits, and where the keys lead."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.ui.orders.order_list_model import OrderReading
from tests.store import records
from tests.ui.counter.test_scans_at_the_counter import orders_of
from tests.ui.scanner.typing_hands import HAND_MS


@pytest.fixture(params=["online", "offline"])
def counter(shared, request, qtbot):
    if request.param == "offline":
        shared.demo.sandbox.stop()
    shared.worker.connectivity_changed.emit(request.param == "online")
    shared.window.activateWindow()
    shared.go_home()
    yield shared
    shared._scans.flush()
    shared.go_home()


@pytest.fixture
def unpaid(shared):
    return next(orders_of(shared, paid=False))


@pytest.fixture
def paid(shared):
    return next(orders_of(shared, paid=True))


def press(counter, keyboard, name: str) -> None:
    combination = QKeySequence(name)[0]
    if combination.keyboardModifiers() is Qt.KeyboardModifier.NoModifier and len(name) == 1:
        keyboard.press(name, HAND_MS)
    else:
        keyboard.press(combination.key(), HAND_MS, combination.keyboardModifiers())
    counter._scans.flush()


def search(counter, keyboard, text: str) -> None:
    for sign in text:
        press(counter, keyboard, sign)
    press(counter, keyboard, "Return")


def test_the_number_of_an_unpaid_order_opens_it_to_be_paid(qtbot, counter, keyboard, unpaid):
    search(counter, keyboard, str(unpaid.id))
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    pay = counter.screens.pay
    assert (
        pay._controller._target == (Actor.buyer(unpaid.buyer_id), unpaid.id)
        and pay.progress is None
    )


def test_the_number_of_a_paid_order_opens_its_page(qtbot, counter, keyboard, paid):
    search(counter, keyboard, str(paid.id))
    qtbot.waitUntil(lambda: counter.window.current == "order")
    assert counter.screens.page("order")._order_id == paid.id


@pytest.mark.parametrize("number", ["999999", "0", "9" * 60])
def test_an_unknown_number_is_named_and_the_next_one_can_be_typed(
    qtbot, counter, keyboard, number, paid
):
    search(counter, keyboard, number)
    qtbot.waitUntil(lambda: bool(counter.home.refusal.text()))
    assert counter.window.current == "home" and counter.home.search.text() == ""
    assert QApplication.focusWidget() is counter.home.search
    search(counter, keyboard, str(paid.id))
    qtbot.waitUntil(lambda: counter.window.current == "order")
    counter.window.back()
    counter.window.show_screen("home")
    assert counter.home.refusal.text() == "", "an older refusal is not shown again"


def test_a_products_number_is_no_orders(qtbot, counter, keyboard):
    barcode = "8801234567893"
    product = records.product(990_001, barcode=barcode, name="소금빵")
    with counter.demo.container.store.transaction() as uow:
        if not uow.goods.with_code(barcode):
            uow.catalogue.add_products([product])
        uow.commit()
    search(counter, keyboard, barcode)
    qtbot.waitUntil(lambda: barcode in counter.home.refusal.text())


def test_any_other_text_is_searched_for_among_the_orders(qtbot, counter, keyboard, unpaid):
    summaries = counter.demo.container.order_summary_service.recent(50)
    name = next(one.buyer_name for one in summaries if one.order_id == unpaid.id)
    counter.home.search.setText(f" {name} ")
    press(counter, keyboard, "Return")
    assert counter.window.current == "orders"
    orders = counter.screens.page("orders")
    qtbot.waitUntil(lambda: orders.model.reading is OrderReading.READY)
    assert orders.search.text() == name
    listed = [orders.model.row_at(row) for row in range(orders.model.rowCount())]
    assert listed and {row.buyer_name for row in listed} == {name}


@pytest.mark.parametrize(
    ("key", "page"),
    [
        *(("F3", "cards"), ("F5", "orders"), ("F12", "open_money"), ("F11", "sync")),
        *(("Ctrl+3", "orders"), ("Ctrl+4", "requests"), ("Ctrl+5", "deliveries")),
    ],
)
def test_each_key_leads_there(qtbot, counter, keyboard, key, page):
    press(counter, keyboard, key)
    assert counter.window.current == page


def test_what_is_found_after_the_page_was_left_opens_nothing(qtbot, counter, paid):
    counter.home.search_requested.emit(str(paid.id))
    counter.window.show_screen("sync")
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()
    assert counter.window.current == "sync"


def test_the_counts_are_those_of_the_shop_and_follow_its_records(qtbot, counter, unpaid):
    home, till = counter.home, counter.demo.container

    def counted() -> list[str]:
        counts = till.work_count_service.read(till.session.actor)
        each = (counts.to_pay, counts.requests_waiting, counts.to_ship, counts.unresolved)
        return [str(count.number) for count in each]

    def shown() -> list[str]:
        return [row._number.text() for name, row in home.rows.items() if name != "receipts"]

    qtbot.waitUntil(lambda: shown() == counted())
    before = shown()
    assert int(before[0]) > 0 and int(before[1]) > 0 and int(before[2]) > 0
    for one in unpaid.active_items:  # ends the order, which then waits for no payment
        till.cancellation_service.cancel(Actor.buyer(unpaid.buyer_id), one.id, "")
    qtbot.waitUntil(lambda: shown() == counted() != before)
    assert int(shown()[0]) == int(before[0]) - 1
