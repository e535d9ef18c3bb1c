"""Finding requests among a million: an index for each kind of filter, pages by keyset.

Every query is driven by one index that ends in ``(created_at, id)``, and goes on behind a row by
comparing row values. Text is found by the marks of ``request_marks``: few hits are taken together,
many are taken in portions of weeks until the page is full, so that neither a rare nor a frequent
word makes anybody wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, repeat

from sqlalchemy import Connection

from posapp.domain.requests import RequestState
from posapp.services.ports.requests import (
    LARGEST_PAGE,
    Cursor,
    RequestFilter,
    RequestPage,
    RequestRow,
)
from posapp.store.columns import to_microseconds
from posapp.store.request_marks import WEEK, week_mark
from posapp.store.request_queries import Question, Statement, row_of
from posapp.store.unit_of_work import SqlStore

FEW = 4_000
"""Hits of a text that are sorted in one go; more are taken week by week."""

FEW_ROWS = 10_000
"""Rows of the other filters whose text is compared one by one; of more, the hits are taken."""

WEEKS_AT_ONCE = (2, 4, 8, 16, 32, 64)
"""How many weeks each next portion has; the last number goes on."""

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
        """Return the page behind ``after``, or the one that ends just before it.

        Raises:
            EnvironmentProblem: what the disk says.
        """
        size = _bounded(size)
        question = Question.of(seller_id, filter, backwards=backwards)
        if question is None:
            return RequestPage((), more=False)
        if after is not None:
            question = question.behind(to_microseconds(after[0]), after[1])
        with self._store.reading() as uow:
            rows = list(islice(_found(uow.connection, question, size + 1), size + 1))
        shown = rows[:size]
        if backwards:
            shown.reverse()
        return RequestPage(tuple(shown), more=len(rows) > size)

    def last_page(self, seller_id: int, filter: RequestFilter, size: int) -> RequestPage:
        """Return the last ``size`` rows; ``more`` tells whether there are rows before them."""
        return self.page(seller_id, filter, size, backwards=True)

    def nth_page(
        self, seller_id: int, filter: RequestFilter, size: int, number: int
    ) -> RequestPage:
        """Return page ``number``, counted from 0; beyond the end it is empty.

        The rows before it are counted along the index alone, whose entries are small and lie
        together (about 25 ns each); the page itself is then read behind its last one.
        """
        size = _bounded(size)
        skipped = size * max(0, number)
        if skipped == 0:
            return self.page(seller_id, filter, size)
        question = Question.of(seller_id, filter)
        if question is None or skipped > LARGEST_NUMBER:
            return RequestPage((), more=False)
        with self._store.reading() as uow:
            last = _key_of(uow.connection, question, skipped)
            if last is None:
                return RequestPage((), more=False)
            question = question.behind(*last)
            rows = list(islice(_found(uow.connection, question, size + 1), size + 1))
        return RequestPage(tuple(rows[:size]), more=len(rows) > size)

    def count(self, seller_id: int, filter: RequestFilter, cap: int) -> int:
        """Return how many rows there are; ``cap + 1`` says: more than ``cap``."""
        question = Question.of(seller_id, filter)
        if question is None or cap < 0:
            return 0
        with self._store.reading() as uow:
            return _count(uow.connection, question, cap + 1)

    def state_counts(self, seller_id: int, cap: int) -> dict[RequestState, int]:
        """Return how many rows of each state there are, each counted like ``count``."""
        everything = RequestFilter()
        return {
            state: self.count(seller_id, replace(everything, state=state), cap)
            for state in RequestState
        }


def _bounded(size: int) -> int:
    return min(max(size, 1), LARGEST_PAGE)


def _run(connection: Connection, statement: Statement) -> Sequence[Sequence[object]]:
    return connection.exec_driver_sql(statement.sql, statement.values).all()


def _found(connection: Connection, question: Question, limit: int) -> Iterator[RequestRow]:
    """The rows of a question in its order: at least ``limit``, or all there are."""
    for portion in _portions(connection, question):
        for row in _run(connection, portion.rows(limit)):
            yield row_of(row)


def _portions(connection: Connection, question: Question) -> Iterator[Question]:
    """The questions that together answer one, in its order.

    A text with few hits is answered by them; a filter that leaves few rows by comparing each; what
    is frequent on both sides by the hits of some weeks after the other.
    """
    if not question.words or _number(connection, question.hits(FEW + 1)) <= FEW:
        yield question
    elif _number(connection, question.rows_of_index(FEW_ROWS + 1)) <= FEW_ROWS:
        yield question.without_words()
    else:
        near, far = (
            _number(connection, question.end(far=which)) // WEEK for which in (False, True)
        )
        yield from (question.within(weeks) for weeks in _weeks(near, far))


def _weeks(near: int, far: int) -> Iterator[list[str]]:
    """The marks of the weeks from ``near`` to ``far``, some at a time, then more."""
    step = 1 if near <= far else -1
    every = range(near, far + step, step)
    start = 0
    for length in chain(WEEKS_AT_ONCE, repeat(WEEKS_AT_ONCE[-1])):
        weeks = every[start : start + length]
        if not weeks:
            return
        yield [week_mark(week) for week in weeks]
        start += length


def _number(connection: Connection, statement: Statement) -> int:
    return int(str(_run(connection, statement)[0][0]))


def _count(connection: Connection, question: Question, cap: int) -> int:
    total = 0
    for portion in _portions(connection, question):
        total += _number(connection, portion.count(cap - total))
        if total >= cap:
            break
    return total


def _key_of(connection: Connection, question: Question, number: int) -> tuple[int, int] | None:
    """The key of row ``number`` of the answer, counted from 1; ``None`` if it has fewer."""
    for portion in _portions(connection, question):
        for at, found in _run(connection, portion.key_of(number)):
            return int(str(at)), int(str(found))
        if portion.is_whole:
            return None
        number -= _number(connection, portion.count(number))
    return None
