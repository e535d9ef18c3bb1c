"""Preview of one order beside the list: its items and their total."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.domain.orders import ItemStatus
from posapp.services.ports.order_search import OrderSummary
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import single_line
from posapp.ui.widgets import boxes
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import ElidedLabel, Frame, Label

MOST_LINES = 10
_LONGEST = 80
_GAP = 12


class OrderPreview(Card):
    """A line an item with its amount; cancelled ones are named so and are in no total."""

    def __init__(self, texts: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=24)
        self._texts = texts
        self._order: OrderSummary | None = None
        self.who = ElidedLabel("muted")
        self.lines = [(ElidedLabel("body"), MoneyLabel(texts)) for _ in range(MOST_LINES)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(_GAP)
        grid.setVerticalSpacing(_GAP)
        grid.setColumnStretch(0, 1)
        for at, (name, amount) in enumerate(self.lines):
            grid.addWidget(name, at, 0)
            grid.addWidget(amount, at, 1, Qt.AlignmentFlag.AlignRight)
        self.more = Label("muted")
        edge = Frame("hairline")
        edge.setFixedHeight(1)
        self._total_name = Label("body", text=texts.bind("orders.total"))
        self.total = MoneyLabel(texts)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.who)
        self.body.addLayout(grid)
        self.body.addWidget(self.more)
        self.body.addWidget(edge)
        self.body.addLayout(boxes.row((self._total_name, 1), self.total))
        self.body.addStretch(1)
        texts.changed.connect(self._write)
        self.show_order(None)

    def show_order(self, order: OrderSummary | None) -> None:
        """Show an order, or nothing."""
        self._order = order
        self._write()

    def _write(self) -> None:
        order, texts = self._order, self._texts
        items = () if order is None else order.items
        hidden = max(len(items) - MOST_LINES, 0)
        for at, (name, amount) in enumerate(self.lines):
            is_shown = at < len(items)
            name.setVisible(is_shown)
            amount.setVisible(is_shown)
            if is_shown:
                item = items[at]
                is_over = item.status is ItemStatus.CANCEL
                key = "orders.line_cancelled" if is_over else "orders.line"
                said = texts(key, name=single_line(item.name, _LONGEST), count=item.count)
                name.set_whole(said)
                amount.set_amount(item.total)
        self.more.setVisible(hidden > 0)
        self.more.setText(texts("orders.more_lines", count=hidden))
        if order is not None:
            self.set_text(texts("orders.order_heading", order=order.order_id))
            self.who.set_whole(single_line(order.buyer_name, _LONGEST))
            self.total.set_amount(order.amount)
