"""A search along one index of a table, or by its text index: the SQL of its statements.

The index ends in ``(created_at, id)``, which is the order of the result; a page continues after a
row by comparing row values. A match in the text index leads to its row, not the reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from posapp.store.search.statement import Condition, Statement
from posapp.store.search.time_range import range_conditions, time_order


@dataclass(frozen=True, slots=True)
class SearchedTable:
    """A table with a text index.

    Attributes:
        name: its columns ``id`` and ``created_at`` are the order of a result; ``r`` is its alias.
        text_index: its row ids are the table's.
        columns: what a row of a result has.
        group: the expression by which rows are counted.
    """

    name: str
    text_index: str
    columns: str
    group: str


@dataclass(frozen=True, slots=True)
class IndexedQuery:
    """A compiled search.

    Attributes:
        index: the index that drives the query if the text index does not.
        conditions: conditions on the row that the index begins with.
        text: conditions that compare the text itself.
        inexact: those of them that a match in the text index may not meet.
        lower, upper: inclusive bounds of ``created_at`` in microseconds.
        marks: the query of the text index; empty if there is no text.
        newest_first: the direction.
        key: (created_at, id) of the row after which the result continues.
        hits: the ids to search among, in place of the text index.
    """

    table: SearchedTable
    index: str
    conditions: tuple[Condition, ...] = ()
    text: tuple[Condition, ...] = ()
    inexact: tuple[Condition, ...] = ()
    lower: int | None = None
    upper: int | None = None
    marks: str = ""
    newest_first: bool = True
    key: tuple[int, int] | None = None
    hits: tuple[int, ...] | None = None

    def after(self, at: int, number: int) -> IndexedQuery:
        """Return the query, continued after a row."""
        return replace(self, key=(at, number))

    def in_weeks(self, weeks: Sequence[str]) -> IndexedQuery:
        """Return the query, limited to the weeks of these marks."""
        return replace(self, marks=f"{self.marks} AND ({' OR '.join(weeks)})")

    def without_marks(self) -> IndexedQuery:
        """Return the query without the text index: it compares the text of every row."""
        return replace(self, marks="")

    def among(self, hits: Sequence[int]) -> IndexedQuery:
        """Return the query, limited to these ids: all that the text index finds."""
        return replace(self, hits=tuple(hits))

    def rows(self, limit: int) -> Statement:
        """Select the first rows of the result."""
        return self._statement(
            f"SELECT {self.table.columns}", self._compared, f"{self._order} LIMIT ?", limit
        )

    def count(self, cap: int) -> Statement:
        """Count the rows, at most ``cap``."""
        inner = self._statement("SELECT 1", self._compared, "LIMIT ?", cap)
        return Statement(f"SELECT count(*) FROM ({inner.sql})", inner.values)  # noqa: S608

    def groups(self) -> Statement:
        """Select the group of each row, in no order."""
        return self._statement(f"SELECT {self.table.group}", self._compared, "LIMIT ?", -1)

    def end(self, *, far: bool) -> Statement:
        """Select ``created_at`` of the index's first row, or with ``far`` of its last."""
        along = replace(self, marks="", hits=None, newest_first=self.newest_first is not far)
        bounds = self._bounds()
        ending = f"{along._order} LIMIT ?"
        return along._statement("SELECT r.created_at", (), ending, 1, bounds=bounds)

    def rows_of_index(self, cap: int) -> Statement:
        """Count the index's rows before the text comparison, at most ``cap``."""
        inner = replace(self, marks="", hits=None)._statement("SELECT 1", (), "LIMIT ?", cap)
        return Statement(f"SELECT count(*) FROM ({inner.sql})", inner.values)  # noqa: S608

    def found(self, cap: int) -> Statement:
        """Select the ids that match the text index, at most ``cap``."""
        return Statement(f"{self._hits} LIMIT ?", (self.marks, cap))

    @property
    def _hits(self) -> str:
        index = self.table.text_index
        return f"SELECT rowid AS id FROM {index} WHERE {index} MATCH ?"  # noqa: S608

    @property
    def _compared(self) -> tuple[Condition, ...]:
        """The text conditions that rows must be compared by."""
        return self.inexact if self.marks else self.text

    @property
    def _order(self) -> str:
        return time_order(newest_first=self.newest_first)

    def _statement(
        self,
        head: str,
        text: Sequence[Condition],
        ending: str,
        limit: int,
        *,
        bounds: Sequence[Condition] | None = None,
    ) -> Statement:
        name = self.table.name
        values: list[object] = []
        said: list[str] = []
        if self.hits is not None:
            source = f"{name} AS r NOT INDEXED"
            # In the text, since parameters are limited; each is a number of the index itself.
            said.append(f"r.id IN ({', '.join(map(str, self.hits))})")
        elif self.marks:
            source = f"({self._hits}) AS h CROSS JOIN {name} AS r NOT INDEXED ON r.id = h.id"
            values.append(self.marks)
        else:
            source = f"{name} AS r INDEXED BY {self.index}"
        if bounds is None:
            bounds = self._bounds()
        for condition, of in (*self.conditions, *bounds, *text):
            said.append(condition)
            values += of
        where = f" WHERE {' AND '.join(said)}" if said else ""
        return Statement(f"{head} FROM {source}{where} {ending}", (*values, limit))

    def _bounds(self) -> tuple[Condition, ...]:
        return range_conditions(self.lower, self.upper, self.key, newest_first=self.newest_first)
