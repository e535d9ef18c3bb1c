"""Confirmation before a mismatch is closed: the user's name, the explanation, and the amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from posapp.domain.explanations import MAX_EXPLANATION_LENGTH
from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.roles import Label

_LONGEST_NAME = 60
_LONGEST_AMOUNT = 20
_LABEL_GAP = 4
_FIELDS = ("who", "explanation", "explained_won")


class ExplanationDialog(ConfirmDialog):
    """Stays disabled until all is given and the typed won equal the amount.

    The user has to have read the amount that they explain. Enter moves to the next field, and
    presses nothing.

    Args:
        by_name: a name is asked for; not where somebody is signed in.
    """

    def __init__(
        self,
        texts: Translator,
        amount: Won,
        facts: Callable[[], Sequence[tuple[str, str]]],
        parent: QWidget | None = None,
        *,
        by_name: bool = True,
    ) -> None:
        super().__init__(parent=parent, waits=True)
        self._texts, self._due, self._facts_of = texts, amount, facts
        self._labels: dict[QLineEdit, Label] = {}
        self.who, self.why, self.won = (self._field(texts, name) for name in _FIELDS)
        self.who.setMaxLength(_LONGEST_NAME)
        self.why.setMaxLength(MAX_EXPLANATION_LENGTH)
        self.won.setMaxLength(_LONGEST_AMOUNT)
        self.won.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._by_name = by_name
        if not by_name:
            self.who.hide()
            self._labels[self.who].hide()
        self.follow(texts, self._write_all)
        self.update_enabled()
        (self.who if by_name else self.why).setFocus(Qt.FocusReason.OtherFocusReason)

    def press_enter(self) -> None:
        """Move the focus from a field to the next empty one, or to the action."""
        fields = (self.who, self.why, self.won) if self._by_name else (self.why, self.won)
        if self.focusWidget() not in fields:
            super().press_enter()
            return
        missing = next((one for one in fields if not one.text().strip()), None)
        following: QWidget = missing or (self.yes if self.yes.isEnabled() else self.won)
        following.setFocus(Qt.FocusReason.OtherFocusReason)

    def _field(self, texts: Translator, name: str) -> QLineEdit:
        named = texts.bind(f"open_money.{name}")
        label, line = Label("field", text=named), QLineEdit()
        label.setBuddy(line)
        self._labels[line] = label
        line.setObjectName(name)
        named.show_in(line, QWidget.setAccessibleName)
        line.textChanged.connect(lambda _: self.update_enabled())
        KeyRepeatFilter(line, blanks=True, parent=self)
        pair = QVBoxLayout()
        pair.setSpacing(_LABEL_GAP)
        pair.addWidget(label)
        pair.addWidget(line)
        self.fields.addLayout(pair)
        return line

    def _write_all(self) -> None:
        texts, won = self._texts, self._texts.won(self._due)
        self.say(texts("open_money.close_question"), texts("open_money.close_consequence"))
        self.show_amount(won)
        self.show_facts(self._facts_of())
        self.set_answers(texts("open_money.close_yes", amount=won), texts("words.close"))

    @property
    def is_complete(self) -> bool:
        """Return whether all is given, and the typed won are the amount."""
        typed = self.won.text().strip().removesuffix("원").replace(",", "").strip()
        is_named = bool(self.who.text().strip()) or not self._by_name
        is_whole = is_named and bool(self.why.text().strip())
        return is_whole and typed.isascii() and typed.isdigit() and int(typed) == self._due
