"""Order and range of a search's rows by ``(created_at, id)``, along an index that ends in them."""

from __future__ import annotations

from posapp.store.search.statement import Condition


def time_order(*, newest_first: bool) -> str:
    """Return the ``ORDER BY`` of rows ``r``."""
    way = "DESC" if newest_first else "ASC"
    return f"ORDER BY r.created_at {way}, r.id {way}"


def range_conditions(
    lower: int | None, upper: int | None, key: tuple[int, int] | None, *, newest_first: bool
) -> tuple[Condition, ...]:
    """Return the conditions for start and end of a range of rows ``r``.

    The start has one bound only: with two, SQLite would seek by one and step over all rows up to
    the other.

    Args:
        lower, upper: inclusive bounds of ``created_at`` in microseconds.
        key: (created_at, id) of the row after which the result continues.
    """
    found: list[Condition] = []
    if key is not None:
        beginning = upper if newest_first else lower
        ahead = beginning is None or (key[0] <= beginning if newest_first else key[0] >= beginning)
        if ahead:
            sign = "<" if newest_first else ">"
            found.append((f"(r.created_at, r.id) {sign} (?, ?)", key))
            lower, upper = (lower, None) if newest_first else (None, upper)
    if lower is not None:
        found.append(("r.created_at >= ?", (lower,)))
    if upper is not None:
        found.append(("r.created_at <= ?", (upper,)))
    return tuple(found)
