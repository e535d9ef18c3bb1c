"""Decisions that can still be undone, newest last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from posapp.services.ports.system import Clock

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """One decision: its requests, its text, and the end of its undo period."""

    request_ids: tuple[int, ...]
    make: Callable[[], str]
    until: datetime


class UndoStack(QObject):
    """Measures the time left by the clock of the decision service, so that both agree on it."""

    changed = Signal()
    """The newest decision or its seconds changed."""

    expired = Signal()
    """A decision can no longer be undone."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._entries: list[UndoEntry] = []

    @property
    def newest(self) -> UndoEntry | None:
        """Return the decision that can be undone, or ``None``."""
        return self._entries[-1] if self._entries else None

    @property
    def seconds(self) -> int:
        """Return the seconds left for it, rounded up; 0 if there is none."""
        newest = self.newest
        if newest is None:
            return 0
        return max(0, -(-(newest.until - self._clock.now()) // _SECOND))

    def add(self, request_ids: Sequence[int], make: Callable[[], str], until: datetime) -> None:
        """Add a decision that can be undone until a time."""
        self._entries.append(UndoEntry(tuple(request_ids), make, until))
        self.changed.emit()

    def drop(self, request_id: int) -> None:
        """Remove a request that was undone or can no longer be."""
        left = [
            UndoEntry(ids, entry.make, entry.until)
            for entry in self._entries
            if (ids := tuple(one for one in entry.request_ids if one != request_id))
        ]
        if left != self._entries:
            self._entries = left
            self.changed.emit()

    def clear(self) -> None:
        """Remove all decisions."""
        self._entries.clear()
        self.changed.emit()

    def tick(self) -> None:
        """Remove the decisions whose time is over."""
        now = self._clock.now()
        left = [entry for entry in self._entries if entry.until > now]
        ended = len(left) < len(self._entries)
        self._entries = left
        self.changed.emit()
        if ended:
            self.expired.emit()
