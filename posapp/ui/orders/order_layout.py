"""Layout of the order page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.services.orders.order_history import OrderHistory
from posapp.ui.core.i18n import Translator
from posapp.ui.core.status_text import StatusText
from posapp.ui.core.theme import Theme
from posapp.ui.orders.history_card import HistoryCard
from posapp.ui.orders.items_card import ItemsCard
from posapp.ui.orders.order_header import OrderHeader
from posapp.ui.orders.timeline_events import TimelineEvent
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.saved_bar import SavedBar

_NARROW = 1000
_LOW = 480
"""Height in pixels below which white space and amounts give way to the items."""

_MARGIN = 24
_GAP, _LOW_GAP = 16, 8
_SHARES = 20
_ITEMS_BESIDE = 11
_ITEMS_ABOVE = 8
"""Twentieths of the width, or of the height, for the items."""


class OrderLayout(QWidget):
    """Header above; items and timeline side by side, or one above the other."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner(texts, theme)
        self.head = OrderHeader(texts, theme)
        self.busy = self.head.busy
        self.items = ItemsCard(texts, theme)
        self.history = HistoryCard(texts, theme)
        self.saved = SavedBar(texts, theme)
        split = ResponsiveSplit(narrow_below=_NARROW, gap=_GAP, measured=self)
        split.add(self.items, _ITEMS_BESIDE, above=_ITEMS_ABOVE)
        split.add(self.history, _SHARES - _ITEMS_BESIDE, above=_SHARES - _ITEMS_ABOVE)
        self._page = page = QVBoxLayout(self)
        page.setContentsMargins(_MARGIN, _GAP, _MARGIN, _GAP)
        page.setSpacing(_GAP)
        page.addWidget(self.banner)
        page.addWidget(self.head)
        page.addWidget(split, 1)
        page.addStretch(0)
        page.addWidget(self.saved)
        self.clear()

    def clear(self) -> None:
        """Clear the page before an order is read."""
        self.banner.clear()
        self.saved.clear()
        self.head.clear()
        self._show_cards(False)

    def show_history(
        self,
        history: OrderHistory,
        events: Sequence[TimelineEvent],
        results: Mapping[int, StatusText],
        *,
        online: bool,
    ) -> None:
        """Show an order's history."""
        self.head.show_history(history)
        self.items.show_history(history, results, online=online)
        self.history.show_events(events, is_paid=history.has_receipt)
        self._show_cards(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the items more room on a low screen."""
        super().resizeEvent(event)
        is_low = self.height() < _LOW
        gap = _LOW_GAP if is_low else _GAP
        self._page.setSpacing(gap)
        self._page.setContentsMargins(_MARGIN, 0 if is_low else _GAP, _MARGIN, gap)
        self.head.set_low(is_low)

    def _show_cards(self, visible: bool) -> None:
        self.items.setVisible(visible)
        self.history.setVisible(visible)
