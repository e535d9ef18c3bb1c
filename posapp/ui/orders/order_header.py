"""Amounts of the order page: ordered, captured, returned."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QWidget

from posapp.services.orders.order_history import OrderHistory
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Label

_FIGURES = ("total", "captured", "returned")


class OrderHeader(QWidget):
    """Three amounts, and before them the running work."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._history: OrderHistory | None = None
        self.busy = BusyBar(theme)
        self.figures = {key: MoneyLabel(texts) for key in _FIGURES}
        self._names = {key: Label("caption") for key in _FIGURES}
        self._pairs: list[QBoxLayout] = []
        row = boxes.row((self.busy, 1), 1, on=self, gap=40, margins=(8, 0, 8, 0))
        for key in _FIGURES:
            pair = boxes.column(1, self._names[key], self.figures[key], gap=2)
            self._pairs.append(pair)
            row.addLayout(pair)
        texts.changed.connect(self._retranslate)

    def set_low(self, low: bool) -> None:
        """Put each amount beside its name on a low screen, else below it."""
        ways = QBoxLayout.Direction
        for pair in self._pairs:
            pair.setDirection(ways.LeftToRight if low else ways.TopToBottom)
            pair.setSpacing(8 if low else 2)

    def clear(self) -> None:
        """Clear everything except the running work."""
        self._history = None
        for label in self._names.values():
            label.clear()
        for figure in self.figures.values():
            figure.set_amount(None)

    def show_history(self, history: OrderHistory) -> None:
        """Show the amounts of an order."""
        self._history = history
        self._retranslate()

    def _retranslate(self) -> None:
        history, texts = self._history, self._texts
        if history is None:
            return
        amounts = (history.order.total, history.captured, history.returned)
        for key, amount in zip(_FIGURES, amounts, strict=True):
            name = texts(f"order_page.{key}")
            self._names[key].setText(name)
            self.figures[key].set_amount(amount)
            self.figures[key].setAccessibleName(f"{name}: {texts.won(amount)}")
