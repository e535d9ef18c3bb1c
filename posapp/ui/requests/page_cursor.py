"""Addresses of request pages, and the state of reading them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from posapp.services.ports.requests import Cursor, RequestPage


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
    """

    way: PageDirection
    number: int | None
    beside: Cursor | None = None
    again: bool = False


START = PageAddress(PageDirection.AFTER, 0)


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
