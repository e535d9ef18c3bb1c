"""What one till is set to: numbers and words that the deeds need."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.money import Won

SMALLEST = Won(100)
LARGEST = Won(2_000_000)
"""What KakaoPay takes in one payment (docs/portone.md, "KakaoPay channel")."""


@dataclass(frozen=True, slots=True)
class TillRules:
    """Settings of a till, as far as they decide about money and time.

    Attributes:
        shop: the shop's name, as buyers see it.
        live: real money; test payments are refused, and the other way round.
        link_seconds: how long a QR lives; docs/portone.md advises 300 to 600.
        poll_ms: pause between two looks at a live attempt.
        smallest, largest: bounds of one payment, in won.
    """

    shop: str
    live: bool
    link_seconds: int = 300
    poll_ms: int = 1_800
    smallest: Won = SMALLEST
    largest: Won = LARGEST
