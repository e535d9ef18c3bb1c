"""SQL statements of the request search, and the index that drives each of them.

Plain SQL, because it fixes the query plan: the statement names its index (SQLite refuses to run it
if the index cannot be used), and a match in the text index leads to its row, not the reverse. Rows
are converted into ``RequestRow`` here: a page of 50 takes a fifth of the time of typed columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from posapp.domain.money import Won
from posapp.domain.requests import ClosedBy, RequestKind, RequestState, undo_deadline
from posapp.domain.users import LARGEST_ID, find_id
from posapp.services.ports.requests import RefundProgress, RequestFilter, RequestRow
from posapp.store.columns import EPOCH, to_microseconds
from posapp.store.search.spellings import spellings
from posapp.store.search.statement import Condition, Statement
from posapp.store.search.time_range import range_conditions, time_order
from posapp.store.search_tokens import MARKED, buyer_query, seller_mark, text_query

_COLUMNS = (
    "r.id, r.created_at, r.buyer_id, r.buyer_name, r.item_id, r.order_id, r.product_name, r.kind,"
    " r.reason, r.state, r.processed_at, r.ended_by, r.note, r.amount, r.money, r.refund_id,"
    # As ``guard_money_certain`` refuses an approval; a free item has no money in doubt.
    " r.state = 'WAIT' AND (r.kind <> 'REFUND' OR r.amount > 0) AND EXISTS (SELECT 1"
    " FROM payments AS p JOIN mismatches AS m ON m.imp_uid = p.imp_uid"
    " WHERE p.order_id = r.order_id AND p.standing = 'ACCEPTED' AND m.settled_at IS NULL)"
)
_HITS = "SELECT rowid AS id FROM request_words WHERE request_words MATCH ?"
_IN_TEXT = "(instr(lower(r.product_name), ?) > 0 OR instr(lower(r.reason), ?) > 0)"
_NUMBERED = (
    "SELECT id FROM requests WHERE item_id = ? UNION SELECT id FROM requests WHERE order_id = ?"
)

_KINDS = {kind.value: kind for kind in RequestKind}
_STATES = {state.value: state for state in RequestState}
_MONEYS = {money.value: money for money in RefundProgress}
_ENDERS: dict[str | None, ClosedBy | None] = {None: None, **{by.value: by for by in ClosedBy}}
_Raw = tuple[
    int, int, int, str, int, int, str, str, str, str,
    int | None, str | None, str, int, str, int | None, int,
]  # fmt: skip

_WITH_UNDO = (RefundProgress.NONE, RefundProgress.WAITING)


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """A compiled request search.

    Attributes:
        index: the index that drives the query if the text index does not.
        conditions: conditions on the row that the index begins with.
        text: conditions that compare the text itself.
        inexact: those of them that a match in the text index may not meet. One or two letters are a
            mark of the index themselves.
        lower, upper: inclusive bounds of ``created_at`` in microseconds.
        sql: the query of the text index; empty if there is no text.
        terms: the same for all sellers: rare words are found 30 × faster without the seller.
        number: the item's or order's id.
        newest_first: the direction.
        key: (created_at, id) of the row after which the result continues.
        is_whole: ``False`` if it is one of several queries that share a result.
        hits: the ids to search among, in place of the text index.
    """

    index: str
    conditions: tuple[Condition, ...]
    text: tuple[Condition, ...]
    inexact: tuple[Condition, ...]
    lower: int | None
    upper: int | None
    sql: str
    terms: str
    number: int | None
    newest_first: bool
    key: tuple[int, int] | None = None
    is_whole: bool = True
    hits: tuple[int, ...] | None = None

    @staticmethod
    def of(
        seller_id: int, filters: RequestFilter, *, backwards: bool = False
    ) -> RequestQuery | None:
        """Compile a filter; ``None`` if no row can match."""
        lower = None if filters.since is None else to_microseconds(filters.since)
        upper = None if filters.until is None else to_microseconds(filters.until)
        if lower is not None and upper is not None and lower > upper:
            return None
        if filters.number is not None and not 1 <= filters.number <= LARGEST_ID:
            return None
        driving_index = _led_by(seller_id, filters)
        if driving_index is None:
            return None
        conditions: list[str] = []
        text: list[Condition] = []
        inexact: list[Condition] = []
        for typed, query, compare in (
            (filters.text, text_query, _in_text),
            (filters.buyer, buyer_query, _of_buyer),
        ):
            wanted = spellings(typed)
            if wanted:
                conditions.append(_any(map(query, wanted)))
                compared = list(map(compare, wanted))
                values = [value for _, of in compared for value in of]
                text.append((_any(one for one, _ in compared), tuple(values)))
                inexact += text[-1:] if max(map(len, wanted)) > MARKED else []
        terms = "" if filters.number else " AND ".join(conditions)
        return RequestQuery(
            *driving_index,
            tuple(text),
            tuple(inexact),
            lower,
            upper,
            f"{seller_mark(seller_id)} AND {terms}" if terms else "",
            terms,
            filters.number,
            newest_first=filters.oldest_first is backwards,
        )

    def after(self, at: int, number: int) -> RequestQuery:
        """Return the query, continued after a row."""
        return replace(self, key=(at, number))

    def in_weeks(self, weeks: Sequence[str]) -> RequestQuery:
        """Return the query, limited to these weeks."""
        conditions = f"{self.sql} AND ({' OR '.join(weeks)})"
        return replace(self, sql=conditions, is_whole=False)

    def of_all_sellers(self) -> RequestQuery:
        """Return the query without the seller in the text index: rows are still compared."""
        return replace(self, sql=self.terms)

    def without_text(self) -> RequestQuery:
        """Return the query without the text index: it compares the text of every row."""
        return replace(self, sql="")

    def among(self, hits: Sequence[int]) -> RequestQuery:
        """Return the query, limited to these ids: all that the text index finds."""
        return replace(self, hits=tuple(hits))

    def rows(self, limit: int) -> Statement:
        """Select the first rows of the result."""
        return self._statement(
            f"SELECT {_COLUMNS}", self._compared, f"{self._order} LIMIT ?", limit
        )

    def key_of(self, number: int) -> Statement:
        """Select the key of the result's row ``number``, counted from 1."""
        ending = f"{self._order} LIMIT 1 OFFSET ?"
        return self._statement("SELECT r.created_at, r.id", self._compared, ending, number - 1)

    def count(self, cap: int) -> Statement:
        """Count the rows, at most ``cap``."""
        inner = self._statement("SELECT 1", self._compared, "LIMIT ?", cap)
        return Statement(f"SELECT count(*) FROM ({inner.sql})", inner.values)  # noqa: S608

    def count_by_state(self) -> Statement:
        """Count the rows of each state."""
        return self._statement(
            "SELECT r.state, count(*)", self._compared, "GROUP BY r.state LIMIT ?", 9
        )

    def states(self) -> Statement:
        """Select the state of each row, in no order."""
        return self._statement("SELECT r.state", self._compared, "LIMIT ?", -1)

    def end(self, *, far: bool) -> Statement:
        """Select ``created_at`` of the index's first row, or with ``far`` of its last."""
        along = replace(self, sql="", newest_first=self.newest_first is not far)
        bounds = self._bounds()
        return along._statement(
            "SELECT r.created_at", (), f"{along._order} LIMIT ?", 1, bounds=bounds
        )

    def rows_of_index(self, cap: int) -> Statement:
        """Count the index's rows before the text comparison, at most ``cap``."""
        inner = replace(self, sql="")._statement("SELECT 1", (), "LIMIT ?", cap)
        return Statement(f"SELECT count(*) FROM ({inner.sql})", inner.values)  # noqa: S608

    def found(self, cap: int, *, of_seller: bool) -> Statement:
        """Select the ids of the requests that match the text index, at most ``cap``.

        Args:
            of_seller: only those of the seller.
        """
        return Statement(f"{_HITS} LIMIT ?", (self.sql if of_seller else self.terms, cap))

    def own_of_first(self, hits: int) -> Statement:
        """Count the seller's requests among the first hits of all sellers in the text index."""
        (seller, of), *_ = self.conditions
        sql = (
            f"SELECT count(*) FROM ({_HITS} LIMIT ?) AS h"  # noqa: S608
            f" CROSS JOIN requests AS r NOT INDEXED ON r.id = h.id WHERE {seller}"
        )
        return Statement(sql, (self.terms, hits, *of))

    @property
    def _compared(self) -> tuple[Condition, ...]:
        """The text conditions that rows must be compared by."""
        return self.inexact if self.sql and self.number is None else self.text

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
        values: list[object] = []
        said: list[str] = []
        if self.number is not None:
            source = f"({_NUMBERED}) AS h CROSS JOIN requests AS r NOT INDEXED ON r.id = h.id"
            values += [self.number, self.number]
        elif self.hits is not None:
            source = "requests AS r NOT INDEXED"
            # In the text, since parameters are limited; each is a number of the index itself. No
            # request has the number 0.
            said.append(f"r.id IN ({', '.join(map(str, self.hits)) or '0'})")
        elif self.sql:
            source = f"({_HITS}) AS h CROSS JOIN requests AS r NOT INDEXED ON r.id = h.id"
            values.append(self.sql)
        else:
            source = f"requests AS r INDEXED BY {self.index}"
        for condition, of in (*self.conditions, *(bounds or self._bounds()), *text):
            said.append(condition)
            values += of
        sql = f"{head} FROM {source} WHERE {' AND '.join(said)} {ending}"
        return Statement(sql, (*values, limit))

    def _bounds(self) -> tuple[Condition, ...]:
        return range_conditions(self.lower, self.upper, self.key, newest_first=self.newest_first)


