"""Request search over a million rows: one index per kind of filter, keyset pages.

One index that ends in ``(created_at, id)`` drives each query; a page continues after a row by
comparing row values. Text is found by the marks of ``search_tokens``: a small number of matches is
sorted at once, a large one is read in portions of weeks until the page is full. So rare and
frequent words are both fast. Counting needs no order: it reads matches as the index yields them,
until there are enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from itertools import islice

from sqlalchemy import Connection

from posapp.domain.requests import RequestState
from posapp.services.ports.requests import (
    LARGEST_PAGE,
    NO_FILTER,
    Cursor,
    RequestFilter,
    RequestPage,
    RequestRow,
)
from posapp.store.columns import to_microseconds
from posapp.store.search.request_sql import RequestQuery, request_row_of
from posapp.store.search.statement import numbers, run
from posapp.store.search.week_portions import in_its_weeks, in_weeks
from posapp.store.unit_of_work import SqlStore

SMALL_RESULT = 2_000
"""Maximum text matches that are sorted at once; more are read week by week."""

RARE = 1_000
"""Maximum text matches of all sellers that are looked up before those of the seller alone."""

FEW_ROWS = 10_000
"""Maximum rows of the other filters whose text is compared directly; else the FTS index is used."""

SAMPLE = 100
"""Number of a text's matches that tell whether most of them are the seller's."""

STATES_AT_ONCE = 500
"""Number of matches whose states are read at once while they are counted."""

MOST_WEEKS = 64
"""Maximum weeks that the text index is asked for where no order is needed; of more, all are."""

LARGEST_NUMBER = 2**63 - 1


class SqlRequestSearch:
    """Port ``RequestSearch``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def page(
        self,
        seller_id: int,
        filter: RequestFilter,
        size: int,
        after: Cursor | None = None,
        *,
        backwards: bool = False,
    ) -> RequestPage:
        """Return the page after ``after``, or with ``backwards`` the one that ends just before it.

        Raises:
            EnvironmentProblem: a disk error.
        """
        size = _bounded(size)
        question = RequestQuery.of(seller_id, filter, backwards=backwards)
        if question is None:
            return RequestPage((), more=False)
        if after is not None:
            question = question.after(to_microseconds(after[0]), after[1])
        with self._store.snapshot() as uow:
            rows = list(islice(_found(uow.connection, question, size + 1), size + 1))
        shown = rows[:size]
        if backwards:
            shown.reverse()
        return RequestPage(tuple(shown), more=len(rows) > size)

    def last_page(self, seller_id: int, filter: RequestFilter, size: int) -> RequestPage:
        """Return the last ``size`` rows; ``more`` tells whether rows precede them."""
        return self.page(seller_id, filter, size, backwards=True)

    def nth_page(
        self, seller_id: int, filter: RequestFilter, size: int, number: int
    ) -> RequestPage:
        """Return page ``number``, counted from 0; beyond the end it is empty.

        The rows before it are counted along the index alone, whose small entries are adjacent
        (about 25 ns each); then the page is read after the last of them.
        """
        size = _bounded(size)
        skipped = size * max(0, number)
        if skipped == 0:
            return self.page(seller_id, filter, size)
        question = RequestQuery.of(seller_id, filter)
        if question is None or skipped > LARGEST_NUMBER:
            return RequestPage((), more=False)
        with self._store.snapshot() as uow:
            last = _key_of(uow.connection, question, skipped)
            if last is None:
                return RequestPage((), more=False)
            question = question.after(*last)
            rows = list(islice(_found(uow.connection, question, size + 1), size + 1))
        return RequestPage(tuple(rows[:size]), more=len(rows) > size)

    def count(self, seller_id: int, filter: RequestFilter, cap: int) -> int:
        """Return the number of rows; ``cap + 1`` means more than ``cap``."""
        question = RequestQuery.of(seller_id, filter)
        if question is None or cap < 0:
            return 0
        with self._store.snapshot() as uow:
            return _count(uow.connection, question, cap + 1)

    def state_counts(
        self, seller_id: int, cap: int, filter: RequestFilter = NO_FILTER
    ) -> dict[RequestState, int]:
        """Return the number of rows by state under the filter's other conditions, each counted like
        ``count``; all of one moment.

        Raises:
            EnvironmentProblem: a disk error.
        """
        question = RequestQuery.of(seller_id, replace(filter, state=None))
        if question is None or cap < 0:
            return dict.fromkeys(RequestState, 0)
        of_states = {
            state: RequestQuery.of(seller_id, replace(filter, state=state))
            for state in RequestState
        }
        with self._store.snapshot() as uow:
            return _count_states(uow.connection, question, of_states, cap + 1)


def _bounded(size: int) -> int:
    return min(max(size, 1), LARGEST_PAGE)


