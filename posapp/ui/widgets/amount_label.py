"""Large amount of the payment screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.roles import Label, set_role

_LONGEST = 10
"""Maximum number of characters in the large font."""


class AmountLabel(Label):
    """An amount of won as large as it fits: a longer one is smaller, never cut."""

    def __init__(self, texts: Translator, parent: QWidget | None = None, *, role: str = "") -> None:
        super().__init__(role or "money-large", parent)
        self._texts = texts
        self._is_large = not role
        self._amount: Won | None = None
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        texts.changed.connect(self._retranslate)

    def set_amount(self, amount: Won | None) -> None:
        """Show an amount, or nothing."""
        self._amount = amount
        self._retranslate()

    def _retranslate(self) -> None:
        text = self._texts.won(self._amount) if self._amount is not None else ""
        if self._is_large:
            fits = len(text) <= _LONGEST
            set_role(self, "role", "money-large" if fits else "title")
        self.setText(text)
