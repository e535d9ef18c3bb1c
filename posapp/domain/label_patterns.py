"""Labels that a scale or the shop prints: an EAN-13 that holds a product's PLU and a price or a
weight. No standard says where; each shop has patterns for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from posapp.domain.codes import is_gtin
from posapp.domain.money import Won

LENGTH = 13
_LETTERS = frozenset("PVWXC")
_IN_SHOPS = range(20, 30)
"""Prefixes that GS1 leaves to shops: no other product has them."""


@dataclass(frozen=True, slots=True)
class LabelReading:
    """What a label says: the product's PLU, and its price in won or its weight in grams."""

    plu: int
    price: Won | None = None
    grams: int | None = None


@dataclass(frozen=True, slots=True)
class LabelPattern:
    """A pattern of 13 letters, as it is typed: a digit is itself, ``P`` is the product's PLU, ``V``
    won, ``W`` grams, ``X`` ignored, ``C`` the check digit: ``21PPPPPVVVVVC``."""

    text: str

    @classmethod
    def parse(cls, text: str) -> LabelPattern:
        """Return the pattern of a typed text.

        Raises:
            ValueError: it has not 13 letters, does not begin with 20 to 29, does not end with its
                only ``C``, has no ``P``, or not exactly one of ``V`` and ``W``; or ``P``, ``V`` or
                ``W`` are not side by side.
        """
        letters = text.strip().upper()
        wrong = (
            len(letters) != LENGTH
            or not letters.isascii()
            or any(not one.isdigit() and one not in _LETTERS for one in letters)
            or not letters[:2].isdigit()
            or int(letters[:2]) not in _IN_SHOPS
            or letters.find("C") != LENGTH - 1
            or "P" not in letters
            or ("V" in letters) == ("W" in letters)
            or any(one * letters.count(one) not in letters for one in "PVW")
        )
        if wrong:
            raise ValueError("13 letters like 21PPPPPVVVVVC or 22PPPPPWWWWWC")
        return cls(letters)

    def read(self, code: str) -> LabelReading | None:
        """Return what a scanned code says, or ``None`` if it is no label of this pattern."""
        if len(code) != LENGTH or not is_gtin(code):
            return None
        pairs = tuple(zip(self.text, code, strict=True))
        if any(letter.isdigit() and letter != digit for letter, digit in pairs):
            return None
        parts = {one: "".join(digit for letter, digit in pairs if letter == one) for one in "PVW"}
        price = Won(int(parts["V"])) if parts["V"] else None
        grams = int(parts["W"]) if parts["W"] else None
        return LabelReading(int(parts["P"]), price, grams)

    def overlaps(self, other: LabelPattern) -> bool:
        """Return whether one code can be a label of both."""
        return all(
            one == another or not (one.isdigit() and another.isdigit())
            for one, another in zip(self.text, other.text, strict=True)
        )


def parse_patterns(texts: Iterable[str]) -> tuple[LabelPattern, ...]:
    """Return the patterns of typed texts.

    Raises:
        ValueError: one is no pattern, or two overlap.
    """
    patterns = tuple(map(LabelPattern.parse, texts))
    for one, another in combinations(patterns, 2):
        if one.overlaps(another):
            raise ValueError(f"no label that fits both {one.text} and {another.text}")
    return patterns


def read_label(patterns: Iterable[LabelPattern], code: str) -> LabelReading | None:
    """Return what a scanned code says by the pattern that fits it, or ``None``."""
    return next((found for one in patterns if (found := one.read(code)) is not None), None)
