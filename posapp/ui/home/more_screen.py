"""Further actions, which a counter needs less often than the four of the home."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.action_card import ActionCard, CardPlan
from posapp.ui.widgets.roles import Frame, Label

_CARD_WIDTH = 480


class MoreScreen(Frame):
    """Cards in a row, as on the home.

    Args:
        cards: the cards in display order; at least one.
    """

    submitted = Signal(str, object)
    """A card was submitted: its name, and a tuple of the ids."""

    def __init__(
        self, texts: Translator, cards: Sequence[CardPlan], parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent)
        self._texts = texts
        self._title = Label("title")
        self._subtitle = Label("muted", wraps=True)
        self.cards = {plan.name: self._card(plan) for plan in cards}
        self._build_layout()
        texts.changed.connect(self._retranslate)
        self._retranslate()
        self.setFocusProxy(next(iter(self.cards.values())))

    def clear(self) -> None:
        """Reset the screen for the next user."""
        for card in self.cards.values():
            card.clear()

    def _card(self, plan: CardPlan) -> ActionCard:
        card = ActionCard(plan, self._texts)
        card.submitted.connect(lambda ids, name=plan.name: self.submitted.emit(name, ids))
        return card

    def _build_layout(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(24)
        for card in self.cards.values():
            card.setMaximumWidth(_CARD_WIDTH)
            row.addWidget(card, 1)
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(self._title)
        column.addWidget(self._subtitle)
        column.addLayout(row)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addLayout(column, 4)
        middle.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(32, 16, 32, 16)
        page.addStretch(2)
        page.addLayout(middle)
        page.addStretch(3)

    def _retranslate(self) -> None:
        self._title.setText(self._texts("home.more_title"))
        self._subtitle.setText(self._texts("home.more_subtitle"))
