"""Card of the item to cancel: the item, its order, and the order's refunds so far."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.actors import ActorKind
from posapp.domain.money import Won
from posapp.domain.orders import OrderItem
from posapp.services.refunds.cancel_item import CancelSummary
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.panel_scroll import PanelScroll
from posapp.ui.widgets.roles import Frame, Label

_NAME = 80
_NAME_RUN = 12


class ItemCard(Card):
    """The item's name as the heading, its amount in large type."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=24)
        self._texts = texts
        self._summary: CancelSummary | None = None
        self._item: OrderItem | None = None
        self._refunded: Won | None = None
        self.where = Label("caption", wraps=True)
        self.name = Label("title", wraps=True)
        self.badge = StatusBadge(theme)
        self.amount = MoneyLabel(texts, large=True)
        self.count = Label("muted")
        self.facts = FactGrid()
        panel = Frame("panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.where)
        column.addWidget(self.name)
        column.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(12)
        column.addWidget(self.amount)
        column.addWidget(self.count)
        column.addSpacing(12)
        column.addWidget(self.facts)
        column.addStretch(1)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(PanelScroll(panel), 1)
        texts.changed.connect(self._retranslate)

    @property
    def item(self) -> OrderItem | None:
        """Return the displayed item."""
        return self._item

    def show_summary(self, summary: CancelSummary) -> None:
        """Show a loaded summary."""
        self._summary = summary
        self._item, self._refunded = summary.item, summary.refunded
        self._retranslate()

    def show_item(self, item: OrderItem, *, returned: Won | None = None) -> None:
        """Show the item's current state; ``returned`` won of the order were refunded since then."""
        self._item = item
        if returned is not None and self._summary is not None:
            self._refunded = self._summary.refunded + returned
        self._retranslate()

    def _retranslate(self) -> None:
        summary, item, texts = self._summary, self._item, self._texts
        if summary is None or item is None:
            return
        state_text = status_text.of_item(texts, item.status)
        where = texts("cancel.where", order=summary.order.id, item=item.id)
        self.where.setText(where)
        self.name.setText(display_text(item.name, _NAME, run=_NAME_RUN))
        self.badge.show_state(state_text.tone, state_text.label)
        self.amount.set_amount(item.total)
        self.count.setText(texts("cancel.count", price=texts.won(item.price), count=item.count))
        self.facts.set_rows(self._rows(summary))
        self.setAccessibleName(f"{self.name.text()}. {where}. {state_text.label}")

    def _rows(self, summary: CancelSummary) -> list[tuple[str, str]]:
        texts = self._texts
        is_buyer = summary.actor.acts_as is ActorKind.BUYER
        who = "cancel.asked_buyer" if is_buyer else "cancel.asked_seller"
        person = display_text(summary.user.name, 60, run=_NAME_RUN)
        paid = summary.payment
        rows = [
            (texts(who), f"{person} ({summary.user.id})"),
            (texts("cancel.ordered"), texts.when(summary.order.created_at)),
        ]
        if paid is not None and self._refunded is not None:
            rows += [
                (texts("cancel.paid"), f"{texts.won(paid.amount)} · {texts.when(paid.paid_at)}"),
                (texts("cancel.refunded"), texts.won(self._refunded)),
            ]
        return rows
