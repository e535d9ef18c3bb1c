"""The lock screen in the real window: who may sign in, and what stays under the lock."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from posapp.domain.actors import Actor
from posapp.domain.pins import PinTries
from posapp.domain.staff_events import StaffEventKind
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.shell.key_list import KeyList
from posapp.ui.shell.routes import COUNTER_SIZES, TABS
from posapp.ui.staff.lock_screen import Tile
from tests.pictures.visits import VISITS
from tests.ui.staff.staff_counter import (
    CASHIER,
    MANAGER,
    NAMES,
    OWN_SELLER,
    PINS,
    boss_at,
    press,
    settle,
    sign_in,
    type_keys,
)

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def focused():
    return QApplication.focusWidget()


def events(counter) -> list[StaffEventKind]:
    with counter.demo.container.store.snapshot() as uow:
        return [row.entry.event for row in uow.staff.events(0, 9999)]


def shown_tabs(counter) -> set[str]:
    return {name for name, tab in counter.window.top_bar.tabs.items() if tab.isVisible()}


def test_nothing_but_the_lock_is_there_while_nobody_is_signed_in(qtbot, locked):
    window, lock = locked.window, locked.lock.screen
    assert window.locking.is_locked and lock.isVisible()
    assert shown_tabs(locked) == set()
    assert not window.head.isVisible() and not window.top_bar.person.isVisible()
    assert window.status_bar.isVisible()
    assert [tile.person.name for tile in lock.tiles] == list(NAMES.values())
    assert isinstance(focused(), Tile)
    for tab in TABS:
        press(locked, KEY(KEY.Key_0 + tab.tab), CONTROL)
    for key in (KEY.Key_F2, KEY.Key_F11, KEY.Key_F12, KEY.Key_Escape, KEY.Key_F1):
        press(locked, key)
    press(locked, KEY.Key_O, CONTROL)
    assert window.locking.is_locked and window.current == "home"
    assert QApplication.activeModalWidget() is None


def test_a_digit_and_the_pin_sign_in(qtbot, locked):
    press(locked, KEY.Key_3)
    assert focused() is locked.lock.screen.pin
    type_keys(locked, PINS[OWN_SELLER][:-1])
    assert locked.window.locking.is_locked
    type_keys(locked, PINS[OWN_SELLER][-1])
    settle(qtbot, locked)
    session = locked.demo.container.session
    assert not locked.window.locking.is_locked
    assert session.actor == Actor.staff(OWN_SELLER) and session.seller_id == 1
    chip = locked.window.top_bar.person
    assert chip.isVisible() and chip.text() == "김하나 · 판매자"
    assert events(locked)[-1] is StaffEventKind.SIGNED_IN


def test_arrows_enter_and_the_keypad_sign_in(qtbot, locked):
    lock = locked.lock.screen
    press(locked, KEY.Key_Right)
    assert focused() is lock.tiles[1]
    press(locked, KEY.Key_Return)
    assert lock.chosen == CASHIER
    lock.keypad.digits[9].click()
    lock.keypad.clear.click()
    assert lock.pin.text() == "" and focused() is lock.pin
    for digit in PINS[CASHIER]:
        lock.keypad.digits[int(digit)].click()
    settle(qtbot, locked)
    assert locked.demo.container.session.actor == Actor.staff(CASHIER)


def test_a_wrong_pin_empties_the_field_and_says_so(qtbot, locked):
    lock = locked.lock.screen
    press(locked, KEY.Key_3)
    type_keys(locked, "111111")
    settle(qtbot, locked)
    assert locked.window.locking.is_locked
    assert lock.message.text() == locked.texts("errors.pin401_1")
    assert lock.pin.text() == "" and focused() is lock.pin
    press(locked, KEY.Key_1)
    assert lock.message.text() == ""


def test_a_pause_is_counted_down_in_place(qtbot, locked):
    lock, till, clock = locked.lock.screen, locked.demo.container, locked._clock
    with till.store.transaction() as uow:
        person = uow.staff.get(OWN_SELLER)
        uow.staff.save(person.with_tries(PinTries(5, clock.now(), clock.monotonic())))
        uow.commit()
    press(locked, KEY.Key_3)
    type_keys(locked, PINS[OWN_SELLER])
    settle(qtbot, locked)
    before = lock.message.text()
    assert "초 뒤에" in before and lock.pin.isReadOnly()
    type_keys(locked, "1")
    assert lock.pin.text() == ""
    lock._count_down()
    assert lock.message.text() != before
    while lock._second.isActive():
        lock._count_down()
    assert lock.message.text() == "" and not lock.pin.isReadOnly()
    with boss_at(locked) as boss:
        till.staff.directory.reset_pin(boss, OWN_SELLER, "551926")
        till.staff.directory.reset_pin(boss, OWN_SELLER, PINS[OWN_SELLER][::-1])
    PINS[OWN_SELLER] = PINS[OWN_SELLER][::-1]


def test_who_locks_is_signed_out_and_the_next_one_is_two_keys_and_a_pin_away(qtbot, locked):
    sign_in(qtbot, locked, MANAGER)
    press(locked, KEY.Key_L, CONTROL)
    settle(qtbot, locked)
    assert locked.window.locking.is_locked
    assert locked.demo.container.session.actor == Actor.person()
    assert events(locked)[-1] is StaffEventKind.SIGNED_OUT
    press(locked, KEY.Key_2)
    type_keys(locked, PINS[CASHIER])
    settle(qtbot, locked)
    assert locked.demo.container.session.actor == Actor.staff(CASHIER)


def test_the_chip_locks_and_f1_names_the_key(qtbot, locked):
    sign_in(qtbot, locked, MANAGER)
    press(locked, KEY.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    panel = QApplication.activeModalWidget()
    assert isinstance(panel, KeyList)
    assert "Ctrl+L" in [one.text() for one in panel.findChildren(QLabel)]
    panel.reject()
    locked.window.top_bar.person.click()
    assert locked.window.locking.is_locked


def test_an_unused_till_locks_and_asks_the_same_person_for_the_pin_alone(qtbot, locked):
    sign_in(qtbot, locked, MANAGER)
    locked.window.show_screen("orders")
    orders = locked.screens.page("orders")
    orders.search.setText("빵")
    session = locked.demo.container.session
    locked.lock._lock_if_idle()
    assert not locked.window.locking.is_locked
    session.touch(session.used_ms - session.lock_after_ms)
    locked.lock._lock_if_idle()
    settle(qtbot, locked)
    assert locked.window.locking.is_locked and locked.lock.screen.chosen == MANAGER
    assert focused() is locked.lock.screen.pin
    type_keys(locked, PINS[MANAGER])
    settle(qtbot, locked)
    assert locked.window.current == "orders" and orders.search.text() == "빵"
    assert focused() is orders.search


def test_whoever_uses_the_till_keeps_it_unlocked(qtbot, locked):
    sign_in(qtbot, locked, MANAGER)
    session = locked.demo.container.session
    session.touch(0)
    QTest.mouseMove(locked.window, QPoint(40, 40))
    press(locked, KEY.Key_Shift)
    assert session.used_ms > 0


def test_an_open_question_is_answered_by_no(qtbot, locked):
    sign_in(qtbot, locked, MANAGER)
    VISITS["order"].open(locked)
    settle(qtbot, locked)
    press(locked, KEY.Key_F8)
    assert isinstance(QApplication.activeModalWidget(), CancelDialog)
    locked.lock.lock()
    assert QApplication.activeModalWidget() is None
    settle(qtbot, locked)
    assert not locked.screens.page("order").cancelling.is_running


def test_a_scan_opens_nothing_and_is_said_in_the_status_line(qtbot, locked, keyboard):
    press(locked, KEY.Key_1)
    keyboard.scan("PO1100")
    settle(qtbot, locked)
    assert locked.window.current == "home" and locked.lock.screen.pin.text() == ""
    assert "PO1100" in locked.window.status_bar.message.toolTip()


def test_a_live_qr_stays_beside_the_lock_without_the_buyers_name(qtbot, locked):
    sign_in(qtbot, locked, MANAGER)
    VISITS["pay_qr"].open(locked)
    settle(qtbot, locked)
    pay, window = locked.screens.pay, locked.window
    for size in COUNTER_SIZES:
        window.resize(*size)
        locked.lock.lock()
        settle(qtbot, locked)
        code = pay.view.qr.code
        assert code.isVisible() and pay.view.qr.left.isVisible()
        inside = QRect(code.mapTo(window, QPoint(0, 0)), code.size())
        lock = locked.lock.screen
        assert not inside.intersects(QRect(lock.mapTo(window, QPoint(0, 0)), lock.size()))
        assert window.rect().contains(inside), size
        assert not pay.view.order.isVisible() and not pay.view.qr.stop.isVisible()
        press(locked, KEY.Key_F8)
        press(locked, KEY.Key_Escape)
        assert QApplication.activeModalWidget() is None and pay.is_live
        sign_in(qtbot, locked, MANAGER)
        assert pay.view.qr.stop.isVisible() and window.current == "pay"
    window.resize(1366, 768)
    locked.lock.lock()
    settle(qtbot, locked)
    locked.demo.sandbox.books.pay(pay.progress.attempt.merchant_uid)
    qtbot.waitUntil(lambda: not pay.is_live, timeout=20_000)
    qtbot.waitUntil(lambda: not window._room.isVisible(), timeout=20_000)
    assert locked.lock.screen.isVisible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", COUNTER_SIZES)
def test_nothing_of_the_lock_is_cut(qtbot, locked, size, language):
    locked.window.resize(*size)
    locked.texts.set_language(language)
    press(locked, KEY.Key_1)
    QApplication.processEvents()
    lock = locked.lock.screen
    try:
        for key in (*lock.keypad.digits, lock.keypad.clear, lock.keypad.act, *lock.tiles):
            at = QRect(key.mapTo(lock, QPoint(0, 0)), key.size())
            assert lock.rect().contains(at), (key.text(), at)
            assert key.sizeHint().width() <= key.width() and min(at.width(), at.height()) >= 48
    finally:
        locked.texts.set_language("ko")
        locked.window.resize(1366, 768)
