"""All that a kiosk knows about the buyer who stands there. It is dropped as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from posapp.services.kiosk.order_entry import PHONE_DIGITS, EnteredOrder

ENLARGED = (100, 150, 200)
"""Sizes that a buyer can choose, in percent."""

ORDER_DIGITS = 10
"""Digits of an order number that can be typed."""


class PrintState(StrEnum):
    """What became of the receipt on paper. ``SENT``: the printer says nothing about itself, so that
    nobody knows whether it came out."""

    NONE = "none"
    BUSY = "busy"
    DONE = "done"
    SENT = "sent"
    FAILED = "failed"

    @property
    def may_print(self) -> bool:
        """Whether the buyer can have it printed."""
        return self in (PrintState.NONE, PrintState.FAILED)


@dataclass(slots=True)
class Visit:
    """One buyer's visit.

    Attributes:
        order_digits, phone_digits: what was typed.
        entered: the order that was found.
        message: id of what is said below the entry, with its values.
        is_busy: an order is being read.
        is_offline: the QR could not be made.
        refused: id of why there is no QR, where nothing of the order is to be paid any more.
        is_freed: the result is in doubt, and the next buyer may begin.
        since_ms: when the state began.
        checking_ms: since when the result is in doubt.
        has_other_language: the buyer chose another language than the shop's.
        contrast: the buyer asked for high contrast.
        enlarged: percent of the size of all that is seen: one of ``ENLARGED``.
        low: the buyer asked for a screen that is operated from a seat.
        voice: the buyer asked to be told what is on the screen.
        receipt: what became of the receipt on paper.
    """

    order_digits: str = ""
    phone_digits: str = ""
    entered: EnteredOrder | None = None
    message: str = ""
    values: dict[str, object] = field(default_factory=dict)
    is_busy: bool = False
    is_offline: bool = False
    refused: str = ""
    is_freed: bool = False
    since_ms: int = 0
    checking_ms: int | None = None
    has_other_language: bool = False
    contrast: bool = False
    enlarged: int = ENLARGED[0]
    low: bool = False
    voice: bool = False
    receipt: PrintState = PrintState.NONE

    @property
    def needs_time(self) -> bool:
        """Whether the times without a touch are longer for this buyer."""
        return self.voice or self.low or self.enlarged > ENLARGED[0]

    @property
    def has_wishes(self) -> bool:
        """Whether the screen differs from what the next buyer is to find."""
        return self.needs_time or self.contrast or self.has_other_language

    def enlarge(self) -> None:
        """Choose the next size; after the largest the first one again."""
        self.enlarged = ENLARGED[(ENLARGED.index(self.enlarged) + 1) % len(ENLARGED)]

    def turn_contrast(self) -> None:
        """Ask for high contrast, or no longer."""
        self.contrast = not self.contrast

    def turn_low(self) -> None:
        """Ask for the low screen, or no longer."""
        self.low = not self.low

    def say(self, message: str, **values: object) -> None:
        """Say something below the entry."""
        self.message, self.values = message, values

    def doubtful_for(self, now_ms: int) -> int:
        """Return for how many milliseconds the result has been in doubt."""
        return now_ms - self.checking_ms if self.checking_ms is not None else 0

    def add_digit(self, digit: str, *, of_phone: bool) -> None:
        """Add a digit to what is typed; more than there is room for are nothing."""
        if of_phone:
            self.phone_digits = (self.phone_digits + digit)[:PHONE_DIGITS]
        else:
            self.order_digits = (self.order_digits + digit)[:ORDER_DIGITS]

    def delete_digit(self, *, of_phone: bool) -> None:
        """Take the last digit back."""
        if of_phone:
            self.phone_digits = self.phone_digits[:-1]
        else:
            self.order_digits = self.order_digits[:-1]
