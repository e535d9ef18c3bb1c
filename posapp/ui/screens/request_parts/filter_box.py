"""All filters of the request table, in one state: what is asked for."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.models.requests_asked import LONGEST_TEXT, Asked
from posapp.ui.screens.request_parts.filter_bar import FilterBar
from posapp.ui.screens.request_parts.filter_chips import FilterChips
from posapp.ui.screens.request_parts.filter_panel import FilterPanel
from posapp.ui.theme import Theme
from posapp.ui.widgets.search_field import SearchField


class FilterBox(QWidget):
    """Keeps bar, panel, chips and the search line on the same filters, whoever changed them.

    The search line is made here and placed by the screen.
    """

    asked_for = Signal(object)
    """A person changed the filters: the new ``Asked``."""

    left = Signal()
    """The focus belongs to the table again."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked = Asked()
        self.search = SearchField(theme)
        self.search.setObjectName("requestSearch")
        self.search.setMaxLength(LONGEST_TEXT)
        self.bar = FilterBar(texts, theme)
        self.panel = FilterPanel(texts, theme)
        self.panel.hide()
        self.chips = FilterChips(texts, theme)
        self.search.searched.connect(lambda text: self._ask(replace(self.asked, text=text)))
        self.bar.asked_for.connect(self._ask)
        self.bar.typed_times_wanted.connect(self.open_panel)
        self.panel.asked_for.connect(self._ask)
        self.panel.closed.connect(self.close_panel)
        self.chips.cleared.connect(lambda name: self._ask(self.asked.without(name)))
        self.chips.all_cleared.connect(self.clear)
        self.chips.emptied.connect(self.left)
        # They paint nothing themselves: what stands in them stays as it is when they get higher.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.bar.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.bar, self.panel, self.chips):
            column.addWidget(part)

    def show_asked(self, asked: Asked) -> None:
        """Show these filters, as if they had always been so."""
        self.asked = asked
        self.bar.show_asked(asked)
        self.panel.show_asked(asked)
        self.chips.show_asked(asked)
        if self.search.text().strip() != asked.text and not self.search.is_pausing:
            self.search.show_text(asked.text)

    def clear(self) -> None:
        """Clear all of them."""
        self.search.clear()
        self.search.flush()
        self._ask(Asked())
        self.left.emit()

    def open_panel(self) -> None:
        """Show the further filters, and go there."""
        self.panel.show()
        self.panel.since.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_panel(self) -> None:
        """Put the further filters away; what they narrow stays, and is seen as chips."""
        self.panel.hide()
        self.left.emit()

    def toggle_panel(self) -> None:
        """Show the further filters, or put them away."""
        if self.panel.isVisible():
            self.close_panel()
        else:
            self.open_panel()

    def _ask(self, asked: Asked) -> None:
        if asked == self.asked:
            return
        self.show_asked(asked)
        self.asked_for.emit(asked)
