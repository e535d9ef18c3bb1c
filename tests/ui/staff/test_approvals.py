"""Refunds above a limit, approved within the dialog that asks about them, in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.refund_limits import Proof, RefundLimits
from posapp.domain.requests import Decision, RequestKind, RequestState
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.requests.decision_dialog import DecisionDialog
from posapp.ui.shell.routes import COUNTER_SIZES
from tests.pictures.visits import orders
from tests.ui.staff.staff_counter import (
    CASHIER,
    MANAGER,
    OWN_SELLER,
    PINS,
    SECOND_SELLER,
    SELLER,
    press,
    settle,
    sign_in,
    type_keys,
)

KEY = Qt.Key
LIMITS = {
    Proof.NONE: RefundLimits(),
    Proof.OWN_PIN: RefundLimits(without_pin=Won(0)),
    Proof.SECOND_PERSON: RefundLimits(without_pin=Won(0), with_pin=Won(0)),
    Proof.MANAGER: RefundLimits(
        without_pin=Won(0), with_pin=Won(0), second_person=Won(0), day=Won(9_999_999)
    ),
}


@pytest.fixture
def limits(shared):
    guard = shared.demo.container.staff.access._refunds
    before = guard._limits

    def use(wanted: Proof | RefundLimits) -> None:
        guard._limits = wanted if isinstance(wanted, RefundLimits) else LIMITS[wanted]

    yield use
    guard._limits = before


def paid_item(counter, pieces=1):
    """A paid item of the seller, of so many pieces at least, without any refund."""
    with counter.demo.container.store.snapshot() as uow:
        for order in orders(counter):
            if not order.is_paid or uow.refunds.for_order(order.id):
                continue
            for item in order.active_items:
                free = uow.requests.waiting_of_item(item.id) is None
                mine = item.is_paid and item.seller_id == SELLER and item.count >= pieces
                if mine and item.total and free:
                    return order, item
    raise AssertionError("the demo shop has no such item")


def ask(qtbot, counter, pieces=1, item=None):
    """Open the dialog about this item, or a paid one."""
    if item is None:
        _, item = paid_item(counter, pieces)
    counter.screens.open_history(item.order_id)
    settle(qtbot, counter)
    page = counter.screens.page("order")
    page.cancelling.ask(item.order_id, (item,), {}, None)
    settle(qtbot, counter)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CancelDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(lambda: dialog._guard.is_past)
    return dialog, item


def last_refund(counter, item):
    with counter.demo.container.store.snapshot() as uow:
        refunds = [one for one in uow.refunds.for_order(item.order_id) if one.item_id == item.id]
    return refunds[-1] if refunds else None


def by(who: int) -> Actor:
    return Actor.staff(who).acting_for(Actor.seller(SELLER))


def test_within_the_limit_nothing_is_asked(qtbot, locked, limits):
    limits(Proof.NONE)
    sign_in(qtbot, locked, OWN_SELLER)
    dialog, item = ask(qtbot, locked)
    assert not dialog.form.approval.isVisible() and dialog.focusWidget() is dialog.no
    press(locked, KEY.Key_F8)
    settle(qtbot, locked)
    assert last_refund(locked, item).requested_by == by(OWN_SELLER)


def test_the_own_pin_is_asked_at_once_and_enter_in_it_is_yes(qtbot, locked, limits):
    limits(Proof.OWN_PIN)
    sign_in(qtbot, locked, OWN_SELLER)
    dialog, item = ask(qtbot, locked)
    fields = dialog.form.approval
    assert fields.pin.isVisible() and not fields.chips and dialog.focusWidget() is fields.pin
    type_keys(locked, "111111")
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert locked.texts("errors.pin401_1") in dialog.notice.text()
    assert fields.pin.text() == "" and dialog.focusWidget() is fields.pin
    assert last_refund(locked, item) is None
    type_keys(locked, PINS[OWN_SELLER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert QApplication.activeModalWidget() is None
    refund = last_refund(locked, item)
    assert refund.requested_by == refund.approved_by == by(OWN_SELLER)


def test_a_second_person_approves_in_the_same_dialog(qtbot, locked, limits):
    limits(Proof.SECOND_PERSON)
    sign_in(qtbot, locked, OWN_SELLER)
    dialog, item = ask(qtbot, locked)
    fields = dialog.form.approval
    names = [one.id for one in fields._needed.approvers]
    assert names == [MANAGER, SECOND_SELLER], "never the one who asks, and no cashier"
    assert dialog.focusWidget() is fields.chips[0]
    fields.chips[0].click()
    fields.focus()
    type_keys(locked, "123")
    fields.chips[1].click()
    assert fields.pin.text() == "", "the PIN belongs to one person"
    fields.focus()
    type_keys(locked, PINS[SECOND_SELLER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    refund = last_refund(locked, item)
    assert refund.requested_by == by(OWN_SELLER)
    assert refund.approved_by == Actor.staff(SECOND_SELLER)


def test_a_manager_has_to_approve_a_large_one(qtbot, locked, limits):
    limits(Proof.MANAGER)
    sign_in(qtbot, locked, SECOND_SELLER)
    dialog, item = ask(qtbot, locked)
    fields = dialog.form.approval
    assert [one.id for one in fields._needed.approvers] == [MANAGER]
    assert dialog.focusWidget() is fields.pin, "the only one is chosen"
    type_keys(locked, PINS[MANAGER])
    press(locked, KEY.Key_F8)
    settle(qtbot, locked)
    assert last_refund(locked, item).approved_by == Actor.staff(MANAGER)


def test_a_limit_that_was_not_known_before_is_asked_after_the_refusal(qtbot, locked, limits):
    limits(Proof.NONE)
    sign_in(qtbot, locked, OWN_SELLER)
    dialog, item = ask(qtbot, locked)
    fields = dialog.form.approval
    dialog.form.reason_field.line.setText("포장 파손")
    limits(Proof.SECOND_PERSON)
    dialog.no.setFocus()
    press(locked, KEY.Key_F8)
    settle(qtbot, locked)
    assert dialog.isVisible() and fields.isVisible()
    assert locked.texts("errors.approval403_1") in dialog.notice.text()
    assert dialog.reason == "포장 파손" and last_refund(locked, item) is None
    limits(Proof.OWN_PIN)
    fields.chips[1].click()
    fields.focus()
    type_keys(locked, PINS[SECOND_SELLER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert [one.isVisible() for one in fields.chips] == [], "the own PIN is due now"
    type_keys(locked, PINS[OWN_SELLER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert last_refund(locked, item).approved_by == by(OWN_SELLER)


def test_a_cashier_refunds_a_buyer_with_an_approver(qtbot, locked, limits):
    limits(Proof.NONE)
    sign_in(qtbot, locked, CASHIER)
    dialog, item = ask(qtbot, locked)
    fields = dialog.form.approval
    assert fields.isVisible()
    who = [one.id for one in fields._needed.approvers].index(OWN_SELLER)
    fields.chips[who].click()
    fields.focus()
    type_keys(locked, PINS[OWN_SELLER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    refund = last_refund(locked, item)
    assert refund.requested_by.staff_id == CASHIER and refund.requested_by.user_id == item.buyer_id
    assert refund.approved_by == Actor.staff(OWN_SELLER)


def test_pieces_are_asked_about_by_their_own_sum(qtbot, locked, limits):
    _, item = paid_item(locked, pieces=2)
    few = item.price * (item.count - 1)
    limits(RefundLimits(without_pin=few))
    sign_in(qtbot, locked, OWN_SELLER)
    dialog, item = ask(qtbot, locked, pieces=2)
    fields, pieces = dialog.form.approval, dialog.form.pieces
    assert dialog.focusWidget() is fields.pin, "all of them are above the limit"
    press(locked, KEY.Key_Minus)
    settle(qtbot, locked)
    assert pieces.count == item.count - 1 and fields.isHidden()
    dialog.no.setFocus()
    press(locked, KEY.Key_Plus)
    settle(qtbot, locked)
    assert fields.pin.isVisible() and dialog.focusWidget() is dialog.no, "the choice goes on"
    limits(RefundLimits(without_pin=Won(0)))
    press(locked, KEY.Key_Minus)
    settle(qtbot, locked)
    fields.focus()
    type_keys(locked, PINS[OWN_SELLER])
    press(locked, KEY.Key_F8)
    settle(qtbot, locked)
    assert QApplication.activeModalWidget() is None
    with locked.demo.container.store.snapshot() as uow:
        (refund,) = [one for one in uow.refunds.for_order(item.order_id) if one.amount == few]
        part = uow.orders.item(refund.item_id)
        rest = uow.orders.item(item.id)
    assert part.part_of == item.id and part.count == item.count - 1
    assert refund.requested_by == refund.approved_by == by(OWN_SELLER)
    limits(RefundLimits(without_pin=few))
    dialog, _ = ask(qtbot, locked, item=rest)
    assert dialog.plan.amount == item.price <= few
    assert dialog.focusWidget() is dialog.form.approval.pin, "what went back before counts"
    dialog.reject()


def test_the_page_of_the_cards_asks_in_its_form(qtbot, locked, limits):
    limits(Proof.OWN_PIN)
    sign_in(qtbot, locked, OWN_SELLER)
    _, item = paid_item(locked)
    locked.screens.open_cancel(Actor.seller(SELLER), item.id)
    settle(qtbot, locked)
    card = locked.screens.page("cancel").view.form
    assert QApplication.focusWidget() is card.form.approval.pin
    qtbot.waitUntil(lambda: card._guard.is_past)
    type_keys(locked, PINS[OWN_SELLER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert last_refund(locked, item).approved_by == by(OWN_SELLER)


@pytest.mark.parametrize("count", [1, 2])
def test_requests_are_approved_by_their_sum(qtbot, locked, limits, count):
    limits(Proof.SECOND_PERSON)
    sign_in(qtbot, locked, OWN_SELLER)
    locked.window.show_screen("requests")
    settle(qtbot, locked)
    desk = locked.screens.page("requests")
    desk.pages.reload()
    settle(qtbot, locked)
    waiting = [row for row in desk.model.rows if row.state is RequestState.WAIT]
    rows = [row for row in waiting if row.kind is RequestKind.REFUND and row.amount][:count]
    ids = [row.id for row in rows]
    assert len(rows) == count
    desk.decisions.start_with(Decision.APPROVE, rows)
    settle(qtbot, locked)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DecisionDialog)
    qtbot.waitUntil(lambda: dialog.isActiveWindow() and dialog._guard.is_past)
    fields = dialog.approval
    assert fields.isVisible()
    fields.chips[1].click()
    fields.focus()
    type_keys(locked, PINS[SECOND_SELLER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert QApplication.activeModalWidget() is None
    with locked.demo.container.store.snapshot() as uow:
        for number in ids:
            request = uow.requests.get(number)
            refund = uow.refunds.get(request.refund_id)
            assert refund.approved_by == Actor.staff(SECOND_SELLER)
    desk.decisions.undo(ids)
    settle(qtbot, locked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", COUNTER_SIZES)
def test_the_dialog_keeps_its_buttons_at_every_size(qtbot, locked, limits, size, language):
    limits(Proof.SECOND_PERSON)
    sign_in(qtbot, locked, OWN_SELLER)
    locked.window.resize(*size)
    locked.texts.set_language(language)
    try:
        dialog, _ = ask(qtbot, locked, pieces=2)
        for button in (dialog.no, dialog.yes):
            assert dialog.rect().contains(button.geometry())
        QApplication.processEvents()
        wanted = dialog._inside.totalHeightForWidth(dialog._content.width())
        assert dialog._content.height() >= wanted, "fields lie over each other"
        fields = dialog.form.approval
        for widget in (*fields.chips, fields.pin):
            dialog._scroll.ensureWidgetVisible(widget)
            assert widget.sizeHint().width() <= widget.width() or widget is fields.pin
            assert widget.height() >= 48
        QTest.keyClick(dialog, KEY.Key_Escape)
    finally:
        locked.texts.set_language("ko")
        locked.window.resize(1366, 768)
