"""Field for an id that is typed or scanned."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from posapp.domain.errors import UserError
from posapp.domain.users import parse_id
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.roles import Label, set_role


class IdField(QWidget):
    """Accepts every character (a scanner's are never refused) and shows an error for an invalid id.

    Args:
        name: the object name of the line itself, for tests and styles.
    """

    changed = Signal()
    """The text changed; ``value()`` returns the id."""

    submitted = Signal()
    """Enter was pressed, whatever the field contains."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wrong: Callable[[], str] = str
        self._label = Label("field")
        self.line = QLineEdit()
        self.line.setObjectName(name)
        self.line.setMaxLength(64)
        self.line.textChanged.connect(self._check)
        self.line.returnPressed.connect(self.submitted)
        self._label.setBuddy(self.line)
        self._message = Label("error", wraps=True)
        self._message.hide()
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._label)
        column.addWidget(self.line)
        column.addWidget(self._message)

    def set_text(self, label: str, hint: str, wrong: Callable[[], str]) -> None:
        """Set label, placeholder, and the error message for an invalid id.

        The message is built only when needed, because errors have their own catalogue.
        """
        self._label.setText(label)
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(label)
        self._wrong = wrong
        self._check_text()

    def value(self) -> int | None:
        """Return the id, or ``None`` if there is no valid one."""
        try:
            return parse_id(self.line.text())
        except UserError:
            return None

    @property
    def is_empty(self) -> bool:
        """Return whether the field is empty."""
        return not self.line.text().strip()

    @property
    def message(self) -> str:
        """Return the current error message, or empty."""
        return self._message.text()

    def set_value(self, number: int | None) -> None:
        """Set or clear the id."""
        self.line.setText("" if number is None else str(number))

    def disable_input_method(self) -> None:
        """Take keys as they are in Hangul mode too, a person's and a scanner's.

        Not in the constructor: it touches what the first window may not (``posapp.ui``).
        """
        self.line.setAttribute(QtCore.Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def add_typed(self, characters: str) -> None:
        """Insert characters that were typed outside the field, and take the focus."""
        self.line.setFocus()
        self.line.insert(characters)

    @property
    def _is_wrong(self) -> bool:
        return not self.is_empty and self.value() is None

    def _check(self) -> None:
        before = self._message.isHidden()
        self._check_text()
        if before and self._is_wrong:
            announce(self.line, self.message)
        self.changed.emit()

    def _check_text(self) -> None:
        wrong = self._is_wrong
        self._message.setText(self._wrong() if wrong else "")
        self._message.setVisible(wrong)
        self.line.setAccessibleDescription(self._message.text())
        set_role(self.line, "wrong", wrong)
