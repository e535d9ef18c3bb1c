"""The head of an order's page: whose order it is, what came in, what went back."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.services.order_history import OrderHistory
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.account import buyer_words
from posapp.ui.theme import Theme
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Label

_FIGURES = ("total", "captured", "returned")


class Headline(QWidget):
    """The order, three figures, and between them what is being done."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._history: OrderHistory | None = None
        self.title = Label("title")
        self.buyer = Label("muted", wraps=True)
        self.busy = BusyBar(theme)
        self.figures = {key: MoneyLabel(texts) for key in _FIGURES}
        self._names = {key: Label("caption") for key in _FIGURES}
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.buyer)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(40)
        row.addLayout(words, 3)
        row.addWidget(self.busy, 2)
        for key in _FIGURES:
            pair = QVBoxLayout()
            pair.setSpacing(2)
            pair.addStretch(1)
            pair.addWidget(self._names[key])
            pair.addWidget(self.figures[key])
            row.addLayout(pair)
        texts.changed.connect(self._write)

    def clear(self) -> None:
        """Show nothing but what is being done."""
        self._history = None
        for label in (self.title, self.buyer, *self._names.values()):
            label.clear()
        for figure in self.figures.values():
            figure.set_amount(None)

    def show_history(self, history: OrderHistory) -> None:
        """Show whose order it is and its money."""
        self._history = history
        self._write()

    def _write(self) -> None:
        history, texts = self._history, self._texts
        if history is None:
            return
        order = history.order
        self.title.setText(texts("order_page.title", order=order.id))
        self.buyer.setText(f"{buyer_words(texts, history)} · {texts.when(order.created_at)}")
        amounts = (order.total, history.captured, history.returned)
        for key, amount in zip(_FIGURES, amounts, strict=True):
            name = texts(f"order_page.{key}")
            self._names[key].setText(name)
            self.figures[key].set_amount(amount)
            self.figures[key].setAccessibleName(f"{name}: {texts.won(amount)}")
        self.setAccessibleName(self.title.text())
