"""From page to page, and what is said when there is no such page."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from posapp.ui.formats import grouped
from posapp.ui.i18n import Texts
from posapp.ui.models.requests_pages import LARGEST_SIZE, SIZES, RequestPages
from posapp.ui.models.requests_places import Reading
from posapp.ui.screens.request_parts.desk_sheet import DeskSheet


class Turning(QObject):
    """Leads keys, buttons and the page field to the pages. Whatever cannot be is told kindly, and
    the nearest that can be is shown."""

    def __init__(
        self, sheet: DeskSheet, pages: RequestPages, texts: Texts, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.sheet, self.pages, self._texts = sheet, pages, texts
        pages.changed.connect(self._reading_changed)
        pages.beyond.connect(self._beyond)
        sheet.search.moved.connect(self._move)
        sheet.view.turned.connect(self.turn)
        sheet.pager.turned.connect(self.turn)
        sheet.pager.page_wanted.connect(self.show_page)
        sheet.pager.size_wanted.connect(self.set_size)

    def show_page(self, number: int | None) -> None:
        """Go to a page, counted from 0; what is no page is told kindly."""
        if number is None or number < 0:
            self.sheet.banner.mention(lambda: self._texts("requests.wrong_page"))
            return
        self.sheet.banner.clear()
        self.pages.go_to(number)
        self.sheet.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_size(self, size: int) -> None:
        """Show so many rows a page, from the first page on; a size that cannot be is told."""
        if not 1 <= size <= LARGEST_SIZE:
            typed = grouped(size)
            self.sheet.banner.mention(
                lambda: self._texts("requests.wrong_size", most=LARGEST_SIZE, size=typed)
            )
            size = SIZES[0] if size < 1 else LARGEST_SIZE
        self.pages.set_size(size)

    def turn(self, turn: str) -> None:
        """Turn to the first, previous, next or last page."""
        {
            "first": self.pages.first,
            "previous": self.pages.previous,
            "next": self.pages.next,
            "last": self.pages.last,
        }[turn]()

    def _move(self, by: int) -> None:
        if abs(by) > 1:
            self.turn("next" if by > 0 else "previous")
        else:
            self.sheet.view.select(self.sheet.view.row + by)

    def _reading_changed(self) -> None:
        reading, error = self.pages.reading, self.pages.error
        if reading is Reading.FAILED and error is not None:
            self.sheet.banner.trouble(error, "words.retry", self._retry)

    def _retry(self) -> None:
        self.sheet.banner.clear()
        self.pages.reload()

    def _beyond(self, number: int) -> None:
        page = grouped(number + 1)
        self.sheet.banner.mention(lambda: self._texts("requests.beyond", page=page))
