"""Form that opens a shift: the float, typed or by the keypad."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.shift.won_text import typed_number
from posapp.ui.widgets import boxes
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.keypad import Keypad
from posapp.ui.widgets.roles import Frame, Label

_MARGIN, _GAP = 24, 24
_FIELD, _FORM = 320, 960
"""Least width in pixels of the field, and most of the form."""


class OpeningForm(QWidget):
    """준비금 and 개점. Enter in the field opens the shift."""

    agreed = Signal(object)
    """Open the shift. Carries the float in won; -1: what is typed is no amount."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        bind = texts.bind
        self.float = Field("openingFloat")
        self.float.line.setMaxLength(11)
        self.float.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.float.say(bind("shift.float"), bind("shift.float_hint"))
        self.float.setMinimumWidth(_FIELD)
        self.keypad = Keypad(self.float.line, bind("shift.float_clear"), bind("shift.open"))
        self.keypad.act.setObjectName("openShift")
        card = Frame("card")
        card.setMaximumWidth(_FORM)
        left = boxes.column(
            Label("heading", text=bind("shift.open")),
            Label("muted", wraps=True, text=bind("shift.opening_why")),
            *(self.float, 1),
            gap=12,
        )
        right = boxes.column(self.keypad, 1)
        boxes.row((left, 1), right, on=card, gap=2 * _GAP, margins=_GAP)
        boxes.column(boxes.row(1, (card, 8), 1), 1, on=self, margins=(0, _MARGIN, 0, 0))
        self.float.line.returnPressed.connect(self._agree)
        self.keypad.pressed.connect(self._agree)

    def show_wrong(self, text: str) -> None:
        """Say why the shift is not open."""
        self.float.set_wrong(text)
        self.float.line.setFocus()

    def set_busy(self, busy: bool) -> None:
        """Take no press while the shift is being opened."""
        self.keypad.act.set_busy(busy)

    @Slot()
    def _agree(self) -> None:
        if self.keypad.act.is_busy:
            return
        self.float.set_wrong("")
        won = typed_number(self.float.line.text())
        self.agreed.emit(-1 if won is None else won)
