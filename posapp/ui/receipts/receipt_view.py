"""Contents of a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from posapp.domain.orders import ItemStatus, OrderItem
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.receipts.paper_widget import CENTRE, DashedLine, PaperWidget
from posapp.ui.widgets.roles import Label

if TYPE_CHECKING:
    from posapp.services.payments.receipts import Receipt

SLIP_WIDTH = 560
"""Width in pixels."""

_RUN = 16
_MOST_LINES = 200
"""Item lines shown at most."""


class ReceiptView(PaperWidget):
    """Shop, date, number, items, total, and payment method. All texts can be selected."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, SLIP_WIDTH, parent)
        self._texts = texts
        self._receipt: Receipt | None = None
        self.shop = Label("heading", wraps=True)
        self.when = Label("muted", wraps=True)
        self.test = Label("badge")
        self.test.setProperty("mode", "test")
        self.total = Label("money-large")
        self._total_label = Label("muted")
        self._items = QGridLayout()
        self._facts = QGridLayout()
        for grid in (self._items, self._facts):
            grid.setHorizontalSpacing(24)
            grid.setVerticalSpacing(8)
            grid.setColumnStretch(0, 1)
        self._facts.setColumnStretch(0, 0)
        self._facts.setColumnStretch(1, 1)
        for label in (self.shop, self.when, self._total_label, self.total):
            label.setAlignment(CENTRE)
        for label in (self.shop, self.when):
            self.body.addWidget(label)
        self.body.addWidget(self.test, 0, CENTRE)
        self.body.addWidget(self._total_label)
        self.body.addWidget(self.total)
        self.body.addWidget(DashedLine(theme))
        self.body.addLayout(self._items)
        self.body.addWidget(DashedLine(theme))
        self.body.addLayout(self._facts)
        texts.changed.connect(self._retranslate)

    def show_receipt(self, receipt: Receipt | None) -> None:
        """Show a receipt, or nothing."""
        self._receipt = receipt
        self._retranslate()

    def lines(self) -> list[str]:
        """Return every text on the slip in reading order, for tests and screen readers."""
        head = [self.shop, self.when, self.test, self._total_label, self.total]
        parts = [label.text() for label in head if not label.isHidden()]
        for grid in (self._items, self._facts):
            items = (grid.itemAt(at) for at in range(grid.count()))
            labels = [item.widget() for item in items if item is not None]
            parts += [label.text() for label in labels if isinstance(label, QLabel)]
        return parts

    def _retranslate(self) -> None:
        _empty(self._items)
        _empty(self._facts)
        receipt, texts = self._receipt, self._texts
        if receipt is None:
            return
        payment = receipt.payment
        self.shop.setText(display_text(receipt.shop, 60, run=_RUN))
        self.when.setText(texts.moment(payment.paid_at))
        self.test.setText(texts("receipt.test"))
        self.test.setToolTip(texts("receipt.test_why"))
        self.test.setVisible(payment.sandbox)
        self._total_label.setText(texts("receipt.total"))
        self.total.setText(texts.won(payment.amount))
        for item in receipt.order.items[:_MOST_LINES]:
            self._add_item(item)
        for parts, value in self._known(receipt):
            row = self._facts.rowCount()
            self._facts.addWidget(_label("muted", parts), row, 0, Qt.AlignmentFlag.AlignTop)
            value_label = _label("body", value, wraps=True)
            value_label.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._facts.addWidget(value_label, row, 1)
        self.setAccessibleName(texts("receipt.title"))
        self.setAccessibleDescription(", ".join(self.lines()))
        self.updateGeometry()

    def _add_item(self, item: OrderItem) -> None:
        texts, row = self._texts, self._items.rowCount()
        gone = item.status is ItemStatus.CANCEL
        name = display_text(item.name, 80, run=_RUN) or texts("receipt.nameless")
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
            buyer = display_text(receipt.buyer.name, 40, run=_RUN) or buyer
        known = [
            (texts("receipt.order"), str(receipt.order.id)),
            (texts("receipt.buyer"), buyer),
            (texts("receipt.method"), texts("receipt.kakaopay")),
            (texts("receipt.imp_uid"), display_text(payment.imp_uid, 40)),
        ]
        if receipt.refunded > 0:
            left = payment.amount - receipt.refunded
            known += [
                (texts("receipt.refunded"), texts.won(-receipt.refunded)),
                (texts("receipt.remaining"), texts.won(left)),
            ]
        if payment.receipt_url:
            known.append((texts("receipt.link"), display_text(payment.receipt_url, 300, run=_RUN)))
        return known


def _label(role: str, text: str, *, wraps: bool = False) -> Label:
    label = Label(role, wraps=wraps)
    label.setText(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _empty(grid: QGridLayout) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
