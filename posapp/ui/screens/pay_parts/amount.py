"""The one large figure of the pay screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.money import Won
from posapp.ui.i18n import Texts
from posapp.ui.widgets.roles import Label, set_role

_LONGEST = 10
"""Characters of a large figure."""


class Amount(Label):
    """An amount of won, as large as it fits: a longer figure gets smaller instead of being cut."""

    def __init__(self, texts: Texts, parent: QWidget | None = None, *, role: str = "") -> None:
        super().__init__(role or "money-large", parent)
        self._texts = texts
        self._is_large = not role
        self._has_room = True
        self._amount: Won | None = None
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        texts.changed.connect(self._write)

    def set_room(self, has_room: bool) -> None:
        """Say whether there is room for a large figure here."""
        self._has_room = has_room
        self._write()

    def set_amount(self, amount: Won | None) -> None:
        """Show an amount, or nothing."""
        self._amount = amount
        self._write()

    def _write(self) -> None:
        words = self._texts.won(self._amount) if self._amount is not None else ""
        if self._is_large:
            fits = self._has_room and len(words) <= _LONGEST
            set_role(self, "role", "money-large" if fits else "title")
        self.setText(words)
