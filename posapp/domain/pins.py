"""Rules of PINs: which are too easy, and how entries are counted and delayed.

Counting uses two clocks: the wall clock, which people can set, and the clock since the machine's
start, which begins anew with it. Each alone bounds a delay; the longer one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from posapp.domain.errors import ErrorCode, UserError

SELL_DIGITS, REFUND_DIGITS = 4, 6
"""Digits of a PIN: of who may sell, and of who may return money."""

LOCKED_AT = 20
"""Wrong entries after which only a manager's reset helps."""

WARNED_FROM = 15
"""Wrong entries from which on the person is told how many are left."""

_FIRST_DELAYS = (0, 0, 0, 5, 15, 30)
LONGEST_DELAY = 15 * 60
_MILLISECOND = timedelta(milliseconds=1)


def delay_after(tries: int) -> int:
    """Return the pause in seconds after so many wrong entries: 0, 0, 5, 15, 30, then twice the one
    before, up to ``LONGEST_DELAY``."""
    if tries < len(_FIRST_DELAYS):
        return _FIRST_DELAYS[max(tries, 0)]
    doublings = min(tries - len(_FIRST_DELAYS) + 1, 10)
    return min(_FIRST_DELAYS[-1] << doublings, LONGEST_DELAY)


@dataclass(frozen=True, slots=True)
class PinTries:
    """Entries of a PIN since the last right one.

    Attributes:
        count: wrong and unfinished ones.
        at: wall time of the last one (UTC).
        boot_ms: the same on the clock since the machine's start, in milliseconds.
    """

    count: int = 0
    at: datetime | None = None
    boot_ms: int | None = None

    def wait_ms(self, now: datetime, boot_ms: int) -> int:
        """Return for how many milliseconds the next entry has to wait; 0 for none.

        A wall clock that was set back counts as no time passed. A start of the machine since
        then (its clock shows less) counts from that start: more time has passed for certain.
        """
        delay = delay_after(self.count) * 1000
        if not delay or self.at is None or self.boot_ms is None:
            return delay
        by_wall = max((now - self.at) // _MILLISECOND, 0)
        by_boot = boot_ms - self.boot_ms if boot_ms >= self.boot_ms else boot_ms
        return max(delay - min(by_wall, by_boot), 0)

    def is_clock_behind(self, now: datetime) -> bool:
        """Return whether the wall clock shows less than at the last entry."""
        return self.at is not None and now < self.at

    def begun(self, now: datetime, boot_ms: int) -> PinTries:
        """Return the tries with one more, which begins now."""
        return PinTries(self.count + 1, now, boot_ms)

    def restarted(self, now: datetime, boot_ms: int) -> PinTries:
        """Return the same count with a pause that begins now."""
        return PinTries(self.count, now, boot_ms)

    @property
    def left(self) -> int:
        """How many wrong entries are left before the PIN is locked."""
        return max(LOCKED_AT - self.count, 0)


def guard_pin(pin: str, digits: int, phone: str = "") -> None:
    """Check a new PIN.

    Args:
        digits: how many it has at least: 4 or 6.
        phone: digits of the person's phone number, or empty.

    Raises:
        UserError: ``PIN_FORM``: not 4 or 6 digits, or too few; ``PIN_WEAK``: too easy.
    """
    allowed = [size for size in (SELL_DIGITS, REFUND_DIGITS) if size >= digits]
    if not (pin.isascii() and pin.isdigit()) or len(pin) not in allowed:
        raise UserError(ErrorCode.PIN_FORM, digits=digits)
    if _is_run(pin) or _is_birthday(pin) or (phone and phone.endswith(pin)):
        raise UserError(ErrorCode.PIN_WEAK)


def _is_run(pin: str) -> bool:
    """One digit repeated, or a run upwards or downwards, also past 9 and 0."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {9})


def _is_birthday(pin: str) -> bool:
    if len(pin) != REFUND_DIGITS:
        return False
    month, day = int(pin[2:4]), int(pin[4:])
    return 1 <= month <= 12 and 1 <= day <= 31
