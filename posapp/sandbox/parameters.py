"""Parameters of a kind of fault: names, types and defaults, checked when a rule is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST = 10**9
"""Largest number that a parameter takes, in seconds or bytes."""
HEADER_TEXTS = frozenset({"location", "content_type", "retry_after"})
"""Parameters that become headers: a line break in one would begin another header."""


class Maybe:
    """A parameter that is None unless set, and then of one of these types."""

    def __init__(self, *types: type) -> None:
        self.types = types


class Parameters(Mapping[str, Any]):
    """A rule's parameters: the kind's defaults, overridden by the given values.

    Raises ValueError for an unknown name, a wrong type, or a number out of range.
    """

    def __init__(self, defaults: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        for name, value in given.items():
            if name not in defaults:
                raise ValueError(f"unknown parameter: {name}")
            if not _fits(defaults[name], value):
                raise ValueError(f"wrong type or range for {name}")
            if name in HEADER_TEXTS and not str(value).isprintable():
                raise ValueError(f"{name} is one line of text")
        self._values = {**plain_defaults(defaults), **given}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def plain_defaults(defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults as values: None for an optional one."""
    return {name: None if isinstance(d, Maybe) else d for name, d in defaults.items()}


def _fits(default: object, value: object) -> bool:
    if isinstance(default, Maybe):
        return value is None or any(_is(value, each) for each in default.types)
    if isinstance(default, int) and default < 0 and isinstance(value, int):
        return -MOST <= value <= MOST  # codes of an envelope are below 0 as well
    return _is(value, type(default))


def _is(value: object, wanted: type) -> bool:
    if isinstance(value, bool):
        return wanted is bool
    if isinstance(value, int | float) and wanted in (int, float):
        return 0 <= value <= MOST and (wanted is float or isinstance(value, int))
    return isinstance(value, wanted)
