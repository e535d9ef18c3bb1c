"""Parsers for single values: ids, won, counts, texts, times and statuses."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from posapp.domain.codes import LONGEST_BARCODE, normal_barcode
from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.orders import ItemStatus
from posapp.domain.phones import is_rounded, normal_phone
from posapp.domain.text import without_coat, without_invisible
from posapp.domain.time_zone import SEOUL
from posapp.domain.users import UserStatus
from posapp.services.importing.import_errors import Cause

NAME_LIMIT = 200
SHORT_LIMIT = 100
MAX_REASON_LENGTH = 500
URL_LIMIT = 2000
ID_LIMIT = 10**18 - 1
"""Largest id in a file. Ids that the till assigns follow it and must stay within SQLite's key
range."""

COUNT_LIMIT = 100_000
"""A larger count of one product in one order is a typing error."""

_LABELS = {
    "결제대기": ItemStatus.WAITING_FOR_PAYMENT,
    "결제완료": ItemStatus.COMPLETE_PAYMENT,
    "배송준비중": ItemStatus.WAITING_FOR_DELIVERY,
    "배송중": ItemStatus.SHIPPING,
    "배송완료": ItemStatus.DELIVERY_COMPLETE,
    "취소": ItemStatus.CANCEL,
}
_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]*)?")
_BREAKS = re.compile("[\r\n\t\u2028\u2029]+")
_TIME = re.compile(
    r"(?P<year>[0-9]{4})\s*[-/.]\s*(?P<month>[0-9]{1,2})\s*[-/.]\s*(?P<day>[0-9]{1,2})\.?"
    r"(?:(?:[Tt]|\s+)(?:(?P<half>오전|오후|AM|PM|am|pm)\s*)?"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,6}))?)?)?"
    r"\s*(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)


_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class RoundedNumber:
    """A number of a worksheet that may have lost its last digits: an amount, but no id."""

    number: int | Decimal

    def __str__(self) -> str:
        """Return the digits that are there."""
        return f"{self.number:.15g}" if isinstance(self.number, Decimal) else str(self.number)


class FieldError(Exception):
    """Value that cannot be read; becomes a complaint at its line."""

    def __init__(self, cause: Cause, **numbers: int) -> None:
        super().__init__(cause.value)
        self.cause = cause
        self.numbers = numbers


def read_id(value: object) -> int:
    """Read a whole number from 1 to ``ID_LIMIT``, without separators: ``17``, ``"17"``, and
    ``="17"`` as files for Excel hold it."""
    if isinstance(value, str):
        value = without_coat(without_invisible(value))
        if is_rounded(value):
            raise FieldError(Cause.ROUNDED)
    elif isinstance(value, RoundedNumber):
        raise FieldError(Cause.ROUNDED)
    return _in_range(_whole(value, commas=False), 1, ID_LIMIT, Cause.ID_RANGE)


def read_won(value: object) -> Won:
    """Read an amount of 0 won or more: ``1200``, ``1,200``, ``1,200원``, ``₩1,200``."""
    if isinstance(value, str):
        value = value.strip().removeprefix("₩").removeprefix("￦").removesuffix("원")
    return Won(_in_range(_whole(value), 0, MAX_AMOUNT, Cause.AMOUNT_RANGE))


def read_count(value: object) -> int:
    """Read a number of pieces, at least 1: ``2``, ``"2"``, ``"2개"``."""
    if isinstance(value, str):
        value = value.strip().removesuffix("개")
    return _in_range(_whole(value), 1, COUNT_LIMIT, Cause.COUNT_RANGE)


def read_stock(value: object) -> int:
    """Read a stock quantity, at least 0."""
    return _in_range(_whole(value), 0, MAX_AMOUNT, Cause.AMOUNT_RANGE)


def read_text(value: object, limit: int = NAME_LIMIT) -> str:
    """Read text as it is: HTML, formulas and emoji are plain characters.

    Line breaks and tabs become one space and surrounding blanks are removed. Decomposed Hangul
    (some Macs write it) is composed (NFC), and invisible characters are dropped
    (``without_invisible``), so that search finds it. Text that shows nothing is empty. Other
    control characters, NUL and lone surrogates are refused.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FieldError(Cause.WRONG_SHAPE)
    if len(value) > limit * 4:
        raise FieldError(Cause.TOO_LONG, limit=limit)
    text = _BREAKS.sub(" ", value).strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", without_invisible(text)).strip()
    if not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise FieldError(Cause.CONTROL_CHARACTER)
    if len(text) > limit:
        raise FieldError(Cause.TOO_LONG, limit=limit)
    return text


def read_name(value: object) -> str:
    """Read text that may not be empty."""
    text = read_text(value)
    if not text:
        raise FieldError(Cause.EMPTY)
    return text


def read_short(value: object) -> str:
    """Read a short text, as a nickname; may be empty."""
    return read_text(value, SHORT_LIMIT)


def read_phone(value: object) -> str:
    """Read a phone number, in the form of ``normal_phone``; may be empty."""
    return normal_phone(read_text(_digits_as_text(value), SHORT_LIMIT))


def read_barcode(value: object) -> str:
    """Read a barcode, in the form of ``normal_barcode``; may be empty."""
    code = normal_barcode(read_text(_digits_as_text(value), SHORT_LIMIT))
    if len(code) > LONGEST_BARCODE:
        raise FieldError(Cause.TOO_LONG, limit=LONGEST_BARCODE)
    return code


