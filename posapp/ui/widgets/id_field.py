"""A field for a number that people type or scan."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from posapp.domain.errors import UserError
from posapp.domain.people import parse_id
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.roles import Label, set_role


class IdField(QWidget):
    """Takes every character (a scanner's are never refused) and says below when they are no id.

    Args:
        name: the object name of the line itself, by which tests and style find it.
    """

    changed = Signal()
    """The text is another one; ask ``value()``."""

    submitted = Signal()
    """Enter was pressed in it, whatever it holds."""

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

    def set_words(self, label: str, hint: str, wrong: Callable[[], str]) -> None:
        """Set the label above, the hint inside, and what is said of anything that is no id: asked
        for only when it is needed, because errors have a catalogue of their own."""
        self._label.setText(label)
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(label)
        self._wrong = wrong
        self._check_words()

    def value(self) -> int | None:
        """The id, or ``None`` while the field holds none."""
        try:
            return parse_id(self.line.text())
        except UserError:
            return None

    @property
    def is_empty(self) -> bool:
        """Nothing was typed."""
        return not self.line.text().strip()

    @property
    def message(self) -> str:
        """What is said below the field now, or empty."""
        return self._message.text()

    def set_value(self, number: int | None) -> None:
        """Fill it in, or empty it."""
        self.line.setText("" if number is None else str(number))

    def add_typed(self, characters: str) -> None:
        """Take characters that were typed while the focus was elsewhere, and the focus."""
        self.line.setFocus()
        self.line.insert(characters)

    @property
    def _is_wrong(self) -> bool:
        return not self.is_empty and self.value() is None

    def _check(self) -> None:
        before = self._message.isHidden()
        self._check_words()
        if before and self._is_wrong:
            announce(self.line, self.message)
        self.changed.emit()

    def _check_words(self) -> None:
        wrong = self._is_wrong
        self._message.setText(self._wrong() if wrong else "")
        self._message.setVisible(wrong)
        self.line.setAccessibleDescription(self._message.text())
        set_role(self.line, "wrong", wrong)
