"""Layout of the list of orders: search, choices, rows, preview and actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from posapp.services.ports.order_search import OrderSearch, OrderSummary
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_filter_bar import OrderFilterBar
from posapp.ui.orders.order_list_model import OrderListModel
from posapp.ui.orders.order_preview import OrderPreview
from posapp.ui.widgets import boxes
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.two_line_table import TwoLineTable

_WITH_PREVIEW = 1300
"""Width in pixels from which the preview is beside the list."""

_TALL = 1100
"""Height in pixels from which it is below the list of a narrower screen."""

_LOW = 700
"""Height in pixels of a window below which the search is in the page's head, so that more rows fit.

Of the window, not of the page: the head's height, and with it the page's, depends on what it has.
"""

_MARGIN, _GAP, _LOW_GAP = 24, 12, 8
_LIST, _PREVIEW = 104, 58
_HEAD_SEARCH = 420
"""Width in pixels of the search in the head."""


class OrderListLayout(QWidget):
    """All widgets of the page and their texts, without logic."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        source: OrderSearch,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        bind = texts.bind
        self.model = OrderListModel(texts, runner, source, now, self)
        self.search = SearchField(theme)
        self.search.setObjectName("orderSearch")
        bind("orders.search_hint").show_in(self.search, QLineEdit.setPlaceholderText)
        bind("orders.search").show_in(self.search, QWidget.setAccessibleName)
        self.bar = OrderFilterBar(texts, theme)
        self.banner = Banner(texts, theme)
        self.busy = BusyBar(theme, bare=True)  # its text had to squeeze the buttons
        self.table = TwoLineTable(theme, self.model)
        # Arrows move in it from the search, and Tab passes it by. In this order: with a proxy, its
        # policy would be set.
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setFocusProxy(self.search)
        bind("orders.table").show_in(self.table, QWidget.setAccessibleName)
        self.empty = EmptyState(theme)
        inside = self.empty.layout()
        if inside is not None:  # it gives way on a low screen
            inside.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        self.preview = OrderPreview(texts)
        self.filter = Button("quiet", "F3", text=bind("orders.filter"))
        self.period = Button("quiet", "F4", text=bind("orders.period"))
        self.reload = Button("quiet", "F5", text=bind("orders.reload"))
        self.why_not = Label("notice", wraps=True)
        self.print = Button("secondary", "Ctrl+P", text=bind("orders.print"))
        self.pay = Button("secondary", "F7", text=bind("orders.pay"))
        self.cancel = Button("secondary", "F8")
        self.cancel.setObjectName("cancelOrder")
        self.open = Button("primary", "Enter", text=bind("orders.open"))
        self.head = QWidget()
        self._has_row = self._is_low = False
        self._build_layout()

    def hasHeightForWidth(self) -> bool:
        """Return ``False``: the list takes what height there is, and scrolls."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the preview on a narrow screen, and move the search into a low one's head."""
        super().resizeEvent(event)
        self._show_preview()
        is_low = self.window().height() < _LOW
        if is_low != self._is_low:
            self._is_low = is_low
            self._place_search()

    def show_row(self, row: OrderSummary | None) -> None:
        """Show the preview of the current order."""
        self._has_row = row is not None
        self.preview.show_order(row)
        self._show_preview()

    def show_empty(self, is_empty: bool) -> None:
        """Show the rows, or why there are none."""
        # Hiding the table takes the focus from its proxy, the search field.
        is_typing = self.search.hasFocus()
        self._pages.setCurrentIndex(1 if is_empty else 0)
        if is_typing:
            self.search.setFocus()

    def _show_preview(self) -> None:
        has_room = self.width() >= _WITH_PREVIEW or self.height() >= _TALL
        self.preview.setVisible(self._has_row and has_room)

    def _place_search(self) -> None:
        is_typing = self.search.hasFocus()
        if self._is_low:
            self._head_row.insertWidget(0, self.search, 1)
        else:
            self._column.insertWidget(0, self.search)
        self.search.setMinimumWidth(_HEAD_SEARCH if self._is_low else 0)
        gap = _LOW_GAP if self._is_low else _GAP
        self._column.setSpacing(gap)
        self._column.setContentsMargins(_MARGIN, gap if self._is_low else 0, _MARGIN, gap)
        if is_typing:
            self.search.setFocus()

    def _build_layout(self) -> None:
        self._head_row: QHBoxLayout = boxes.row(
            self.filter, self.period, self.reload, on=self.head, gap=8
        )
        listed = Frame("card")
        ground = QWidget(listed)
        self._pages = QStackedLayout(ground)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        boxes.column(self.busy, ground, on=listed, margins=(8, 0, 8, 4))
        beside = ResponsiveSplit(narrow_below=_WITH_PREVIEW)
        beside.add(listed, _LIST, above=2)
        beside.add(self.preview, _PREVIEW, above=1)
        foot = boxes.row(
            (self.why_not, 1),
            *(self.print, self.cancel, self.pay, self.open),
            gap=_GAP,
        )
        self._column: QVBoxLayout = boxes.column(
            *(self.search, self.bar, self.banner, (beside, 1), foot),
            on=self,
            gap=_GAP,
            margins=(_MARGIN, 0, _MARGIN, _GAP),
        )
