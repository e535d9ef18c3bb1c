"""What stands on a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from posapp.domain.orders import ItemStatus, OrderItem
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.receipt_parts.paper import CENTRE, DashedLine, Paper
from posapp.ui.theme import Theme
from posapp.ui.widgets.roles import Label

if TYPE_CHECKING:
    from posapp.services.receipts import Receipt

SLIP_WIDTH = 560
"""Pixels."""

_RUN = 16
_MOST_LINES = 200
"""Lines of items that are set in labels; a slip longer than that is nobody's."""


class Slip(Paper):
    """Shop, date, number, items, total, and how it was paid. Everything can be selected."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, SLIP_WIDTH, parent)
        self._texts = texts
        self._receipt: Receipt | None = None
        self.shop = Label("heading", wraps=True)
        self.when = Label("muted", wraps=True)
        self.test = Label("badge")
        self.test.setProperty("mode", "test")
        self.total = Label("money-large")
        self._total_words = Label("muted")
        self._items = QGridLayout()
        self._facts = QGridLayout()
        for grid in (self._items, self._facts):
            grid.setHorizontalSpacing(24)
            grid.setVerticalSpacing(8)
            grid.setColumnStretch(0, 1)
        self._facts.setColumnStretch(0, 0)
        self._facts.setColumnStretch(1, 1)
        for label in (self.shop, self.when, self._total_words, self.total):
            label.setAlignment(CENTRE)
        for label in (self.shop, self.when):
            self.body.addWidget(label)
        self.body.addWidget(self.test, 0, CENTRE)
        self.body.addWidget(self._total_words)
        self.body.addWidget(self.total)
        self.body.addWidget(DashedLine(theme))
        self.body.addLayout(self._items)
        self.body.addWidget(DashedLine(theme))
        self.body.addLayout(self._facts)
        texts.changed.connect(self._write)

    def show_receipt(self, receipt: Receipt | None) -> None:
        """Print a receipt, or nothing."""
        self._receipt = receipt
        self._write()

    def lines(self) -> list[str]:
        """Every line on the slip as it is read, for tests and screen readers."""
        head = [self.shop, self.when, self.test, self._total_words, self.total]
        words = [label.text() for label in head if not label.isHidden()]
        for grid in (self._items, self._facts):
            items = (grid.itemAt(at) for at in range(grid.count()))
            labels = [item.widget() for item in items if item is not None]
            words += [label.text() for label in labels if isinstance(label, QLabel)]
        return words

    def _write(self) -> None:
        _empty(self._items)
        _empty(self._facts)
        receipt, texts = self._receipt, self._texts
        if receipt is None:
            return
        payment = receipt.payment
        self.shop.setText(shown(receipt.shop, 60, run=_RUN))
        self.when.setText(texts.moment(payment.paid_at))
        self.test.setText(texts("receipt.test"))
        self.test.setToolTip(texts("receipt.test_why"))
        self.test.setVisible(payment.sandbox)
        self._total_words.setText(texts("receipt.total"))
        self.total.setText(texts.won(payment.amount))
        for item in receipt.order.items[:_MOST_LINES]:
            self._add_item(item)
        for words, value in self._known(receipt):
            row = self._facts.rowCount()
            self._facts.addWidget(_label("muted", words), row, 0, Qt.AlignmentFlag.AlignTop)
            told = _label("body", value, wraps=True)
            told.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._facts.addWidget(told, row, 1)
        self.setAccessibleName(texts("receipt.title"))
        self.setAccessibleDescription(", ".join(self.lines()))
        self.updateGeometry()

    def _add_item(self, item: OrderItem) -> None:
        texts, row = self._texts, self._items.rowCount()
        gone = item.status is ItemStatus.CANCEL
        name = shown(item.name, 80, run=_RUN) or texts("receipt.nameless")
        amount = texts("receipt.cancelled") if gone else texts.won(item.total)
        unit = texts("receipt.unit", price=texts.won(item.price), count=item.count)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        self._items.addWidget(_label("muted" if gone else "body", name, wraps=True), row, 0)
        self._items.addWidget(_label("caption", unit), row, 1, right)
        self._items.addWidget(_label("muted" if gone else "body", amount), row, 2, right)

    def _known(self, receipt: Receipt) -> Sequence[tuple[str, str]]:
        texts, payment = self._texts, receipt.payment
        buyer = texts("receipt.buyer_number", number=receipt.order.buyer_id)
        if receipt.buyer is not None:
            buyer = shown(receipt.buyer.name, 40, run=_RUN) or buyer
        known = [
            (texts("receipt.order"), str(receipt.order.id)),
            (texts("receipt.buyer"), buyer),
            (texts("receipt.method"), texts("receipt.kakaopay")),
            (texts("receipt.imp_uid"), shown(payment.imp_uid, 40)),
        ]
        if receipt.refunded > 0:
            left = payment.amount - receipt.refunded
            known += [
                (texts("receipt.refunded"), texts.won(-receipt.refunded)),
                (texts("receipt.remaining"), texts.won(left)),
            ]
        if payment.receipt_url:
            known.append((texts("receipt.link"), shown(payment.receipt_url, 300, run=_RUN)))
        return known


def _label(role: str, words: str, *, wraps: bool = False) -> Label:
    label = Label(role, wraps=wraps)
    label.setText(words)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _empty(grid: QGridLayout) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
