"""Decodes a scan: converts Hangul back to the keys sent, and reads the order number."""

from __future__ import annotations

import re
import unicodedata

from posapp.domain.errors import UserError
from posapp.domain.users import parse_id

SHOWN = 48
"""Characters of a code shown in a message."""

_JAMO = dict(
    zip(
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        strict=True,
    )
)
_PAIRS = {
    **{"ㅘ": "hk", "ㅙ": "ho", "ㅚ": "hl", "ㅝ": "nj", "ㅞ": "np", "ㅟ": "nl", "ㅢ": "ml"},
    **{"ㄳ": "rt", "ㄵ": "sw", "ㄶ": "sg", "ㄺ": "fr", "ㄻ": "fa", "ㄼ": "fq", "ㄽ": "ft"},
    **{"ㄾ": "fx", "ㄿ": "fv", "ㅀ": "fg", "ㅄ": "qt"},
}
_KEYS = {**_JAMO, **_PAIRS}
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FIRST, _LAST = 0xAC00, 0xD7A3
_FINAL_COUNT = len(_FINALS)

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""Optional prefix of a scanner: the AIM symbology identifier, e.g. ``]C1``."""

_OF_AN_ORDER = "po"
"""Prefix of an order number in our codes, compared without case.

Hangul mode of the keyboard loses the case.
"""


def keys_of(text: str) -> str:
    """Return the keys of a two-set (두벌식) keyboard that produce this text in Hangul mode.

    All other characters are unchanged. A capital is known only where Shift produces another jamo.
    """
    return "".join(map(_keys_of_one, unicodedata.normalize("NFC", text)))


def order_of(scanned: str) -> int | None:
    """Return the order number in a code, or ``None`` if there is none.

    A code is bare digits, or ``PO`` and digits, of any width.
    """
    text = unicodedata.normalize("NFKC", keys_of(scanned)).strip()
    text = _AIM.sub("", text, count=1) if _AIM.match(text) else text
    if text[: len(_OF_AN_ORDER)].casefold() == _OF_AN_ORDER:
        text = text[len(_OF_AN_ORDER) :]
    try:
        return parse_id(text)
    except UserError:
        return None


def _keys_of_one(character: str) -> str:
    code = ord(character)
    if not _FIRST <= code <= _LAST:
        return _KEYS.get(character, character)
    rest, final = divmod(code - _FIRST, _FINAL_COUNT)
    initial, vowel = divmod(rest, len(_VOWELS))
    jamo = (_INITIALS[initial], _VOWELS[vowel], _FINALS[final].strip())
    return "".join(_KEYS[one] for one in jamo if one)
