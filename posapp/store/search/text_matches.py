"""How the rows of an ``IndexedQuery`` with a text are read: rare and frequent words are both fast.

A rare text is found by its matches, which are sorted at once. If the other filters leave few rows,
the text of each is compared. If both are many, the matches are read some weeks at a time, in the
order of the result, until there are enough. Counting needs no order: it reads matches as the text
index yields them, until there are enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import TypeVar

from sqlalchemy import Connection

from posapp.store.search.indexed_query import IndexedQuery
from posapp.store.search.statement import numbers, run
from posapp.store.search.week_portions import WEEKS_AT_ONCE, in_its_weeks, in_weeks

SMALL_RESULT = 2_000
"""Maximum text matches that are sorted at once; more are read week by week."""

FEW_ROWS = 10_000
"""Maximum rows of the other filters whose text is compared directly; else the text index is
used."""

GROUPS_AT_ONCE = 500
"""Number of matches whose groups are read at once while they are counted."""


G = TypeVar("G")
"""What rows are counted by."""


def first_rows(connection: Connection, query: IndexedQuery, limit: int) -> list[Sequence[object]]:
    """Return the first ``limit`` rows of a result, in its order."""
    easy = _easy(connection, query)
    portions = iter((easy,)) if easy is not None else in_weeks(connection, query)
    every = chain.from_iterable(run(connection, one.rows(limit)) for one in portions)
    return list(islice(every, limit))


def count_groups(
    connection: Connection,
    query: IndexedQuery,
    of_groups: Mapping[G, IndexedQuery | None],
    cap: int,
    *,
    counted_in: Mapping[str, Sequence[G]],
) -> dict[G, int]:
    """Return the number of rows of several queries that differ in their group, each at most
    ``cap``.

    Args:
        query: the query without a group.
        of_groups: the query of each group; ``None`` if no row can match.
        counted_in: the groups that a row is counted in, by the table's expression ``group``.

    Without a text each group is a range of an index. The matches of a text are read once for all
    groups, until there are enough of each; a group with few rows compares the text of each of them
    instead.
    """
    found = dict.fromkeys(of_groups, 0)
    possible = {group: one for group, one in of_groups.items() if one is not None}
    if not query.marks:
        return found | {
            group: numbers(connection, one.count(cap))[0] for group, one in possible.items()
        }
    easy = _easy(connection, query)
    if easy is not None:
        return found | _stream(connection, easy, list(possible), cap, counted_in)
    many = []
    for group, one in possible.items():
        if numbers(connection, one.rows_of_index(FEW_ROWS + 1))[0] <= FEW_ROWS:
            found[group] = numbers(connection, one.without_marks().count(cap))[0]
        else:
            many.append(group)
    if many:
        found |= _stream(
            connection, in_its_weeks(connection, query, WEEKS_AT_ONCE[-1]), many, cap, counted_in
        )
    return found


def _stream(
    connection: Connection,
    query: IndexedQuery,
    wanted: Sequence[G],
    cap: int,
    counted_in: Mapping[str, Sequence[G]],
) -> dict[G, int]:
    counted: Counter[G] = Counter()
    statement = query.groups()
    with connection.exec_driver_sql(statement.sql, statement.values) as result:
        for some in result.scalars().partitions(GROUPS_AT_ONCE):
            for value, number in Counter(some).items():
                counted.update(dict.fromkeys(counted_in[str(value)], number))
            if all(counted[group] >= cap for group in wanted):
                break
    return {group: min(counted[group], cap) for group in wanted}


def _easy(connection: Connection, query: IndexedQuery) -> IndexedQuery | None:
    """Return a query with the same result that reads few rows, or ``None`` if there is none: one
    without a text, with a rare text, or whose other filters leave few rows."""
    if not query.marks:
        return query
    rare = numbers(connection, query.found(SMALL_RESULT + 1))
    if len(rare) <= SMALL_RESULT:
        return query.among(rare)
    if numbers(connection, query.rows_of_index(FEW_ROWS + 1))[0] <= FEW_ROWS:
        return query.without_marks()
    return None
