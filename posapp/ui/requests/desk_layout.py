"""Layout of the request desk."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.desk_messages import (
    DeskBanner,
    ExportProgressBar,
    NewRowsBar,
    ResultBar,
)
from posapp.ui.requests.filter_panel import FilterPanelGroup
from posapp.ui.requests.pager import Pager
from posapp.ui.requests.request_filter_state import active_names
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.request_table_view import RequestTableView
from posapp.ui.requests.table_layout import UNIT
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.roles import Frame, Label, set_role
from posapp.ui.widgets.seller_picker import SellerPicker

_WIDE = 1320
"""Width in pixels from which the filters in daily use are always on view."""

_WHOLE_NAMES = 1400
"""Width in pixels below which the picker of the seller shows a number without a name."""

_LOW = 560
"""Height in pixels below which the search shares a line with the title."""

_SHORT_SEARCH, _LONG_SEARCH = 24 * UNIT, 36 * UNIT


class DeskLayout(QWidget):
    """All widgets of the desk and their texts, without logic.

    A narrow desk has the filters in daily use and the page size in the panel that F3 opens, a wide
    one always on view. A narrow desk that is not low has a line for the search alone. A low one is
    as dense as it has to be for five rows.

    Attributes:
        head: belongs into the head of the page: what has no place in the body.
    """

    crowded = Signal(bool)
    """Whether the head has little room, as it has the search of a narrow desk too."""

    def __init__(
        self,
        model: RequestTableModel,
        texts: Translator,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._picker: SellerPicker | None = None
        self.filters = FilterPanelGroup(texts, theme, self)
        self.search = self.filters.search
        self._uncounted = texts.bind("requests.more_filters")
        self._counted = texts.bind("requests.more_filters_counted")
        self.more = Button("quiet", "F3")
        self.saved = Button("quiet", "F4", text=texts.bind("requests.saved"))
        self.export = Button("quiet", "Ctrl+E", text=texts.bind("requests.export"))
        self.banner = DeskBanner(texts, theme)
        self.new_rows = NewRowsBar(texts, theme)
        self.result = ResultBar(texts, theme)
        self.exporting = ExportProgressBar(texts, theme)
        self.view = RequestTableView(model, texts, theme, room_taken=self._room_taken)
        self.empty = EmptyState(theme)
        inside = self.empty.layout()
        if inside is not None:  # it gives way to the filters on a low screen
            inside.setContentsMargins(24, 8, 24, 8)
        self.chosen = Label("caption", wraps=True)
        self.approve = Button("primary", "F7", text=texts.bind("requests.approve"))
        self.reject = Button("secondary", "F8", text=texts.bind("requests.reject"))
        self.pager = Pager(texts, theme)
        for setter, name in (
            (QLineEdit.setPlaceholderText, "search_hint"),
            (QWidget.setAccessibleName, "search"),
            (QWidget.setAccessibleDescription, "search_hint"),
            (QWidget.setToolTip, "search_key"),
        ):
            texts.bind(f"requests.{name}").show_in(self.search, setter)
        texts.bind("requests.title").show_in(self.view, QWidget.setAccessibleName)
        texts.bind("requests.keys").show_in(self.view, QWidget.setAccessibleDescription)
        self._build_layout()
        self.filters.shown.connect(self._arrange)
        self.filters.panel.laid_out.connect(self._place_panel)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the widgets for the size."""
        super().resizeEvent(event)
        self._arrange()

    @property
    def is_desk(self) -> bool:
        """Return whether the whole desk is shown."""
        return self._room.isHidden()

    def show_desk(self, shown: bool) -> None:
        """Show the whole desk, or only the banner with the reason why it is unavailable."""
        if shown != self.is_desk:
            for part in (self._tools, self.export, self._rows, self._foot):
                part.setVisible(shown)
            self._room.setVisible(not shown)
            self._arrange()

    def add_picker(self, picker: SellerPicker) -> None:
        """Add the picker of the seller at the right end of the head."""
        self._picker = picker
        self._head_row.addWidget(picker)
        self._arrange()

    def show_empty(self, empty: bool) -> None:
        """Show why there are no rows, or the rows."""
        self._pages.setCurrentIndex(1 if empty else 0)

    def to_the_search(self) -> None:
        """Focus the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @property
    def is_empty(self) -> bool:
        """Return whether the empty state is shown."""
        return self._pages.currentIndex() == 1

    def _arrange(self) -> None:
        narrow, low = self.width() < _WIDE, self.height() < _LOW
        filters, panel, sizes = self.filters, self.filters.panel, self.pager.sizes
        margin, gap = 2 * UNIT if narrow else 3 * UNIT, UNIT // 2 if low else UNIT
        self._page.setContentsMargins(margin, gap, margin, gap)
        self._page.setSpacing(gap)
        self._inside.setContentsMargins(UNIT // 2, gap, UNIT // 2, gap)
        self.view.set_low(low)
        for control in (self.search, self.approve, self.pager.field):
            set_role(control, "lies", "low" if low else "")
        self.pager.set_narrow(narrow)
        if narrow and not panel.has(sizes):
            panel.take(filters.bar, sizes)
        elif not narrow and panel.has(sizes):
            self._page.insertWidget(self._page.indexOf(self.banner), filters.bar)
            self.pager.take_sizes(sizes)
        self.crowded.emit(low and narrow)
        if self._picker is not None:
            self._picker.set_short(self.width() < _WHOLE_NAMES)
        self.search.setMinimumWidth(_SHORT_SEARCH if narrow else _LONG_SEARCH)
        _put(self._tools, self._head_row if low or not narrow else self._page, 0)
        beside_tools = 0 if self._head_row.indexOf(self._tools) < 0 else 1
        _put(self.export, *((self._foot_row, 3) if low else (self._head_row, beside_tools)))
        filters.bar.setVisible(narrow or self.is_desk)
        on_view = ("text",) if narrow else ("text", "kind", "state", "period")
        hidden = [name for name in active_names(filters.filters) if name not in on_view]
        self.more.say(self._counted.with_values(count=len(hidden)) if hidden else self._uncounted)
        around = self.head.parentWidget()
        layout = around.layout() if around is not None and around is not self else None
        if layout is not None:  # at once, or the head is wrong for one paint
            self._head_row.activate()
            layout.activate()
        self._place_panel()

    @Slot()
    def _place_panel(self) -> None:
        panel = self.filters.panel
        if panel.isVisible():
            margin, top = self._page.contentsMargins().left(), self._rows.y()
            width = self.width() - 2 * margin
            height = min(panel.heightForWidth(width), self.height() - top - UNIT)
            panel.setGeometry(margin, top, width, height)
            panel.raise_()

    def _room_taken(self) -> int:
        """Return the height in pixels that passing messages take from the table."""
        bars = (self.banner, self.exporting, self.new_rows, self.result)
        return sum(bar.height() + UNIT for bar in bars if not bar.isHidden())

    def _build_layout(self) -> None:
        self._tools = QWidget()
        tools = _row(self._tools)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.more)
        tools.addWidget(self.saved)
        self.head = QWidget(self)
        self.head.hide()
        self._head_row = _row(self.head)
        self._head_row.addWidget(self._tools)
        self._head_row.addWidget(self.export)
        self._rows = rows = Frame("card")
        self._room = QWidget()
        self._room.hide()
        self._inside = QVBoxLayout(rows)
        # With a parent from the start: without one, its first page would be a window.
        ground = QWidget(rows)
        self._pages = QStackedLayout(ground)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        self._inside.addWidget(ground)
        self._foot = QWidget()
        self._foot_row = foot = _row(self._foot)
        foot.addWidget(self.approve)
        foot.addWidget(self.reject)
        foot.addWidget(self.chosen, 1)
        foot.addWidget(self.pager)
        self._page = page = QVBoxLayout(self)
        page.addWidget(self.filters.bar)
        page.addWidget(self.banner)
        page.addWidget(self.exporting)
        page.addWidget(rows, 1)
        page.addWidget(self._room, 1)
        page.addWidget(self.new_rows)
        page.addWidget(self.result)
        page.addWidget(self._foot)


def _put(widget: QWidget, row: QBoxLayout, at: int) -> None:
    """Move a widget into a layout, unless it is there."""
    if row.indexOf(widget) < 0:
        row.insertWidget(min(at, row.count()), widget)


def _row(parent: QWidget | None = None) -> QHBoxLayout:
    row = QHBoxLayout() if parent is None else QHBoxLayout(parent)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(UNIT)
    return row
