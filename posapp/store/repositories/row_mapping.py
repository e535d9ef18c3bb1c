"""Mapping of dataclasses to rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


STORED_AS: Mapping[str, str] = {
    "checks_after_end": "checks_done",
    "disposition": "standing",
    "event": "fact",
    "expected_balance": "checksum",
    "first_seen_at": "opened_at",
    "gateway_code": "raw_code",
    "gateway_message": "raw_text",
    "is_counter": "counter",
    "is_favourite": "favourite",
    "is_tracked": "tracked",
    "goods_gap": "gap",
    "last_unknown_at": "unclear_at",
    "requested_by": "asked_by",
    "resolved_at": "settled_at",
    "send_count": "sends",
}
"""Fields whose column has another name."""

_FIELDS = {column: field for field, column in STORED_AS.items()}


def fields_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values by field name."""
    return {_FIELDS.get(column, column): value for column, value in row.items()}


def columns_of(record: type[DataclassInstance]) -> tuple[str, ...]:
    """Return the columns of a record's fields, in their order."""
    names = (field.name for field in dataclasses.fields(record))
    return tuple(STORED_AS.get(name, name) for name in names)


def to_row(record: DataclassInstance, without: Collection[str] = ()) -> dict[str, object]:
    """Return a record's fields by column name."""
    return {
        STORED_AS.get(field.name, field.name): getattr(record, field.name)
        for field in dataclasses.fields(record)
        if field.name not in without
    }
