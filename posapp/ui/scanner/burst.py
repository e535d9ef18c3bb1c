"""Bursts of key presses faster than a hand's, recognised by their times alone."""

from __future__ import annotations

from dataclasses import dataclass

GAP_MS = 50
"""Maximum milliseconds between two key presses of one scan, unless the shop sets another."""

MARKED_GAP_MS = 100
"""The same after the scanner's own prefix: the time tells little then."""

SURE_MS = 25
"""Maximum milliseconds no hand sustains: a short code, or one without Enter, counts as a scan."""

SILENCE_MS = 80
"""Milliseconds after the last key press until which the Enter of a burst may follow."""

AFTER_MS = 150
"""Milliseconds after a scan during which an Enter is the scanner's: many send two."""

CHARACTERS = 4
"""Characters from which a burst ended by Enter is a scan at any interval up to ``GAP_MS``."""

LONGEST = 64
"""Key presses beyond which a burst is never a hand's."""


@dataclass(frozen=True, slots=True)
class ScanRules:
    """A shop's settings of its scanner.

    Attributes:
        gap_ms: maximum milliseconds between two key presses of one scan; 20 to 100.
        prefix: what the scanner sends before each code: one character, ``AIM`` for the AIM
            symbology identifier, or empty. Keys without it are still a scan by their times: a
            scanner that lost its prefix must not press 결제.
    """

    gap_ms: int = GAP_MS
    prefix: str = ""

    @property
    def sure_ms(self) -> int:
        """Return the milliseconds between two key presses that no hand sustains."""
        return min(SURE_MS, self.gap_ms)

    @property
    def silence_ms(self) -> int:
        """Return the milliseconds until which the Enter of a burst may follow."""
        return max(SILENCE_MS, self.gap_ms)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key press, or one step of an input method.

    Attributes:
        arrived: milliseconds of the program's own clock.
        stamped: milliseconds of the window system's clock, or 0 if there is none.
        is_character: it produces text.
        is_end: Enter, Tab, or a line feed: the end of a scan.
        is_move: it moves the focus or a row, as Tab and arrows do.
    """

    arrived: int
    stamped: int = 0
    is_character: bool = False
    is_end: bool = False
    is_move: bool = False


def gap(before: Stroke, after: Stroke) -> int:
    """Return the milliseconds between two strokes.

    The window system's clock is used if it timed both, because the program may have been busy when
    they arrived.
    """
    if before.stamped and after.stamped >= before.stamped:
        return after.stamped - before.stamped
    return after.arrived - before.arrived


class Burst:
    """Strokes without a gap between them.

    Args:
        first: the first stroke.
        is_scanner: it directly follows a scan and is thus a scanner's.

    Attributes:
        mark: number of characters of the scanner's prefix, with which it began, or 0.
    """

    def __init__(self, first: Stroke, rules: ScanRules, *, is_scanner: bool = False) -> None:
        self.is_scanner = is_scanner
        self.mark = 0
        self._rules = rules
        self._last = first
        self._characters = int(first.is_character)
        self._strokes = 1
        self._is_sure = True

    @property
    def last(self) -> Stroke:
        """Return the newest stroke."""
        return self._last

    @property
    def patience_ms(self) -> int:
        """Return how long to wait for the next stroke, in milliseconds."""
        if self._last.is_end and not self._last.is_move:
            return self._rules.sure_ms
        return self._silence_ms

    def is_followed_by(self, stroke: Stroke) -> bool:
        """Return whether the stroke belongs to this burst. The Enter may come a little later."""
        longest = self._silence_ms if stroke.is_end or self.mark else self._rules.gap_ms
        return gap(self._last, stroke) <= longest

    def add(self, stroke: Stroke) -> None:
        """Add the next stroke."""
        self._is_sure = self._is_sure and gap(self._last, stroke) <= self._rules.sure_ms
        self._last = stroke
        self._characters += stroke.is_character
        self._strokes += 1
        self.is_scanner = self.is_scanner or self._strokes > LONGEST

    def is_scan_with(self, end: Stroke, *, in_text: bool) -> bool:
        """Return whether this Enter ends a scan.

        Args:
            in_text: the focus is in a field. Outside a field one character at a speed that no hand
                reaches suffices, because Enter would press a button there.
        """
        if self.is_scanner or self._is_marked_code or self._characters >= CHARACTERS:
            return True
        sure = self._is_sure and gap(self._last, end) <= self._rules.sure_ms
        return sure and self._characters >= (2 if in_text else 1)

    @property
    def is_tail(self) -> bool:
        """Return whether it is too short for a code of its own."""
        return self._characters < CHARACTERS and not self._is_marked_code

    @property
    def is_scan_without_end(self) -> bool:
        """Return whether it is a scan without an Enter: some scanners send none."""
        if self.is_scanner or self._is_marked_code:
            return True
        return self._is_sure and self._characters >= CHARACTERS

    @property
    def _is_marked_code(self) -> bool:
        return 0 < self.mark < self._characters

    @property
    def _silence_ms(self) -> int:
        if self.mark:
            return MARKED_GAP_MS
        return self._rules.silence_ms if self._characters >= CHARACTERS else self._rules.gap_ms
