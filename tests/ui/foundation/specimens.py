"""Every control of the windows, and the states that it can be in, as pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import TONES, StatusBadge
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import CheckChip, Chip
from posapp.ui.widgets.debounced_field import DebouncedField
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.message_bar import MessageBar
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.segmented_control import SegmentedControl

MARGIN = 8
"""Pixels of ground around a control in its picture."""

REST, HOVER, FOCUS, PRESSED = "rest", "hover", "focus", "pressed"
TICKED, TICKED_FOCUS, SELECTED, DISABLED = "ticked", "ticked + focus", "selected", "disabled"
DISABLED_TICKED, BUSY, ERROR, ERROR_FOCUS = "disabled + ticked", "busy", "error", "error + focus"
TYPED = "typed"

Make = Callable[[Translator, Theme], QWidget]


@dataclass(frozen=True)
class Specimen:
    """A control, and the names of its states.

    Attributes:
        focused: the part that takes the focus and the presses, if it is not the whole.
        has_text: its text is measured for contrast; texts in a tone are measured by their tokens.
        is_pressed: it is a target.
    """

    name: str
    make: Make
    states: tuple[str, ...]
    focused: Callable[[QWidget], QWidget] = lambda whole: whole
    has_text: bool = True
    is_pressed: bool = True


def _button(role: str, key: str = "") -> Make:
    def make(_: Translator, _theme: Theme) -> QWidget:
        button = Button(role, key)
        button.set_text("결제취소")
        return button

    return make


def _chip(kind: str, text: str = "단순 변심") -> Make:
    def make(_: Translator, theme: Theme) -> QWidget:
        chip = CheckChip(theme, kind=kind)
        chip.set_text(text, name="선택")
        return chip

    return make


def _segments(_: Translator, theme: Theme) -> QWidget:
    control = SegmentedControl(theme, ("all", "refund", "exchange"))
    control.set_text("종류", ("전체", "환불", "교환"))
    return control


def _filter_chip(_: Translator, theme: Theme) -> QWidget:
    chip = Chip(theme, "kind")
    chip.set_text("환불", name="환불 지우기")
    return chip


def _id_field(_: Translator, _theme: Theme) -> QWidget:
    field = IdField("orderId")
    field.set_text("주문번호", "예: 1200", lambda: "주문번호는 숫자로 입력해 주세요.")
    field.setFixedWidth(320)
    return field


def _text_field(_: Translator, _theme: Theme) -> QWidget:
    field = DebouncedField("since")
    field.set_text("시작", "예: 11-01")
    field.setFixedWidth(320)
    return field


def _search_field(_: Translator, theme: Theme) -> QWidget:
    field = SearchField(theme)
    field.setPlaceholderText("이름, 전화번호, 상품")
    field.setFixedWidth(320)
    return field


def _badge(_: Translator, theme: Theme) -> QWidget:
    return StatusBadge(theme)


def _message(texts: Translator, theme: Theme) -> QWidget:
    bar = MessageBar(texts, theme)
    bar.row.addWidget(Button("quiet", "Ctrl+O", text=texts.bind("words.close")))
    bar.setFixedWidth(320)
    return bar


def _scroll_area(texts: Translator, theme: Theme) -> QWidget:
    area = FocusScrollArea(theme)
    area.setWidget(Label("body", text=texts.bind("words.close")))
    area.setFixedSize(200, 120)
    return area


PRESS_STATES = (REST, HOVER, FOCUS, PRESSED, DISABLED, BUSY)
TICK_STATES = (REST, HOVER, FOCUS, PRESSED, TICKED, TICKED_FOCUS, DISABLED, DISABLED_TICKED)
FIELD_STATES = (REST, HOVER, FOCUS, TYPED, ERROR, ERROR_FOCUS, DISABLED)

SPECIMENS = (
    Specimen("primary", _button("primary", "Enter"), PRESS_STATES),
    Specimen("secondary", _button("secondary", "F3"), PRESS_STATES),
    Specimen("danger", _button("danger", "F8"), PRESS_STATES),
    Specimen("kakao", _button("kakao", "F7"), PRESS_STATES),
    Specimen("quiet", _button("quiet", "F10"), PRESS_STATES),
    Specimen("check", _chip("check"), TICK_STATES),
    Specimen("radio", _chip("radio"), TICK_STATES),
    Specimen("switch", _chip("switch"), TICK_STATES),
    Specimen("check alone", _chip("check", ""), TICK_STATES, has_text=False),
    Specimen(
        "segment",
        _segments,
        TICK_STATES,
        focused=lambda whole: whole.segments[1],  # type: ignore[attr-defined]
    ),
    Specimen("filter chip", _filter_chip, (REST, HOVER, FOCUS, PRESSED)),
    Specimen("id field", _id_field, FIELD_STATES, focused=lambda one: one.line),  # type: ignore[attr-defined]
    Specimen("text field", _text_field, FIELD_STATES, focused=lambda one: one.line),  # type: ignore[attr-defined]
    Specimen("badge", _badge, tuple(TONES), has_text=False, is_pressed=False),
    Specimen("message", _message, tuple(TONES)[:4], has_text=False, is_pressed=False),
    Specimen("scroll area", _scroll_area, (REST, FOCUS), has_text=False),
    Specimen("search field", _search_field, (REST, HOVER, FOCUS, TYPED, DISABLED)),
)


@dataclass(frozen=True)
class Shot:
    """The picture of a control in a state, with some ground around it.

    Attributes:
        size: of the control.
        target: size of the part that is pressed.
        text: where its text is in the picture.
        badge: where its key badge is, or an empty rectangle.
    """

    image: QImage
    size: QSize
    target: QSize
    text: QRect
    badge: QRect


class Studio(QWidget):
    """A window that shows one control after the other, and takes its picture."""

    def __init__(self, qtbot: QtBot, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts, self._theme = texts, theme
        self.setProperty("role", "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._other = QWidget()  # has the focus while the control has not
        self._other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._other.setFixedHeight(4)
        self._column.addStretch(1)
        self._column.addWidget(self._other)
        self.resize(640, 320)
        qtbot.addWidget(self)
        self.show()
        qtbot.waitExposed(self)
        self.activateWindow()
        qtbot.waitUntil(self.isActiveWindow)

    def take(self, specimen: Specimen, state: str) -> Shot:
        """Show a new control in a state, and take its picture."""
        QTest.mouseMove(self, QPoint(self.width() - 2, self.height() - 2))
        control = specimen.make(self._texts, self._theme)
        side = Qt.AlignmentFlag
        self._column.insertWidget(0, control, 0, side.AlignLeft | side.AlignTop)
        self._other.setFocus()
        QApplication.processEvents()
        part = specimen.focused(control)
        enter_state(control, part, state)
        QApplication.processEvents()
        frame = control.geometry().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        image = self.grab(frame).toImage().convertToFormat(QImage.Format.Format_RGB32)
        badge = next(
            (one for one in control.findChildren(Label) if one.property("role") == "key"), None
        )
        shot = Shot(
            image,
            control.size(),
            part.size(),
            _in_picture(text_area(part), part, self, frame),
            _in_picture(badge.rect(), badge, self, frame) if badge is not None else QRect(),
        )
        self._column.removeWidget(control)
        control.setParent(None)
        control.deleteLater()
        return shot


def text_area(part: QWidget) -> QRect:
    """Return where the text of a control is."""
    height = part.fontMetrics().height()
    width = part.fontMetrics().horizontalAdvance(str(part.property("text")))
    place = QRect(0, 0, width, height)
    place.moveCenter(part.rect().center())
    if isinstance(part, QLineEdit):
        place.setWidth(part.width() // 2)
        place.moveLeft(part.cursorRect().left() if not part.text() else part.height() // 3)
    elif isinstance(part, CheckChip):
        place.moveRight(part.width() - part.height() // 3)
    elif part.property("role") in ("quiet", "filter-chip"):
        place.moveLeft(part.height() // 3)
    return place


def _in_picture(area: QRect, part: QWidget, window: QWidget, frame: QRect) -> QRect:
    return area.translated(part.mapTo(window, QPoint(0, 0)) - frame.topLeft())


def enter_state(control: QWidget, part: QWidget, state: str) -> None:
    """Put a control into a state, as a person would where that is possible."""
    if isinstance(control, StatusBadge):
        control.show_state(state, "결제대기")
        control.adjustSize()
    if isinstance(control, MessageBar):
        control.show_message(state, lambda: "결제되었습니다.")
    if "ticked" in state and isinstance(part, QAbstractButton):
        part.setChecked(True)
    if state == HOVER:
        QTest.mouseMove(part, part.rect().center())
    if state == PRESSED and isinstance(part, QAbstractButton):
        part.setDown(True)
    if state == TYPED:
        _type(part, "1200")
    if "error" in state:
        _make_wrong(control, part)
    if "focus" in state:
        part.setFocus(Qt.FocusReason.TabFocusReason)
    if "disabled" in state:
        control.setEnabled(False)
    if state == BUSY and isinstance(part, Button):
        part.set_busy(True)


def _type(part: QWidget, text: str) -> None:
    part.setProperty("text", text)


def _make_wrong(control: QWidget, part: QWidget) -> None:
    if isinstance(control, DebouncedField):
        control.set_wrong("날짜를 확인해 주세요.")
    _type(part, "12a")
