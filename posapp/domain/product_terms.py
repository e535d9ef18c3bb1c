"""How a product is found by a part of its name: letters, initials of Hangul, or both mixed.

``사과`` is found by ``사``, ``ㅅㄱ`` and ``사ㄱ``; ``빵`` by ``ㅃ``. Blanks, case and width do not
count. Two initials that an input method joined (``ㄳ``) are two.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
"""Initial consonants, in the order of Unicode's syllables."""

_JOINED = str.maketrans(
    {
        **{"ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ"},
        **{"ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ"},
    }
)
_FIRST, _LAST, _OF_AN_INITIAL = 0xAC00, 0xD7A3, 588
"""The syllables of Unicode, 588 of each initial consonant."""

_CHOSEONG = {0x1100 + at: initial for at, initial in enumerate(INITIALS)}
_COMPATIBLE = re.compile("[\u3131-\u318e]+")
"""Letters of Hangul as keyboards write them: NFKC would turn them into parts of syllables."""


def folded_name(text: str) -> str:
    """Return a text as it is compared: syllables composed, in lower case and usual width, without
    blanks and invisible characters, and with joined consonants apart."""
    plain = unicodedata.normalize("NFC", text)
    kept = _COMPATIBLE.findall(plain)
    between = _COMPATIBLE.split(plain)
    parts = [_compared(between[0])]
    for letters, after in zip(kept, between[1:], strict=True):
        parts += [letters.translate(_JOINED), _compared(after)]
    return "".join(parts).translate(_CHOSEONG)


def initial_of(character: str) -> str:
    """Return the initial consonant of a syllable; any other character as it is."""
    code = ord(character)
    return INITIALS[(code - _FIRST) // _OF_AN_INITIAL] if _FIRST <= code <= _LAST else character


def initials_of(folded: str) -> str:
    """Return the initials of a folded name, character by character: ``ㅅㄱ`` of ``사과``."""
    return "".join(map(initial_of, folded))


@dataclass(frozen=True, slots=True)
class ProductTerm:
    """A typed search term, folded; of no characters it finds everything."""

    folded: str

    @classmethod
    def of(cls, text: str) -> ProductTerm:
        """Return the term of a typed text."""
        return cls(folded_name(text))

    @property
    def has_initials(self) -> bool:
        """Whether some of its letters stand for every syllable that begins with them."""
        return any(letter in INITIALS for letter in self.folded)

    def finds(self, folded: str) -> bool:
        """Return whether a folded name has the term in it, position by position."""
        if not self.has_initials:
            return self.folded in folded
        length = len(self.folded)
        return any(
            all(map(_fits, self.folded, folded[at : at + length]))
            for at in range(len(folded) - length + 1)
        )


def _fits(letter: str, character: str) -> bool:
    return letter == character or (letter in INITIALS and letter == initial_of(character))


def _compared(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).casefold()
    composed = unicodedata.normalize("NFC", wide)
    return "".join(
        c for c in composed if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc")
    )
