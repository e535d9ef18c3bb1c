"""Amounts of won, large enough to be read across the counter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.roles import Label, set_role

_LONGEST = 10
"""Maximum number of characters in the large font."""


class MoneyLabel(Label):
    """An amount in the current language; blank while there is none.

    Args:
        large: use the large font.
    """

    def __init__(
        self, texts: Translator, parent: QWidget | None = None, *, large: bool = False
    ) -> None:
        super().__init__("money-large" if large else "money", parent)
        self._texts = texts
        self._amount: int | None = None
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        texts.changed.connect(self._retranslate)

    def set_amount(self, amount: int | None) -> None:
        """Show an amount of won, or nothing."""
        self._amount = amount
        self._retranslate()

    def _retranslate(self) -> None:
        self.setText("" if self._amount is None else self._texts.won(self._amount))


class AmountLabel(MoneyLabel):
    """An amount of won as large as it fits: a longer one is smaller, never cut.

    Args:
        role: of a font that is no larger; then every amount has it.
    """

    def __init__(self, texts: Translator, *, role: str = "") -> None:
        super().__init__(texts, large=True)
        self._is_large = not role
        if role:
            self.setProperty("role", role)

    def _retranslate(self) -> None:
        super()._retranslate()
        if self._is_large:
            fits = len(self.text()) <= _LONGEST
            set_role(self, "role", "money-large" if fits else "title")
