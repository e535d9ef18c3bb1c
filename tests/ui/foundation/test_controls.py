"""Buttons, boxes, segments and chips under real keys and a real pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QImage, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from posapp.ui.core.theme import THEMES, Theme
from posapp.ui.widgets.box_icons import paint_box
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import CheckChip, Chip
from posapp.ui.widgets.segmented_control import SegmentedControl
from tests.ui.foundation.picture_sheet import changed_pixels, in_grey


@pytest.fixture
def page(qtbot, theme) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def button_on(page: QWidget, role: str = "secondary", key: str = "F2") -> tuple[Button, list[bool]]:
    button = Button(role, key)
    button.set_text("결제취소")
    page.layout().addWidget(button)
    button.show()
    clicks: list[bool] = []
    button.clicked.connect(lambda: clicks.append(True))
    return button, clicks


@pytest.mark.parametrize("role", ["primary", "secondary", "danger", "kakao"])
def test_the_label_is_in_the_middle_of_the_whole_button(page, role):
    """The badge has its own slot, and the same slot is free on the left."""
    button, _ = button_on(page, role)
    badge = button.findChild(QLabel)
    text = button.fontMetrics().horizontalAdvance(button.text())
    QApplication.processEvents()
    for width in (button.sizeHint().width(), 400):
        button.setFixedWidth(width)
        QApplication.processEvents()
        slot = button.width() - badge.geometry().left()
        assert button.rect().contains(badge.geometry())
        assert (button.width() - text) // 2 >= slot


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_held_key_presses_once(page, key):
    button, clicks = button_on(page)
    button.setFocus()
    QTest.keyPress(button, key)
    for _ in range(5):
        held = QKeyEvent(
            QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
        )
        QApplication.sendEvent(button, held)
    QTest.keyRelease(button, key)
    assert clicks == [True]


def test_a_key_held_since_before_presses_nothing(page):
    button, clicks = button_on(page)
    button.setFocus()
    enter = Qt.Key.Key_Return
    held = QKeyEvent(
        QEvent.Type.KeyPress, enter, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
    )
    QApplication.sendEvent(button, held)
    assert clicks == []


def test_a_busy_button_takes_no_press_and_keeps_its_size_focus_and_name(page):
    button, clicks = button_on(page)
    button.setFocus()
    size, text = button.sizeHint(), button.text()
    button.set_busy(True)
    assert button.is_busy and button.text() != text and button.sizeHint() == size
    assert button.accessibleName() == "결제취소"
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.keyClick(page, Qt.Key.Key_F2)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(button.findChild(QLabel), Qt.MouseButton.LeftButton)
    button.click()
    assert clicks == [] and button.hasFocus()
    button.set_text("결제")
    assert button.text() != "결제", "the dots stay until the work is over"
    button.set_busy(False)
    assert button.text() == "결제"
    QTest.keyClick(page, Qt.Key.Key_F2)
    assert clicks == [True]


def test_tab_leaves_a_busy_button(page):
    button, _ = button_on(page)
    other, _ = button_on(page, key="F3")
    button.setFocus()
    button.set_busy(True)
    QTest.keyClick(button, Qt.Key.Key_Tab)
    assert other.hasFocus()


@pytest.mark.parametrize("kind", ["check", "radio", "switch"])
def test_a_box_is_ticked_by_space_and_by_a_click_and_says_so(page, theme, kind):
    chip = CheckChip(theme, kind=kind)
    chip.set_text("단순 변심 & 기타")
    page.layout().addWidget(chip)
    chip.show()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert chip.isChecked()
    reader = QAccessible.queryAccessibleInterface(chip)
    assert reader.text(QAccessible.Text.Name) == "단순 변심 & 기타"
    assert reader.state().checked
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert not chip.isChecked()
    QTest.keyClick(chip, Qt.Key.Key_Return)
    assert not chip.isChecked(), "Enter belongs to the form"


def test_a_box_alone_is_a_full_target_with_a_name(page, theme):
    chip = CheckChip(theme)
    chip.set_text("", name="크루아상 선택")
    assert chip.sizeHint().toTuple() == (theme.size("target"), theme.size("target"))
    assert chip.accessibleName() == "크루아상 선택"


def test_segments_are_one_tab_stop_and_arrows_choose(page, theme):
    control = SegmentedControl(theme, ("all", "refund", "exchange"))
    control.set_text("종류", ("전체", "환불", "교환"))
    before, _ = button_on(page)
    page.layout().addWidget(control)
    control.show()
    after, _ = button_on(page)
    received: list[object] = []
    control.chosen.connect(received.append)
    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert control.segments[0].hasFocus()
    QTest.keyClick(control.segments[0], Qt.Key.Key_Right)
    assert control.key == "refund" and received == ["refund"]
    assert control.segments[1].accessibleName() == "종류: 환불"
    QTest.keyClick(control.segments[1], Qt.Key.Key_Tab)
    assert after.hasFocus()
    control.choose("exchange")
    assert control.key == "exchange" and received == ["refund"], "a program's choice is silent"
    with pytest.raises(ValueError):
        control.choose("none")


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Space])
def test_a_filter_chip_is_cleared_by_keys(page, theme, key):
    chip = Chip(theme, "kind")
    chip.set_text("환불", name="환불 지우기")
    page.layout().addWidget(chip)
    chip.show()
    received: list[str] = []
    chip.cleared.connect(received.append)
    QTest.keyClick(chip, key)
    assert received == ["kind"] and chip.accessibleName() == chip.toolTip() == "환불 지우기"


def test_a_long_filter_is_elided_and_whole_in_its_tool_tip(page, theme):
    chip = Chip(theme, "text")
    whole = "수제 유자차와 크루아상 " * 8
    chip.set_text(whole, name=f"{whole} 지우기")
    assert chip.text().endswith("…") and chip.sizeHint().width() < 300
    assert whole in chip.toolTip()


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", ["surface-raised", "selection", "accent-soft"])
def test_an_unticked_box_is_empty_on_every_ground(qapp, name, ground):
    """In a selected row, too: a box that shows the row's colour looks ticked."""
    theme = Theme(name)
    pictures = {}
    for ticked in (False, True):
        image = QImage(22, 22, QImage.Format.Format_RGB32)
        image.fill(theme.colour(ground))
        painter = QPainter(image)
        paint_box(painter, theme, "check", QRectF(0, 0, 22, 22), ticked=ticked)
        painter.end()
        pictures[ticked] = image
    inside = QRect(4, 4, 14, 14)
    empty, filled = (pictures[ticked].copy(inside) for ticked in (False, True))
    colours = {empty.pixel(x, y) for x in range(14) for y in range(14)}
    assert colours == {theme.colour("surface-raised").rgb()}
    assert changed_pixels(in_grey(empty), in_grey(filled), 40) > 100
