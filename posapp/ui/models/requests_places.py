"""Where a page of requests lies, and what is going on while it is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.services.ports.requests import Cursor


class Reading(StrEnum):
    """What is going on."""

    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class Way(StrEnum):
    """How a page is come by."""

    AFTER = "after"
    BEFORE = "before"
    NUMBER = "number"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its way, its number from 0 where that is known, and the row it lies beside."""

    way: Way
    number: int | None
    beside: Cursor | None = None
    again: bool = False


START = Place(Way.AFTER, 0)
