"""Nothing that a buyer's hands do leads out of the kiosk (docs/faults.md, rows 68 and 76)."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QTextEdit, QWidget

from posapp.domain.actors import Actor
from posapp.domain.permissions import StaffRole
from posapp.ui.kiosk.exit_entry import ExitEntry
from posapp.ui.payment.countdown import Countdown
from posapp.ui.scanner.scan_filter import ScanFilter
from tests.fakes.kiosk import PINS
from tests.fakes.till import Till
from tests.ui.kiosk.conftest import ORDER, Kiosk
from tests.ui.kiosk.test_kiosk_privacy import texts_of
from tests.ui.scanner.typing_hands import ENDS, Keyboard

K, M = Qt.Key, Qt.KeyboardModifier


def every_modifier() -> list[Qt.KeyboardModifier]:
    each = (M.ShiftModifier, M.ControlModifier, M.AltModifier, M.MetaModifier, M.KeypadModifier)
    found = []
    for count in range(len(each) + 1):
        for some in combinations(each, count):
            whole = M.NoModifier
            for one in some:
                whole |= one
            found.append(whole)
    return found


def press(kiosk: Kiosk, key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str = "") -> None:
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        place = kiosk.window.focusWidget() or kiosk.window
        QApplication.sendEvent(place, QKeyEvent(kind, key, modifiers, text))


def seen(kiosk: Kiosk) -> tuple[object, ...]:
    """What an escape would change."""
    window = kiosk.window
    return (
        *(kiosk.controller.flow, window.view, window.isVisible(), window.isFullScreen()),
        *(window.focusWidget(), len(QApplication.topLevelWidgets())),
        *(QApplication.activePopupWidget(), QApplication.activeModalWidget()),
        QGuiApplication.clipboard().text(),
    )


OWN = {
    *(K.Key_Up, K.Key_Down, K.Key_Asterisk, K.Key_NumberSign, K.Key_Return, K.Key_Enter),
    *(K.Key_Escape, K.Key_F1, *(K(one) for one in range(K.Key_0.value, K.Key_9.value + 1))),
}
"""Keys of the kiosk; what they do is tested in test_kiosk_keypad.py."""


@pytest.mark.parametrize("state", ["start", "order", "qr"])
def test_fault_68_no_key_with_any_modifiers_does_anything(kiosk: Kiosk, state: str):
    if state == "order":
        kiosk.tap("begin", "1")
    elif state == "qr":
        kiosk.to_qr()
    before = seen(kiosk)
    plain = (M.NoModifier, M.KeypadModifier, M.ShiftModifier)
    for key in K:
        for modifiers in every_modifier():
            is_exit = key is K.Key_K and modifiers == M.ControlModifier | M.AltModifier
            if is_exit or (key in OWN and modifiers in plain):
                continue
            press(kiosk, key, modifiers, chr(key.value) if 32 < key.value < 127 else "")
        assert seen(kiosk) == before, key


def test_fault_68_twin_without_the_guard_keys_reach_the_buttons(kiosk: Kiosk):
    kiosk.guard.remove()
    kiosk.wait(1)
    press(kiosk, K.Key_Space, M.NoModifier, " ")
    assert kiosk.state == "order"


def test_fault_68_nobody_closes_the_window_but_the_program(kiosk: Kiosk):
    app = QApplication.instance()
    before = seen(kiosk)
    for _ in range(3):
        assert not kiosk.window.close()
        QApplication.sendEvent(kiosk.window, QCloseEvent())
        QApplication.sendEvent(app, QEvent(QEvent.Type.Quit))
        QApplication.processEvents()
    assert seen(kiosk) == before
    kiosk.window.end()
    assert not kiosk.window.isVisible()


def test_fault_68_no_menu_tip_wheel_drop_or_other_button_does_anything(kiosk: Kiosk):
    kiosk.tap("begin")
    before = seen(kiosk)
    at = QPoint(540, 900)
    here, there = QPointF(at), QPointF(kiosk.window.mapToGlobal(at))
    no, buttons = M.NoModifier, Qt.MouseButton
    for widget in (kiosk.window, *kiosk.window.findChildren(QWidget)):
        for button in (buttons.RightButton, buttons.MiddleButton, buttons.BackButton):
            for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
                QApplication.sendEvent(widget, QMouseEvent(kind, here, there, button, button, no))
        QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, at))
        QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, at))
        QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.WhatsThis, at, at))
        turned = QWheelEvent(
            *(here, there, QPoint(), QPoint(0, 120), buttons.NoButton, no),
            *(Qt.ScrollPhase.NoScrollPhase, False),
        )
        QApplication.sendEvent(widget, turned)
        event = QInputMethodEvent("한", [])
        event.setCommitString("글")
        QApplication.sendEvent(widget, event)
    QApplication.processEvents()
    assert seen(kiosk) == before


def test_no_part_of_the_window_takes_text_drops_or_has_a_menu_or_a_hint(kiosk: Kiosk):
    everything = (kiosk.window, *kiosk.window.findChildren(QWidget))
    kinds = (QLineEdit, QTextEdit, QPlainTextEdit, QMenu)
    assert [one for one in everything if isinstance(one, kinds)] == []
    assert [one for one in everything if one.acceptDrops() or one.toolTip()] == []
    enabled = Qt.WidgetAttribute.WA_InputMethodEnabled
    assert [one for one in everything if one.testAttribute(enabled)] == []


@pytest.mark.parametrize("end", [*ENDS, ""])
def test_a_scanner_s_burst_is_an_order_or_nothing(kiosk: Kiosk, end: str):
    scanner = Keyboard()
    scans = ScanFilter(scanner.clock, kiosk.window)
    scans.scanned.connect(kiosk.controller.scanned)
    scans.install()
    try:
        for text, state in (("X" * 500, "start"), ("9999", "start"), (f"PO{ORDER}", "phone")):
            scanner.scan(text, end)
            scans.flush()
            QApplication.processEvents()
            assert kiosk.state == state, text
        scanner.scan(f"PO{ORDER}", end)
        scans.flush()
        QApplication.processEvents()
        assert (kiosk.state, kiosk.controller.visit.phone_digits) == ("phone", "")
    finally:
        scans.remove()


def test_only_five_quick_taps_or_the_keys_ask_for_the_pin_and_it_is_not_asked_for_ever(
    kiosk: Kiosk,
):
    for _ in range(4):
        QTest.mouseClick(kiosk.window.shop, Qt.MouseButton.LeftButton)
    assert kiosk.window.view.state.value == "start"
    kiosk.wait(4)
    for _ in range(5):
        QTest.mouseClick(kiosk.window.shop, Qt.MouseButton.LeftButton)
    assert kiosk.window.view.state.value == "exit"
    kiosk.wait(21)
    assert kiosk.window.view.state.value == "start"
    press(kiosk, K.Key_K, M.ControlModifier | M.AltModifier)
    assert kiosk.window.view.state.value == "exit"
    kiosk.tap("stay")
    assert kiosk.window.view.state.value == "start"


def test_a_wrong_pin_ends_nothing_and_the_visit_goes_on_below(kiosk: Kiosk):
    ended: list[int] = []
    kiosk.controller.may_end.connect(lambda: ended.append(1))
    set_up_managers(kiosk)
    kiosk.to_qr()
    kiosk.controller.ask_exit()
    kiosk.tap(*"111111")
    assert (ended, kiosk.window.view.messages) == ([], ("PIN이 맞지 않습니다.",))
    kiosk.pay()
    kiosk.tap("stay")
    assert kiosk.title == "결제되었습니다. 감사합니다."
    kiosk.controller.ask_exit()
    kiosk.tap(*"739164")
    assert ended == [1]


def test_who_opens_the_question_for_the_pin_reads_no_name_of_staff(kiosk: Kiosk):
    set_up_managers(kiosk, "박서준")
    kiosk.controller.ask_exit()
    seen = []
    for _ in range(3):
        seen.append(kiosk.window.view.messages)
        kiosk.tap("other_manager")
    assert seen == [("1/2 · 이*은",), ("2/2 · 박*준",), ("1/2 · 이*은",)]
    said = "\n".join(texts_of(kiosk.window))
    assert "이하은" not in said
    assert "박서준" not in said


def set_up_managers(kiosk: Kiosk, *others: str) -> None:
    """Add managers as the counter does that opens the folder."""
    services = kiosk.services
    till = Till(
        kiosk.folder / "posapp.db",
        services.sandbox,
        kiosk.clock,
        gateway=services.gateway,
        pin_hasher=PINS,
    )
    till.staff.directory.set_up(Actor.person(), "이하은", "739164")
    till.staff.sign_in.sign_in(till.staff.sign_in.find("이하은"), "739164")
    for name in others:
        till.staff.directory.add(till.session.actor, name, StaffRole.MANAGER, "264913")
    till.store.close()


def test_without_staff_the_kiosk_ends_without_a_pin(kiosk: Kiosk):
    ended: list[int] = []
    kiosk.controller.may_end.connect(lambda: ended.append(1))
    kiosk.controller.ask_exit()
    kiosk.tap("leave")
    assert ended == [1]
    assert isinstance(kiosk.controller.pin, ExitEntry)


def test_fault_76_after_a_suspend_no_old_qr_can_be_scanned(kiosk: Kiosk, qtbot):
    kiosk.to_qr()
    kiosk.clock.advance(hours=8)
    qtbot.waitUntil(lambda: not kiosk.window.qr.code.is_scannable)
    kiosk.work()
    assert (kiosk.state, kiosk.title) == ("outcome", "결제 시간이 끝났습니다.")


def test_fault_76_twin_without_the_clock_that_counts_sleep_the_old_qr_stays(
    kiosk: Kiosk, monkeypatch
):
    monkeypatch.setattr(Countdown, "_left_ms", lambda self: 300_000)
    kiosk.to_qr()
    kiosk.clock.advance(hours=8)
    kiosk.wait(1)
    assert kiosk.window.qr.code.is_scannable


def test_fault_76_a_screen_that_turns_or_shrinks_keeps_the_qr(kiosk: Kiosk):
    uid = kiosk.to_qr()
    for width, height in ((1920, 1080), (800, 1280), (1366, 768), (1080, 1920)):
        kiosk.window.resize(width, height)
        QApplication.processEvents()
        assert kiosk.window.qr.code.is_scannable
        assert kiosk.window.qr.code.isVisible()
    assert kiosk.merchant_uid == uid


def test_two_fingers_press_one_button_and_a_pinch_nothing(kiosk: Kiosk):
    screen = QTest.createTouchDevice()
    kiosk.tap("begin")
    kiosk.wait(1)
    one, other = (kiosk.button(each).geometry().center() for each in "15")
    fingers = QTest.touchEvent(kiosk.window, screen)
    fingers.press(0, one).press(1, other).commit()
    fingers.release(0, one).release(1, other).commit()
    QApplication.processEvents()
    assert kiosk.window.view.entry in ("1", "5")
    kiosk.tap("back")
    kiosk.to_qr()
    before = seen(kiosk)
    middle = kiosk.window.qr.geometry().center()
    fingers.press(0, middle).press(1, middle + QPoint(20, 0)).commit()
    for apart in range(20, 400, 20):
        fingers.move(0, middle - QPoint(apart, 0)).move(1, middle + QPoint(apart, 0)).commit()
    fingers.release(0, middle).release(1, middle).commit()
    QApplication.processEvents()
    assert seen(kiosk) == before


def test_mashing_keys_and_touches_ends_where_a_buyer_can_go_on(kiosk: Kiosk):
    for key in [*[K.Key_Return, K.Key_1, K.Key_Down] * 40, *[K.Key_Escape] * 20]:
        kiosk.clock.advance(milliseconds=30)
        press(kiosk, key, M.NoModifier)
    assert kiosk.state in ("start", "order")
    kiosk.wait(200)
    assert kiosk.state == "start"
    kiosk.services.check_books()
