"""An input method for the two-set keyboard (두벌식), written from its rules alone.

It shares nothing with ``scanner.code``, which turns its output back.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_CONSONANTS = dict(zip("qwertasdfgzxcv", "ㅂㅈㄷㄱㅅㅁㄴㅇㄹㅎㅋㅌㅊㅍ", strict=True))
_SHIFTED_CONSONANTS = dict(zip("QWERT", "ㅃㅉㄸㄲㅆ", strict=True))
_VOWELS = dict(zip("yuiophjklbnm", "ㅛㅕㅑㅐㅔㅗㅓㅏㅣㅠㅜㅡ", strict=True))
_SHIFTED_VOWELS = dict(zip("OP", "ㅒㅖ", strict=True))
_TWO_VOWELS = {
    **{"ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ"},
    **{"ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ"},
}
_TWO_FINALS = {
    **{"ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ"},
    **{"ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ", "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ"},
}
_PARTS = {two: parts for parts, two in {**_TWO_VOWELS, **_TWO_FINALS}.items()}
_NEVER_FINAL = "ㄸㅃㅉ"


def _name(jamo: str) -> str:
    return unicodedata.name(jamo).removeprefix("HANGUL LETTER ")


def _conjoining(kind: str, jamo: str) -> str:
    return unicodedata.lookup(f"HANGUL {kind} {_name(jamo)}")


@dataclass
class TwoSet:
    """Takes one key after another; ``composing`` is the syllable that is not finished.

    Attributes:
        hangul: Hangul mode is on; else every key passes.
    """

    hangul: bool = True
    initial: str = ""
    vowel: str = ""
    final: str = ""

    @property
    def composing(self) -> str:
        if self.initial and self.vowel:
            final = _conjoining("JONGSEONG", self.final) if self.final else ""
            return unicodedata.normalize(
                "NFC",
                _conjoining("CHOSEONG", self.initial)
                + _conjoining("JUNGSEONG", self.vowel)
                + final,
            )
        return self.initial or self.vowel

    def takes(self, key: str) -> bool:
        """Whether the key is a letter that it composes."""
        return self.hangul and len(key) == 1 and key.isascii() and key.isalpha()

    def flush(self) -> str:
        """Finish the syllable, and return it."""
        done = self.composing
        self.initial = self.vowel = self.final = ""
        return done

    def press(self, key: str) -> str:
        """Take a letter; return what is finished by it."""
        shifted = _SHIFTED_CONSONANTS.get(key)
        consonant = shifted or _CONSONANTS.get(key.lower())
        if consonant is not None:
            return self._consonant(consonant)
        return self._vowel(_SHIFTED_VOWELS.get(key) or _VOWELS[key.lower()])

    def _consonant(self, one: str) -> str:
        if self.initial and self.vowel:
            if not self.final and one not in _NEVER_FINAL:
                self.final = one
                return ""
            both = _TWO_FINALS.get(self.final + one)
            if both is not None:
                self.final = both
                return ""
        done = self.flush()
        self.initial = one
        return done

    def _vowel(self, one: str) -> str:
        if self.final:
            parts = _PARTS.get(self.final, self.final)
            self.final = parts[:-1]
            done = self.flush()
            self.initial, self.vowel = parts[-1], one
            return done
        both = _TWO_VOWELS.get(self.vowel + one)
        if both is not None:
            self.vowel = both
            return ""
        done = self.flush() if self.vowel else ""
        self.vowel = one
        return done


def written_in_hangul_mode(keys: str) -> str:
    """Return the text that these keys write."""
    method, text = TwoSet(), ""
    for key in keys:
        text += method.press(key) if method.takes(key) else method.flush() + key
    return text + method.flush()
