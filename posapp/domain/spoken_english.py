"""Numbers as they are spoken in English: ``12,000원`` is ``twelve thousand won``."""

from __future__ import annotations

from collections.abc import Iterator

from posapp.domain import spoken
from posapp.domain.money import Won
from posapp.domain.spoken import Spoken

_SMALL = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen".split()
)
_TENS = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split())
_GROUPS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
_GROUP = 1_000

PIECES: dict[str, str] = {
    **{f"number.{number}": text for number, text in enumerate(_SMALL)},
    **{f"number.{tens}0": text for tens, text in enumerate(_TENS, 2)},
    "number.100": "hundred",
    **{f"number.{size}": text for size, text in reversed(_GROUPS)},
    "unit.won": "won",
    "unit.number": "number",
    "unit.item": "item",
    "unit.items": "items",
    "unit.minute": "minute",
    "unit.minutes": "minutes",
    "unit.second": "second",
    "unit.seconds": "seconds",
    "unit.percent": "percent",
    "sign.minus": "minus",
}
"""Recordings of numbers: the text of each clip."""


def speak_amount(amount: Won) -> Spoken:
    """Return ``twelve thousand won``."""
    sign = ["sign.minus"] if amount < 0 else []
    return _spoken([*sign, *_number(abs(int(amount))), "unit.won"])


def speak_count(count: int) -> Spoken:
    """Return a number of things from 0 up: ``seven items``."""
    return _spoken(_measured(count, "item"))


def speak_digits(digits: str) -> Spoken:
    """Return digits one by one (``spoken.speak_digits``)."""
    return spoken.speak_digits(digits, PIECES, zero="number.0")


def speak_order_number(number: int) -> Spoken:
    """Return ``number one two zero zero``."""
    digits = speak_digits(str(number))
    return Spoken(f"{PIECES['unit.number']} {digits.text}", ("unit.number", *digits.clips))


def speak_seconds(seconds: int) -> Spoken:
    """Return a time from 0 seconds up: ``four minutes fifty-nine seconds``; ``five minutes``."""
    minutes, rest = divmod(seconds, 60)
    clips = _measured(minutes, "minute") if minutes else []
    if rest or not minutes:
        clips += _measured(rest, "second")
    return _spoken(clips)


def speak_percent(percent: int) -> Spoken:
    """Return ``one hundred twenty-five percent``."""
    return _spoken([*_number(percent), "unit.percent"])


def _measured(number: int, unit: str) -> list[str]:
    return [*_number(number), f"unit.{unit}" if number == 1 else f"unit.{unit}s"]


def _number(number: int) -> list[str]:
    if not number:
        return ["number.0"]
    clips: list[str] = []
    for size, _ in (*_GROUPS, (1, "")):
        part = number // size % _GROUP
        if part:
            clips += _below_group(part)
            clips += [f"number.{size}"] if size > 1 else []
    return clips


def _below_group(number: int) -> Iterator[str]:
    hundreds, rest = divmod(number, 100)
    if hundreds:
        yield f"number.{hundreds}"
        yield "number.100"
    if rest >= len(_SMALL):
        yield f"number.{rest // 10}0"
        rest %= 10
    if rest:
        yield f"number.{rest}"


def _spoken(clips: list[str]) -> Spoken:
    text = ""
    for before, clip in zip(("", *clips), clips, strict=False):
        is_hyphenated = PIECES.get(before) in _TENS and PIECES[clip] in _SMALL
        text += ("-" if is_hyphenated else " ") + PIECES[clip]
    return Spoken(text.strip(), tuple(clips))
