"""Number, time and phone formats that contain no translatable text."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.time_zone import SEOUL

_PHONE_HEADS = ("02", "0502", "0503", "0504", "0505", "0506", "0507", "0508", "050")

_LONGEST_HEAD = 4

_FEWEST_DIGITS = 7
"""Digits of the shortest phone number."""


def seoul(at: datetime) -> datetime:
    """Convert an aware time to Seoul time.

    Raises:
        ValueError: ``at`` has no time zone; guessing one would show a wrong hour.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(SEOUL)


def grouped(amount: int) -> str:
    """Return a whole number with a comma between thousands: ``1,234,000``."""
    return f"{int(amount):,}"


def clock(seconds: int) -> str:
    """Format seconds as a countdown: ``4:05``; ``0:00`` at the end and below."""
    left = max(0, int(seconds))
    return f"{left // 60}:{left % 60:02d}"


def phone(text: str) -> str:
    """Group a Korean phone number: ``01012345678`` → ``010-1234-5678``.

    Any other text is returned unchanged except for trimming.
    """
    trimmed = text.strip()
    digits = trimmed.replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        return trimmed
    if len(digits) == 8 and digits[0] == "1":
        return f"{digits[:4]}-{digits[4:]}"
    if not digits.startswith("0"):
        return trimmed
    head = next((h for h in _PHONE_HEADS if digits.startswith(h) and len(h) != 3), digits[:3])
    rest = digits[len(head) :]
    if len(rest) not in (7, 8):
        return trimmed
    return f"{head}-{rest[:-4]}-{rest[-4:]}"


def masked_name(text: str) -> str:
    """Hide a person's name but for its ends: ``김*수``, ``김*``. How long it is is hidden, too."""
    letters = text.strip()
    return f"{letters[:1]}*{letters[-1] if len(letters) > 2 else ''}"


def masked_phone(text: str) -> str:
    """Hide a phone number but for its head and its last four digits: ``010-****-5678``.

    A number without a Korean head keeps its last four digits only. A text that is no phone number
    becomes empty.
    """
    shown = phone(text)
    if sum(letter.isdigit() for letter in shown) < _FEWEST_DIGITS or any(map(str.isalpha, shown)):
        return ""
    head, dash, rest = shown.partition("-")
    if dash and head.startswith("0") and len(head) <= _LONGEST_HEAD:
        return f"{head}-{_masked(rest)}"
    return _masked(shown)


def _masked(text: str) -> str:
    """Replace every digit but the last four by ``*``."""
    hidden = sum(letter.isdigit() for letter in text) - 4
    masked = ""
    for letter in text:
        hide = letter.isdigit() and hidden > 0
        hidden -= letter.isdigit()
        masked += "*" if hide else letter
    return masked
