"""Record lists of a JSON file: yields records with their paths, reports unknown and double keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from posapp.services.importing.import_errors import Cause, Complaints
from posapp.services.importing.located_json import Located
from posapp.services.importing.rows import RowReader

R = TypeVar("R")

KEYS: dict[str, frozenset[str]] = {
    "users": frozenset({"id", "name", "nickname", "email", "phone", "status"}),
    "products": frozenset(
        {"id", "seller_id", "name", "price", "stock", "barcode", "category", "active"}
    ),
    "orders": frozenset({"id", "buyer_id", "created_at", "items"}),
    "items": frozenset(
        {"id", "product_id", "seller_id", "name", "price", "count", "status", "cancel_reason"}
    ),
    "payments": frozenset(
        {
            "order_id",
            "imp_uid",
            "merchant_uid",
            "amount",
            "paid_at",
            "sandbox",
            "receipt_url",
            "cancellations",
        }
    ),
    "requests": frozenset(
        {
            "item_id",
            "kind",
            "state",
            "reason",
            "created_at",
            "processed_at",
            "ended_by",
            "note",
        }
    ),
    "cancellations": frozenset({"item_id", "cancellation_id", "amount", "reason", "cancelled_at"}),
}
"""Allowed keys of a record, by list."""


class RecordLists:
    """Walks the lists of a file; reports each unknown key once, at its first occurrence."""

    def __init__(self, complaints: Complaints) -> None:
        self._complaints = complaints
        self._strange: set[tuple[str, str]] = set()

    def walk(self, name: str, of: Located, where: str = "") -> Iterator[tuple[RowReader, Located]]:
        """Yield the objects of the list ``name``; any other value adds a complaint."""
        path = f"{where}.{name}" if where else name
        records = of.get(name, [])
        if not isinstance(records, list):
            self._complaints.add(of.line, Cause.WRONG_SHAPE, path)
            return
        for number, record in enumerate(records):
            row = RowReader(self._complaints, of.line, f"{path}[{number}]")
            if not isinstance(record, Located):
                row.complain(Cause.WRONG_SHAPE, value=record)
                continue
            row.line = record.line
            for key in record.twice:
                row.complain(Cause.COLUMN_TWICE, key[:60])
            for key in sorted(record.keys() - KEYS[name]):
                if (name, key) not in self._strange:
                    self._strange.add((name, key))
                    field = f"{row.where}.{key[:60]}"
                    self._complaints.add(row.line, Cause.COLUMN_UNKNOWN, field)
            yield row, record


def unique(rows: Iterable[tuple[RowReader, int, R]]) -> dict[int, R]:
    """Return the good records by id. Of two with the same id neither is taken: the right one is
    unknown."""
    found: dict[int, R] = {}
    lines: dict[int, int] = {}
    bad: set[int] = set()
    for row, number, record in rows:
        if number and number in lines:
            row.complain(Cause.DUPLICATE, "id", number, first_line=lines[number])
        lines.setdefault(number, row.line)
        if row.bad:
            bad.add(number)
        else:
            found[number] = record
    return {number: record for number, record in found.items() if number not in bad}
