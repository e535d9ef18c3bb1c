"""Field for a PIN: its label above, a place for an error below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.pin_line import PinLine
from posapp.ui.widgets.roles import Label, set_role

_WRONG = "✗"


class PinField(QWidget):
    """A labelled ``PinLine``; the line of the error is reserved, so that nothing moves.

    Attributes:
        message: the current error message, or empty.

    Args:
        name: the object name of the line.
        label: above the line, and its name for screen readers.
        slot: of the error, if it is elsewhere: for fields beside each other, whose errors are wider
            than they are.
    """

    def __init__(self, name: str, label: BoundText, slot: Label | None = None) -> None:
        super().__init__()
        self.message = ""
        self.line = PinLine(name)
        above = Label("field", text=label)
        above.setBuddy(self.line)
        label.show_in(self.line, QWidget.setAccessibleName)
        self._slot = slot or error_slot()
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(lambda _: self.set_wrong(""))
        own = () if slot is not None else (self._slot,)
        boxes.column(above, self.line, *own, on=self, gap=2)

    @property
    def text(self) -> str:
        """Return what is typed."""
        return self.line.text()

    def clear(self) -> None:
        """Forget what is typed, and what was wrong."""
        self.line.clear()
        self.set_wrong("")

    def set_wrong(self, text: str) -> None:
        """Show what is wrong; empty: nothing."""
        if text == self.message:
            return
        self.message = text
        self._slot.setText(f"{_WRONG} {text}" if text else "")
        self._slot.setToolTip(text)
        self.line.setAccessibleDescription(text)
        set_role(self.line, "wrong", bool(text))
        if text:
            announce(self.line, text, urgent=True)

    def focus(self) -> None:
        """Focus the line."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)


def error_slot() -> Label:
    """Return a line for the error of a field, which is there without one, too."""
    slot = Label("field-error")
    slot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return slot
