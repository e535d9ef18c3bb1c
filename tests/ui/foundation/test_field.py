"""The line to type in: its cross, its error, and that nothing moves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from posapp.ui.widgets.debounced_field import DebouncedField
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.search_field import SearchField


@pytest.fixture
def page(qtbot, theme) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def field_on(page: QWidget, kind: type[Field]) -> Field:
    field = kind("someName")
    field.set_text("주문번호", "예: 1200")
    page.layout().addWidget(field)
    page.layout().addWidget(QLabel("아래"))
    field.show()
    QApplication.processEvents()
    return field


def cross_of(line: QWidget) -> QPushButton:
    return line.findChild(QPushButton)


@pytest.mark.parametrize("kind", [IdField, DebouncedField])
def test_nothing_moves_when_an_error_appears(page, kind):
    field = field_on(page, kind)
    widgets = [field, *field.findChildren(QWidget), *page.findChildren(QLabel)]
    places = [(one.mapTo(page, QPoint(0, 0)), one.size()) for one in widgets if one.isVisible()]
    field.set_wrong("주문번호는 숫자로 입력해 주세요.")
    QApplication.processEvents()
    again = [(one.mapTo(page, QPoint(0, 0)), one.size()) for one in widgets if one.isVisible()]
    assert places == again and field.message


def test_what_is_wrong_is_shown_by_edge_cross_and_words(page):
    field = field_on(page, Field)
    field.set_wrong("주문번호는 숫자로 입력해 주세요.")
    assert field.message == field.line.accessibleDescription() == "주문번호는 숫자로 입력해 주세요."
    assert any(label.text() == f"✗ {field.message}" for label in field.findChildren(QLabel))
    assert field.line.property("wrong") is True
    field.set_wrong("")
    assert field.message == field.line.accessibleDescription() == ""
    assert not field.line.property("wrong")
    assert not any("✗" in label.text() for label in field.findChildren(QLabel))


def test_the_cross_clears_as_if_typed_and_leaves_the_focus_in_the_line(qtbot, page):
    field = field_on(page, DebouncedField)
    assert cross_of(field.line) is None
    QTest.keyClicks(field.line, "12")
    with qtbot.waitSignal(field.typed):
        pass
    cross = cross_of(field.line)
    assert cross.isVisible() and min(cross.size().toTuple()) >= 48
    assert field.line.rect().contains(cross.geometry())
    with qtbot.waitSignal(field.typed):
        QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert field.text == "" and field.line.hasFocus() and not cross.isVisible()
    field.line.undo()
    assert field.text == "12"


def test_the_cross_is_no_tab_stop_and_has_a_name(page, texts):
    field = field_on(page, Field)
    below = field_on(page, Field)
    field.line.setFocus()
    QTest.keyClicks(field.line, "1")
    QTest.keyClick(field.line, Qt.Key.Key_Tab)
    assert below.line.hasFocus()
    texts.translate_qt()
    QApplication.processEvents()
    assert cross_of(field.line).accessibleName() == "지우기"


def test_a_line_that_cannot_be_changed_has_no_cross(page):
    field = field_on(page, Field)
    field.line.setText("1200")
    assert cross_of(field.line).isVisible()
    field.line.setReadOnly(True)
    assert not cross_of(field.line).isVisible()
    field.line.setReadOnly(False)
    assert cross_of(field.line).isVisible()
    field.setEnabled(False)
    assert not cross_of(field.line).isVisible()


def test_text_is_never_under_the_cross_or_the_icon(page, theme):
    line = SearchField(theme)
    line.setFixedWidth(220)
    page.layout().addWidget(line)
    line.show()
    line.setText("아주 긴 상품 이름을 끝까지 입력해 봅니다")
    line.grab()  # scrolls to the caret
    assert line.cursorRect().right() <= cross_of(line).geometry().left() + theme.size("padding")
    line.home(False)
    line.grab()
    assert line.cursorRect().left() >= theme.size("padding") + theme.size("sign") - 4
