"""Key presses that follow each other faster than a hand's: worked out from their times alone."""

from __future__ import annotations

from dataclasses import dataclass

GAP_MS = 50
"""Between two key presses of one scan, at most."""

SURE_MS = 25
"""What no hand keeps up: so fast even a short code is a scan, and one that no Enter ends."""

SILENCE_MS = 80
"""After so long without a key press the Enter of a burst does not come any more."""

AFTER_MS = 150
"""An Enter so soon after a scan is the scanner's: many send two."""

CHARACTERS = 4
"""From so many on, ended by Enter, they are a scan at any speed below ``GAP_MS``."""

LONGEST = 64
"""Key presses; what goes on for longer without a gap is no hand, whatever it is."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key press, or one step of an input method.

    Attributes:
        arrived: milliseconds of the program's own clock.
        stamped: milliseconds of the window system's clock, or 0 where it says none.
        is_character: it writes something.
        is_end: Enter, Tab, or a line feed: what a scanner sends at the end.
    """

    arrived: int
    stamped: int = 0
    is_character: bool = False
    is_end: bool = False


def gap(before: Stroke, after: Stroke) -> int:
    """Milliseconds between two: by the window system's clock if it timed both, because the program
    may have been busy when they came."""
    if before.stamped and after.stamped >= before.stamped:
        return after.stamped - before.stamped
    return after.arrived - before.arrived


class Burst:
    """Strokes without a gap between them.

    Args:
        first: the one it begins with.
        is_scanner: known from the beginning: it came on the heels of a scan.
    """

    def __init__(self, first: Stroke, *, is_scanner: bool = False) -> None:
        self.is_scanner = is_scanner
        self._last = first
        self._characters = int(first.is_character)
        self._strokes = 1
        self._is_sure = True

    @property
    def last(self) -> Stroke:
        """The newest stroke."""
        return self._last

    @property
    def patience_ms(self) -> int:
        """How long to wait for the next stroke, in milliseconds."""
        return SILENCE_MS if self._characters >= CHARACTERS else GAP_MS

    def is_followed_by(self, stroke: Stroke) -> bool:
        """The stroke belongs to this burst. The Enter may come a little later."""
        return gap(self._last, stroke) <= (self.patience_ms if stroke.is_end else GAP_MS)

    def add(self, stroke: Stroke) -> None:
        """Take the next stroke in."""
        self._is_sure = self._is_sure and gap(self._last, stroke) <= SURE_MS
        self._last = stroke
        self._characters += stroke.is_character
        self._strokes += 1
        self.is_scanner = self.is_scanner or self._strokes > LONGEST

    def is_scan_with(self, end: Stroke, *, in_text: bool) -> bool:
        """Whether this Enter ends a scan.

        Args:
            in_text: the focus is in a field. Elsewhere one character at a speed that no hand has
                is enough: what the Enter would press there is a button.
        """
        if self.is_scanner or self._characters >= CHARACTERS:
            return True
        sure = self._is_sure and gap(self._last, end) <= SURE_MS
        return sure and self._characters >= (2 if in_text else 1)

    @property
    def is_tail(self) -> bool:
        """Too short for a code of its own."""
        return self._characters < CHARACTERS

    @property
    def is_scan_without_end(self) -> bool:
        """Whether it is a scan though no Enter came: some scanners send none."""
        return self.is_scanner or (self._is_sure and self._characters >= CHARACTERS)
