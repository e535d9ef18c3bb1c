"""Times of a kiosk: the buyer who went away, wrong entries, calls, and crashes. All in milliseconds
of a clock that never jumps back, unless said otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

COUNTDOWN_MS = 20_000
"""How long the kiosk counts down before it resets."""

GRACE_MS = 150
"""How much later than shown it resets: a touch in the last moment may arrive late."""

MORE_TIME = 200
"""Percent of the usual times for a buyer who hears the screen, or has it low or large."""

FRESH_MS = 250
"""How long a screen is shown before a press on it counts: the one before may have been meant."""

PAID_MS = 15_000
OUTCOME_MS = 30_000
"""How long the outcome stays: paid, and any other."""

CHECKING_MS = 90_000
"""How long a result may be in doubt before the kiosk is free for the next buyer."""

CALL_AGAIN_MS = 60_000
"""How long a call may stay unanswered before staff are called again."""

CALL_PAUSE_MS = 10_000
"""How long after a call the next press calls nobody yet."""

EXIT_MS = 20_000
"""How long the PIN is waited for."""

TAPS = 5
TAPS_MS = 3_000
"""Taps on the shop's name that ask for the PIN, and within which time."""

WRONG_ENTRIES = 5
FIRST_PAUSE_MS = 30_000
LONGEST_PAUSE_MS = 300_000
"""Wrong entries until the first pause; it doubles with each further round."""

CRASHES = 3
CRASH_WINDOW = timedelta(minutes=5)
"""Starts without a clean end that make the kiosk stop taking payments, and within which time."""


class IdlePhase(StrEnum):
    """Whether a buyer is there: used lately, counting down, or gone."""

    USED = "used"
    COUNTDOWN = "countdown"
    GONE = "gone"


@dataclass(slots=True)
class IdleWatch:
    """Notices that a buyer went away.

    Attributes:
        idle_ms: how long nothing may be touched before it counts down.
        percent: of these times, more for a buyer who needs it.
    """

    idle_ms: int
    percent: int = 100
    _touched_ms: int = 0
    _held_s: int = 0

    def touch(self, now_ms: int) -> None:
        """Note a touch, a key or a scan: the time begins anew, as often as one likes."""
        self._touched_ms, self._held_s = now_ms, 0

    def hold(self, now_ms: int, shown_s: int) -> None:
        """Note that a finger is down: the time begins anew, and the seconds that are shown stay
        until the finger is up (``touch``).

        Args:
            shown_s: what is on the screen; 0: no countdown is, however long ago the last touch was.
        """
        self.touch(now_ms)
        self._held_s = shown_s

    def phase(self, now_ms: int) -> IdlePhase:
        """Return whether the buyer is there."""
        if now_ms - self._touched_ms < self.idle_ms * self.percent // 100:
            return IdlePhase.USED
        return IdlePhase.COUNTDOWN if now_ms < self._gone_ms else IdlePhase.GONE

    def seconds_shown(self, now_ms: int) -> int:
        """Return the whole seconds of the countdown, rounded up; 0: there is none."""
        if self._held_s or self.phase(now_ms) is IdlePhase.USED:
            return self._held_s
        return max(1, -(-(self._gone_ms - GRACE_MS - now_ms) // 1000))

    @property
    def _gone_ms(self) -> int:
        needed_ms = (self.idle_ms + COUNTDOWN_MS) * self.percent // 100
        return self._touched_ms + needed_ms + GRACE_MS


@dataclass(frozen=True, slots=True)
class WrongEntries:
    """Wrong order numbers and phone digits since the last payment, at the whole kiosk. An order
    that was only opened ends nothing: who has one would guess on between two looks at it.

    They live as long as the process, and not longer: a restart of the kiosk needs the manager's
    PIN or somebody at its power plug.

    Attributes:
        count: how many since the last pause began, or since the last payment.
        pauses: how many pauses there were since the last payment.
        until_ms: until when nothing is taken; 0: no pause.
    """

    count: int = 0
    pauses: int = 0
    until_ms: int = 0

    def with_wrong(self, now_ms: int) -> WrongEntries:
        """Return the state after one more wrong entry."""
        if self.count + 1 < WRONG_ENTRIES:
            return WrongEntries(self.count + 1, self.pauses, self.until_ms)
        pause_ms = min(FIRST_PAUSE_MS << min(self.pauses, 16), LONGEST_PAUSE_MS)
        return WrongEntries(0, self.pauses + 1, now_ms + pause_ms)

    def wait_s(self, now_ms: int) -> int:
        """Return the whole seconds until the next entry is taken, rounded up; 0: now."""
        return max(0, -(-(self.until_ms - now_ms) // 1000))


@dataclass(slots=True)
class TapCount:
    """Counts taps on the shop's name."""

    _taps: tuple[int, ...] = ()

    def tap(self, now_ms: int) -> bool:
        """Note a tap; return whether it is the last one of a quick series."""
        recent = (*(at for at in self._taps if now_ms - at <= TAPS_MS), now_ms)
        is_series = len(recent) >= TAPS
        self._taps = () if is_series else recent
        return is_series


def is_crashing(unclean: Sequence[datetime], now: datetime) -> bool:
    """Return whether so many starts without a clean end were within the last minutes (UTC).

    Args:
        unclean: when the program was started and then ended in no clean way.
    """
    return sum(timedelta(0) <= now - at <= CRASH_WINDOW for at in unclean) >= CRASHES
