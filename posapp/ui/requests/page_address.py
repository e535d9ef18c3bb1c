"""Address of a page of requests, and how the page is read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from posapp.services.ports.requests import (
    Cursor,
    RequestFilter,
    RequestPage,
    RequestRow,
    RequestSearch,
)

SIZES = (5, 10, 15, 20, 50)
"""Page sizes on offer in rows; the first is the default."""

FIT = None
"""Page size 맞춤: as many whole rows as fit the height."""

LARGEST_SIZE = 200
"""Maximum page size in rows: a page is held in memory."""

MOST_NEW = 99
"""Maximum number of rows that are held back from a page; with more of them it is shown anew."""

FARTHEST = 10**12
"""Upper limit of page numbers: beyond any shop; times the page size it still fits SQLite."""


class PageReading(StrEnum):
    """State of reading a page."""

    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class PageDirection(StrEnum):
    """How a page is found."""

    AFTER = "after"
    BEFORE = "before"
    NUMBER = "number"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Address of a page.

    Attributes:
        way: how the page is found.
        number: from 0, ``None`` if unknown.
        beside: the adjacent row.
        again: the same page is read again.
        holds_back: rows that came before its first row are counted, and stay out of it.
    """

    way: PageDirection
    number: int | None
    beside: Cursor | None = None
    again: bool = False
    holds_back: bool = False

    @property
    def is_fast(self) -> bool:
        """Return whether it is read from the row beside it, for the first time."""
        return self.way in (PageDirection.AFTER, PageDirection.BEFORE) and not self.again

    def read(
        self, search: RequestSearch, seller_id: int, filters: RequestFilter, size: int, rest: int
    ) -> RequestPage:
        """Read the page.

        Args:
            size: rows on a page.
            rest: rows on the last page.
        """
        if self.holds_back:
            size += MOST_NEW
        if self.way is PageDirection.LAST:
            return search.last_page(seller_id, filters, rest)
        if self.way is PageDirection.NUMBER:
            return search.nth_page(seller_id, filters, size, self.number or 0)
        backwards = self.way is PageDirection.BEFORE
        return search.page(seller_id, filters, size, self.beside, backwards=backwards)


START = PageAddress(PageDirection.AFTER, 0)


def cursor_of(row: RequestRow) -> Cursor:
    """Return the cursor of the pages beside a row."""
    return row.created_at, row.id


class PendingPage:
    """A page that another thread reads and the GUI thread may wait for briefly."""

    def __init__(self, read: Callable[[], RequestPage]) -> None:
        self._read = read
        self._ended = threading.Event()
        self.page: RequestPage | None = None

    def find(self) -> RequestPage:
        """Read the page, in the other thread."""
        try:
            self.page = self._read()
            return self.page
        finally:
            self._ended.set()

    def is_here(self, seconds: float) -> bool:
        """Wait at most ``seconds``; return ``False`` if the page is not available."""
        return self._ended.wait(seconds) and self.page is not None
