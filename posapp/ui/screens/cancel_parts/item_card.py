"""What is to be cancelled: the item, its order, and what went back of that order so far."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.money import Won
from posapp.domain.orders import OrderItem
from posapp.services.cancelling import CancelSummary
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts import standing
from posapp.ui.screens.order_parts.facts import Facts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Label

_NAME = 80
_NAME_RUN = 14


class ItemCard(Card):
    """The item's name as the heading, its amount as the one large figure."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._summary: CancelSummary | None = None
        self._item: OrderItem | None = None
        self._refunded: Won | None = None
        self.where = Label("caption", wraps=True)
        self.name = Label("title", wraps=True)
        self.badge = StatusBadge(theme)
        self.amount = MoneyLabel(texts, large=True)
        self.count = Label("muted")
        self.facts = Facts()
        self.body.setSpacing(12)
        self.body.addWidget(self.where)
        self.body.addWidget(self.name)
        self.body.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addSpacing(12)
        self.body.addWidget(self.amount)
        self.body.addWidget(self.count)
        self.body.addSpacing(12)
        self.body.addWidget(self.facts)
        self.body.addStretch(1)
        texts.changed.connect(self._write)

    @property
    def item(self) -> OrderItem | None:
        """The item that is shown."""
        return self._item

    def show_summary(self, summary: CancelSummary) -> None:
        """Show what was looked up."""
        self._summary = summary
        self._item, self._refunded = summary.item, summary.refunded
        self._write()

    def show_item(self, item: OrderItem, *, returned: Won | None = None) -> None:
        """Show the item as it is now; ``returned`` won came back of the order since then."""
        self._item = item
        if returned is not None and self._summary is not None:
            self._refunded = self._summary.refunded + returned
        self._write()

    def _write(self) -> None:
        summary, item, texts = self._summary, self._item, self._texts
        if summary is None or item is None:
            return
        standing_now = standing.of_item(texts, item.status)
        where = texts("cancel.where", order=summary.order.id, item=item.id)
        self.where.setText(where)
        self.name.setText(shown(item.name, _NAME, run=_NAME_RUN))
        self.badge.show_state(standing_now.tone, standing_now.word)
        self.amount.set_amount(item.total)
        self.count.setText(texts("cancel.count", price=texts.won(item.price), count=item.count))
        self.facts.set_rows(self._rows(summary))
        self.setAccessibleName(f"{self.name.text()}. {where}. {standing_now.word}")

    def _rows(self, summary: CancelSummary) -> list[tuple[str, str]]:
        texts = self._texts
        who = "cancel.asked_buyer" if summary.side == "buyer" else "cancel.asked_seller"
        person = shown(summary.user.name, 60)
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
