"""The search of orders as a query along an index of orders, or by their text index."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from posapp.domain.codes import barcode_spellings
from posapp.domain.order_segments import OrderSegment
from posapp.services.ports.order_search import OrderFilter
from posapp.store.columns import to_microseconds, to_storable_text
from posapp.store.order_marks import (
    MARKED,
    amount_mark,
    number_mark,
    phone_query,
    product_mark,
    word_query,
)
from posapp.store.search.indexed_query import IndexedQuery, SearchedTable
from posapp.store.search.order_terms import Term, terms_of
from posapp.store.search.statement import Condition, Statement, numbers

_TABLE = SearchedTable(
    name="orders",
    text_index="order_words",
    columns="r.id",
    group="r.segment || r.has_cancelled",
)
_IN_A_SEGMENT = (OrderSegment.OPEN, OrderSegment.PAID, OrderSegment.DELIVERY)

COUNTED_IN = {
    f"{segment}{cancelled}": (
        None,
        *([OrderSegment(segment)] if segment in _IN_A_SEGMENT else []),
        *([OrderSegment.CANCELLED] if cancelled else []),
    )
    for segment in (*_IN_A_SEGMENT, "CLAIMED", "CANCELLED")
    for cancelled in (0, 1)
}
"""The segments that an order is counted in, by the table's group; ``None`` is all orders."""

MOST_PRODUCTS = 20
"""Maximum products with one barcode that are searched for."""

_WITH_BARCODE = "SELECT id FROM products WHERE lower(barcode) IN ({}) ORDER BY id LIMIT ?"
_OF_PAYMENT = "SELECT order_id FROM payments WHERE imp_uid = ?"


@dataclass(frozen=True, slots=True)
class OrderTexts:
    """The text of a search, as the text index and the rows are asked for it.

    Attributes:
        marks: the query of the text index; empty without a text.
        compared: one condition a word.
        inexact: those that a match in the text index may not meet.
        named: the number of an order that the whole text may name, or ``None``.
        is_possible: ``False`` if the text has a character that no stored text has.
    """

    marks: str = ""
    compared: tuple[Condition, ...] = ()
    inexact: tuple[Condition, ...] = ()
    named: int | None = None
    is_possible: bool = True

    @classmethod
    def of(cls, connection: Connection, text: str) -> OrderTexts:
        """Compile a text. Barcodes and numbers of payments are looked up first."""
        terms = terms_of(text)
        parts = [_TermQuery.of(connection, term) for term in terms]
        return cls(
            " AND ".join(part.marks for part in parts),
            tuple(part.condition for part in parts),
            tuple(part.condition for part in parts if not part.is_exact),
            terms[0].number if len(terms) == 1 else None,
            to_storable_text(text) == text,
        )


@dataclass(frozen=True, slots=True)
class _TermQuery:
    marks: str
    condition: Condition
    is_exact: bool

    @classmethod
    def of(cls, connection: Connection, term: Term) -> _TermQuery:
        marks: list[str] = []
        said: list[str] = []
        values: list[object] = []
        if term.word:
            marks.append(word_query(term.word))
            said.append("instr(r.goods_text, ?) > 0 OR instr(r.buyer_text, ?) > 0")
            values += (term.word, term.word)
        if term.phone:
            marks.append(phone_query(term.phone))
            said.append("instr(r.phone_digits, ?) > 0")
            values.append(term.phone)
        if term.number is not None:
            marks.append(number_mark(term.number))
            said.append("r.id = ?")
            values.append(term.number)
            if term.word:
                marks.append(amount_mark(term.number))
                said.append("? IN (r.amount, r.ordered)")
                values.append(term.number)
        products = _products(connection, term.code)
        if products:
            marks += map(product_mark, products)
            said.append(
                "EXISTS (SELECT 1 FROM order_items AS i WHERE i.order_id = r.id"  # noqa: S608
                f" AND i.product_id IN ({', '.join('?' * len(products))}))"
            )
            values += products
        for order in _paid(connection, term.code):
            marks.append(number_mark(order))
            said.append("r.id = ?")
            values.append(order)
        is_exact = len(term.word) <= MARKED and not term.phone
        return cls(f"({' OR '.join(marks)})", (f"({' OR '.join(said)})", tuple(values)), is_exact)


def _products(connection: Connection, code: str) -> list[int]:
    spellings = barcode_spellings(code) if code else ()
    if not spellings:
        return []
    sql = _WITH_BARCODE.format(", ".join("?" * len(spellings)))
    return numbers(connection, Statement(sql, (*spellings, MOST_PRODUCTS)))


def _paid(connection: Connection, code: str) -> list[int]:
    return numbers(connection, Statement(_OF_PAYMENT, (code,))) if code else []


def order_query(
    texts: OrderTexts, filter: OrderFilter, segment: OrderSegment | None
) -> IndexedQuery | None:
    """Return the query of a filter, with this segment; ``None`` if no order can match."""
    lower = None if filter.since is None else to_microseconds(filter.since)
    upper = None if filter.until is None else to_microseconds(filter.until)
    if not texts.is_possible or (lower is not None and upper is not None and lower > upper):
        return None
    index, conditions = _led_by(segment)
    return IndexedQuery(
        _TABLE,
        index,
        conditions,
        texts.compared,
        texts.inexact,
        lower,
        upper,
        texts.marks,
    )


def _led_by(segment: OrderSegment | None) -> tuple[str, tuple[Condition, ...]]:
    if segment is None:
        return "ix_orders_created", ()
    if segment is OrderSegment.CANCELLED:
        return "ix_orders_cancelled", (("r.has_cancelled = 1", ()),)
    return "ix_orders_segment", (("r.segment = ?", (segment.value,)),)
