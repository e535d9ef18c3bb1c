"""Labelled text field that reports its text once typing pauses."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.roles import Label, set_role
from posapp.ui.widgets.search_field import DEBOUNCE_MS

_MESSAGE_HEIGHT = 20
_MESSAGE_FONT = 14


class DebouncedField(QWidget):
    """Label above, field, and an error message below it.

    Args:
        name: the object name of the line.
    """

    typed = Signal()
    """Typing paused, or Enter was pressed; ``text`` holds the text."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = Label("field")
        self.line = QLineEdit()
        self.line.setObjectName(name)
        self.line.setMaxLength(200)
        self._label.setBuddy(self.line)
        self._message = Label("error")
        self._message.setFixedHeight(_MESSAGE_HEIGHT)  # reserved, so that nothing shifts
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        small = self._message.font()
        small.setPixelSize(_MESSAGE_FONT)
        self._message.setFont(small)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self.typed)
        self.line.textEdited.connect(lambda _: self._timer.start())
        self.line.returnPressed.connect(self._flush)
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._label)
        column.addWidget(self.line)
        column.addWidget(self._message)

    @property
    def text(self) -> str:
        """Return the trimmed text."""
        return self.line.text().strip()

    @property
    def message(self) -> str:
        """Return the error message, or empty."""
        return self._message.text()

    def set_text(self, label: str, hint: str) -> None:
        """Set label and placeholder."""
        self._label.setText(label)
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(label)

    def show_text(self, text: str) -> None:
        """Set the text, unless the user is typing."""
        if not self._timer.isActive() and self.text != text:
            self.line.setText(text)

    def forget(self, text: str = "") -> None:
        """Set the text, even while the user is typing."""
        self._timer.stop()
        self.line.setText(text)

    def set_wrong(self, text: str) -> None:
        """Show an error message; empty: no error."""
        if text == self.message:
            return
        if text:
            announce(self.line, text, urgent=True)
        self._message.setText(text)
        self._message.setToolTip(text)
        self.line.setAccessibleDescription(text)
        set_role(self.line, "wrong", bool(text))

    def _flush(self) -> None:
        self._timer.stop()
        self.typed.emit()
