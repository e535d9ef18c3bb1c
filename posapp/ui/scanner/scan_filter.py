"""The application's one filter for scans: no screen, field or dialog ever meets a scanner's keys.

A scanner is a keyboard that types very fast and presses Enter. Its Enter would press whatever has
the focus (결제, say, while another order is on screen), so that it has to be told from a person's
before anything happens: what may be either waits until the next key press comes or does not. A
person never waits for more than ``burst.GAP_MS``, and for the first letter in a field not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum, auto
from functools import partial

import shiboken6
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShortcutEvent
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.scanner.burst import AFTER_MS, GAP_MS, SURE_MS, Burst, Stroke, gap
from posapp.ui.scanner.composed import Composed
from posapp.ui.scanner.fields import field_at, memory_of
from posapp.ui.scanner.held import Held, copy_of_input, copy_of_key, copy_of_shortcut
from posapp.ui.scanner.keys import has_to_wait, is_end, is_modifier, text_of

_LATE_MS = 20
"""If the timer comes later than this the program was busy, and key presses may wait in line."""

_TYPES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.Shortcut,
        QEvent.Type.InputMethod,
    }
)


class Verdict(Enum):
    """What becomes of a key press: it goes its way, waits, or never was."""

    PASS = auto()
    HOLD = auto()
    DROP = auto()


def milliseconds() -> int:
    """A clock that nobody sets."""
    return time.monotonic_ns() // 1_000_000


class ScanFilter(QObject):
    """Takes scans out of the key presses of the whole application, and repetitions out of those
    keys that press something.

    Args:
        clock: milliseconds; for key presses that the window system has not timed.
    """

    scanned = Signal(str)
    """What was scanned, as it arrived: see ``scanner.code``."""

    def __init__(
        self, clock: Callable[[], int] = milliseconds, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._burst: Burst | None = None
        self._composed = Composed()
        self._held: list[Held] = []
        self._bring_back: Callable[[], None] | None = None
        self._scan_end: Stroke | None = None
        self._verdict = Verdict.PASS
        self._key: tuple[int, str] | None = None
        self._pressed: tuple[int, QWidget] | None = None
        self._is_replaying = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._time_out)
        self._since = QElapsedTimer()

    def install(self) -> None:
        """Begin."""
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def remove(self) -> None:
        """End; what waits goes its way."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self.flush()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Judge key presses; everything else goes its way."""
        kind = event.type()
        if kind not in _TYPES or self._is_replaying:
            return False
        if isinstance(event, QShortcutEvent):
            return self._take_shortcut(watched, event)
        if not isinstance(watched, QWidget):
            return False  # the window system's window: its widget is next
        if isinstance(event, QInputMethodEvent):
            return self._take_input(watched, event)
        if not isinstance(event, QKeyEvent):
            return False
        if kind is QEvent.Type.ShortcutOverride:
            return self._take_override(watched, event)
        if kind is QEvent.Type.KeyPress:
            return self._take_press(watched, event)
        return self._take_release(watched, event)

    @Slot()
    def flush(self) -> None:
        """No key press follows: what waits is a scan after all, or goes its way now."""
        burst = self._burst
        if burst is not None and burst.is_scan_without_end:
            self._end_scan(burst.last)
        else:
            self._let_go()

    # Each kind of event.

    def _take_override(self, widget: QWidget, event: QKeyEvent) -> bool:
        """The window system asks whether a widget wants this key for itself; what it is, is judged
        here, before a shortcut or the widget gets it."""
        if not self._goes_up(widget, event):
            self._key = (event.key(), event.text())
            self._pressed = (shiboken6.getCppPointer(event)[0], widget)
            self._verdict = self._judge_key(widget, event)
        if self._verdict is Verdict.DROP:
            event.accept()
            return True
        return False

    def _take_shortcut(self, watched: QObject, event: QShortcutEvent) -> bool:
        if self._key is None:
            return False  # nobody pressed a key for it
        self._key = None
        if self._verdict is Verdict.HOLD:
            self._held.append(Held(watched, copy_of_shortcut(event)))
        return self._verdict is not Verdict.PASS

    def _take_press(self, widget: QWidget, event: QKeyEvent) -> bool:
        if self._key == (event.key(), event.text()):
            self._key = None
        elif self._goes_up(widget, event):
            return self._verdict is not Verdict.PASS
        else:
            self._verdict = self._judge_key(widget, event)
        self._pressed = (shiboken6.getCppPointer(event)[0], widget)
        if self._verdict is Verdict.HOLD:
            self._held.append(Held(widget, copy_of_key(event), writes=bool(text_of(event))))
        return self._verdict is not Verdict.PASS

    def _take_release(self, widget: QWidget, event: QKeyEvent) -> bool:
        self._key = self._pressed = None
        if self._held and not event.isAutoRepeat():
            self._held.append(Held(widget, copy_of_key(event), writes=bool(text_of(event))))
            return True
        return False

    def _take_input(self, widget: QWidget, event: QInputMethodEvent) -> bool:
        self._key = self._pressed = None
        if not event.commitString() and not event.preeditString():
            return False
        stroke = Stroke(self._clock(), is_character=True)
        if self._composed.is_left_over(event) and self._since_scan(stroke) <= AFTER_MS:
            return True
        if self._composed.is_only_kept(event):
            verdict = Verdict.HOLD if self._held else Verdict.PASS
        else:
            verdict = self._judge(stroke, widget, waits=False)
        self._composed.add(event)
        if verdict is Verdict.HOLD:
            self._held.append(Held(widget, copy_of_input(event), writes=True))
        return verdict is not Verdict.PASS

    def _goes_up(self, widget: QWidget, event: QKeyEvent) -> bool:
        """The same event on its way from a widget to its parent, which took no notice of it."""
        if self._pressed is None:
            return False
        place, below = self._pressed
        if place != shiboken6.getCppPointer(event)[0] or not shiboken6.isValid(below):
            return False
        return widget is not below and widget.isAncestorOf(below)

    # What they are.

    def _judge_key(self, widget: QWidget, event: QKeyEvent) -> Verdict:
        if is_modifier(event):
            return Verdict.PASS
        text = text_of(event)
        stroke = Stroke(self._clock(), event.timestamp(), bool(text), is_end(event))
        in_field = field_at(widget) is not None
        waits = has_to_wait(event, in_field=in_field)
        within = self._burst is not None and self._burst.is_followed_by(stroke)
        if event.isAutoRepeat() and waits:
            return Verdict.DROP
        if event.isAutoRepeat() and not within:
            self.flush()
            return Verdict.PASS
        verdict = self._judge(stroke, widget, waits=waits)
        self._composed.write(text)
        return verdict

    def _judge(self, stroke: Stroke, widget: QWidget, *, waits: bool) -> Verdict:
        """Say whose a stroke is; ``waits``: it has to wait even if it is the first."""
        burst = self._burst
        if burst is None or not burst.is_followed_by(stroke):
            return self._judge_first(stroke, widget, waits=waits)
        in_text = field_at(widget) is not None
        if stroke.is_end and burst.is_scan_with(stroke, in_text=in_text):
            self._end_scan(stroke)
            return Verdict.DROP
        burst.add(stroke)
        if burst.is_scanner:
            self._held.clear()
        self._wait(SURE_MS if stroke.is_end else burst.patience_ms)
        return Verdict.DROP if burst.is_scanner else Verdict.HOLD

    def _judge_first(self, stroke: Stroke, widget: QWidget, *, waits: bool) -> Verdict:
        self.flush()
        since_scan = self._since_scan(stroke)
        if stroke.is_end and since_scan <= AFTER_MS:
            return Verdict.DROP
        burst = self._burst = Burst(stroke, is_scanner=since_scan <= GAP_MS)
        self._composed.begin()
        self._wait(SURE_MS if stroke.is_end else burst.patience_ms)
        if burst.is_scanner:
            return Verdict.DROP
        field = field_at(widget)
        if waits or (stroke.is_character and field is None):
            return Verdict.HOLD
        self._bring_back = memory_of(field) if field is not None else None
        return Verdict.PASS

    def _since_scan(self, stroke: Stroke) -> int:
        end = self._scan_end
        return gap(end, stroke) if end is not None else AFTER_MS + 1

    # What becomes of them.

    def _end_scan(self, last: Stroke) -> None:
        burst, bring_back = self._burst, self._bring_back
        text = self._composed.text
        self._composed.drop()
        self._held.clear()
        self._forget_burst()
        if bring_back is not None:
            self._is_replaying = True
            bring_back()
            self._is_replaying = False
        self._scan_end = last
        # A few keys on the heels of a scan, and no Enter: the tail of that scan.
        is_tail = burst is not None and burst.is_tail and not last.is_end
        if text and not is_tail:
            # Not from within the event: what it opens may take the focus from who got it.
            QTimer.singleShot(0, self, partial(self.scanned.emit, text))

    def _let_go(self) -> None:
        held = tuple(self._held)
        self._held.clear()
        self._forget_burst()
        self._is_replaying = True
        try:
            for one in held:
                one.go_on()
        finally:
            self._is_replaying = False

    def _forget_burst(self) -> None:
        self._timer.stop()
        self._burst = self._bring_back = None

    def _wait(self, patience_ms: int) -> None:
        self._timer.start(patience_ms)
        self._since.start()

    @Slot()
    def _time_out(self) -> None:
        if self._since.elapsed() > self._timer.interval() + _LATE_MS:
            self._wait(_LATE_MS)  # once more, behind what waits in line
            return
        self.flush()
