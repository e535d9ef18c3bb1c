"""The statements of the request search: what is asked, and which index answers it.

Plain SQL, because the plan is part of what is said: the index is named (SQLite refuses to run the
statement if it cannot be used), and a hit of the index of words leads to its row and not the other
way round. Rows come as SQLite has them, and are made into ``RequestRow`` here: a page of 50 takes
a fifth of the time that typed columns take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from posapp.domain.money import Won
from posapp.domain.people import LARGEST_ID
from posapp.domain.requests import EndedBy, RequestKind, RequestState, undo_end
from posapp.services.ports.requests import MoneyState, RequestFilter, RequestRow
from posapp.store.columns import EPOCH, to_microseconds
from posapp.store.request_marks import (
    buyer_query,
    comparable,
    lowered,
    seller_mark,
    words_query,
)

_COLUMNS = (
    "r.id, r.created_at, r.buyer_id, r.buyer_name, r.item_id, r.order_id, r.product_name, r.kind,"
    " r.reason, r.state, r.processed_at, r.ended_by, r.note, r.amount, r.money, r.refund_id,"
    # As ``guard_money_certain`` refuses an approval; what cost nothing has no money to doubt.
    " r.state = 'WAIT' AND (r.kind <> 'REFUND' OR r.amount > 0) AND EXISTS (SELECT 1"
    " FROM payments AS p JOIN mismatches AS m ON m.imp_uid = p.imp_uid"
    " WHERE p.order_id = r.order_id AND p.standing = 'ACCEPTED' AND m.settled_at IS NULL)"
)
_HITS = "SELECT rowid AS id FROM request_words WHERE request_words MATCH ?"
_IN_WORDS = "(instr(lower(r.product_name), ?) > 0 OR instr(lower(r.reason), ?) > 0)"
_NUMBERED = (
    "SELECT id FROM requests WHERE item_id = ? UNION SELECT id FROM requests WHERE order_id = ?"
)

_KINDS = {kind.value: kind for kind in RequestKind}
_STATES = {state.value: state for state in RequestState}
_MONEYS = {money.value: money for money in MoneyState}
_ENDERS: dict[str | None, EndedBy | None] = {None: None, **{by.value: by for by in EndedBy}}
_Raw = tuple[
    int, int, int, str, int, int, str, str, str, str,
    int | None, str | None, str, int, str, int | None, int,
]  # fmt: skip

LONGEST_TEXT = 100
"""Characters of a search text that count."""

_WITH_UNDO = (MoneyState.NONE, MoneyState.WAITING)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its values, in the order of its question marks."""

    sql: str
    values: tuple[object, ...]


