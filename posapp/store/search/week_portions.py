"""A query of a text index in portions of weeks: so the first rows of many matches come early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Protocol, Self, TypeVar

from sqlalchemy import Connection

from posapp.store.search.statement import Statement, numbers
from posapp.store.search_tokens import WEEK, week_mark

WEEKS_AT_ONCE = (2, 4, 8, 16, 32, 64)
"""Number of weeks in each next portion; the last number repeats."""


class WeeklyQuery(Protocol):
    """A query that can be limited to some weeks."""

    def in_weeks(self, weeks: Sequence[str]) -> Self:
        """Return the query, limited to the weeks of these marks."""
        ...

    def end(self, *, far: bool) -> Statement:
        """Select ``created_at`` of the index's first row, or with ``far`` of its last."""
        ...


Q = TypeVar("Q", bound=WeeklyQuery)


def in_weeks(connection: Connection, query: Q) -> Iterator[Q]:
    """Split a query whose index has rows into portions of weeks, in its order."""
    yield from (query.in_weeks(weeks) for weeks in _weeks(*_span(connection, query)))


def in_its_weeks(connection: Connection, query: Q, most: int) -> Q:
    """Return the query, asked for its own weeks alone if they are ``most`` at most."""
    near, far = _span(connection, query)
    weeks = range(min(near, far), max(near, far) + 1)
    return query.in_weeks([week_mark(week) for week in weeks]) if len(weeks) <= most else query


def _span(connection: Connection, query: WeeklyQuery) -> tuple[int, int]:
    """Return the weeks of the first and the last row of a query's index."""
    near, far = (numbers(connection, query.end(far=which))[0] // WEEK for which in (False, True))
    return near, far


def _weeks(near: int, far: int) -> Iterator[list[str]]:
    """Yield the marks of the weeks from ``near`` to ``far``, in growing portions."""
    step = 1 if near <= far else -1
    every = range(near, far + step, step)
    start = 0
    for length in chain(WEEKS_AT_ONCE, repeat(WEEKS_AT_ONCE[-1])):
        weeks = every[start : start + length]
        if not weeks:
            return
        yield [week_mark(week) for week in weeks]
        start += length
