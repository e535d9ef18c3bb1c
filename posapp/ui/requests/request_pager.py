"""Pages of a seller's requests and the navigation between them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import takewhile

from PySide6.QtCore import QObject, Signal

from posapp.domain.requests import RequestState
from posapp.services.ports.requests import (
    Cursor,
    RequestFilter,
    RequestPage,
    RequestRow,
    RequestSearch,
)
from posapp.services.ports.system import Clock
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.requests.page_address import (
    FARTHEST,
    LARGEST_SIZE,
    MOST_NEW,
    SIZES,
    START,
    PageAddress,
    PageDirection,
    PageReading,
    PendingPage,
    cursor_of,
)
from posapp.ui.requests.request_filter_state import RequestFilterState

COUNT_CAP = 1_000_000
"""Limit of the total count. Counting runs in the background, in tenths of a second at most."""

STATE_CAP = 999
"""Limit of the count of each state."""

INLINE_WAIT_S = 0.008
"""Seconds that a page which should be fast is waited for: half a frame.

A page that arrives in time is painted together with the chosen filters. A page takes one or two
milliseconds; a slower one arrives through the event loop like any other.
"""


class RequestPager(QObject):
    """Reads one page at a time in the background; results of older reads are dropped.

    Adjacent pages are found by their neighbouring row, so that they cost the same however deep they
    are. Counting waits until ``count`` is called: when the rows are painted.
    """

    arrived = Signal(bool)
    """A page was read. ``True``: the same page again."""

    counted = Signal()
    """``total``, the page number that depends on it, or ``state_counts`` is known."""

    changed = Signal()
    """``reading`` may have changed."""

    beyond = Signal(object)
    """The page does not exist, and the last one is read instead. Carries its number (from 0)."""

    def __init__(
        self,
        runner: TaskRunner,
        search: RequestSearch,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._search, self._clock = runner, search, clock
        self._seller_id = 0
        self._starts: dict[int, Cursor | None] = {}
        self._place = START
        self._pending: PageAddress | None = None
        self._read_again = self._again_holds_back = False
        self._wanted_counts = False
        self.filters = RequestFilterState()
        self.size = SIZES[0]
        self.rows: tuple[RequestRow, ...] = ()
        self.has_next = False
        self.new_rows = 0
        self.total: int | None = None
        self.state_counts: dict[RequestState, int] = {}
        self._counts_of: RequestFilterState | None = None
        self.reading = PageReading.IDLE
        self.error: Exception | None = None

    @property
    def number(self) -> int | None:
        """Return the current page from 0; ``None`` for a last page before the count is known."""
        return self._place.number

    @property
    def has_previous(self) -> bool:
        """Return whether there is a page before this one."""
        return self.number != 0

    @property
    def last_number(self) -> int | None:
        """Return the number of the last page if the total is known."""
        if self.total is None or self.total > COUNT_CAP:
            return None
        return max(0, (self.total - 1) // self.size)

    def open(self, seller_id: int, filters: RequestFilterState, size: int) -> None:
        """Read the first page of a seller."""
        self._seller_id = seller_id
        self.filters, self.size = filters, size
        self._begin()

    def close(self) -> None:
        """Clear the pages until ``open``."""
        for key in ("page", "count", "states"):
            self._runner.forget(self, key)
        self._seller_id, self._pending, self._place = 0, None, START
        self.rows, self.state_counts, self.total, self.has_next = (), {}, None, False
        self.new_rows = 0
        self._counts_of = None
        self.reading = PageReading.IDLE

    def ask(self, filters: RequestFilterState) -> None:
        """Set the filters and read the first page."""
        self.filters = filters
        self._begin()

    def set_size(self, size: int) -> None:
        """Set the page size, from 1 to ``LARGEST_SIZE``, and read the first page."""
        self.size = min(max(1, size), LARGEST_SIZE)
        self._begin()

    def first(self) -> None:
        """Read the first page."""
        self._read(START)

    def next(self) -> None:
        """Read the next page, if there is one."""
        if self.has_next and self.rows and not self._is_turning:
            number = None if self.number is None else self.number + 1
            self._read(PageAddress(PageDirection.AFTER, number, cursor_of(self.rows[-1])))

    def previous(self) -> None:
        """Read the previous page, if there is one."""
        if not self.has_previous or not self.rows or self._is_turning:
            return
        number = None if self.number is None else self.number - 1
        if number == 0:
            self.first()
        elif number is not None and number in self._starts:
            self._read(PageAddress(PageDirection.AFTER, number, self._starts[number]))
        else:
            self._read(PageAddress(PageDirection.BEFORE, number, cursor_of(self.rows[0])))

    def last(self) -> None:
        """Read the last page."""
        self._read(PageAddress(PageDirection.LAST, self.last_number))

    def go_to(self, number: int) -> None:
        """Read a page by its number, from 0; the last one if there are fewer."""
        if number <= 0:
            self.first()
        else:
            self._read(PageAddress(PageDirection.NUMBER, min(number, FARTHEST)))

    def reload(self, *, holds_back: bool = False) -> None:
        """Read the current page again: it may have changed.

        A pending page is awaited first, so that the navigation is not undone.

        Args:
            holds_back: nobody asked for it. Rows that came before the first row of the first page
                are only counted, as ``new_rows``: they would move every row under a hand.
        """
        if self._pending is not None:
            self._again_holds_back = holds_back and (self._again_holds_back or not self._read_again)
            self._read_again = True
            return
        place = self._place
        if place.way is PageDirection.BEFORE and place.number is not None:
            place = PageAddress(PageDirection.NUMBER, place.number)
        self._read(
            PageAddress(
                *(place.way, place.number, place.beside),
                again=True,
                holds_back=holds_back and place == START and bool(self.rows),
            )
        )

    def count(self) -> None:
        """Count the matches unless known; called when the rows are painted."""
        search = self._search
        if not self._wanted_counts:
            return
        self._wanted_counts = False
        seller_id, filters = self._seller_id, self._filter()
        self._runner.run(
            lambda: search.count(seller_id, filters, COUNT_CAP),
            self._counted,
            owner=self,
            key="count",
        )
        self._runner.run(
            lambda: search.state_counts(seller_id, STATE_CAP, filters),
            partial(self._states_counted, self._stateless),
            owner=self,
            key="states",
        )

    @property
    def _is_turning(self) -> bool:
        return self._pending is not None and not self._pending.again

    def _begin(self) -> None:
        self._runner.forget(self, "count")
        self._runner.forget(self, "states")
        self.total = None
        self._starts.clear()
        if self.filters.is_upside_down:
            self._runner.forget(self, "page")
            self._pending = None
            self.rows, self.total, self.has_next, self._place = (), 0, False, START
            self.state_counts, self._counts_of = dict.fromkeys(RequestState, 0), self._stateless
            self._set_reading(PageReading.READY)
            self.arrived.emit(False)
            self.counted.emit()
            return
        self.first()

    @property
    def _stateless(self) -> RequestFilterState:
        """Return what the counts of the states depend on: all filters but the state itself."""
        return replace(self.filters, state=None, oldest_first=False)

    def _filter(self) -> RequestFilter:
        return self.filters.filter_at(self._clock.now())

    def _read(self, place: PageAddress) -> None:
        search = self._search
        is_known_empty = self.filters.is_upside_down and self.reading is PageReading.READY
        if not self._seller_id or is_known_empty:
            return
        self._pending = place
        self._set_reading(PageReading.LOADING)
        seller_id, filters, size, rest = self._seller_id, self._filter(), self.size, self._rest()
        answer = PendingPage(lambda: place.read(search, seller_id, filters, size, rest))
        self._runner.run(answer.find, partial(self._arrived, place), owner=self, key="page")
        at_hand = place.is_fast and not self.filters.is_typed and self._pending is place
        if at_hand and answer.is_here(INLINE_WAIT_S):
            self._runner.forget(self, "page")
            self._arrived(place, TaskResult(answer.page))

    def _arrived(self, place: PageAddress, outcome: TaskResult[RequestPage]) -> None:
        self.error, self._pending = outcome.error, None
        page = outcome.value
        if page is None:
            self._set_reading(PageReading.FAILED)
            return
        if not page.rows and place.way is not PageDirection.LAST and place.number != 0:
            if place.way is PageDirection.NUMBER and not place.again:
                self.beyond.emit(place.number)
            self.total = None  # the total has become smaller
            self._read(PageAddress(PageDirection.LAST, None, again=place.again))
            return
        before = self._count_new(page.rows) if place.holds_back else 0
        self.rows, self.new_rows = page.rows[before : before + self.size], before
        number = place.number
        if place.way is PageDirection.LAST:
            number = self.last_number if page.rows else 0
        self._place = PageAddress(place.way, number, place.beside)
        more = page.more or before + len(self.rows) < len(page.rows)
        self.has_next = place.way is PageDirection.BEFORE or (
            more and place.way is not PageDirection.LAST
        )
        if place.way is PageDirection.AFTER and self.number is not None:
            self._starts[self.number] = place.beside
        if self.number == 0 and not self.has_next:
            self.total = len(page.rows)
        known = self.total is not None and self._counts_of == self._stateless
        self._wanted_counts = place.again or place.way is PageDirection.LAST or not known
        self._set_reading(PageReading.READY)
        self.arrived.emit(place.again)
        again, self._read_again = self._read_again, False
        if again:
            self.reload(holds_back=self._again_holds_back)

    def _count_new(self, rows: tuple[RequestRow, ...]) -> int:
        """Return how many rows precede all that are shown; 0 if none of those is left."""
        shown = {row.id for row in self.rows}
        before = sum(1 for _ in takewhile(lambda row: row.id not in shown, rows))
        return before if before <= MOST_NEW and before < len(rows) else 0

    def _counted(self, outcome: TaskResult[int]) -> None:
        if outcome.value is None:
            return  # the page stays without its total; the next read counts again
        self.total = outcome.value
        if self._place.way is PageDirection.LAST:
            self._place = PageAddress(PageDirection.LAST, self.last_number)
            if len(self.rows) != self._rest():
                self.reload()  # it was read before the start of its page was known
        self.counted.emit()

    def _states_counted(
        self, filters: RequestFilterState, outcome: TaskResult[dict[RequestState, int]]
    ) -> None:
        if outcome.value is not None:
            self.state_counts, self._counts_of = outcome.value, filters
            self.counted.emit()

    def _rest(self) -> int:
        """Return the number of rows on the last page."""
        last = self.last_number
        if last is None or not self.total:
            return self.size
        return self.total - last * self.size

    def _set_reading(self, reading: PageReading) -> None:
        self.reading = reading
        self.changed.emit()
