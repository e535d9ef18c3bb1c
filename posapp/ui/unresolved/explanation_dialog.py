"""Confirmation before a mismatch is closed: the user's name, the explanation, and the amount."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from posapp.domain.explanations import MAX_EXPLANATION_LENGTH
from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.roles import Label

_LONGEST_NAME = 60
_LONGEST_AMOUNT = 20
_FIELDS = ("who", "explanation", "explained_won")


class ExplanationDialog(ConfirmDialog):
    """Stays disabled until all three are given and the typed won equal the amount.

    The user has to have read the amount that they explain. Enter moves to the next field, and
    presses nothing.
    """

    def __init__(
        self,
        texts: Translator,
        amount: Won,
        facts: list[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        self._is_ready = False
        super().__init__(
            texts("open_money.close_question"),
            texts("open_money.close_consequence"),
            texts("open_money.close_button"),
            texts("open_money.decide_later"),
            parent,
            amount=texts.won(amount),
            facts=facts,
        )
        self._amount = amount
        self.who, self.why, self.won = (self._field(texts, name) for name in _FIELDS)
        self.who.setMaxLength(_LONGEST_NAME)
        self.why.setMaxLength(MAX_EXPLANATION_LENGTH)
        self.won.setMaxLength(_LONGEST_AMOUNT)
        self.won.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._wait.timeout.disconnect()
        self._wait.timeout.connect(self._ripen)
        self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the focus on Enter to the next empty field, or to the button."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        fields = (self.who, self.why, self.won)
        if not enter or self.focusWidget() not in fields:
            super().keyPressEvent(event)
            return
        if event.isAutoRepeat():
            return
        missing = next((one for one in fields if not one.text().strip()), None)
        following: QWidget = missing or (self.yes if self.yes.isEnabled() else self.won)
        following.setFocus(Qt.FocusReason.OtherFocusReason)

    def _field(self, texts: Translator, name: str) -> QLineEdit:
        label, line = Label("field"), QLineEdit()
        label.setText(texts(f"open_money.{name}"))
        label.setBuddy(line)
        line.setObjectName(name)
        line.setAccessibleName(label.text())
        line.textChanged.connect(lambda _: self._update_enabled())
        KeyRepeatFilter(line, blanks=True, parent=self)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            at = column.count() - 3  # before the buttons, the space above them and the notice below
            column.insertWidget(at, label)
            column.insertWidget(at + 1, line)
        return line

    def _ripen(self) -> None:
        self._is_ready = True
        self._update_enabled()

    def _update_enabled(self) -> None:
        is_whole = bool(self.who.text().strip() and self.why.text().strip())
        self.yes.setEnabled(self._is_ready and is_whole and self._names_the_won)

    @property
    def _names_the_won(self) -> bool:
        typed = self.won.text().strip().removesuffix("원").replace(",", "").strip()
        return typed.isascii() and typed.isdigit() and int(typed) == self._amount
