"""Where a page of requests lies, and what is going on while it is looked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from posapp.services.ports.requests import Cursor, RequestPage


class Reading(StrEnum):
    """What is going on."""

    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class Way(StrEnum):
    """How a page is come by."""

    AFTER = "after"
    BEFORE = "before"
    NUMBER = "number"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its way, its number from 0 where that is known, and the row it lies beside."""

    way: Way
    number: int | None
    beside: Cursor | None = None
    again: bool = False


START = Place(Way.AFTER, 0)


class Answer:
    """A page that another thread looks for, for somebody who may wait a moment for it."""

    def __init__(self, read: Callable[[], RequestPage]) -> None:
        self._read = read
        self._ended = threading.Event()
        self.page: RequestPage | None = None

    def find(self) -> RequestPage:
        """Look for the page; in the other thread."""
        try:
            self.page = self._read()
            return self.page
        finally:
            self._ended.set()

    def is_here(self, seconds: float) -> bool:
        """Wait so long at the most; ``False`` if it is not here, or never will be."""
        return self._ended.wait(seconds) and self.page is not None
