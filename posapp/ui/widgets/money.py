"""Amounts of won, large enough to be read across the counter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.roles import Label


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
