"""The one dialog that asks before money moves: its keys, its guard, its place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.widgets.action_guard import GUARD_MS
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot
from posapp.ui.widgets.roles import Label

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


class Milliseconds:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 1_000

    def __call__(self) -> int:
        return self.now


class Page(QWidget):
    """A page whose red button with F8 asks."""

    def __init__(self, *, waits: bool = False, key: str = "F8", text: str = "") -> None:
        super().__init__()
        self.clock = Milliseconds()
        self.slot = DialogSlot(self)
        self.agreed: list[str] = []
        self.dialog: ConfirmDialog | None = None
        self._how = {"waits": waits, "key": key}
        self._text = text or "카카오페이로 환불됩니다. 되돌릴 수 없습니다."
        self.field = QLineEdit()
        self.button = Button("danger", key)
        self.button.set_text("결제취소")
        self.button.clicked.connect(self.ask)
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.button)
        self.resize(1024, 600)

    def ask(self) -> None:
        if self.slot.is_open:
            return
        self.dialog = ConfirmDialog(
            "초코칩 쿠키 1개, 2,500원을 결제취소할까요?",
            self._text,
            "2,500원 결제취소",
            "닫기",
            self,
            amount="2,500원",
            facts=[("상품", "초코칩 쿠키"), ("주문번호", "1200")],
            clock=self.clock,
            **self._how,
        )
        self.dialog.agreed.connect(lambda: self.agreed.append("yes"))
        self.slot.open(self.dialog)

    def painted(self, qtbot: QtBot) -> ConfirmDialog:
        """The open dialog, once its first paint has started the guard."""
        dialog = self.dialog
        assert dialog is not None
        qtbot.waitUntil(lambda: dialog._guard.was_painted)
        return dialog


@pytest.fixture
def page(qtbot: QtBot, theme) -> Iterator[Page]:
    yield opened(qtbot, Page())


def opened(qtbot: QtBot, page: Page) -> Page:
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitActive(page):
        page.activateWindow()
    page.field.setFocus()
    return page


def repeat(target: QWidget, key: Qt.Key, text: str = "") -> None:
    """One repetition of a held key, as the window system sends it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text, autorep=True)
        QApplication.sendEvent(target, event)


def test_the_safe_answer_has_the_focus_and_is_left(page, qtbot):
    page.ask()
    dialog = page.painted(qtbot)
    assert dialog.focusWidget() is dialog.no and not dialog.yes.isDefault()
    assert dialog.no.x() + dialog.no.width() < dialog.yes.x()
    assert (dialog.no.text(), dialog.no.key) == ("닫기", "Esc")
    assert (dialog.yes.text(), dialog.yes.key) == ("2,500원 결제취소", "F8")


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_Enter, KEY.Key_Escape])
def test_enter_and_esc_give_the_safe_answer(page, qtbot, key):
    page.ask()
    dialog = page.painted(qtbot)
    page.clock.now += GUARD_MS
    with qtbot.waitSignal(dialog.declined):
        qtbot.keyClick(dialog.focusWidget(), key)
    assert page.agreed == [] and not page.slot.is_open


@pytest.mark.parametrize("key", ["F7", "F8"])
def test_the_key_that_opened_it_is_the_action(theme, qtbot, key):
    page = opened(qtbot, Page(key=key))
    pressed = QKeySequence(key)[0].key()
    qtbot.keyClick(page.field, pressed)
    dialog = page.painted(qtbot)
    page.clock.now += GUARD_MS
    other = KEY.Key_F7 if key == "F8" else KEY.Key_F8
    qtbot.keyClick(dialog.focusWidget(), other)
    qtbot.keyClick(dialog.focusWidget(), pressed, Qt.KeyboardModifier.ShiftModifier)
    assert page.agreed == []
    qtbot.keyClick(dialog.focusWidget(), pressed)
    assert page.agreed == ["yes"] and not dialog.isVisible()


def test_tab_and_enter_press_the_action(page, qtbot):
    page.ask()
    dialog = page.painted(qtbot)
    page.clock.now += GUARD_MS
    qtbot.keyClick(dialog.no, KEY.Key_Tab)
    assert dialog.focusWidget() is dialog.yes
    qtbot.keyClick(dialog.yes, KEY.Key_Return)
    assert page.agreed == ["yes"]


def press_by_key(qtbot: QtBot, dialog: ConfirmDialog) -> None:
    qtbot.keyClick(dialog.focusWidget(), KEY.Key_F8)


def press_by_enter(qtbot: QtBot, dialog: ConfirmDialog) -> None:
    dialog.yes.setFocus()
    qtbot.keyClick(dialog.yes, KEY.Key_Return)


