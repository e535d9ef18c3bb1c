"""What is typed waits under the lock for whoever typed it, ten minutes, and for nobody else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from posapp.domain.actors import Actor
from posapp.domain.refund_limits import Proof
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.requests.decision_dialog import DecisionDialog
from posapp.ui.staff.till_lock import KEPT_MS
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.kept_text import KeptText, kept_text
from posapp.ui.widgets.pin_line import PinLine
from tests.ui.staff.staff_counter import (
    CASHIER,
    MANAGER,
    OWN_SELLER,
    SECOND_SELLER,
    SELLER,
    press,
    settle,
    sign_in,
    type_keys,
)
from tests.ui.staff.test_approvals import ask, limits, paid_item

__all__ = ["limits"]

KEY = Qt.Key
REASON = "포장이 찢어졌습니다"


def ask_again(qtbot, counter) -> CancelDialog:
    page = counter.screens.page("order")
    _, item = paid_item(counter)
    page.cancelling.ask(item.order_id, (item,), {}, None)
    settle(qtbot, counter)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CancelDialog)
    return dialog


@pytest.fixture
def typed(qtbot, locked, limits):
    """A seller typed a reason and half of a PIN when the till locked."""
    limits(Proof.OWN_PIN)
    sign_in(qtbot, locked, OWN_SELLER)
    dialog, _ = ask(qtbot, locked)
    dialog.form.reason_field.line.setText(REASON)
    dialog.form.approval.focus()
    type_keys(locked, "449")
    locked.lock.lock()
    settle(qtbot, locked)
    assert QApplication.activeModalWidget() is None
    return locked


def test_the_same_person_finds_the_reason_again_once_and_no_pin(qtbot, typed):
    sign_in(qtbot, typed, OWN_SELLER)
    dialog = ask_again(qtbot, typed)
    assert dialog.reason == REASON
    assert dialog.form.approval.pin.text() == ""
    press(typed, KEY.Key_Escape)
    assert ask_again(qtbot, typed).reason == "", "closed by hand, it is gone"


def test_another_person_finds_nothing_and_the_first_one_neither_after_that(qtbot, typed):
    sign_in(qtbot, typed, SECOND_SELLER)
    typed.screens.open_history(paid_item(typed)[0].id)
    settle(qtbot, typed)
    assert ask_again(qtbot, typed).reason == ""
    sign_in(qtbot, typed, OWN_SELLER)
    assert ask_again(qtbot, typed).reason == ""


@pytest.mark.parametrize(("waited", "is_kept"), [(KEPT_MS - 5_000, True), (KEPT_MS, False)])
def test_it_waits_ten_minutes(qtbot, typed, waited, is_kept):
    typed.lock._locked_ms -= waited
    sign_in(qtbot, typed, OWN_SELLER)
    assert (ask_again(qtbot, typed).reason == REASON) == is_kept


def test_a_reason_is_for_its_item_alone(qtbot, typed):
    sign_in(qtbot, typed, OWN_SELLER)
    page = typed.screens.page("order")
    first = paid_item(typed)[1]
    with typed.demo.container.store.snapshot() as uow:
        others = [
            item
            for number in range(1200, 1000, -1)
            if (order := uow.orders.get(number)) is not None and order.is_paid
            for item in order.active_items
            if item.id != first.id and item.seller_id == SELLER and item.is_paid
        ]
    page.cancelling.ask(others[0].order_id, (others[0],), {}, None)
    settle(qtbot, typed)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CancelDialog) and dialog.reason == ""


def test_secrets_are_never_kept(qapp):
    dialog = ConfirmDialog()
    dialog.about = "test"
    secret, plain, nameless = PinLine("pin"), QLineEdit(), QLineEdit()
    plain.setObjectName("plain")
    for line, text in ((secret, "123987"), (plain, "사유"), (nameless, "x")):
        dialog.fields.addWidget(line)
        line.setText(text)
    dialog.keep_text()
    assert dict(kept_text().give_back("test")) == {"plain": "사유"}
    assert kept_text().give_back("test") == {}
    assert isinstance(kept_text(), KeptText) and kept_text() is kept_text()
    dialog.deleteLater()


def test_the_form_of_a_page_waits_for_its_person_only(qtbot, locked, limits):
    limits(Proof.OWN_PIN)
    sign_in(qtbot, locked, OWN_SELLER)
    _, item = paid_item(locked)
    locked.screens.open_cancel(Actor.seller(SELLER), item.id)
    settle(qtbot, locked)
    form = locked.screens.page("cancel").view.form.form
    form.reason_field.line.setText(REASON)
    form.approval.focus()
    type_keys(locked, "44")
    locked.lock.lock()
    settle(qtbot, locked)
    assert form.approval.pin.text() == ""
    sign_in(qtbot, locked, OWN_SELLER)
    assert form.reason == REASON
    sign_in(qtbot, locked, SECOND_SELLER)
    assert form.reason == ""


@pytest.mark.parametrize("who", [MANAGER, CASHIER])
def test_search_and_filters_of_orders_are_of_one_person(qtbot, locked, who):
    sign_in(qtbot, locked, MANAGER)
    locked.window.show_screen("orders")
    settle(qtbot, locked)
    orders = locked.screens.page("orders")
    orders.search.setText("빵")
    orders.search.flush()
    settle(qtbot, locked)
    before = orders.filters
    sign_in(qtbot, locked, who)
    settle(qtbot, locked)
    assert (orders.filters == before and orders.search.text() == "빵") == (who == MANAGER)


def test_a_decision_keeps_its_note(qtbot, locked, theme):
    """By what it decides about, and whether it approves."""
    from posapp.domain.requests import Decision

    del theme
    shown = [
        DecisionDialog(locked.texts, locked.theme, decision, (), (), locked.window)
        for decision in Decision
    ]
    assert len({dialog.about for dialog in shown}) == len(Decision)
    assert not shown[0].refunds
    for dialog in shown:
        dialog.deleteLater()
