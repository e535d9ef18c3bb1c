"""The own PIN on the page 화면, and a manager's PIN by the recovery code at the lock."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from posapp.domain.pins import LOCKED_AT, PinTries
from posapp.domain.staff_events import StaffEventKind
from posapp.services.staff.pin_check import UNKNOWN
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.shell.routes import APPEARANCE, COUNTER_SIZES
from posapp.ui.staff.pin_dialogs import OwnPinDialog, RecoveryCodeDialog, RecoveryDialog
from tests.pictures.visits import leave
from tests.ui.staff.staff_counter import (
    CASHIER,
    MANAGER,
    PINS,
    boss_at,
    press,
    settle,
    sign_in,
    type_keys,
)

KEY = Qt.Key


def opened(qtbot, kind):
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, kind)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(lambda: dialog._guard.is_past)
    return dialog


def last_event(counter):
    with counter.demo.container.store.snapshot() as uow:
        return uow.staff.events(0, 99_999)[-1].entry


def tries_of(counter, who: int) -> int:
    with counter.demo.container.store.snapshot() as uow:
        return uow.staff.get(who).tries


def ask(qtbot, counter) -> OwnPinDialog:
    """Open the dialog from the page that every role has."""
    counter.window.show_screen(APPEARANCE)
    settle(qtbot, counter)
    button = counter.screens.page(APPEARANCE).change_pin
    assert button.isVisible()
    button.click()
    return opened(qtbot, OwnPinDialog)


def fill(counter, old: str, new: str, again: str) -> None:
    """Type all three as a person does: Enter leads to the next one, and is the action in the
    last."""
    for text in (old, new, again):
        type_keys(counter, text)
        press(counter, KEY.Key_Return)


def test_a_cashier_changes_the_own_pin_and_signs_in_with_it(qtbot, locked, keyboard):
    sign_in(qtbot, locked, CASHIER)
    dialog = ask(qtbot, locked)
    assert QApplication.focusWidget() is dialog.old.line
    keyboard.scan("PO1100")
    assert dialog.old.text == ""
    fill(locked, PINS[CASHIER], "1234", "1234")
    assert dialog.new.pin.message == locked.texts("errors.pin400_2") and not dialog.is_busy
    dialog.new.clear()
    dialog.new.setFocus()
    for text in ("5182", "5183"):
        type_keys(locked, text)
        press(locked, KEY.Key_Return)
    assert dialog.new.again.message == locked.texts("setup.rule_manager_pin_again")
    assert last_event(locked).event is StaffEventKind.SIGNED_IN, "nothing was tried so far"
    dialog.new.again.clear()
    type_keys(locked, "5182")
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert QApplication.activeModalWidget() is None
    assert last_event(locked).event is StaffEventKind.PIN_RESET
    PINS[CASHIER] = "5182"
    sign_in(qtbot, locked, CASHIER)


def test_a_wrong_old_pin_is_counted_and_empties_all_fields(qtbot, locked):
    sign_in(qtbot, locked, CASHIER)
    dialog = ask(qtbot, locked)
    for count in (1, 2, 3):
        fill(locked, "9999", "7412", "7412")
        settle(qtbot, locked)
        assert locked.texts("errors.pin401_1") in dialog.notice.text()
        assert tries_of(locked, CASHIER) == count
        assert not any(line.text() for line in dialog.findChildren(QLineEdit))
        assert QApplication.focusWidget() is dialog.old.line
    fill(locked, PINS[CASHIER], "7412", "7412")
    settle(qtbot, locked)
    assert "초 뒤에 다시 입력할 수 있습니다." in dialog.notice.text()
    assert tries_of(locked, CASHIER) == 3, "an early one is not counted"
    dialog.reject()
    with boss_at(locked) as boss:
        locked.demo.container.staff.directory.unlock(boss, CASHIER)


def test_the_last_three_pins_are_refused_and_only_the_new_one_is_emptied(qtbot, locked):
    sign_in(qtbot, locked, CASHIER)
    dialog = ask(qtbot, locked)
    fill(locked, PINS[CASHIER], PINS[CASHIER], PINS[CASHIER])
    settle(qtbot, locked)
    assert locked.texts("errors.pin400_3") in dialog.notice.text()
    assert dialog.old.text == PINS[CASHIER] and dialog.new.text == ""
    assert QApplication.focusWidget() is dialog.new.pin.line
    dialog.reject()


def test_who_locks_themselves_out_is_signed_out(qtbot, locked):
    sign_in(qtbot, locked, CASHIER)
    dialog = ask(qtbot, locked)
    with locked.demo.container.store.transaction() as uow:
        person = uow.staff.get(CASHIER)
        uow.staff.save(person.with_tries(PinTries(LOCKED_AT)))
        uow.commit()
    fill(locked, PINS[CASHIER], "7412", "7412")
    qtbot.waitUntil(lambda: locked.window.locking.is_locked)
    assert dialog is not QApplication.activeModalWidget()
    with boss_at(locked) as boss:
        locked.demo.container.staff.directory.unlock(boss, CASHIER)


def test_before_anybody_signs_in_there_is_no_own_pin(qtbot, locked):
    session = locked.demo.container.session
    page = locked.screens.page(APPEARANCE)
    assert session.role is None
    page.enter()
    assert page.change_pin.isHidden()


@pytest.fixture
def recovery(locked):
    """The recovery code of the shop, whose count is empty."""
    with boss_at(locked) as boss:
        return locked.demo.container.staff.directory.renew_recovery_code(boss)


def enter_code(counter, dialog, code: str, pin: str) -> None:
    dialog.code.line.setFocus()
    dialog.code.line.clear()
    dialog.code.line.insert(code)
    press(counter, KEY.Key_Return)
    for _ in range(2):
        type_keys(counter, pin)
        press(counter, KEY.Key_Return)


def test_a_manager_whose_pin_is_lost_signs_in_by_the_recovery_code(qtbot, locked, recovery):
    lock, pin = locked.lock.screen, "764205"
    lock.recover.click()
    dialog = opened(qtbot, RecoveryDialog)
    assert len(dialog.chips) == 1 and dialog.manager.id == MANAGER
    assert QApplication.focusWidget() is dialog.code.line
    enter_code(locked, dialog, "ABCD-EFGH", pin)
    settle(qtbot, locked)
    assert locked.texts("errors.staff401") in dialog.notice.text()
    assert dialog.new.text == "" and dialog.code.line.text() == "ABCD-EFGH"
    assert locked.demo.container.staff.directory._counter.get(UNKNOWN).count == 1
    enter_code(locked, dialog, recovery.lower(), "123456")
    assert dialog.new.pin.message == locked.texts("errors.pin400_2") and not dialog.is_busy
    dialog.new.clear()
    enter_code(locked, dialog, recovery.lower(), pin)
    settle(qtbot, locked)
    PINS[MANAGER] = pin
    shown = opened(qtbot, RecoveryCodeDialog)
    code = shown.panel.code.text()
    assert code.count("-") == 5 and code != recovery
    assert shown.no.text() == locked.texts("staff.yes_forget_code")
    press(locked, KEY.Key_F8)
    assert shown.panel.groups[0].message, "both groups are asked back"
    for group, at in zip(shown.panel.groups, (1, 4), strict=True):
        group.line.setText(code.split("-")[at])
    press(locked, KEY.Key_F8)
    assert QApplication.activeModalWidget() is None
    settle(qtbot, locked)
    locked.window.activateWindow()  # there is no window manager that would
    qtbot.waitUntil(locked.window.isActiveWindow)
    assert locked.window.locking.is_locked and lock.chosen == MANAGER
    assert QApplication.focusWidget() is lock.pin
    type_keys(locked, pin)
    settle(qtbot, locked)
    assert not locked.window.locking.is_locked


def test_a_code_on_the_screen_is_taken_off_when_nobody_is_there(qtbot, locked, recovery):
    locked.lock.screen.recover.click()
    dialog = opened(qtbot, RecoveryDialog)
    enter_code(locked, dialog, recovery, "580341")
    settle(qtbot, locked)
    PINS[MANAGER] = "580341"
    shown = opened(qtbot, RecoveryCodeDialog)
    assert shown.panel.is_shown
    locked.demo.container.session.used_ms -= 180_000
    locked.lock._tick()
    assert QApplication.activeModalWidget() is None
    assert shown.panel.code.text() == "" and not shown.panel.is_shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [COUNTER_SIZES[0], COUNTER_SIZES[4]])
def test_nothing_of_the_dialogs_is_cut(qtbot, locked, size, language):
    locked.window.resize(*size)
    locked.texts.set_language(language)
    try:
        locked.lock.screen.recover.click()
        fits(locked, opened(qtbot, RecoveryDialog))
        sign_in(qtbot, locked, CASHIER)
        fits(locked, ask(qtbot, locked))
    finally:
        locked.texts.set_language("ko")
        locked.window.resize(1366, 768)
        leave(locked)


def fits(counter, dialog) -> None:
    """Check the dialog, and close it."""
    assert dialog.height() <= counter.window.height() - 32
    for button in (dialog.yes, dialog.no):
        assert button.sizeHint().width() <= button.width() and button.height() >= 48
    dialog.reject()
