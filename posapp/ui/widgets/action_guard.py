"""Guard of a button that moves money or loses something: when a press of it is taken."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent

from posapp.ui.widgets.buttons import Button, is_pressing
from posapp.ui.widgets.held_keys import held_keys

GUARD_MS = 250
"""Milliseconds from the first paint until the action is taken: an earlier press was meant for what
was there before."""


def milliseconds() -> int:
    """Return the milliseconds of the monotonic clock."""
    return time.monotonic_ns() // 1_000_000


class ActionGuard(QObject):
    """Tells a press that was meant for the action from one meant for what was there before.

    A press counts from ``GUARD_MS`` after the first paint, and a key only if it was released since
    ``begin``.

    Args:
        clock: returns milliseconds.
    """

    def __init__(
        self, parent: QObject | None = None, *, clock: Callable[[], int] = milliseconds
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._painted_at: int | None = None
        self._held: set[int] = set()
        held_keys().released.connect(self._release)
        self.begin()

    @property
    def was_painted(self) -> bool:
        """Return whether the action was on screen since ``begin``."""
        return self._painted_at is not None

    @property
    def is_past(self) -> bool:
        """Return whether the action is on screen for long enough."""
        return self._painted_at is not None and self._clock() - self._painted_at >= GUARD_MS

    def begin(self) -> None:
        """Start anew: the action appears with the next paint."""
        self._painted_at = None
        self._held = set(held_keys().keys)

    def note_paint(self) -> None:
        """Note that the action was painted; only the first paint counts."""
        if self._painted_at is None:
            self._painted_at = self._clock()

    def takes_key(self, key: int) -> bool:
        """Return whether a press of this key counts."""
        return self.is_past and not self.is_held(key)

    def is_held(self, key: int) -> bool:
        """Return whether this key is down since before ``begin``."""
        return key in self._held

    @Slot(object)
    def _release(self, key: int) -> None:
        self._held.discard(key)


class ActionButton(Button):
    """The button of the action. It shows its key, which its owner handles: a button's own shortcut
    would repeat while the key is held."""

    def __init__(self, role: str, key: str, guard: ActionGuard) -> None:
        super().__init__(role, key)
        self.guard = guard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ignore a press that began too early, and the second one of a double click: that was meant
        for the button before."""
        is_second = event.type() is QEvent.Type.MouseButtonDblClick
        if self.guard.is_past and not is_second:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ignore Enter and Space that were pressed too early."""
        if not is_pressing(event) or self.guard.takes_key(event.key()):
            super().keyPressEvent(event)

    def _draw_text(self) -> None:
        super()._draw_text()
        self.setShortcut(QKeySequence())