def requests_of_buyer(buyer_id: int, key: tuple[int, int] | None, limit: int) -> Statement:
    """Select a buyer's requests, newest first.

    Args:
        key: (created_at, id) of the row after which they continue.
    """
    bound = "" if key is None else " AND (r.created_at, r.id) < (?, ?)"
    sql = (
        f"SELECT {_COLUMNS} FROM requests AS r INDEXED BY ix_requests_buyer"  # noqa: S608
        f" WHERE r.buyer_id = ?{bound} ORDER BY r.created_at DESC, r.id DESC LIMIT ?"
    )
    return Statement(sql, (buyer_id, *(key or ()), limit))


def _led_by(seller_id: int, filters: RequestFilter) -> tuple[str, tuple[Condition, ...]] | None:
    """Return index and conditions for kind, state and money; ``None`` if no row can match.

    By the table's CHECKs only approved refunds have a money state other than ``NONE``; those of 0
    won have ``NONE`` too. So a filter by another money state needs no condition on kind and state,
    and only approved requests need one on ``NONE``.
    """
    kind, state, money = filters.kind, filters.state, filters.money
    seller: Condition = ("r.seller_id = ?", (seller_id,))
    if money is not None and money is not RefundProgress.NONE:
        if kind is RequestKind.EXCHANGE or state not in (None, RequestState.OK):
            return None
        return "ix_requests_money", (seller, ("r.money = ?", (money.value,)))
    of_none: list[Condition] = []
    if money is RefundProgress.NONE:
        if state is RequestState.OK and kind is not RequestKind.EXCHANGE:
            of_none.append(("r.money = ?", (money.value,)))
        elif state is None and kind is RequestKind.REFUND:
            of_kind: Condition = ("r.kind = ?", (kind.value,))
            return "ix_requests_kind", (seller, of_kind, ("r.money = ?", (money.value,)))
        elif state is None and kind is None:
            return "ix_requests_money", (seller, ("r.money = ?", (money.value,)))
    states: list[Condition] = [("r.state = ?", (state.value,))] if state else []
    kinds: list[Condition] = [("r.kind = ?", (kind.value,))] if kind else []
    if states and kinds:
        index = "ix_requests_both"
    elif states:
        index = "ix_requests_state"
    else:
        index = "ix_requests_kind" if kinds else "ix_requests_seller"
    return index, (seller, *states, *kinds, *of_none)


