"""Application-wide event filter for scans: no screen, field or dialog receives a scanner's keys.

A scanner is a keyboard that types very fast and presses Enter. Its Enter would press the focused
button (결제, for example, while another order is on screen), so it has to be recognised before it
takes effect: an ambiguous key is held until the next key press arrives or its time is over. A
person never waits for more than ``ScanRules.gap_ms`` for a key pressed alone, and for a letter,
Backspace or the cursor in a field not at all. Repetitions of a held arrow pass.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from functools import partial

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShortcutEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.app_filter import AppFilter
from posapp.ui.scanner.burst import AFTER_MS, Burst, ScanRules, Stroke, gap
from posapp.ui.scanner.burst_timer import BurstTimer, milliseconds
from posapp.ui.scanner.code import mark_of, without_mark
from posapp.ui.scanner.composed import Composed
from posapp.ui.scanner.fields import FieldMemory, field_at, memory_of
from posapp.ui.scanner.held import HeldEvents
from posapp.ui.scanner.keys import (
    has_to_wait,
    is_end,
    is_modifier,
    is_move,
    is_undone_by_nothing,
    typed_text_of,
)
from posapp.ui.scanner.num_lock import NumLockWatch

_CLASSES = (QKeyEvent, QShortcutEvent, QInputMethodEvent)
_TYPES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.Shortcut,
        QEvent.Type.InputMethod,
    }
)


class KeyDecision(Enum):
    """Decision on a key press: deliver, hold or drop."""

    PASS = auto()
    HOLD = auto()
    DROP = auto()


class ScanFilter(AppFilter):
    """Extracts scans from the application's key presses, and drops repetitions of triggering keys.

    Args:
        clock: returns milliseconds; for key presses without a time of the window system.
        rules: the shop's settings of its scanner.

    Attributes:
        num_lock: tells that the number pad moves where digits are expected.
    """

    scanned = Signal(str)
    """Carries the scanned text as it arrived, without the shop's prefix: see ``scanner.code``."""

    def __init__(
        self,
        clock: Callable[[], int] = milliseconds,
        parent: QObject | None = None,
        *,
        rules: ScanRules | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock, self._rules = clock, rules or ScanRules()
        self.num_lock = NumLockWatch(self)
        self._burst: Burst | None = None
        self._composed = Composed()
        self._held = HeldEvents()
        self._moved_to: QWidget | None = None
        self._memory: FieldMemory | None = None
        self._scan_end: Stroke | None = None
        self._verdict = KeyDecision.PASS
        self._key: tuple[int, str] | None = None
        self._pressed: tuple[int, QWidget] | None = None
        self._is_replaying = False
        self._timer = BurstTimer(self)
        self._timer.ended.connect(self.flush)

    def remove(self) -> None:
        """End, and deliver the held events."""
        super().remove()
        self.flush()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Decide on key presses; pass all other events on."""
        # By class first: every event of the program comes by, and a type is looked up in an enum.
        if not isinstance(event, _CLASSES) or self._is_replaying:
            return False
        kind = event.type()
        if kind not in _TYPES:
            return False
        if isinstance(event, QShortcutEvent):
            return self._take_shortcut(watched, event)
        if not isinstance(watched, QWidget):
            return False  # the window system's window: its widget is next
        if isinstance(event, QInputMethodEvent):
            return self._take_input(watched, event)
        if kind is QEvent.Type.ShortcutOverride:
            return self._take_override(watched, event)
        if kind is QEvent.Type.KeyPress:
            return self._take_press(watched, event)
        return self._take_release(watched, event)

    @Slot()
    def flush(self) -> None:
        """End the burst: its held events become a scan or are delivered."""
        self._finish()

    # One method for each kind of event.

    def _take_override(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Decide on a key when the window system offers it to a widget before any shortcut."""
        if not self._goes_up(widget, event):
            self._key = (event.key(), event.text())
            self._pressed = (shiboken6.getCppPointer(event)[0], widget)
            self._verdict = self._judge_key(widget, event)
        if self._verdict is KeyDecision.DROP:
            event.accept()
            return True
        return False

    def _take_shortcut(self, watched: QObject, event: QShortcutEvent) -> bool:
        if self._key is None:
            return False  # triggered without a key press
        self._key = None
        if self._verdict is KeyDecision.HOLD:
            self._held.add_shortcut(watched, event)
        return self._verdict is not KeyDecision.PASS

    def _take_press(self, widget: QWidget, event: QKeyEvent) -> bool:
        if self._key == (event.key(), event.text()):
            self._key = None
        elif self._goes_up(widget, event):
            return self._verdict is not KeyDecision.PASS
        else:
            self._verdict = self._judge_key(widget, event)
        self._pressed = (shiboken6.getCppPointer(event)[0], widget)
        if self._verdict is KeyDecision.HOLD:
            self._held.add_key(self._moved_to or widget, event)
        return self._verdict is not KeyDecision.PASS

    def _take_release(self, widget: QWidget, event: QKeyEvent) -> bool:
        self._key = self._pressed = None
        if self._held and not event.isAutoRepeat():
            self._held.add_key(widget, event)
            return True
        return False

    def _take_input(self, widget: QWidget, event: QInputMethodEvent) -> bool:
        self._key = self._pressed = None
        if not event.commitString() and not event.preeditString():
            self._composed.hide()
            return False
        stroke = Stroke(self._clock(), is_character=True)
        if self._composed.is_left_over(event) and self._since_scan(stroke) <= AFTER_MS:
            return True
        if self._composed.is_only_kept(event):
            verdict = self._judge_kept(stroke)
        else:
            verdict = self._judge(stroke, widget, waits=False)
        self._composed.add(event, widget)
        self._find_mark()
        if verdict is KeyDecision.HOLD:
            self._held.add_input(widget, event)
        return verdict is not KeyDecision.PASS

    def _goes_up(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Return whether it is the same event, ignored by a child and propagated to its parent."""
        if self._pressed is None:
            return False
        place, below = self._pressed
        if place != shiboken6.getCppPointer(event)[0] or not shiboken6.isValid(below):
            return False
        return widget is not below and widget.isAncestorOf(below)

    # Decisions.

    def _judge_key(self, widget: QWidget, event: QKeyEvent) -> KeyDecision:
        if is_modifier(event):
            return KeyDecision.PASS
        self.num_lock.note(widget, event)
        text, in_field = typed_text_of(event), field_at(widget) is not None
        moves = is_move(event)
        stroke = Stroke(self._clock(), event.timestamp(), bool(text), is_end(event), moves)
        waits = has_to_wait(event, in_field=in_field)
        within = self._burst is not None and self._burst.is_followed_by(stroke)
        if event.isAutoRepeat() and waits:
            return KeyDecision.DROP
        if event.isAutoRepeat() and not within:
            self.flush()
            return KeyDecision.PASS
        waits = waits or moves or is_undone_by_nothing(event)
        verdict = self._judge(stroke, widget, waits=waits)
        self._composed.write(text)
        self._find_mark()
        return verdict

    def _judge(self, stroke: Stroke, widget: QWidget, *, waits: bool) -> KeyDecision:
        """Decide on a stroke; ``waits``: it is held even if it is the first."""
        burst = self._burst
        if self._memory is not None:
            self._memory.note_first_key()
        if burst is None or not burst.is_followed_by(stroke):
            return self._judge_first(stroke, widget, waits=waits)
        self._moved_to = None
        in_text = field_at(widget) is not None
        if stroke.is_end and burst.is_scan_with(stroke, in_text=in_text):
            self._end_scan(stroke)
            return KeyDecision.DROP
        burst.add(stroke)
        if burst.is_scanner:
            self._held.clear()
        self._timer.start(burst.patience_ms)
        return KeyDecision.DROP if burst.is_scanner else KeyDecision.HOLD

    def _judge_kept(self, stroke: Stroke) -> KeyDecision:
        """Decide on a syllable that is committed without a key of its own."""
        burst = self._burst
        if burst is None or not burst.is_followed_by(stroke):
            self.flush()
            return KeyDecision.PASS
        return KeyDecision.DROP if burst.is_scanner else KeyDecision.HOLD

    def _judge_first(self, stroke: Stroke, widget: QWidget, *, waits: bool) -> KeyDecision:
        self._moved_to = self._finish()
        since_scan = self._since_scan(stroke)
        if stroke.is_end and since_scan <= AFTER_MS:
            return KeyDecision.DROP
        is_scanner = since_scan <= self._rules.gap_ms
        burst = self._burst = Burst(stroke, self._rules, is_scanner=is_scanner)
        self._composed.begin(widget)
        self._timer.start(burst.patience_ms)
        if burst.is_scanner:
            return KeyDecision.DROP
        if self._moved_to is not None:
            return KeyDecision.HOLD  # not for this widget: the key before moved the focus just now
        field = field_at(widget)
        if field is not None:
            self._memory = memory_of(field)
            QTimer.singleShot(0, self, self._memory.note_first_key)
        waits = waits or (stroke.is_character and field is None)
        return KeyDecision.HOLD if waits else KeyDecision.PASS

    def _find_mark(self) -> None:
        """Recognise the prefix of the shop's scanner, and wait longer for what follows it."""
        burst, prefix = self._burst, self._rules.prefix
        if burst is not None and prefix and not burst.mark:
            burst.mark = mark_of(self._composed.text, prefix)
            if burst.mark:
                self._timer.start(burst.patience_ms)

    def _since_scan(self, stroke: Stroke) -> int:
        end = self._scan_end
        return gap(end, stroke) if end is not None else AFTER_MS + 1

    # Results.

    def _end_scan(self, last: Stroke) -> None:
        burst, memory = self._burst, self._memory
        text = without_mark(self._composed.text, self._rules.prefix)
        composed_before = self._composed.before
        self._composed.drop()
        self._held.clear()
        self._forget_burst()
        if memory is not None:
            self._is_replaying = True
            memory.bring_back(composed_before)
            self._is_replaying = False
        self._scan_end = last
        # A few keys right after a scan, without Enter: the tail of that scan.
        is_tail = burst is not None and burst.is_tail and not last.is_end
        if text and not is_tail:
            # Not within the event: a receiver may move the focus away from the event's widget.
            QTimer.singleShot(0, self, partial(self.scanned.emit, text))

    def _finish(self) -> QWidget | None:
        """End the burst, and return the widget to which its keys moved the focus, if any."""
        burst = self._burst
        if burst is not None and burst.is_scan_without_end:
            self._end_scan(burst.last)
            return None
        self._forget_burst()
        self._is_replaying = True
        try:
            return self._held.deliver()
        finally:
            self._is_replaying = False

    def _forget_burst(self) -> None:
        self._timer.stop()
        self._burst = self._memory = None
