"""The page of the staff in the real window: the first manager, people, PINs, the recovery code."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from posapp.domain.actors import Actor
from posapp.domain.permissions import StaffRole
from posapp.domain.pins import LOCKED_AT, PinTries
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.shell.routes import STAFF
from posapp.ui.staff.staff_form import FormKind
from posapp.ui.staff.staff_question import StaffQuestion
from tests.conftest import PatientBot
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.staff.staff_counter import (
    CASHIER,
    MANAGER,
    NAMES,
    OWN_SELLER,
    PINS,
    press,
    settle,
    sign_in,
    type_keys,
)

KEY = Qt.Key
PIN = "590273"
FIVE_MINUTES_MS = 300_000


@pytest.fixture
def unstaffed(qapp, request, tmp_path, keyboard):
    """A shop without staff."""
    with demo_counter(PatientBot(request), tmp_path, keyboard.clock) as counter:
        yield counter


@pytest.fixture
def page(qtbot, locked):
    """The manager is at the page, with the PIN just given."""
    sign_in(qtbot, locked, MANAGER)
    return open_page(qtbot, locked)


def open_page(qtbot, counter):
    counter.window.show_screen(STAFF)
    settle(qtbot, counter)
    return counter.screens.page(STAFF)


def person(counter, number: int):
    with counter.demo.container.store.snapshot() as uow:
        return uow.staff.get(number)


def newest(counter):
    with counter.demo.container.store.snapshot() as uow:
        return uow.staff.all()[-1]


def last_event(counter):
    with counter.demo.container.store.snapshot() as uow:
        return uow.staff.events(0, 99_999)[-1].entry


def choose(page, number: int) -> None:
    page.view.list.setCurrentIndex(page.view.model.index(page.view.model.row_of(number)))


def fill(counter, page, **texts: str) -> None:
    """Type into fields by their names, as a person does."""
    for name, text in texts.items():
        line = page.findChild(QLineEdit, name)
        assert line is not None and line.isVisible(), name
        line.setFocus()
        line.clear()
        type_keys(counter, text) if text.isdigit() else line.insert(text)


def store(qtbot, counter, page) -> None:
    page.view.store.click()
    settle(qtbot, counter)


def question(qtbot):
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, StaffQuestion)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(lambda: dialog._guard.is_past)
    return dialog


def let_five_minutes_pass(counter) -> None:
    counter.demo.container.session.confirmed_ms -= FIVE_MINUTES_MS + 1


def test_the_first_manager_is_signed_in_and_the_lock_is_there_at_once(qtbot, unstaffed):
    counter, window = unstaffed, unstaffed.window
    page = open_page(qtbot, counter)
    view = page.view
    assert view.empty.isVisible() and QApplication.focusWidget() is view.first
    press(counter, KEY.Key_Return)
    assert page.view.form.kind is FormKind.FIRST
    assert QApplication.focusWidget() is view.form.name.line
    assert not view.form.role.isVisible() and not view.form.own.isVisible()
    fill(counter, page, staffName="이서준", staffPin=PIN, staffPinAgain=PIN)
    press(counter, KEY.Key_Return)
    settle(qtbot, counter)
    session = counter.demo.container.session
    assert session.actor == Actor.staff(1) and session.role is StaffRole.MANAGER
    assert window.top_bar.person.text() == "이서준 · 점장"
    assert not window.locking.is_locked and counter.lock.is_used
    code = view.recovery.code.text()
    assert code.count("-") == 5 and code == view.recovery._code
    groups = code.split("-")
    fill(counter, page, recoveryGroup2=groups[1].lower(), recoveryGroup5="AAAA")
    press(counter, KEY.Key_Return)
    assert view.recovery.groups[1].message and view.recovery.is_shown
    fill(counter, page, recoveryGroup5=groups[4])
    press(counter, KEY.Key_Return)
    assert not view.recovery.is_shown and view.recovery.code.text() == ""
    assert view.list.isVisible() and page.entry.name == "이서준"
    press(counter, KEY.Key_L, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, counter)
    assert window.locking.is_locked
    type_keys(counter, PIN)
    settle(qtbot, counter)
    assert not window.locking.is_locked and window.current == STAFF
    counter.demo.container.staff.directory.recover(code, 1, "764205")


def test_an_unused_till_locks_from_the_first_manager_on(qtbot, unstaffed):
    page = open_page(qtbot, unstaffed)
    page.view.first.click()
    fill(unstaffed, page, staffName="이서준", staffPin=PIN, staffPinAgain=PIN)
    store(qtbot, unstaffed, page)
    session = unstaffed.demo.container.session
    session.touch(session.used_ms - session.lock_after_ms)
    unstaffed.lock._tick()
    settle(qtbot, unstaffed)
    assert unstaffed.window.locking.is_locked
    assert page.view.recovery.code.text() == "", "the code is not there for whoever comes next"


def test_staff_that_another_program_added_lock_the_window(qtbot, unstaffed):
    counter = unstaffed
    counter.window.show_screen("orders")
    settle(qtbot, counter)
    counter.demo.container.staff.directory.set_up(Actor.person(), "이서준", PIN)
    assert not counter.window.locking.is_locked
    for _ in range(5):
        counter.lock._tick()
    settle(qtbot, counter)
    assert counter.window.locking.is_locked and counter.lock.screen.chosen == 1
    type_keys(counter, PIN)
    settle(qtbot, counter)
    assert counter.window.current == "orders" and not counter.window.locking.is_locked


def test_the_list_says_who_is_there_and_what_they_may_refund(page):
    rows = [page.view.model.index(row) for row in range(page.view.model.rowCount())]
    texts = [row.data(page.view.model.TextRole) for row in rows]
    assert [one.state for one in texts][:4] == list(NAMES.values())
    assert texts[0].amount == "사용 중" and texts[0].subject == "점장"
    choose(page, CASHIER)
    facts = dict(page.view._facts.rows)
    assert "언제나 다른 직원의 승인" in facts["환불"] and facts["역할"] == "점원"
    choose(page, OWN_SELLER)
    facts = dict(page.view._facts.rows)
    assert facts["판매자 번호"] == "1"
    assert "50,000원" in facts["환불"] and "1,000,000원" in facts["오늘 환불"]


def test_somebody_is_added_by_keys_and_signs_in(qtbot, locked, page):
    press(locked, KEY.Key_F4)
    form = page.view.form
    assert form.kind is FormKind.NEW and QApplication.focusWidget() is form.name.line
    fill(locked, page, staffName="정하준", staffPin="7412", staffPinAgain="7412")
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    added = newest(locked)
    assert (added.name, added.role, added.pin_digits) == ("정하준", StaffRole.CASHIER, 4)
    assert page.entry.id == added.id, "the new one is current"
    assert QApplication.focusWidget() is page.view.list
    PINS[added.id] = "7412"
    sign_in(qtbot, locked, added.id)
    assert locked.demo.container.session.actor == added.actor
    assert locked.window.current == "home", "a cashier may not see the page"
    sign_in(qtbot, locked, MANAGER)
    locked.demo.container.staff.directory.deactivate(Actor.staff(MANAGER), added.id)


@pytest.mark.parametrize(
    ("texts", "field", "said"),
    [
        ({"staffName": " "}, "name", "staff400_1"),
        ({"staffPin": "12"}, "pin", "digits"),
        ({"staffPin": "1234", "staffPinAgain": "1234"}, "pin", "pin400_2"),
        ({"staffPinAgain": "7413"}, "again", None),
        ({"staffName": "박지우"}, "name", "staff409_1"),
    ],
)
def test_what_is_wrong_stands_below_its_field(qtbot, locked, page, texts, field, said):
    before = newest(locked)
    press(locked, KEY.Key_F4)
    fill(
        locked, page, **{"staffName": "정하준", "staffPin": "7412", "staffPinAgain": "7412"} | texts
    )
    store(qtbot, locked, page)
    wrong = getattr(page.view.form, field)
    known = {None: "setup.rule_manager_pin_again", "digits": "staff.digits_4"}
    assert wrong.message == locked.texts(known.get(said, f"errors.{said}"))
    assert wrong.isAncestorOf(QApplication.focusWidget())
    assert newest(locked) == before
    press(locked, KEY.Key_Escape)
    assert not page.view.has_form and locked.window.current == STAFF


def test_a_seller_needs_six_digits_and_the_number_of_a_seller(qtbot, locked, page):
    press(locked, KEY.Key_F4)
    form = page.view.form
    assert not form.seller.isVisible()
    form.role.segments[1].click()
    fill(locked, page, staffName="정하준", staffPin="7412", staffPinAgain="7412", staffSeller="101")
    store(qtbot, locked, page)
    assert form.pin.message == locked.texts("staff.digits_6")
    fill(locked, page, staffPin="741285", staffPinAgain="741285")
    store(qtbot, locked, page)
    assert form.seller.message == locked.texts("staff.seller_unknown"), "101 sells nothing"
    fill(locked, page, staffSeller="2")
    store(qtbot, locked, page)
    assert (newest(locked).role, newest(locked).seller_id) == (StaffRole.SELLER, 2)
    locked.demo.container.staff.directory.deactivate(Actor.staff(MANAGER), newest(locked).id)


def test_name_and_role_are_changed_and_a_short_pin_has_to_be_set_anew(qtbot, locked, page):
    choose(page, CASHIER)
    press(locked, KEY.Key_Return)
    form = page.view.form
    assert form.kind is FormKind.EDIT and form.name.line.text() == NAMES[CASHIER]
    assert not form.pin.isVisible()
    form.role.segments[2].click()
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert not page.entry.has_pin and page.view._badge.label == "PIN 없음"
    page.view.new_pin.click()
    fill(locked, page, staffPin="741285", staffPinAgain="741285")
    store(qtbot, locked, page)
    assert page.entry.has_pin and person(locked, CASHIER).role is StaffRole.MANAGER
    page.view.edit.click()
    form.role.segments[0].click()
    store(qtbot, locked, page)
    page.view.new_pin.click()
    fill(locked, page, staffPin="7412", staffPinAgain="7412")
    store(qtbot, locked, page)
    PINS[CASHIER] = "7412"
    assert person(locked, CASHIER).role is StaffRole.CASHIER


def test_the_own_pin_is_asked_for_after_five_minutes_and_a_wrong_one_changes_nothing(
    qtbot, locked, page
):
    let_five_minutes_pass(locked)
    before = newest(locked)
    press(locked, KEY.Key_F4)
    form = page.view.form
    assert form.own.isVisible()
    fill(locked, page, staffName="정하준", staffPin="7413", staffPinAgain="7413", ownPin="111119")
    store(qtbot, locked, page)
    assert form.own.message == locked.texts("errors.pin401_1") and form.own.text == ""
    assert QApplication.focusWidget() is form.own.line and newest(locked) == before
    assert form.name.line.text() == "정하준", "nothing else is lost"
    fill(locked, page, ownPin=PINS[MANAGER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert newest(locked).name == "정하준"
    press(locked, KEY.Key_F8)
    dialog = question(qtbot)
    assert dialog.own_pin == "" and not dialog._own.isVisible(), "given a moment ago"
    press(locked, KEY.Key_F8)
    settle(qtbot, locked)
    assert not newest(locked).active


def test_five_minutes_that_pass_within_a_form_ask_for_the_own_pin_then(qtbot, locked, page):
    choose(page, CASHIER)
    page.view.edit.click()
    let_five_minutes_pass(locked)
    fill(locked, page, staffName="박지오")
    store(qtbot, locked, page)
    form = page.view.form
    assert form.own.isVisible() and person(locked, CASHIER).name == "박지우"
    assert form.own.message == locked.texts("errors.staff401_1")
    fill(locked, page, ownPin=PINS[MANAGER], staffName="박지우")
    store(qtbot, locked, page)
    assert not page.view.has_form


def test_deactivating_asks_and_taking_on_again_needs_a_new_pin(qtbot, locked, page):
    choose(page, CASHIER)
    let_five_minutes_pass(locked)
    press(locked, KEY.Key_F8)
    dialog = question(qtbot)
    assert QApplication.focusWidget() is dialog._own.line and not dialog.yes.isEnabled()
    type_keys(locked, "111119")
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert locked.texts("errors.pin401_1") in dialog.notice.text()
    assert dialog._own.text == "" and person(locked, CASHIER).active
    type_keys(locked, PINS[MANAGER])
    press(locked, KEY.Key_Return)
    settle(qtbot, locked)
    assert QApplication.activeModalWidget() is None and not person(locked, CASHIER).active
    assert page.entry.id == CASHIER and page.view.back.isVisible()
    assert not page.view.remove.isVisible() and not page.view.edit.isVisible()
    press(locked, KEY.Key_Return)
    assert page.view.form.kind is FormKind.BACK
    fill(locked, page, staffPin=PINS[CASHIER], staffPinAgain=PINS[CASHIER])
    store(qtbot, locked, page)
    assert page.view.form.pin.message == locked.texts("errors.pin400_3")
    fill(locked, page, staffPin="8530", staffPinAgain="8530")
    store(qtbot, locked, page)
    PINS[CASHIER] = "8530"
    assert person(locked, CASHIER).active


def test_a_locked_pin_is_unlocked(qtbot, locked, page):
    store_, clock = locked.demo.container.store, locked._clock
    with store_.transaction() as uow:
        tries = PinTries(LOCKED_AT, clock.now(), clock.monotonic())
        uow.staff.save(uow.staff.get(CASHIER).with_tries(tries))
        uow.commit()
    page.refresh()
    settle(qtbot, locked)
    choose(page, CASHIER)
    assert page.view._badge.label == "PIN 잠김"
    page.view.unlock.click()
    dialog = question(qtbot)
    dialog.yes.click()
    settle(qtbot, locked)
    assert person(locked, CASHIER).tries == 0 and not page.view.unlock.isVisible()
    sign_in(qtbot, locked, CASHIER)


def test_the_last_manager_stays_and_the_page_says_why(qtbot, locked, page):
    choose(page, MANAGER)
    press(locked, KEY.Key_F8)
    dialog = question(qtbot)
    press(locked, KEY.Key_F8)
    settle(qtbot, locked)
    assert locked.texts("errors.staff409_2") in dialog.notice.text()
    press(locked, KEY.Key_Escape)
    press(locked, KEY.Key_Return)
    page.view.form.role.segments[0].click()
    store(qtbot, locked, page)
    assert locked.texts("errors.staff409_2") in page.view.banner.message
    assert person(locked, MANAGER).role is StaffRole.MANAGER
    press(locked, KEY.Key_Escape)


def test_who_demotes_themselves_has_to_sign_in_again(qtbot, locked, page):
    directory = locked.demo.container.staff.directory
    directory.add(Actor.staff(MANAGER), "임시 점장", StaffRole.MANAGER, "638104")
    choose(page, MANAGER)
    page.view.edit.click()
    page.view.form.role.segments[0].click()
    store(qtbot, locked, page)
    settle(qtbot, locked)
    assert locked.window.locking.is_locked, "another role needs another session"
    sign_in(qtbot, locked, MANAGER)
    assert locked.window.current == "home"
    temporary = newest(locked)
    locked.demo.container.session.begin(
        temporary.actor, locked._clock.monotonic(), role=StaffRole.MANAGER
    )
    directory.change(temporary.actor, MANAGER, NAMES[MANAGER], StaffRole.MANAGER)
    directory.deactivate(temporary.actor, temporary.id)


def test_a_new_recovery_code_is_asked_about_and_shown_once(qtbot, locked, page):
    page.view.renew.click()
    question(qtbot).yes.click()
    settle(qtbot, locked)
    code = page.view.recovery.code.text()
    assert code.count("-") == 5 and last_event(locked).detail == "recovery code"
    press(locked, KEY.Key_Escape)
    dialog = question(qtbot)
    press(locked, KEY.Key_Escape)
    assert page.view.recovery.is_shown, "no is no"
    press(locked, KEY.Key_Escape)
    dialog = question(qtbot)
    dialog.yes.click()
    assert not page.view.recovery.is_shown and locked.window.current == STAFF


def test_the_lock_forgets_pins_and_the_code(qtbot, locked, page):
    press(locked, KEY.Key_F4)
    fill(locked, page, staffName="정하준", staffPin="7412", staffPinAgain="7412")
    locked.lock.lock()
    settle(qtbot, locked)
    form = page.view.form
    assert form.pin.text == form.again.text == ""
    sign_in(qtbot, locked, MANAGER)
    assert page.view.has_form and form.name.line.text() == "정하준"
    sign_in(qtbot, locked, CASHIER)
    assert not page.view.has_form and locked.window.current == "home"


def test_a_code_that_arrives_under_the_lock_is_shown_to_nobody(qtbot, locked, page):
    locked.lock.lock()
    page._show_code("ABCD-EFGH-IJKL-MNOP-QRST-UVWX")
    assert not page.view.recovery.is_shown
    settle(qtbot, locked)


@pytest.mark.parametrize("who", [CASHIER, OWN_SELLER])
def test_nobody_but_a_manager_sees_the_page(qtbot, locked, who):
    sign_in(qtbot, locked, who)
    locked.screens.open(STAFF, {})
    assert locked.window.current == "home"
    locked.window.show_screen("more")
    assert not locked.screens.page("more").rows[STAFF].isVisible()


ERRORS = {
    "name": ("errors.staff400_1", "errors.staff409_1"),
    "seller": ("staff.seller_needed", "staff.seller_unknown"),
    "pin": ("staff.digits_4", "staff.digits_6", "errors.pin400_2", "errors.pin400_3"),
    "again": ("setup.rule_manager_pin_again",),
    "own": ("errors.staff401_1", "errors.pin401_1", "errors.pin401_3", "errors.pin429"),
}
"""What can stand below each field."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(1024, 600), (1366, 768), (1080, 1920)])
def test_no_error_is_cut_and_none_moves_a_field(qtbot, locked, page, size, language):
    locked.window.resize(*size)
    locked.texts.set_language(language)
    press(locked, KEY.Key_F4)
    form, texts = page.view.form, locked.texts
    form.role.segments[1].click()
    form.own.show()
    QApplication.processEvents()
    places = [one.geometry() for one in form.findChildren(QLineEdit)]
    try:
        for name, messages in ERRORS.items():
            field = getattr(form, name)
            for message in messages:
                field.set_wrong(texts(message, left=5, seconds=900))
                QApplication.processEvents()
                slot = field._slot
                assert slot.sizeHint().width() <= slot.width(), (message, slot.width())
            field.set_wrong("")
        assert [one.geometry() for one in form.findChildren(QLineEdit)] == places
    finally:
        locked.texts.set_language("ko")
        locked.window.resize(1366, 768)
