"""What somebody wants to see of the requests: the filters as people choose and keep them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import MoneyState, RequestFilter
from posapp.ui.formats import seoul

LONGEST_TEXT = 200
"""Characters of a searched text; nobody types more, and a kept file may hold anything."""


class Period(StrEnum):
    """Of which time: named ones move on with the calendar."""

    ALL = "all"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Asked:
    """All filters, joined by AND. ``since`` and ``until`` (UTC) count only when ``period`` is
    ``TYPED``. A week begins on Monday; days are Seoul's."""

    kind: RequestKind | None = None
    state: RequestState | None = None
    period: Period = Period.ALL
    since: datetime | None = None
    until: datetime | None = None
    buyer: str = ""
    number: int | None = None
    text: str = ""
    money: MoneyState | None = None
    oldest_first: bool = False

    @property
    def in_use(self) -> tuple[str, ...]:
        """Names of the filters that leave something out or turn the order round, in the order in
        which they are shown."""
        return tuple(name for name in _SHOWN if getattr(self, name) != _DEFAULTS[name])

    @property
    def is_upside_down(self) -> bool:
        """It begins after its end: nothing can match."""
        since, until = self.since, self.until
        return since is not None and until is not None and since > until

    @property
    def is_typed(self) -> bool:
        """Some of it was typed, not chosen: nobody waits for its answer while typing goes on."""
        return bool(self.text or self.buyer or self.number) or self.period is Period.TYPED

    def without(self, name: str) -> Asked:
        """Return the same with one filter cleared.

        Raises:
            KeyError: there is no such filter.
        """
        changes: dict[str, Any] = {name: _DEFAULTS[name]}
        if name == "period":
            changes |= {"since": None, "until": None}
        cleared = replace(self, **changes)
        if cleared.period is Period.TYPED and cleared.since is None and cleared.until is None:
            return replace(cleared, period=Period.ALL)
        return cleared

    def over(self, period: Period) -> Asked:
        """Return the same over another named period."""
        return replace(self, period=period, since=None, until=None)

    def between(self, since: datetime | None, until: datetime | None) -> Asked:
        """Return the same between two typed times; open at a side that is ``None``."""
        if since is None and until is None:
            return self.over(Period.ALL) if self.period is Period.TYPED else self
        return replace(self, period=Period.TYPED, since=since, until=until)

    def filter_at(self, now: datetime) -> RequestFilter:
        """Return what the search takes; a named period is that of ``now``."""
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

_DEFAULTS: dict[str, Any] = {name: getattr(Asked(), name) for name in _SHOWN}


def shown_names(asked: Asked) -> tuple[str, ...]:
    """The filters in use as chips: typed times stand for themselves, not as a period too."""
    return tuple(
        name for name in asked.in_use if name != "period" or asked.period is not Period.TYPED
    )


def kept_form(asked: Asked) -> dict[str, Any]:
    """Return what is written to a file: only what is in use."""
    kept: dict[str, Any] = {}
    for name in asked.in_use:
        value = getattr(asked, name)
        kept[name] = value.isoformat() if isinstance(value, datetime) else value
    return kept


def from_kept(kept: object) -> Asked:
    """Read what ``kept_form`` gave; whatever does not fit is left out, so that a file that was
    changed by hand, or by a later version, still gives what it can."""
    if not isinstance(kept, dict):
        return Asked()
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
    return Asked(**found)


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
    "money": MoneyState,
    "oldest_first": lambda value: value is True,
}
