"""A labelled line that tells what was typed once typing pauses."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.roles import Label, set_role
from posapp.ui.widgets.search_field import DEBOUNCE_MS

_MESSAGE_HEIGHT = 20
_MESSAGE_FONT = 14


class TypedField(QWidget):
    """Label above, line, and below it what is wrong with what was typed.

    Args:
        name: the object name of the line.
    """

    typed = Signal()
    """Typing paused, or Enter was pressed; ask ``text``."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = Label("field")
        self.line = QLineEdit()
        self.line.setObjectName(name)
        self.line.setMaxLength(200)
        self._label.setBuddy(self.line)
        self._message = Label("error")
        self._message.setFixedHeight(_MESSAGE_HEIGHT)  # kept free, so that nothing jumps
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
        """What is in it, without blanks around."""
        return self.line.text().strip()

    @property
    def message(self) -> str:
        """What is said below it, or empty."""
        return self._message.text()

    def set_words(self, label: str, hint: str) -> None:
        """Set the label, and the hint inside."""
        self._label.setText(label)
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(label)

    def show_text(self, text: str) -> None:
        """Put a text in, unless somebody is typing in it."""
        if not self._timer.isActive() and self.text != text:
            self.line.setText(text)

    def forget(self, text: str = "") -> None:
        """Put a text in, whatever is being typed."""
        self._timer.stop()
        self.line.setText(text)

    def set_wrong(self, words: str) -> None:
        """Say what is wrong; empty: nothing is."""
        if words == self.message:
            return
        if words:
            announce(self.line, words, urgent=True)
        self._message.setText(words)
        self._message.setToolTip(words)
        self.line.setAccessibleDescription(words)
        set_role(self.line, "wrong", bool(words))

    def _flush(self) -> None:
        self._timer.stop()
        self.typed.emit()
