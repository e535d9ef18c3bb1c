"""Layout of the request desk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.desk_banner import DeskBanner
from posapp.ui.requests.export_progress_bar import ExportProgressBar
from posapp.ui.requests.filter_panel_group import FilterPanelGroup
from posapp.ui.requests.pager import Pager
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.request_table_view import RequestTableView
from posapp.ui.requests.undo_bar import UndoBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.roles import Frame, Label

_NARROW = 1240


class DeskLayout(QWidget):
    """All widgets of the desk and their texts, without logic."""

    def __init__(
        self,
        model: RequestTableModel,
        texts: Translator,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self.filters = FilterPanelGroup(texts, theme)
        self.search = self.filters.search
        self.more = Button("quiet", "F3")
        self.saved = Button("quiet", "F4")
        self.export = Button("quiet", "F6")
        self.banner = DeskBanner(texts, theme)
        self.undo = UndoBar(texts, theme)
        self.exporting = ExportProgressBar(texts, theme)
        self.view = RequestTableView(model, texts, theme)
        self.empty = EmptyState(theme)
        inside = self.empty.layout()
        if inside is not None:  # it gives way to the filters on a low screen
            inside.setContentsMargins(24, 8, 24, 8)
        self.chosen = Label("caption")
        self.approve = Button("secondary", "F7")
        self.reject = Button("secondary", "F8")
        self.pager = Pager(texts, theme)
        self._build_layout()
        texts.changed.connect(self.write)
        self.write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the action buttons above the page buttons on a narrow screen."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        ways = QBoxLayout.Direction
        self._foot_row.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)

    def show_desk(self, shown: bool) -> None:
        """Show the whole desk, or only the banner with the reason why it is unavailable."""
        parts: tuple[QWidget, ...] = (
            *(self.search, self.more, self.saved, self.export, self.filters, self._rows),
            *(self.approve, self.reject, self.chosen, self.pager),
        )
        for part in parts:
            part.setVisible(shown)
        self._room.setVisible(not shown)

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

    def write(self) -> None:
        """Set all texts that do not depend on the displayed data."""
        texts = self._texts
        self.search.setPlaceholderText(texts("requests.search_hint"))
        self.search.setAccessibleName(texts("requests.search"))
        self.search.setAccessibleDescription(texts("requests.search_hint"))
        self.search.setToolTip(texts("requests.search_key"))
        self.more.set_text(texts("requests.more_filters"))
        self.saved.set_text(texts("requests.saved"))
        self.export.set_text(texts("requests.export"))
        self.approve.set_text(texts("requests.approve"))
        self.reject.set_text(texts("requests.reject"))
        self.view.setAccessibleName(texts("requests.title"))
        self.view.setAccessibleDescription(texts("requests.keys"))

    def _build_layout(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.search, 1)
        for button in (self.more, self.saved, self.export):
            head.addWidget(button)
        self._rows = rows = Frame("card")
        self._room = QWidget()
        self._room.hide()
        inside = QVBoxLayout(rows)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.setSpacing(0)
        # With a parent from the start: without one, its first page would be a window.
        ground = QWidget(rows)
        self._pages = QStackedLayout(ground)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        inside.addWidget(ground)
        page = QVBoxLayout(self)
        page.setContentsMargins(32, 12, 32, 4)
        page.setSpacing(8)
        page.addLayout(head)
        page.addWidget(self.filters)
        page.addWidget(self.banner)
        page.addWidget(self.exporting)
        page.addWidget(rows, 1)
        page.addWidget(self._room, 1)
        page.addWidget(self.undo)
        self._foot_row = self._foot()
        page.addLayout(self._foot_row)

    def _foot(self) -> QBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.approve)
        buttons.addWidget(self.reject)
        buttons.addSpacing(8)
        buttons.addWidget(self.chosen, 1)
        foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        foot.setSpacing(8)
        foot.addLayout(buttons, 1)
        foot.addWidget(self.pager, 0, Qt.AlignmentFlag.AlignRight)
        return foot
