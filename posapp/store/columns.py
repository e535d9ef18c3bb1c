"""Column types for domain values: numbers, won, times, enums, flags and text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from posapp.domain.actors import Actor
from posapp.domain.money import Won

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_INTEGER_64 = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite's INTEGER has 64 bits, and is the only name that STRICT tables and rowid keys allow; an
INTEGER of other databases has 32, too few for won, microseconds and ids."""

E = TypeVar("E", bound=StrEnum)


def to_microseconds(at: datetime) -> int:
    """Return a time as whole microseconds since 1970 (UTC).

    Raises:
        ValueError: the time has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    """Return the time (UTC) of whole microseconds since 1970."""
    return EPOCH + timedelta(microseconds=value)


def to_storable_text(text: str) -> str:
    """Return text that every database can store: NUL and lone surrogates, which JSON may carry,
    become ``?``.

    A lone surrogate has no UTF-8, and PostgreSQL has no NUL in text.
    """
    if text.isascii():
        return text.replace("\0", "?")
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")


class IntegerColumn(TypeDecorator[int]):
    """A whole number of 64 bits: an id or a count."""

    impl = _INTEGER_64
    cache_ok = True


class WonColumn(TypeDecorator[Won]):
    """Whole won."""

    impl = _INTEGER_64
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Refuse a value that is not a whole number of won (``InvalidAmount``)."""
        return None if value is None else int(Won(value))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Won | None:
        """Return the amount."""
        return None if value is None else Won(value)


class TimestampColumn(TypeDecorator[datetime]):
    """A time as whole microseconds since 1970 (UTC): small, sortable, without a zone."""

    impl = _INTEGER_64
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a time without a zone (``ValueError``)."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC."""
        return None if value is None else from_microseconds(value)


class DateColumn(TypeDecorator[date]):
    """A day as ``2026-11-30``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Return the day as text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Return the day."""
        return None if value is None else date.fromisoformat(value)


class BoolColumn(TypeDecorator[bool]):
    """A flag as 1 or 0 (STRICT tables have no BOOLEAN)."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Return 1 or 0."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """Return the flag."""
        return None if value is None else bool(value)


class TextColumn(TypeDecorator[str]):
    """Text from users and from PortOne, kept unchanged but for ``to_storable_text``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace characters that not every database can store."""
        return None if value is None else to_storable_text(value)


class ActorColumn(TypeDecorator[Actor]):
    """Who did something, as the text of the actor."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Actor | None, dialect: Dialect) -> str | None:
        """Replace characters that UTF-8 or PostgreSQL cannot hold."""
        return None if value is None else to_storable_text(str(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Actor | None:
        """Return the actor; its text is the stored one."""
        return None if value is None else Actor.parse(value)


class EnumColumn(TypeDecorator[E], Generic[E]):
    """A member of one StrEnum, stored as its value."""

    impl = Text
    cache_ok = True

    def __init__(self, states: type[E]) -> None:
        super().__init__()
        self.states = states

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """Refuse a value that is not in the enum (``ValueError``)."""
        return None if value is None else self.states(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Return the enum's member."""
        return None if value is None else self.states(value)


def digits_of(phone: str) -> str:
    """Return the digits of a phone number, for searching."""
    return "".join(c for c in phone if c.isascii() and c.isdigit())
