"""Amounts of won, large enough to be read from the other side of the counter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.ui.i18n import Texts
from posapp.ui.widgets.roles import Label


class MoneyLabel(Label):
    """An amount in the chosen language; blank until there is one.

    Args:
        large: as the one figure of a screen.
    """

    def __init__(self, texts: Texts, parent: QWidget | None = None, *, large: bool = False) -> None:
        super().__init__("money-large" if large else "money", parent)
        self._texts = texts
        self._amount: int | None = None
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        texts.changed.connect(self._write)

    def set_amount(self, amount: int | None) -> None:
        """Show an amount of won, or nothing."""
        self._amount = amount
        self._write()

    def _write(self) -> None:
        self.setText("" if self._amount is None else self._texts.won(self._amount))
