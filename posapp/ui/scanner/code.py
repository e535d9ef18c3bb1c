"""Decodes a scan: converts Hangul back to the keys sent, and reads the order number."""

from __future__ import annotations

import re
import unicodedata

from posapp.domain.codes import order_number

SHOWN = 48
"""Characters of a code shown in a message."""

_INITIALS = "r R s e E f a q Q t T d w W c z x v g".split()
_VOWELS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split()
_FINALS = "r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split()
"""Keys of the conjoining jamo of Unicode, in their order."""

_KEYS = {
    chr(first + at): keys
    for first, jamo in ((0x1100, _INITIALS), (0x1161, _VOWELS), (0x11A8, _FINALS))
    for at, keys in enumerate(jamo)
}
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u3163\uac00-\ud7a3\uffa1-\uffdc]+")
"""Syllables, and jamo of all three kinds: conjoining, alone, and of half width."""

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""Optional prefix of a scanner: the AIM symbology identifier, e.g. ``]C1``."""

AIM = "AIM"
"""The setting of a scanner that sends one."""


def keys_of(text: str) -> str:
    """Return the keys of a two-set (두벌식) keyboard that produce this text in Hangul mode.

    All other characters are unchanged. A capital is known only where Shift produces another jamo.
    """
    return _HANGUL.sub(_keys_of_hangul, text)


def decode(scanned: str) -> str:
    """Return the code that the scanner read, as it arrived from the keyboard.

    Letters are those of the keys, digits have their usual width, and the scanner's own prefix is
    off.
    """
    text = unicodedata.normalize("NFKC", keys_of(scanned)).strip()
    return _AIM.sub("", text, count=1) if _AIM.match(text) else text


def mark_of(scanned: str, prefix: str) -> int:
    """Return the number of characters of the scanner's prefix at the beginning of a text, or 0.

    Args:
        prefix: as in ``ScanRules``.
    """
    text = unicodedata.normalize("NFKC", keys_of(scanned))
    if prefix == AIM:
        found = _AIM.match(text)
        return len(found.group()) if found else 0
    return len(prefix) if prefix and text.startswith(prefix) else 0


def without_mark(scanned: str, prefix: str) -> str:
    """Return the text without the shop's own prefix; ``decode`` removes an AIM identifier."""
    return scanned if prefix == AIM else scanned[mark_of(scanned, prefix) :]


def order_of(scanned: str) -> int | None:
    """Return the order number in a code, or ``None`` if there is none.

    A code is bare digits, or ``PO`` and digits, of any width.
    """
    return order_number(decode(scanned))


def _keys_of_hangul(found: re.Match[str]) -> str:
    jamo = unicodedata.normalize("NFKD", found.group())
    return "".join(_KEYS.get(one, one) for one in jamo)