def _found(connection: Connection, question: RequestQuery, limit: int) -> Iterator[RequestRow]:
    """Yield a query's rows in order: at least ``limit``, or all."""
    for portion in _portions(connection, question):
        for row in run(connection, portion.rows(limit)):
            yield request_row_of(row)


def _portions(connection: Connection, question: RequestQuery) -> Iterator[RequestQuery]:
    """Split a query into queries that together give its result, in its order.

    A text with few matches stays one query over them; a filter with few rows compares each of
    them; if both are many, the matches are read some weeks at a time.
    """
    few = _easy(connection, question) or _among_small(connection, question)
    if few is not None:
        yield few
    else:
        yield from in_weeks(connection, question)


def _easy(connection: Connection, question: RequestQuery) -> RequestQuery | None:
    """Return a query with the same result that reads few rows, or ``None`` if there is none: one
    without a text, with a rare text, or whose other filters leave few rows."""
    if not question.sql:
        return question
    rare = numbers(connection, question.found(RARE + 1, of_seller=False))
    if len(rare) <= RARE:
        return question.among(rare)
    if numbers(connection, question.rows_of_index(FEW_ROWS + 1))[0] <= FEW_ROWS:
        return question.without_text()
    return None


def _among_small(connection: Connection, question: RequestQuery) -> RequestQuery | None:
    """Return the query among its matches if the seller has few, or ``None``."""
    found = numbers(connection, question.found(SMALL_RESULT + 1, of_seller=True))
    return question.among(found) if len(found) <= SMALL_RESULT else None


def _unordered(connection: Connection, question: RequestQuery) -> RequestQuery:
    """Return a query with the same rows, in no order, whose first rows come early.

    If its other filters leave a part of the years only, the text index is asked for that part.
    """
    return _easy(connection, question) or _in_its_weeks(connection, question)


def _in_its_weeks(connection: Connection, question: RequestQuery) -> RequestQuery:
    """Return a query with the same rows in no order. Of a seller with most of a text's matches it
    reads those of all sellers: to look each of them up in the seller's own takes longer."""
    if numbers(connection, question.own_of_first(SAMPLE))[0] > SAMPLE // 2:
        question = question.of_all_sellers()
    return in_its_weeks(connection, question, MOST_WEEKS)


def _count(connection: Connection, question: RequestQuery, cap: int) -> int:
    return numbers(connection, _unordered(connection, question).count(cap))[0]


def _count_states(
    connection: Connection,
    question: RequestQuery,
    of_states: Mapping[RequestState, RequestQuery | None],
    cap: int,
) -> dict[RequestState, int]:
    """Return the number of rows by state, each at most ``cap``.

    Args:
        question: the query without a state.
        of_states: the query of each state; ``None`` if no row can match.

    Without a text each state is a range of an index. The matches of a text are read once for all
    states, until there are enough of each; a state with few rows compares the text of each of them
    instead.
    """
    found = dict.fromkeys(of_states, 0)
    possible = {state: one for state, one in of_states.items() if one is not None}
    if not question.sql:
        return found | {
            state: numbers(connection, one.count(cap))[0] for state, one in possible.items()
        }
    easy = _easy(connection, question)
    if easy is not None:
        counted = _by_state(connection, easy)
        return found | {state: min(counted[state], cap) for state in possible}
    many = set()
    for state, one in possible.items():
        if numbers(connection, one.rows_of_index(FEW_ROWS + 1))[0] <= FEW_ROWS:
            found[state] = numbers(connection, one.without_text().count(cap))[0]
        else:
            many.add(state)
    return found | _stream_states(connection, question, many, cap)


def _stream_states(
    connection: Connection, question: RequestQuery, wanted: Set[RequestState], cap: int
) -> dict[RequestState, int]:
    """Count the rows of some states as the text index yields them, until each has ``cap``."""
    counted: Counter[str] = Counter()
    if wanted:
        statement = _in_its_weeks(connection, question).states()
        with connection.exec_driver_sql(statement.sql, statement.values) as result:
            for some in result.scalars().partitions(STATES_AT_ONCE):
                counted.update(some)
                if all(counted[state.value] >= cap for state in wanted):
                    break
    return {state: min(counted[state.value], cap) for state in wanted}


def _by_state(connection: Connection, question: RequestQuery) -> Counter[RequestState]:
    rows = run(connection, question.count_by_state())
    return Counter({RequestState(str(state)): int(str(number)) for state, number in rows})


def _key_of(connection: Connection, question: RequestQuery, number: int) -> tuple[int, int] | None:
    """Return the key of the result's row ``number``, counted from 1; ``None`` beyond the end."""
    for portion in _portions(connection, question):
        for at, found in run(connection, portion.key_of(number)):
            return int(str(at)), int(str(found))
        if portion.is_whole:
            return None
        number -= numbers(connection, portion.count(number))[0]
    return None
