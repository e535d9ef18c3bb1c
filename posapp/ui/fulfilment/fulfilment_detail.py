"""What an item to ship is: product, count, buyer, and how far it is."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.services.ports.fulfilment_search import FulfilmentRow
from posapp.ui.core.formats import phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.fulfilment.fulfilment_steps import FulfilmentSteps
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.roles import Frame, Label

_LONGEST = 200
_RUN = 12
"""Characters after which a longer word may be broken: no amount may be pushed out of view."""


class FulfilmentDetail(FocusScrollArea):
    """The whole of one row of the list; scrolls where it is too long."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._texts = texts
        texts.bind("deliveries.detail").show_in(self, QWidget.setAccessibleName)
        self.name = Label("heading", wraps=True)
        self.hold = Label("error", wraps=True)
        self.steps = FulfilmentSteps(texts, theme)
        self.facts = FactGrid()
        self._inside = Frame("panel")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        for part in (self.name, self.hold, self.steps, self.facts):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(self._inside)

    def show_row(self, row: FulfilmentRow | None, why_not: str) -> None:
        """Show a row, and why it cannot be moved on now; ``None`` shows nothing."""
        self._inside.setVisible(row is not None)
        if row is None:
            return
        texts = self._texts
        seller = display_text(row.seller_name, run=_RUN)
        name = display_text(row.product_name, _LONGEST, run=_RUN)
        self.name.setText(texts("deliveries.named", count=row.count, name=name))
        self.hold.setText(why_not)
        self.hold.setVisible(bool(why_not))
        self.steps.show_status(row.status)
        replaces = texts("deliveries.replacement") if row.is_replacement else ""
        self.facts.set_rows(
            [
                (texts("deliveries.amount"), texts.won(row.total)),
                (texts("deliveries.buyer"), display_text(row.buyer_name, _LONGEST, run=_RUN)),
                (
                    texts("deliveries.phone"),
                    display_text(phone(row.buyer_phone), _LONGEST, run=_RUN),
                ),
                (texts("deliveries.order"), str(row.order_id)),
                (texts("deliveries.number"), str(row.item_id)),
                (texts("deliveries.ordered"), texts.when(row.ordered_at)),
                (texts("deliveries.seller"), f"{row.seller_id} {seller}"),
                (texts("deliveries.kind"), replaces),
            ]
        )
