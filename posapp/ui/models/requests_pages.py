"""The pages of a seller's requests: which one is shown, and how it was come by."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from posapp.domain.requests import RequestState
from posapp.services.ports.machine import Clock
from posapp.services.ports.requests import (
    Cursor,
    RequestFilter,
    RequestPage,
    RequestRow,
    RequestSearch,
)
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.models.requests_asked import Asked
from posapp.ui.models.requests_places import START, Answer, Place, Reading, Way

SIZES = (5, 10, 15, 20, 50)
"""Rows a page that are offered; the first is how the screen begins."""

LARGEST_SIZE = 200
"""A page is held in memory and looked at by a person."""

COUNT_CAP = 1_000_000
"""Where counting ends. It happens behind the page, in tenths of a second at the most."""

STATE_CAP = 99_999
"""Where the counts beside the states end."""

PATIENCE_S = 0.008
"""Half a frame: for so long a page that lies at hand is waited for, so that it is painted together
with the filters that were chosen. A page takes one or two milliseconds; one that takes longer comes
through the event loop like any other, and nobody has noticed."""

_FARTHEST = 10**12
"""No shop has so many pages; times the size it is still a number that SQLite holds."""


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
        self._pending: Place | None = None
        self._read_again = False
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
        self.asked, self.size = asked, size
        self._begin()

    def close(self) -> None:
        """Show nobody's requests any more, until ``open``."""
        for key in ("page", "count", "states"):
            self._runner.forget(self, key)
        self._seller_id, self._pending, self._place = 0, None, START
        self.rows, self.state_counts, self.total, self.has_next = (), {}, None, False
        self.reading = Reading.IDLE

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
        if self.has_next and self.rows and not self._is_turning:
            number = None if self.number is None else self.number + 1
            self._read(Place(Way.AFTER, number, _cursor(self.rows[-1])))

    def previous(self) -> None:
        """To the page before, if there is one."""
        if not self.has_previous or not self.rows or self._is_turning:
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
        if number <= 0:
            self.first()
        else:
            self._read(Place(Way.NUMBER, min(number, _FARTHEST)))

    def reload(self) -> None:
        """Read the same page again: something may have changed. A page that is being read is
        waited for first, so that nobody is thrown back."""
        if self._pending is not None:
            self._read_again = True
            return
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

    @property
    def _is_turning(self) -> bool:
        return self._pending is not None and not self._pending.again

    def _begin(self) -> None:
        self._runner.forget(self, "count")
        self.total = None
        self._starts.clear()
        if self.asked.is_upside_down:
            self._runner.forget(self, "page")
            self._pending = None
            self.rows, self.total, self.has_next, self._place = (), 0, False, START
            self._set_reading(Reading.READY)
            self.arrived.emit(False)
            return
        self.first()

    def _filter(self) -> RequestFilter:
        return self.asked.filter_at(self._clock.now())

    def _read(self, place: Place) -> None:
        search = self._search
        if (
            search is None
            or not self._seller_id
            or (self.asked.is_upside_down and self.reading is Reading.READY)
        ):
            return
        self._pending = place
        self._set_reading(Reading.LOADING)
        seller_id, asked, size, rest = self._seller_id, self._filter(), self.size, self._rest()

        def read() -> RequestPage:
            if place.way is Way.LAST:
                return search.last_page(seller_id, asked, rest)
            if place.way is Way.NUMBER:
                return search.nth_page(seller_id, asked, size, place.number or 0)
            backwards = place.way is Way.BEFORE
            return search.page(seller_id, asked, size, place.beside, backwards=backwards)

        answer = Answer(read)
        self._runner.run(answer.find, partial(self._arrived, place), owner=self, key="page")
        straight = place.way in (Way.AFTER, Way.BEFORE) and not place.again
        at_hand = straight and not self.asked.is_typed and self._pending is place
        if at_hand and answer.is_here(PATIENCE_S):
            self._runner.forget(self, "page")
            self._arrived(place, Outcome(answer.page))

    def _arrived(self, place: Place, outcome: Outcome[RequestPage]) -> None:
        self.error, self._pending = outcome.error, None
        page = outcome.value
        if page is None:
            self._set_reading(Reading.FAILED)
            return
        if not page.rows and place.way is not Way.LAST and place != START and place.number != 0:
            if place.way is Way.NUMBER and not place.again:
                self.beyond.emit(place.number)
            self.total = None  # whatever it was, there are fewer now
            self._read(Place(Way.LAST, None, again=place.again))
            return
        self.rows = page.rows
        self._place = Place(place.way, self._number_of(place, page), place.beside)
        self.has_next = place.way is Way.BEFORE or (page.more and place.way is not Way.LAST)
        if place.way is Way.AFTER and self.number is not None:
            self._starts[self.number] = place.beside
        if self.number == 0 and not self.has_next:
            self.total = len(page.rows)
        known = self.total is not None and bool(self.state_counts)
        self._wanted_counts = place.again or place.way is Way.LAST or not known
        self._set_reading(Reading.READY)
        self.arrived.emit(place.again)
        again, self._read_again = self._read_again, False
        if again:
            self.reload()

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
            if len(self.rows) != self._rest():
                self.reload()  # it was read before anybody knew where its page begins
        self.counted.emit()

    def _states_counted(self, outcome: Outcome[dict[RequestState, int]]) -> None:
        if outcome.value is not None:
            self.state_counts = outcome.value
            self.counted.emit()

    def _rest(self) -> int:
        """Rows of the last page: what is left behind the full ones."""
        last = self.last_number
        if last is None or not self.total:
            return self.size
        return self.total - last * self.size

    def _set_reading(self, reading: Reading) -> None:
        self.reading = reading
        self.changed.emit()


def _cursor(row: RequestRow) -> Cursor:
    return row.created_at, row.id