def _in_text(text: str) -> Condition:
    return _IN_TEXT, (text, text)


def _of_buyer(buyer: str) -> Condition:
    named = "instr(lower(r.buyer_name), ?) > 0"
    number = find_id(buyer)
    if number is not None:
        return f"({named} OR r.buyer_id = ?)", (buyer, number)
    return named, (buyer,)


def _any(conditions: Iterable[str]) -> str:
    first, *others = conditions
    return f"({' OR '.join((first, *others))})" if others else first


def request_row_of(row: Sequence[object]) -> RequestRow:
    """Convert a raw SQLite row into a ``RequestRow``."""
    (
        number, created, buyer_id, buyer_name, item_id, order_id, product, kind,
        reason, state, processed, ended_by, note, amount, money, refund_id,
        in_doubt,
    ) = cast(_Raw, row)  # fmt: skip
    processed_at = None if processed is None else EPOCH + timedelta(microseconds=processed)
    ender = _ENDERS[ended_by]
    where = _MONEYS[money]
    return RequestRow(
        number,
        EPOCH + timedelta(microseconds=created),
        buyer_id,
        buyer_name,
        item_id,
        order_id,
        product,
        _KINDS[kind],
        reason,
        _STATES[state],
        processed_at,
        ender,
        note,
        Won(amount),
        where,
        undo_deadline(ender, processed_at) if where in _WITH_UNDO else None,
        refund_id,
        bool(in_doubt),
    )
