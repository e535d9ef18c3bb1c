"""All filter widgets of the request table, with one common state."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.filter_bar import FilterBar
from posapp.ui.requests.filter_chips import FilterChips
from posapp.ui.requests.filter_panel import FilterPanel
from posapp.ui.requests.request_filter_state import LONGEST_TEXT, RequestFilterState
from posapp.ui.widgets.search_field import SearchField


class FilterPanelGroup(QWidget):
    """Keeps bar, panel, chips and search field on the same filters, whichever changed them.

    The search field is created here and placed by the screen.
    """

    filters_changed = Signal(object)
    """The user changed the filters. Carries the new ``RequestFilterState``."""

    left = Signal()
    """The focus returns to the table."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filters = RequestFilterState()
        self.search = SearchField(theme)
        self.search.setObjectName("requestSearch")
        self.search.setMaxLength(LONGEST_TEXT)
        self.bar = FilterBar(texts, theme)
        self.panel = FilterPanel(texts, theme)
        self.panel.hide()
        self.chips = FilterChips(texts, theme)
        self.search.searched.connect(lambda text: self._ask(replace(self.filters, text=text)))
        self.bar.filters_changed.connect(self._ask)
        self.bar.typed_times_wanted.connect(self.open_panel)
        self.panel.filters_changed.connect(self._ask)
        self.panel.closed.connect(self.close_panel)
        self.chips.cleared.connect(lambda name: self._ask(self.filters.cleared(name)))
        self.chips.all_cleared.connect(self.clear)
        self.chips.emptied.connect(self.left)
        # They paint nothing themselves: their contents stay valid when their height grows.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.bar.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.bar, self.panel, self.chips):
            column.addWidget(part)

    def show_filters(self, filters: RequestFilterState) -> None:
        """Show these filters without a signal."""
        self.filters = filters
        self.bar.show_filters(filters)
        self.panel.show_filters(filters)
        self.chips.show_filters(filters)
        if self.search.text().strip() != filters.text and not self.search.is_pausing:
            self.search.show_text(filters.text)

    def clear(self) -> None:
        """Clear all filters."""
        self.search.clear()
        self.search.flush()
        self._ask(RequestFilterState())
        self.left.emit()

    def open_panel(self) -> None:
        """Show the panel and focus its first field."""
        self.panel.show()
        self.panel.since.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_panel(self) -> None:
        """Hide the panel; its filters stay active and are visible as chips."""
        self.panel.hide()
        self.left.emit()

    def toggle_panel(self) -> None:
        """Show or hide the panel."""
        if self.panel.isVisible():
            self.close_panel()
        else:
            self.open_panel()

    def _ask(self, filters: RequestFilterState) -> None:
        if filters == self.filters:
            return
        self.show_filters(filters)
        self.filters_changed.emit(filters)
