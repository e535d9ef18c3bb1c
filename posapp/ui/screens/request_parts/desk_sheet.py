"""How the request desk is laid out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.models.requests import RequestTable
from posapp.ui.screens.request_parts.desk_banner import DeskBanner
from posapp.ui.screens.request_parts.export_bar import ExportBar
from posapp.ui.screens.request_parts.filter_box import FilterBox
from posapp.ui.screens.request_parts.pager import Pager
from posapp.ui.screens.request_parts.request_view import RequestView
from posapp.ui.screens.request_parts.undo_bar import UndoBar
from posapp.ui.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty import EmptyState
from posapp.ui.widgets.roles import Frame, Label

_NARROW = 1240


class DeskSheet(QWidget):
    """All that is seen of the desk, and its words. It decides nothing."""

    def __init__(
        self, model: RequestTable, texts: Texts, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._title = Label("heading")
        self.seller = Label("caption")
        self.filters = FilterBox(texts, theme)
        self.search = self.filters.search
        self.more = Button("quiet", "F3")
        self.saved = Button("quiet", "F4")
        self.export = Button("quiet", "F6")
        self.banner = DeskBanner(texts, theme)
        self.undo = UndoBar(texts, theme)
        self.exporting = ExportBar(texts, theme)
        self.view = RequestView(model, texts, theme)
        self.empty = EmptyState(theme)
        inside = self.empty.layout()
        if inside is not None:  # it gives way to the filters on a low screen
            inside.setContentsMargins(24, 8, 24, 8)
        self.chosen = Label("caption")
        self.approve = Button("secondary", "F7")
        self.reject = Button("secondary", "F8")
        self.pager = Pager(texts, theme)
        self._lay_out()
        texts.changed.connect(self.write)
        self.write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the deeds stand above the pages."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        ways = QBoxLayout.Direction
        self._foot_row.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)

    def show_desk(self, shown: bool) -> None:
        """Show everything, or only the banner that says why there is no desk."""
        parts: tuple[QWidget, ...] = (
            *(self.search, self.more, self.saved, self.export, self.filters, self._rows),
            *(self.approve, self.reject, self.chosen, self.pager),
        )
        for part in parts:
            part.setVisible(shown)
        self._room.setVisible(not shown)

    def show_empty(self, empty: bool) -> None:
        """Show why there are no rows, or the rows."""
        self._sheets.setCurrentIndex(1 if empty else 0)

    def to_the_search(self) -> None:
        """Take the focus to the search line."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @property
    def is_empty(self) -> bool:
        """It says why there are no rows."""
        return self._sheets.currentIndex() == 1

    def write(self) -> None:
        """Set all words anew that do not depend on what is shown."""
        texts = self._texts
        self._title.setText(texts("requests.title"))
        self.search.setPlaceholderText(texts("requests.search_hint"))
        self.search.setAccessibleName(texts("requests.search"))
        self.search.setAccessibleDescription(texts("requests.search_hint"))
        self.search.setToolTip(texts("requests.search_key"))
        self.more.set_words(texts("requests.more_filters"))
        self.saved.set_words(texts("requests.saved"))
        self.export.set_words(texts("requests.export"))
        self.approve.set_words(texts("requests.approve"))
        self.reject.set_words(texts("requests.reject"))
        self.view.setAccessibleName(texts("requests.title"))
        self.view.setAccessibleDescription(texts("requests.keys"))

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self.seller)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(names)
        head.addSpacing(8)
        head.addWidget(self.search, 1)
        for button in (self.more, self.saved, self.export):
            head.addWidget(button)
        self._rows = rows = Frame("card")
        self._room = QWidget()
        self._room.hide()
        inside = QVBoxLayout(rows)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.setSpacing(0)
        # With a parent from the start: without one, its first page would be a window of its own.
        ground = QWidget(rows)
        self._sheets = QStackedLayout(ground)
        self._sheets.addWidget(self.view)
        self._sheets.addWidget(self.empty)
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
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.addWidget(self.approve)
        deeds.addWidget(self.reject)
        deeds.addSpacing(8)
        deeds.addWidget(self.chosen, 1)
        foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        foot.setSpacing(8)
        foot.addLayout(deeds, 1)
        foot.addWidget(self.pager, 0, Qt.AlignmentFlag.AlignRight)
        return foot
