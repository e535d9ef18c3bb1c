"""Navigation between pages, with messages for invalid ones."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.requests.desk_layout import DeskLayout
from posapp.ui.requests.page_cursor import PageReading
from posapp.ui.requests.request_pager import LARGEST_SIZE, SIZES, RequestPager


class PageNavigation(QObject):
    """Connects keys, buttons and the page field to the pages.

    Invalid pages show a message and the nearest valid page.
    """

    def __init__(
        self, view: DeskLayout, pages: RequestPager, texts: Translator, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.view, self.pages, self._texts = view, pages, texts
        pages.changed.connect(self._reading_changed)
        pages.beyond.connect(self._beyond)
        view.search.moved.connect(self._move)
        view.view.turned.connect(self.go)
        view.pager.turned.connect(self.go)
        view.pager.page_wanted.connect(self.show_page)
        view.pager.size_wanted.connect(self.set_size)

    def show_page(self, number: int | None) -> None:
        """Show a page, counted from 0; an invalid number shows a message."""
        if number is None or number < 0:
            self.view.banner.mention(lambda: self._texts("requests.wrong_page"))
            return
        self.view.banner.clear()
        self.pages.go_to(number)
        self.view.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_size(self, size: int) -> None:
        """Set the rows for each page and show the first page; an invalid size shows a message."""
        if not 1 <= size <= LARGEST_SIZE:
            typed = grouped(size)
            self.view.banner.mention(
                lambda: self._texts("requests.wrong_size", most=LARGEST_SIZE, size=typed)
            )
            size = SIZES[0] if size < 1 else LARGEST_SIZE
        self.pages.set_size(size)

    def go(self, turn: str) -> None:
        """Show the first, previous, next or last page."""
        {
            "first": self.pages.first,
            "previous": self.pages.previous,
            "next": self.pages.next,
            "last": self.pages.last,
        }[turn]()

    def _move(self, by: int) -> None:
        if abs(by) > 1:
            self.go("next" if by > 0 else "previous")
        else:
            self.view.view.select(self.view.view.row + by)

    def _reading_changed(self) -> None:
        reading, error = self.pages.reading, self.pages.error
        if reading is PageReading.FAILED and error is not None:
            self.view.banner.trouble(error, "words.retry", self._retry)

    def _retry(self) -> None:
        self.view.banner.clear()
        self.pages.reload()

    def _beyond(self, number: int) -> None:
        page = grouped(number + 1)
        self.view.banner.mention(lambda: self._texts("requests.beyond", page=page))