Condition = tuple[str, tuple[object, ...]]
"""A condition on a row ``r``, and its values."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, ready to be said in SQL.

    Attributes:
        index: the one that drives it where no hits do.
        conditions: on the row: first those that the index begins with, then the text itself.
        lower, upper: bounds of ``created_at`` in microseconds, both included.
        words: what the index of words is asked; empty if there is no text.
        number: the item's or order's id.
        newest_first: the direction that is walked.
        key: (created_at, id) of the row behind which it goes on.
        is_whole: it is not one of several that answer together.
    """

    index: str
    conditions: tuple[Condition, ...]
    text: tuple[Condition, ...]
    lower: int | None
    upper: int | None
    words: str
    number: int | None
    newest_first: bool
    key: tuple[int, int] | None = None
    is_whole: bool = True

    @staticmethod
    def of(seller_id: int, asked: RequestFilter, *, backwards: bool = False) -> Question | None:
        """Return the question behind a filter; ``None`` if nothing can answer it."""
        lower = None if asked.since is None else to_microseconds(asked.since)
        upper = None if asked.until is None else to_microseconds(asked.until)
        if lower is not None and upper is not None and lower > upper:
            return None
        if asked.number is not None and not 1 <= asked.number <= LARGEST_ID:
            return None
        led = _led_by(seller_id, asked)
        if led is None:
            return None
        words: list[str] = []
        text: list[Condition] = []
        wanted = comparable(asked.text).strip()[:LONGEST_TEXT]
        if wanted:
            words.append(words_query(wanted))
            text.append((_IN_WORDS, (lowered(wanted), lowered(wanted))))
        buyer = comparable(asked.buyer).strip()[:LONGEST_TEXT]
        if buyer:
            words.append(buyer_query(buyer))
            text.append(_of_buyer(buyer))
        return Question(
            *led,
            tuple(text),
            lower,
            upper,
            " AND ".join([seller_mark(seller_id), *words]) if words and not asked.number else "",
            asked.number,
            newest_first=asked.oldest_first is backwards,
        )

    def behind(self, at: int, number: int) -> Question:
        """The same, going on behind a row."""
        return replace(self, key=(at, number))

    def within(self, weeks: Sequence[str]) -> Question:
        """The same, of these weeks only."""
        words = f"{self.words} AND ({' OR '.join(weeks)})"
        return replace(self, words=words, is_whole=False)

    def without_words(self) -> Question:
        """The same, along the index of its other conditions: every row's text is compared."""
        return replace(self, words="")

    def rows(self, limit: int) -> Statement:
        """The first rows of the answer."""
        return self._statement(f"SELECT {_COLUMNS}", self.text, f"{self._order} LIMIT ?", limit)

    def key_of(self, number: int) -> Statement:
        """The key of row ``number`` of the answer, counted from 1."""
        ending = f"{self._order} LIMIT 1 OFFSET ?"
        return self._statement("SELECT r.created_at, r.id", self.text, ending, number - 1)

    def count(self, cap: int) -> Statement:
        """How many rows, counted no further than ``cap``."""
        inner = self._statement("SELECT 1", self.text, "LIMIT ?", cap)
        return Statement(f"SELECT count(*) FROM ({inner.sql})", inner.values)  # noqa: S608

    def end(self, *, far: bool) -> Statement:
        """``created_at`` of the first, or with ``far`` the last, row that the index can give."""
        along = replace(self, words="", newest_first=self.newest_first is not far)
        bounds = self._bounds()
        return along._statement(
            "SELECT r.created_at", (), f"{along._order} LIMIT ?", 1, bounds=bounds
        )

    def rows_of_index(self, cap: int) -> Statement:
        """How many rows the index gives before their text is compared, no further than ``cap``."""
        inner = replace(self, words="")._statement("SELECT 1", (), "LIMIT ?", cap)
        return Statement(f"SELECT count(*) FROM ({inner.sql})", inner.values)  # noqa: S608

    def hits(self, cap: int) -> Statement:
        """How many requests have the marks, counted no further than ``cap``."""
        return Statement(f"SELECT count(*) FROM ({_HITS} LIMIT ?)", (self.words, cap))  # noqa: S608

    @property
    def _order(self) -> str:
        way = "DESC" if self.newest_first else "ASC"
        return f"ORDER BY r.created_at {way}, r.id {way}"

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
        if self.number is not None:
            source = f"({_NUMBERED}) AS h CROSS JOIN requests AS r NOT INDEXED ON r.id = h.id"
            values += [self.number, self.number]
        elif self.words:
            source = f"({_HITS}) AS h CROSS JOIN requests AS r NOT INDEXED ON r.id = h.id"
            values.append(self.words)
        else:
            source = f"requests AS r INDEXED BY {self.index}"
        said: list[str] = []
        for condition, of in (*self.conditions, *(bounds or self._bounds()), *text):
            said.append(condition)
            values += of
        sql = f"{head} FROM {source} WHERE {' AND '.join(said)} {ending}"
        return Statement(sql, (*values, limit))

    def _bounds(self) -> tuple[Condition, ...]:
        """Where the walk begins and ends.

        Only one bound is said for the side where it begins: of two, SQLite would seek by the one
        and step over everything up to the other.
        """
        lower, upper, key = self.lower, self.upper, self.key
        found: list[Condition] = []
        if key is not None:
            beginning = upper if self.newest_first else lower
            ahead = beginning is None or (
                key[0] <= beginning if self.newest_first else key[0] >= beginning
            )
            if ahead:
                sign = "<" if self.newest_first else ">"
                found.append((f"(r.created_at, r.id) {sign} (?, ?)", key))
                lower, upper = (lower, None) if self.newest_first else (None, upper)
        if lower is not None:
            found.append(("r.created_at >= ?", (lower,)))
        if upper is not None:
            found.append(("r.created_at <= ?", (upper,)))
        return tuple(found)


def _led_by(seller_id: int, asked: RequestFilter) -> tuple[str, tuple[Condition, ...]] | None:
    """The index for kind, state and money, and the conditions on it; ``None``: nothing can fit.

    A table's CHECK says that just the approved refunds have money on its way, so that a money
    state goes without kind and state, or they without it.
    """
    kind, state, money = asked.kind, asked.state, asked.money
    seller: Condition = ("r.seller_id = ?", (seller_id,))
    if money is not None and money is not MoneyState.NONE:
        if kind is RequestKind.EXCHANGE or state not in (None, RequestState.OK):
            return None
        return "ix_requests_money", (seller, ("r.money = ?", (money.value,)))
    if money is MoneyState.NONE:
        if state is RequestState.OK:
            if kind is RequestKind.REFUND:
                return None
            kind = RequestKind.EXCHANGE
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
    return index, (seller, *states, *kinds)


def _of_buyer(buyer: str) -> Condition:
    named = "instr(lower(r.buyer_name), ?) > 0"
    if buyer.isascii() and buyer.isdigit() and int(buyer) <= LARGEST_ID:
        return f"({named} OR r.buyer_id = ?)", (lowered(buyer), int(buyer))
    return named, (lowered(buyer),)


def row_of(row: Sequence[object]) -> RequestRow:
    """Make a row of the table out of what SQLite has."""
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
        undo_end(ender, processed_at) if where in _WITH_UNDO else None,
        refund_id,
        bool(in_doubt),
    )
