"""Filters of the requests: as they are chosen, named and saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress, RequestFilter
from posapp.ui.core.formats import seoul
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import single_line
from posapp.ui.core.time_input import typed_form

LONGEST_TEXT = 200
"""Maximum length of a text filter in characters; a saved file may contain anything."""

_LONGEST_LABEL = 30


class Period(StrEnum):
    """Period of the requests. Named periods are relative to the current date."""

    ALL = "all"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class RequestFilterState:
    """All filters, joined by AND.

    ``since`` and ``until`` (UTC) count only if ``period`` is ``TYPED``. A week begins on Monday;
    days are Seoul's.
    """

    kind: RequestKind | None = None
    state: RequestState | None = None
    period: Period = Period.ALL
    since: datetime | None = None
    until: datetime | None = None
    buyer: str = ""
    number: int | None = None
    text: str = ""
    money: RefundProgress | None = None
    oldest_first: bool = False

    @property
    def in_use(self) -> tuple[str, ...]:
        """Return the names of filters that differ from their default, in display order."""
        return tuple(name for name in _SHOWN if getattr(self, name) != _DEFAULTS[name])

    @property
    def is_upside_down(self) -> bool:
        """Return whether the period begins after its end: nothing can match."""
        since, until = self.since, self.until
        return since is not None and until is not None and since > until

    @property
    def is_typed(self) -> bool:
        """Return whether some of it was typed: typing does not wait for its page."""
        return bool(self.text or self.buyer or self.number) or self.period is Period.TYPED

    def cleared(self, name: str) -> RequestFilterState:
        """Return a copy with one filter cleared.

        Raises:
            KeyError: the filter does not exist.
        """
        changes: dict[str, Any] = {name: _DEFAULTS[name]}
        if name == "period":
            changes |= {"since": None, "until": None}
        cleared = replace(self, **changes)
        if cleared.period is Period.TYPED and cleared.since is None and cleared.until is None:
            return replace(cleared, period=Period.ALL)
        return cleared

    def with_period(self, period: Period) -> RequestFilterState:
        """Return a copy with another named period."""
        return replace(self, period=period, since=None, until=None)

    def with_range(self, since: datetime | None, until: datetime | None) -> RequestFilterState:
        """Return a copy between two typed times; a side that is ``None`` is open."""
        if since is None and until is None:
            return self.with_period(Period.ALL) if self.period is Period.TYPED else self
        return replace(self, period=Period.TYPED, since=since, until=until)

    def filter_at(self, now: datetime) -> RequestFilter:
        """Return the filter for the search; a named period is relative to ``now``."""
        begins = _begin(self.period, now)
        return RequestFilter(
            kind=self.kind,
            state=self.state,
            since=self.since if begins is None else begins,
            until=self.until,
            buyer=self.buyer,
            number=self.number,
            text=self.text,
            money=self.money,
            oldest_first=self.oldest_first,
        )


_SHOWN = (
    "kind",
    "state",
    "period",
    "since",
    "until",
    "text",
    "buyer",
    "number",
    "money",
    "oldest_first",
)

_DEFAULTS: dict[str, Any] = {name: getattr(RequestFilterState(), name) for name in _SHOWN}


def active_names(filters: RequestFilterState) -> tuple[str, ...]:
    """Return the active filters as chips: typed times have their own, so their period has none."""
    return tuple(
        name for name in filters.in_use if name != "period" or filters.period is not Period.TYPED
    )


def filter_label(texts: Translator, filters: RequestFilterState, name: str) -> str:
    """Return the chip text of one active filter."""
    if name in ("since", "until"):
        at = getattr(filters, name)
        return texts(f"requests.chip_{name}", when=typed_form(at, to_the_end=name == "until"))
    if name == "number":
        return texts("requests.chip_number", number=filters.number)
    if name in ("buyer", "text"):
        return texts(
            f"requests.chip_{name}", text=single_line(getattr(filters, name), _LONGEST_LABEL)
        )
    if name == "oldest_first":
        return texts("requests.chip_oldest_first")
    value = getattr(filters, name).value
    if name == "money":
        return texts(f"requests.money_{value}")
    return texts(f"requests.{name}_{value}")


def filters_text(texts: Translator, filters: RequestFilterState) -> str:
    """Return all active filters on one line, or empty."""
    names = [name for name in active_names(filters) if name != "oldest_first"]
    return " · ".join(filter_label(texts, filters, name) for name in names)


def why_empty(texts: Translator, wanted: RequestFilterState) -> str:
    """Return why there is nothing to show."""
    if wanted.is_upside_down:
        return texts("requests.upside_down")
    filters = filters_text(texts, wanted)
    return (
        texts("requests.empty_filtered", filters=filters)
        if filters
        else texts("requests.empty_why")
    )


def to_json(filters: RequestFilterState) -> dict[str, Any]:
    """Return the JSON form, which contains active filters only."""
    kept: dict[str, Any] = {}
    for name in filters.in_use:
        value = getattr(filters, name)
        kept[name] = value.isoformat() if isinstance(value, datetime) else value
    return kept


def from_kept(kept: object) -> RequestFilterState:
    """Read the result of ``to_json`` and skip invalid parts.

    A file that was edited by hand, or written by a later version, is thus used as far as possible.
    """
    if not isinstance(kept, dict):
        return RequestFilterState()
    found: dict[str, Any] = {}
    for name, read in _READERS.items():
        if name in kept:
            try:
                found[name] = read(kept[name])
            except (ValueError, TypeError, OverflowError):
                continue
    if found.get("period") is not Period.TYPED:
        found.pop("since", None)
        found.pop("until", None)
    return RequestFilterState(**found)


def _begin(period: Period, now: datetime) -> datetime | None:
    midnight = seoul(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.TODAY:
        begins = midnight
    elif period is Period.WEEK:
        begins = midnight - timedelta(days=midnight.weekday())
    elif period is Period.MONTH:
        begins = midnight.replace(day=1)
    else:
        return None
    return begins.astimezone(UTC)


def _time(value: object) -> datetime:
    at = datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value[:LONGEST_TEXT]


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise ValueError("no number")
    return value


_READERS: dict[str, Any] = {
    "kind": RequestKind,
    "state": RequestState,
    "period": Period,
    "since": _time,
    "until": _time,
    "buyer": _text,
    "number": _number,
    "text": _text,
    "money": RefundProgress,
    "oldest_first": lambda value: value is True,
}
