"""Header of the order page: order, buyer, and the amounts captured and returned."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.services.orders.order_history import OrderHistory
from posapp.ui.core.formats import phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_report import buyer_text
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Label

_FIGURES = ("total", "captured", "returned")


class OrderHeader(QWidget):
    """The order, three amounts, and between them the running work."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._history: OrderHistory | None = None
        self.title = Label("title")
        self.buyer = Label("muted", wraps=True)
        self.busy = BusyBar(theme)
        self.figures = {key: MoneyLabel(texts) for key in _FIGURES}
        self._names = {key: Label("caption") for key in _FIGURES}
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.buyer)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(40)
        row.addLayout(column, 3)
        row.addWidget(self.busy, 2)
        for key in _FIGURES:
            pair = QVBoxLayout()
            pair.setSpacing(2)
            pair.addStretch(1)
            pair.addWidget(self._names[key])
            pair.addWidget(self.figures[key])
            row.addLayout(pair)
        texts.changed.connect(self._retranslate)

    def clear(self) -> None:
        """Clear everything except the running work."""
        self._history = None
        for label in (self.title, self.buyer, *self._names.values()):
            label.clear()
        for figure in self.figures.values():
            figure.set_amount(None)

    def show_history(self, history: OrderHistory) -> None:
        """Show the order, its buyer and its amounts."""
        self._history = history
        self._retranslate()

    def _retranslate(self) -> None:
        history, texts = self._history, self._texts
        if history is None:
            return
        order = history.order
        self.title.setText(texts("order_page.title", order=order.id))
        number = display_text(phone(history.buyer.phone), 20) if history.buyer is not None else ""
        parts = (buyer_text(texts, history), number, texts.when(order.created_at))
        self.buyer.setText(" · ".join(part for part in parts if part))
        amounts = (order.total, history.captured, history.returned)
        for key, amount in zip(_FIGURES, amounts, strict=True):
            name = texts(f"order_page.{key}")
            self._names[key].setText(name)
            self.figures[key].set_amount(amount)
            self.figures[key].setAccessibleName(f"{name}: {texts.won(amount)}")
        self.setAccessibleName(self.title.text())