def read_reason(value: object) -> str:
    """Read a cancellation reason; may be empty."""
    return read_text(value, MAX_REASON_LENGTH)


def read_url(value: object) -> str:
    """Read a web address; may be empty."""
    text = read_text(value, URL_LIMIT)
    if text and not text.startswith(("https://", "http://")):
        raise FieldError(Cause.URL_BAD)
    return text


def read_flag(value: object) -> bool:
    """Read ``true`` or ``false``."""
    if not isinstance(value, bool):
        raise FieldError(Cause.WRONG_SHAPE)
    return value


def read_item_status(value: object) -> ItemStatus:
    """Read ``WAITING_FOR_PAYMENT`` … or its Korean label (``결제대기`` …)."""
    text = _lowered(value)
    label = _LABELS.get(text.replace(" ", ""))
    if label is not None:
        return label
    try:
        return ItemStatus(text.upper())
    except ValueError:
        raise FieldError(Cause.STATUS_UNKNOWN) from None


def read_user_status(value: object) -> UserStatus:
    """Read ``COMMON``, ``SELLER`` or ``ADMIN``."""
    try:
        return UserStatus(_lowered(value).upper())
    except ValueError:
        raise FieldError(Cause.STATUS_UNKNOWN) from None


def read_time(value: object) -> datetime:
    """Read a time of the years 2000 to 2199; returns UTC.

    Accepts ``2026-01-05T14:30:00+09:00`` and Excel's forms: ``2026-01-05 14:30``,
    ``2026/1/5 14:30:00``, ``2026-01-05 오후 2:30``, ``2026. 1. 5. 14:30``. A date alone is
    midnight. Without a zone it is Seoul time. The year comes first: day and month are never
    swapped. A date or time of a worksheet's cell is Seoul time.
    """
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return _moment(datetime.combine(value, time()))
    if value is not None and not isinstance(value, str):
        raise FieldError(Cause.TIME_UNKNOWN)
    found = _TIME.fullmatch(_lowered(value))
    if found is None:
        raise FieldError(Cause.TIME_UNKNOWN)
    hour = int(found["hour"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise FieldError(Cause.TIME_UNKNOWN)
        hour = hour % 12 + (12 if found["half"].upper() in ("오후", "PM") else 0)
    part = int((found["part"] or "0").ljust(6, "0"))
    day = (int(found["year"]), int(found["month"]), int(found["day"]))
    try:
        zone = _zone(found["zone"])
        at = datetime(
            *day, hour, int(found["minute"] or 0), int(found["second"] or 0), part, tzinfo=zone
        )
    except ValueError:
        raise FieldError(Cause.TIME_UNKNOWN) from None
    if not 2000 <= at.year < 2200:
        raise FieldError(Cause.TIME_UNKNOWN)
    return at.astimezone(UTC)


def _moment(at: datetime) -> datetime:
    """Return the time of a cell. Excel counts days: seconds may be off by less than 1 ms."""
    if not 2000 <= at.year < 2200:
        raise FieldError(Cause.TIME_UNKNOWN)
    rounded = (at + _MILLISECOND / 2).replace(microsecond=0)
    at = rounded if abs(rounded - at) < _MILLISECOND else at
    return at.replace(tzinfo=SEOUL).astimezone(UTC)


def _digits_as_text(value: object) -> object:
    """Return the text of digits that a worksheet holds as a number; refuse what it rounded."""
    if isinstance(value, RoundedNumber | Decimal) or (isinstance(value, str) and is_rounded(value)):
        raise FieldError(Cause.ROUNDED)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _zone(text: str | None) -> timezone:
    if text is None:
        return SEOUL
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if text[0] == "-" else ahead)


def _lowered(value: object) -> str:
    text = read_text(value, SHORT_LIMIT)
    if not text:
        raise FieldError(Cause.EMPTY)
    return text


def _whole(value: object, *, commas: bool = True) -> int:
    if isinstance(value, bool | date | time | timedelta):
        raise FieldError(Cause.NOT_A_NUMBER)
    if isinstance(value, RoundedNumber):
        value = value.number
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        raise FieldError(Cause.DECIMALS if value.is_finite() else Cause.NOT_A_NUMBER)
    if value is None:
        raise FieldError(Cause.EMPTY)
    if not isinstance(value, str):
        raise FieldError(Cause.WRONG_SHAPE)
    text = value.strip()
    if not text:
        raise FieldError(Cause.EMPTY)
    found = _NUMBER.fullmatch(text)
    if found is None or (not commas and "," in text) or found[1] == "+":
        raise FieldError(Cause.NOT_A_NUMBER)
    if found[3] is not None:
        raise FieldError(Cause.DECIMALS)
    digits = found[2].replace(",", "").lstrip("0") or "0"
    # Python refuses to read thousands of digits; 20 exceed every limit here.
    return int(found[1] + digits[:20])


def _in_range(number: int, lowest: int, highest: int, cause: Cause) -> int:
    if number < 0:
        raise FieldError(Cause.NEGATIVE)
    if not lowest <= number <= highest:
        raise FieldError(cause, highest=highest)
    return number
