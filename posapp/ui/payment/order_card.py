"""Order summary: the order, its buyer, its items and their total."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.orders import Order
from posapp.domain.users import User
from posapp.ui.core.formats import masked_phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.payment.item_table import COUNT, ItemLines, ItemTable
from posapp.ui.widgets.amount_label import AmountLabel
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Frame, Label

_LONGEST_NAME = 40


class OrderCard(Card):
    """Order summary of docs/specification.md 2.3.

    The screen is turned to the customer: the phone number is masked, and there is no member number.
    """

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=24)
        self._texts = texts
        self._order: Order | None = None
        self._buyer: User | None = None
        self._lines = ItemLines(texts, theme, self)
        self.table = ItemTable(self._lines)
        self._buyer_label = Label("muted", wraps=True)
        self._total_label = Label("muted")
        self.total = AmountLabel(texts, role="title")
        rule = Frame("hairline")
        rule.setFixedHeight(1)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self._total_label, 0, Qt.AlignmentFlag.AlignVCenter)
        foot.addStretch(1)
        foot.addWidget(self.total)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._buyer_label)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(rule)
        self.body.addLayout(foot)
        self.hide()
        texts.changed.connect(self._retranslate)

    def show_order(self, order: Order | None, buyer: User | None) -> None:
        """Show an order, or nothing; ``buyer`` may be unknown."""
        self.setVisible(order is not None)
        same = order == self._order and buyer == self._buyer
        self._order, self._buyer = order, buyer
        if not same:
            self._lines.show_order(order)
            self.table.updateGeometry()
        self._retranslate()

    def set_narrow(self, narrow: bool) -> None:
        """Hide the count column and show counts with the names."""
        self._lines.set_narrow(narrow)
        self.table.setColumnHidden(COUNT, narrow)

    def _retranslate(self) -> None:
        texts, order = self._texts, self._order
        if order is None:
            self.set_text("")
            self._buyer_label.setText("")
            self._total_label.setText("")
            self.total.set_amount(None)
            return
        self.set_text(texts("pay.order", order=order.id), texts("pay.summary"))
        self._buyer_label.setText(self._buyer_line())
        self._total_label.setText(texts("pay.total"))
        self.total.set_amount(order.total)
        self.total.setAccessibleName(f"{texts('pay.total')} {texts.won(order.total)}")
        self.table.setAccessibleName(texts("pay.items"))

    def _buyer_line(self) -> str:
        if self._buyer is None:
            return self._texts("pay.buyer_unknown")
        name = display_text(self._buyer.name, _LONGEST_NAME, run=16)
        # Isolated, so that a right-to-left name does not reorder its neighbours.
        line = self._texts("pay.buyer", name=f"\u2068{name}\u2069")
        number = masked_phone(self._buyer.phone)
        return f"{line} · {number}" if number else line
