"""How the domain's values lie in columns: won, moments, states, flags and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from posapp.domain.money import Won

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

E = TypeVar("E", bound=StrEnum)


def to_microseconds(at: datetime) -> int:
    """Return a moment as whole microseconds since 1970 (UTC).

    Raises:
        ValueError: a time without a zone says no moment.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    """Return the moment (UTC) of whole microseconds since 1970."""
    return EPOCH + timedelta(microseconds=value)


def storable(text: str) -> str:
    """Return ``text`` as UTF-8 can hold it: a lone surrogate (JSON may carry one) becomes ``?``."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


class WonColumn(TypeDecorator[Won]):
    """Whole won."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Refuse what is no whole number of won (``InvalidAmount``)."""
        return None if value is None else int(Won(value))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Won | None:
        """Return the amount."""
        return None if value is None else Won(value)


class MomentColumn(TypeDecorator[datetime]):
    """A moment, as whole microseconds since 1970 (UTC): small, sortable, without a zone to lose."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a time without a zone (``ValueError``)."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        return None if value is None else from_microseconds(value)


class FlagColumn(TypeDecorator[bool]):
    """Yes or no, as 1 or 0 (a STRICT table knows no BOOLEAN)."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Return 1 or 0."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """Return the flag."""
        return None if value is None else bool(value)


class WordsColumn(TypeDecorator[str]):
    """Text from people and from PortOne, kept as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what UTF-8 cannot hold."""
        return None if value is None else storable(value)


class StateColumn(TypeDecorator[E], Generic[E]):
    """A value of one StrEnum, stored as its word."""

    impl = Text
    cache_ok = True

    def __init__(self, states: type[E]) -> None:
        super().__init__()
        self.states = states

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """Refuse a word that is none of the enum's (``ValueError``)."""
        return None if value is None else self.states(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Return the enum's member."""
        return None if value is None else self.states(value)