def press_by_space(qtbot: QtBot, dialog: ConfirmDialog) -> None:
    dialog.yes.setFocus()
    qtbot.keyClick(dialog.yes, KEY.Key_Space)


def press_by_mouse(qtbot: QtBot, dialog: ConfirmDialog) -> None:
    qtbot.mouseClick(dialog.yes, LEFT)


@pytest.mark.parametrize("press", [press_by_key, press_by_enter, press_by_space, press_by_mouse])
def test_the_action_is_taken_from_250_ms_after_the_first_paint(page, qtbot, press):
    page.ask()
    dialog = page.painted(qtbot)
    page.clock.now += GUARD_MS - 1
    press(qtbot, dialog)
    assert page.agreed == [] and dialog.isVisible()
    page.clock.now += 1
    press(qtbot, dialog)
    assert page.agreed == ["yes"]


def test_before_the_first_paint_nothing_is_taken(page, qtbot):
    page.ask()
    page.clock.now += 10 * GUARD_MS
    page.dialog._guard.begin()
    press_by_key(qtbot, page.dialog)
    page.dialog.yes.click()
    assert page.agreed == []


@pytest.mark.parametrize("button", ["mouse", "space"])
def test_a_press_that_began_too_early_is_not_taken_at_its_release(page, qtbot, button):
    page.ask()
    dialog = page.painted(qtbot)
    dialog.yes.setFocus()
    if button == "mouse":
        QTest.mousePress(dialog.yes, LEFT)
        page.clock.now += GUARD_MS
        QTest.mouseRelease(dialog.yes, LEFT)
    else:
        QTest.keyPress(dialog.yes, KEY.Key_Space)
        page.clock.now += GUARD_MS
        QTest.keyRelease(dialog.yes, KEY.Key_Space)
    assert page.agreed == []


