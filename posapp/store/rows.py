"""From a dataclass to a row's values, and from a broken constraint to its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def fields(record: DataclassInstance, without: Collection[str] = ()) -> dict[str, object]:
    """Return a record's fields by name; columns carry the same names."""
    return {
        field.name: getattr(record, field.name)
        for field in dataclasses.fields(record)
        if field.name not in without
    }


def clash(error: IntegrityError, *columns: str) -> bool:
    """Tell whether ``table.column`` was to be unique and was not.

    SQLite names the columns of the index, not the index (``UNIQUE constraint failed: a.b``).
    """
    return str(error.orig) == f"UNIQUE constraint failed: {', '.join(columns)}"
