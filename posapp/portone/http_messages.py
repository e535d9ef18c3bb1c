"""HTTP requests and replies as plain values; ``transport.py`` exchanges them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posapp.portone.outcome_table import Event, Shape


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """An HTTP request. ``path`` is safe to log; ``headers``, ``query`` and ``body`` are not."""

    method: str
    base: str
    path: str
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An HTTP reply, validated only in its form.

    Attributes:
        event: ``ANSWERED``, or the point at which the call ended.
        outdated: the certificate is not valid at this machine's time.
        value: the JSON value when ``shape`` is ``ENVELOPE`` or ``OBJECT``.
        retry_after, date: the raw headers, for ``retry_after.py``.
    """

    event: Event
    status: int = 0
    shape: Shape = Shape.OTHER
    value: Mapping[str, object] | None = field(default=None, repr=False)
    retry_after: str | None = None
    date: str | None = None
    outdated: bool = False
