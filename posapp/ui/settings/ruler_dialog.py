"""Measures a screen: a bar that a person holds a ruler against, as screens often state no size or
a wrong one."""

from __future__ import annotations

from math import hypot

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.settings import BY_NAME
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.settings.editors import AnswerField
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.framed_dialog import FramedDialog
from posapp.ui.widgets.roles import Label

SETTING = "kiosk_screen_mm"

BAR = 600
"""Length of the bar in pixels: 100 mm and more on every screen of a kiosk."""

_HEIGHT = 48
_EDGE = 4


def diagonal_mm(bar_mm: int, screen: QSize) -> int:
    """Return the diagonal of a screen in millimetres.

    Args:
        bar_mm: length of the bar as it was measured.
        screen: size in pixels.
    """
    return round(bar_mm * hypot(screen.width(), screen.height()) / BAR)


class Bar(QWidget):
    """A bar of ``BAR`` pixels between two edges."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(BAR, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it: what is measured is from the outside of one edge to that of the other."""
        painter = QPainter(self)
        colour = self._theme.colour("text")
        painter.fillRect(0, _HEIGHT // 2 - _EDGE, BAR, 2 * _EDGE, colour)
        painter.fillRect(0, 0, _EDGE, _HEIGHT, colour)
        painter.fillRect(BAR - _EDGE, 0, _EDGE, _HEIGHT, colour)
        painter.end()


class RulerDialog(FramedDialog):
    """Asks how long the bar is, and emits the diagonal of the screen it is on."""

    measured = Signal(int)
    """The diagonal in millimetres, a value that the setting allows."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._texts = texts
        title = Label("heading", text=texts.bind("settings.ruler_title"))
        texts.bind("settings.ruler_title").show_in(self, QWidget.setWindowTitle)
        about = Label("body", wraps=True, text=texts.bind("settings.ruler_about"))
        self.field = AnswerField("rulerLength", latin=True)
        texts.bind("settings.ruler_length").show_in(self.field, _name_field)
        self.store = Button("primary", "Enter", text=texts.bind("settings.store"))
        self.store.clicked.connect(self.submit)
        self.close_button = Button("secondary", "Esc", text=texts.bind("words.close"))
        self.close_button.clicked.connect(self.reject)
        buttons = boxes.row(self.close_button, 1, self.store, gap=12)
        boxes.column(title, about, Bar(theme), self.field, buttons, on=self, gap=16, margins=24)
        self.field.line.returnPressed.connect(self.submit)
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Esc. Enter presses no button of its own: the field takes it."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def submit(self) -> None:
        """Emit the diagonal, or say what is expected."""
        setting, typed = BY_NAME[SETTING], self.field.text.strip()
        mm = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 0
        found = diagonal_mm(mm, self.screen().size())
        try:
            setting.read(found or -1, from_text=False)
        except ValueError:
            self.field.set_wrong(self._texts("settings.ruler_wrong"))
            self.field.setFocus()
            return
        self.measured.emit(found)
        self.accept()


def _name_field(field: AnswerField, label: str) -> None:
    field.set_text(label, "")
