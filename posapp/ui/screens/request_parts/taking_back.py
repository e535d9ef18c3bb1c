"""Decisions that can still be taken back, newest last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from posapp.services.ports.machine import Clock

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Undoable:
    """One deed: the requests that it decided, what says so, and until when it can be undone."""

    request_ids: tuple[int, ...]
    make: Callable[[], str]
    until: datetime


class TakingBack(QObject):
    """Counts the seconds by the clock that the desk asks too, so that what is offered is what it
    grants."""

    changed = Signal()
    """Another deed, or another second."""

    ran_out = Signal()
    """A deed counts now for good."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._deeds: list[Undoable] = []

    @property
    def newest(self) -> Undoable | None:
        """The deed that is offered to be undone, or ``None``."""
        return self._deeds[-1] if self._deeds else None

    @property
    def seconds(self) -> int:
        """How many seconds are left for it, rounded up; 0 if there is none."""
        newest = self.newest
        if newest is None:
            return 0
        return max(0, -(-(newest.until - self._clock.now()) // _SECOND))

    def add(self, request_ids: Sequence[int], make: Callable[[], str], until: datetime) -> None:
        """A deed that can be undone until then."""
        self._deeds.append(Undoable(tuple(request_ids), make, until))
        self.changed.emit()

    def drop(self, request_id: int) -> None:
        """This request can no longer be undone, or was."""
        left = [
            Undoable(ids, deed.make, deed.until)
            for deed in self._deeds
            if (ids := tuple(one for one in deed.request_ids if one != request_id))
        ]
        if left != self._deeds:
            self._deeds = left
            self.changed.emit()

    def clear(self) -> None:
        """Forget all of them."""
        self._deeds.clear()
        self.changed.emit()

    def look(self) -> None:
        """Look at the clock."""
        now = self._clock.now()
        left = [deed for deed in self._deeds if deed.until > now]
        ended = len(left) < len(self._deeds)
        self._deeds = left
        self.changed.emit()
        if ended:
            self.ran_out.emit()
