"""The pages of a seller's requests: which one is shown, and how it was come by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject, Signal

from posapp.domain.requests import RequestState
from posapp.services.ports.machine import Clock
from posapp.services.ports.requests import Cursor, RequestPage, RequestRow, RequestSearch
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.models.requests_asked import Asked

SIZES = (5, 10, 15, 20, 50)
"""Rows a page that are offered; the first is how the screen begins."""

LARGEST_SIZE = 200
"""A page is held in memory and looked at by a person."""

COUNT_CAP = 1_000_000
"""Where counting ends. It happens behind the page, in tenths of a second at the most."""

STATE_CAP = 99_999
"""Where the counts beside the states end."""


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


class RequestPages(QObject):
    """Reads one page at a time in the background; answers to older questions are dropped.

    The next and the page before are found by the row that they lie beside, so that they cost the
    same however deep they are. Counting waits until ``count`` is called: when the rows are painted.
    """

    arrived = Signal(bool)
    """A page is here. ``True``: the same one, read again."""

    counted = Signal()
    """``total``, or the number of the page that follows from it, is known."""

    changed = Signal()
    """``reading`` is another one."""

    beyond = Signal(object)
    """There is no page of this number (from 0); the last one is being read instead."""

    def __init__(self, runner: TaskRunner, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._clock = runner, clock
        self._search: RequestSearch | None = None
        self._seller_id = 0
        self._starts: dict[int, Cursor | None] = {}
        self._place = START
        self._wanted_counts = False
        self.asked = Asked()
        self.size = SIZES[0]
        self.rows: tuple[RequestRow, ...] = ()
        self.has_next = False
        self.total: int | None = None
        self.state_counts: dict[RequestState, int] = {}
        self.reading = Reading.IDLE
        self.error: Exception | None = None

    @property
    def number(self) -> int | None:
        """The page that is shown, from 0, or ``None`` while it is not known: the last one before
        all were counted."""
        return self._place.number

    @property
    def has_previous(self) -> bool:
        """There is a page before this one."""
        return self.number != 0

    @property
    def last_number(self) -> int | None:
        """The number of the last page, where the total is known."""
        if self.total is None or self.total > COUNT_CAP:
            return None
        return max(0, (self.total - 1) // self.size)

    def attach(self, search: RequestSearch) -> None:
        """The requests can be read now."""
        self._search = search

    def open(self, seller_id: int, asked: Asked, size: int) -> None:
        """Begin with somebody's first page."""
        self._seller_id = seller_id
        self.rows, self.state_counts = (), {}
        self.asked, self.size = asked, size
        self._begin()

    def ask(self, asked: Asked) -> None:
        """Other filters: back to the first page."""
        self.asked = asked
        self._begin()

    def set_size(self, size: int) -> None:
        """Other rows a page: back to the first page. ``size`` is from 1 to ``LARGEST_SIZE``."""
        self.size = min(max(1, size), LARGEST_SIZE)
        self._begin()

    def first(self) -> None:
        """To the first page."""
        self._read(START)

    def next(self) -> None:
        """To the next page, if there is one."""
        if self.has_next and self.rows and self.reading is not Reading.LOADING:
            number = None if self.number is None else self.number + 1
            self._read(Place(Way.AFTER, number, _cursor(self.rows[-1])))

    def previous(self) -> None:
        """To the page before, if there is one."""
        if not self.has_previous or not self.rows or self.reading is Reading.LOADING:
            return
        if self.number is None:
            self._read(Place(Way.BEFORE, None, _cursor(self.rows[0])))
        elif self.number == 1:
            self.first()
        elif self.number - 1 in self._starts:
            self._read(Place(Way.AFTER, self.number - 1, self._starts[self.number - 1]))
        else:
            self._read(Place(Way.BEFORE, self.number - 1, _cursor(self.rows[0])))

    def last(self) -> None:
        """To the last page."""
        self._read(Place(Way.LAST, self.last_number))

    def go_to(self, number: int) -> None:
        """To a page by its number, from 0; the last one if there are not so many."""
        last = self.last_number
        if last is not None and number > last:
            self.beyond.emit(number)
            self.last()
        elif number <= 0:
            self.first()
        else:
            self._read(Place(Way.NUMBER, number))

    def reload(self) -> None:
        """Read the same page again: something may have changed."""
        place = self._place
        if place.way is Way.BEFORE and place.number is not None:
            place = Place(Way.NUMBER, place.number)
        self._read(Place(place.way, place.number, place.beside, again=True))

    def count(self) -> None:
        """Count what matches, if it is not known: to be called when the rows are painted."""
        search = self._search
        if search is None or not self._wanted_counts:
            return
        self._wanted_counts = False
        seller_id, asked = self._seller_id, self._filter()
        self._runner.run(
            lambda: search.count(seller_id, asked, COUNT_CAP),
            self._counted,
            owner=self,
            key="count",
        )
        self._runner.run(
            lambda: search.state_counts(seller_id, STATE_CAP),
            self._states_counted,
            owner=self,
            key="states",
        )

    def _begin(self) -> None:
        self._runner.forget(self, "count")
        self.total = None
        self._starts.clear()
        if self.asked.is_upside_down:
            self._runner.forget(self, "page")
            self.rows, self.total, self.has_next, self._place = (), 0, False, START
            self._set_reading(Reading.READY)
            self.arrived.emit(False)
            return
        self.first()

    def _filter(self):  # type: ignore[no-untyped-def]
        return self.asked.filter_at(self._clock.now())

    def _read(self, place: Place) -> None:
        search = self._search
        if search is None or (self.asked.is_upside_down and self.reading is Reading.READY):
            return
        self._set_reading(Reading.LOADING)
        seller_id, asked, size = self._seller_id, self._filter(), self.size

        def read() -> RequestPage:
            if place.way is Way.LAST:
                return search.last_page(seller_id, asked, size)
            if place.way is Way.NUMBER:
                return search.nth_page(seller_id, asked, size, place.number or 0)
            backwards = place.way is Way.BEFORE
            return search.page(seller_id, asked, size, place.beside, backwards=backwards)

        self._runner.run(read, partial(self._arrived, place), owner=self, key="page")

    def _arrived(self, place: Place, outcome: Outcome[RequestPage]) -> None:
        self.error = outcome.error
        page = outcome.value
        if page is None:
            self._set_reading(Reading.FAILED)
            return
        if not page.rows and place.way is not Way.LAST and place != START and place.number != 0:
            if place.way is Way.NUMBER and not place.again:
                self.beyond.emit(place.number)
            self._read(Place(Way.LAST, None, again=place.again))
            return
        self.rows = page.rows
        self._place = Place(place.way, self._number_of(place, page), place.beside)
        self.has_next = place.way is Way.BEFORE or (page.more and place.way is not Way.LAST)
        if place.way is Way.AFTER and self.number is not None:
            self._starts[self.number] = place.beside
        if self.number == 0 and not self.has_next:
            self.total = len(page.rows)
        self._wanted_counts = place.again or self.total is None or not self.state_counts
        self._set_reading(Reading.READY)
        self.arrived.emit(place.again)

    def _number_of(self, place: Place, page: RequestPage) -> int | None:
        if place.way is Way.LAST:
            return self.last_number if page.rows else 0
        return place.number

    def _counted(self, outcome: Outcome[int]) -> None:
        if outcome.value is None:
            return  # the page stands without its total; the next reading counts again
        self.total = outcome.value
        if self._place.way is Way.LAST:
            self._place = Place(Way.LAST, self.last_number)
        self.counted.emit()

    def _states_counted(self, outcome: Outcome[dict[RequestState, int]]) -> None:
        if outcome.value is not None:
            self.state_counts = outcome.value
            self.counted.emit()

    def _set_reading(self, reading: Reading) -> None:
        self.reading = reading
        self.changed.emit()


def _cursor(row: RequestRow) -> Cursor:
    return row.created_at, row.id