def test_the_second_press_of_a_double_click_is_not_taken(page, qtbot):
    page.ask()
    dialog = page.painted(qtbot)
    page.clock.now += GUARD_MS
    spot = dialog.yes.rect().center()
    second = QMouseEvent(
        QEvent.Type.MouseButtonDblClick,
        QPointF(spot),
        QPointF(dialog.yes.mapToGlobal(spot)),
        LEFT,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(dialog.yes, second)
    QTest.mouseRelease(dialog.yes, LEFT)
    assert page.agreed == []


def test_a_key_held_since_the_page_answers_nothing(page, qtbot):
    QTest.keyPress(page.field, KEY.Key_F8)
    dialog = page.painted(qtbot)
    page.clock.now += 10 * GUARD_MS
    for _ in range(30):
        repeat(dialog.focusWidget(), KEY.Key_F8)
    QTest.keyPress(dialog.focusWidget(), KEY.Key_F8)  # a system that does not mark repetitions
    assert page.agreed == [] and dialog.isVisible()
    QTest.keyRelease(dialog.focusWidget(), KEY.Key_F8)
    assert page.agreed == []
    qtbot.keyClick(dialog.focusWidget(), KEY.Key_F8)
    assert page.agreed == ["yes"]


def test_a_held_enter_answers_nothing(page, qtbot):
    page.button.setFocus()
    QTest.keyPress(page.button, KEY.Key_Return)
    dialog = page.painted(qtbot)
    page.clock.now += 10 * GUARD_MS
    for target in (dialog.no, dialog.yes):
        target.setFocus()
        for _ in range(30):
            repeat(target, KEY.Key_Return, "\r")
        QTest.keyPress(target, KEY.Key_Return)
    assert page.agreed == [] and dialog.isVisible()
    QTest.keyRelease(dialog.yes, KEY.Key_Return)
    qtbot.keyClick(dialog.yes, KEY.Key_Return)
    assert page.agreed == ["yes"]


def test_a_repeated_press_agrees_once(theme, qtbot):
    page = opened(qtbot, Page(waits=True))
    page.ask()
    dialog = page.painted(qtbot)
    page.clock.now += GUARD_MS
    for _ in range(3):
        press_by_key(qtbot, dialog)
        dialog.yes.click()
    assert page.agreed == ["yes"] and dialog.is_busy


def test_a_failed_action_keeps_the_dialog_open_with_the_reason(theme, qtbot):
    page = opened(qtbot, Page(waits=True))
    page.ask()
    dialog = page.painted(qtbot)
    page.clock.now += GUARD_MS
    press_by_key(qtbot, dialog)
    places = [one.geometry() for one in (dialog.no, dialog.yes)]
    assert page.slot.end(lambda: "결제 취소 중 오류가 발생했습니다: 이미 취소된 결제입니다.")
    assert dialog.isVisible() and "이미 취소된" in dialog.notice.text()
    QApplication.processEvents()
    assert [one.geometry() for one in (dialog.no, dialog.yes)] == places, "no button moves"
    (shown,) = [one for one in dialog.findChildren(Label) if "이미 취소된" in one.text()]
    assert shown.mapTo(dialog, shown.rect().bottomLeft()).y() < dialog.yes.y()
    assert dialog.focusWidget() is dialog.no
    press_by_key(qtbot, dialog)
    assert page.agreed == ["yes", "yes"] and dialog.notice.text() == ""
    assert not page.slot.end(None)
    assert not dialog.isVisible() and page.agreed == ["yes", "yes"]


def test_closing_gives_the_focus_back(page, qtbot):
    qtbot.keyClick(page.field, KEY.Key_F8)
    dialog = page.painted(qtbot)
    assert dialog.focusWidget() is dialog.no
    qtbot.keyClick(dialog.no, KEY.Key_Escape)
    qtbot.waitUntil(page.field.hasFocus)


def test_the_window_behind_is_dark_until_the_dialog_closes(page, qtbot):
    before = page.grab().toImage().pixelColor(4, 4).lightness()
    page.ask()
    dialog = page.painted(qtbot)
    behind = page.grab().toImage().pixelColor(4, 4).lightness()
    assert abs(behind - before / 2) <= 2, "half as light"
    page.resize(1100, 700)
    QApplication.processEvents()
    assert page.grab().toImage().pixelColor(1090, 690).lightness() == behind
    dialog.no.click()
    assert page.grab().toImage().pixelColor(4, 4).lightness() == before


def test_the_question_is_written_once(page, qtbot):
    page.ask()
    dialog = page.painted(qtbot)
    assert dialog.windowFlags() & Qt.WindowType.FramelessWindowHint, "no title above the title"
    texts = [one.text() for one in dialog.findChildren(Label) if not one.isHidden()]
    assert texts.count(dialog.windowTitle()) == 1
    for part in ("2,500원", "초코칩 쿠키", "1200", "되돌릴 수 없습니다"):
        assert part in dialog.accessibleDescription()


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768), (1080, 1920)])
def test_long_contents_scroll_and_the_buttons_stay(theme, qtbot, size):
    page = Page(text="되돌릴 수 없습니다. " * 120)
    page.resize(*size)
    opened(qtbot, page)
    page.ask()
    dialog = page.painted(qtbot)
    assert dialog.width() == 576 and dialog.height() <= size[1] - 32
    for button in (dialog.no, dialog.yes):
        assert dialog.rect().contains(button.geometry()) and button.height() >= 48
    dialog.fail(lambda: "결제 취소 중 오류가 발생했습니다: " + "다시 시도해 주세요. " * 12)
    QApplication.processEvents()
    assert dialog.height() <= size[1] - 32
    for button in (dialog.no, dialog.yes):
        assert dialog.rect().contains(button.geometry())


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
def test_fields_that_come_later_leave_the_buttons_on_the_window(page, qtbot, size):
    page.resize(*size)
    page.ask()
    dialog = page.painted(qtbot)
    field = QLineEdit()
    field.setFixedHeight(dialog._most_height() - dialog.height())
    dialog.fields.addWidget(field)
    field.show()
    dialog.fit()
    for button in (dialog.no, dialog.yes):
        corner = button.mapTo(dialog, button.rect().bottomRight())
        assert page.rect().contains(page.mapFromGlobal(dialog.mapToGlobal(corner)))


def test_the_dialog_stays_in_the_middle_of_a_window_that_changes(page, qtbot):
    page.ask()
    dialog = page.painted(qtbot)
    page.resize(720, 500)
    QApplication.processEvents()
    middle = page.mapFromGlobal(dialog.mapToGlobal(dialog.rect().center()))
    assert (middle - page.rect().center()).manhattanLength() <= 8


def test_no_text_is_cut(theme, qtbot):
    page = opened(qtbot, Page())
    page.ask()
    dialog = page.painted(qtbot)
    for label in dialog.findChildren(Label):
        if label.isVisible() and label.wordWrap():
            assert label.heightForWidth(label.width()) <= label.height(), label.text()


def test_a_field_below_the_edge_is_scrolled_to(theme, qtbot):
    page = opened(qtbot, Page(text="되돌릴 수 없습니다. " * 40))
    page.ask()
    dialog = page.painted(qtbot)
    fields = [QLineEdit() for _ in range(12)]
    for field in fields:
        dialog.fields.addWidget(field)
        field.show()
    dialog.fit()
    QApplication.processEvents()
    seen = dialog._scroll.viewport()
    assert fields[-1].mapTo(seen, fields[-1].rect().bottomLeft()).y() > seen.height()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    fields[-1].setFocus()
    assert fields[-1].mapTo(seen, fields[-1].rect().bottomLeft()).y() <= seen.height()
