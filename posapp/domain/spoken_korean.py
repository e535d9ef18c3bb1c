"""Numbers as they are spoken in Korean.

Amounts, minutes and seconds are read in Sino-Korean by groups of four digits, which are
written apart (한글 맞춤법 제44항): ``12,000원`` is ``만 이천 원``. Things are counted in native
numbers up to 99 (``일곱 개``). Digits are read one by one, 0 as ``공``.
"""

from __future__ import annotations

from collections.abc import Iterator

from posapp.domain import spoken
from posapp.domain.money import Won
from posapp.domain.spoken import Spoken

_ONES = ("영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
_TENS = ((1000, "천"), (100, "백"), (10, "십"))
_GROUPS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))
_COUNTS = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_COUNTED_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_TWENTY = "스무"
_GROUP = 10_000

PIECES: dict[str, str] = {
    **{f"number.{digit}": text for digit, text in enumerate(_ONES)},
    "digit.0": "공",
    **{f"number.{unit}": text for unit, text in (*reversed(_TENS), *reversed(_GROUPS))},
    **{f"count.{ones}": text for ones, text in enumerate(_COUNTS) if text},
    **{f"count.{tens}0": text for tens, text in enumerate(_COUNTED_TENS) if text},
    "count.20.whole": _TWENTY,
    "unit.won": "원",
    "unit.number": "번",
    "unit.item": "개",
    "unit.minute": "분",
    "unit.second": "초",
    "unit.percent": "퍼센트",
    "sign.minus": "마이너스",
}
"""Recordings of numbers: the text of each clip."""

_Groups = list[list[str]]
"""Clips of the words that are written apart."""


def speak_amount(amount: Won) -> Spoken:
    """Return ``만 이천 원``."""
    sign: _Groups = [["sign.minus"]] if amount < 0 else []
    return _spoken([*sign, *_number(abs(int(amount))), ["unit.won"]])


def speak_count(count: int) -> Spoken:
    """Return a number of things from 0 up: ``일곱 개``; ``백스물두 개``."""
    hundreds, rest = count // 100 * 100, count % 100
    groups = _number(hundreds) if hundreds or not rest else []
    counted = list(_counted(rest))
    if groups and counted:
        groups[-1] += counted
    elif counted:
        groups = [counted]
    return _spoken([*groups, ["unit.item"]])


def speak_digits(digits: str) -> Spoken:
    """Return digits one by one (``spoken.speak_digits``)."""
    return spoken.speak_digits(digits, PIECES, zero="digit.0")


def speak_order_number(number: int) -> Spoken:
    """Return ``일 이 공 공 번``."""
    digits = speak_digits(str(number))
    return Spoken(f"{digits.text} {PIECES['unit.number']}", (*digits.clips, "unit.number"))


def speak_seconds(seconds: int) -> Spoken:
    """Return a time from 0 seconds up: ``사 분 오십구 초``; ``오 분``."""
    minutes, rest = divmod(seconds, 60)
    groups: _Groups = [*_number(minutes), ["unit.minute"]] if minutes else []
    if rest or not minutes:
        groups += [*_number(rest), ["unit.second"]]
    return _spoken(groups)


def speak_percent(percent: int) -> Spoken:
    """Return ``백이십오 퍼센트``."""
    return _spoken([*_number(percent), ["unit.percent"]])


def _number(number: int) -> _Groups:
    """Return the clips of a number from 0 up, by words."""
    if not number:
        return [["number.0"]]
    groups: _Groups = []
    for size, _ in (*_GROUPS, (1, "")):
        part = number // size % _GROUP
        if not part:
            continue
        is_bare = part == 1 and size == _GROUP and not groups  # 만, but 일억, and 일억 일만
        word = [] if is_bare else list(_below_group(part))
        groups.append(word if size == 1 else [*word, f"number.{size}"])
    return groups


def _below_group(number: int) -> Iterator[str]:
    for size, _ in _TENS:
        digit = number // size % 10
        if digit > 1:
            yield f"number.{digit}"
        if digit:
            yield f"number.{size}"
    if number % 10:
        yield f"number.{number % 10}"


def _counted(number: int) -> Iterator[str]:
    if number == 20:  # 스무 개, but 스물한 개
        yield "count.20.whole"
        return
    if number >= 10:
        yield f"count.{number // 10}0"
    if number % 10:
        yield f"count.{number % 10}"


def _spoken(groups: _Groups) -> Spoken:
    texts = ("".join(PIECES[clip] for clip in group) for group in groups)
    return Spoken(" ".join(texts), tuple(clip for group in groups for clip in group))
