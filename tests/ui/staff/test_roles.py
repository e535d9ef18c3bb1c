"""What each role sees in the real window, and that records name who acted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from tests.pictures.visits import VISITS, paid, unpaid
from tests.ui.staff.staff_counter import (
    CASHIER,
    MANAGER,
    OWN_SELLER,
    SECOND_SELLER,
    SELLER,
    press,
    settle,
    sign_in,
)

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
FEW = {"home", "sale", "orders", "shift", "more"}
EVERY = {*FEW, "requests", "deliveries"}
TABS = {CASHIER: FEW, OWN_SELLER: EVERY, MANAGER: EVERY}


def shown_tabs(counter) -> set[str]:
    return {name for name, tab in counter.window.top_bar.tabs.items() if tab.isVisible()}


@pytest.mark.parametrize("who", TABS)
def test_a_tab_that_the_role_never_uses_is_absent_and_its_key_does_nothing(qtbot, locked, who):
    sign_in(qtbot, locked, who)
    assert shown_tabs(locked) == TABS[who]
    for key, tab in ((KEY.Key_4, "requests"), (KEY.Key_5, "deliveries")):
        press(locked, KEY.Key_1, CONTROL)
        press(locked, key, CONTROL)
        assert locked.window.current == (tab if tab in TABS[who] else "home")
    press(locked, KEY.Key_1, CONTROL)
    rows = {name for name, row in locked.home.rows.items() if row.isVisible()}
    assert rows == (
        {"to_pay", "open_money"} if who == CASHIER else set(locked.home.rows) - {"receipts"}
    )


def test_a_page_that_the_next_person_may_not_see_gives_way_to_home(qtbot, locked):
    sign_in(qtbot, locked, OWN_SELLER)
    locked.window.show_screen("deliveries")
    settle(qtbot, locked)
    sign_in(qtbot, locked, CASHIER)
    assert locked.window.current == "home"
    sign_in(qtbot, locked, MANAGER)
    locked.window.show_screen("orders")
    sign_in(qtbot, locked, CASHIER)
    assert locked.window.current == "orders"


def test_a_seller_chooses_no_seller(qtbot, locked):
    sign_in(qtbot, locked, OWN_SELLER)
    locked.window.show_screen("requests")
    settle(qtbot, locked)
    desk = locked.screens.page("requests")
    assert desk.seller is not None and desk.seller.id == SELLER
    desk._picker.click()
    assert QApplication.activePopupWidget() is None and "▼" not in desk._picker.text()
    locked.window.show_screen("deliveries")
    settle(qtbot, locked)
    page = locked.screens.page("deliveries")
    assert page.picker.seller_id == SELLER
    assert {row.seller_id for row in page.model.rows} <= {SELLER}


def test_the_desk_of_the_one_before_is_closed_with_its_filters(qtbot, locked):
    sign_in(qtbot, locked, MANAGER)
    locked.screens.open_requests(3)
    settle(qtbot, locked)
    desk = locked.screens.page("requests")
    assert desk.seller.id == 3
    sign_in(qtbot, locked, OWN_SELLER)
    settle(qtbot, locked)
    assert locked.window.current == "requests" and desk.seller.id == SELLER
    sign_in(qtbot, locked, MANAGER)
    settle(qtbot, locked)
    assert desk.seller is None and desk.model.rowCount() == 0
    assert "▼" in desk._picker.text()


def test_cards_ask_for_no_number_that_is_known(qtbot, locked):
    sign_in(qtbot, locked, OWN_SELLER)
    locked.window.show_screen("cards")
    cards = locked.screens.page("cards").cards
    for name, field in (("requests", 0), ("cancelAsSeller", 0)):
        line = cards[name].fields[field].line
        assert line.text() == str(SELLER) and line.isReadOnly()
    locked.go_home()
    locked.window.show_screen("cards")
    assert cards["requests"].fields[0].line.text() == str(SELLER)
    cards["requests"].button.click()
    settle(qtbot, locked)
    assert locked.screens.page("requests").seller.id == SELLER
    sign_in(qtbot, locked, CASHIER)
    locked.window.show_screen("cards")
    QApplication.processEvents()
    assert [name for name, card in cards.items() if card.isVisible()] == ["pay", "cancelAsBuyer"]
    sign_in(qtbot, locked, MANAGER)
    assert all(card.isVisible() for card in cards.values())
    assert cards["requests"].fields[0].line.text() == ""
    assert not cards["requests"].fields[0].line.isReadOnly()


def test_a_payment_names_who_took_it_even_if_another_one_opened_the_page(qtbot, locked):
    sign_in(qtbot, locked, OWN_SELLER)
    VISITS["pay_ready"].open(locked)
    settle(qtbot, locked)
    pay = locked.screens.pay
    started: list[Actor] = []
    service = pay._controller._payment_service
    before = service.start

    def start(actor, order_id, link_made):
        started.append(actor)
        return before(actor, order_id, link_made)

    service.start = start
    try:
        sign_in(qtbot, locked, CASHIER)
        assert locked.window.current == "pay"
        press(locked, KEY.Key_Return)
        qtbot.waitUntil(lambda: pay.is_live)
        settle(qtbot, locked)
    finally:
        del service.start
    buyer = pay.progress.order.buyer_id
    assert started == [Actor.staff(CASHIER).acting_for(Actor.buyer(buyer))]


@pytest.mark.parametrize("who", [CASHIER, OWN_SELLER, MANAGER])
def test_whose_items_somebody_cancels_follows_from_the_role(qtbot, locked, who):
    sign_in(qtbot, locked, who)
    order = unpaid(locked)
    locked.screens.open_history(order.id)
    settle(qtbot, locked)
    press(locked, KEY.Key_F8)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CancelDialog)
    items = dialog.plan.items
    own = all(item.seller_id == SELLER for item in items)
    is_free = who == MANAGER or (who == OWN_SELLER and own)
    assert dialog.who.seller.isVisible() == dialog.who.buyer.isVisible() == is_free
    if not is_free:
        assert dialog.who.actor_of(items[0]) == Actor.buyer(order.buyer_id)


def test_a_delivery_step_names_the_person_and_the_seller(qtbot, locked):
    sign_in(qtbot, locked, SECOND_SELLER)
    locked.window.show_screen("deliveries")
    settle(qtbot, locked)
    page = locked.screens.page("deliveries")
    row = next(one for one in page.model.rows if one.status is ItemStatus.WAITING_FOR_DELIVERY)
    page.table.select(page.model.place_of(row.item_id))
    press(locked, KEY.Key_F5)
    settle(qtbot, locked)
    with locked.demo.container.store.snapshot() as uow:
        last = uow.ledger.rows(0, 100_000)[-1].entry
    assert last.actor == Actor.staff(SECOND_SELLER).acting_for(Actor.seller(SELLER))
    assert paid(locked) is not None


@pytest.mark.parametrize("who", [CASHIER, MANAGER])
def test_more_lists_what_the_role_may_open(qtbot, locked, who):
    sign_in(qtbot, locked, who)
    locked.window.show_screen("more")
    rows = locked.screens.page("more").rows
    shown = {name for name, row in rows.items() if row.isVisible()}
    assert shown == {name for name in rows if locked.window.locking.may_open(name)}
