"""The one undo of the program: what can be taken back for some seconds, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from posapp.services.ports.system import Clock

_TICK_MS = 200
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """What one press did.

    Attributes:
        owner: the page that offers it.
        ids: what was changed, by the ids of the page.
        make: returns what was done, in few words and the current language.
        until: the time at which it can no longer be taken back (UTC).
        take_back: takes back what is left of ``ids``.
    """

    owner: QObject
    ids: tuple[int, ...]
    make: Callable[[], str]
    until: datetime
    take_back: Callable[[tuple[int, ...]], object]


class UndoStack(QObject):
    """Offers the newest entry, as long as the service takes it back.

    The time is measured by the clock of the services, so that both agree on it.
    """

    changed = Signal()
    """The newest entry or its seconds changed."""

    expired = Signal()
    """Something can no longer be taken back."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._entries: list[UndoEntry] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def newest(self) -> UndoEntry | None:
        """Return the entry that is offered, or ``None``."""
        return self._entries[-1] if self._entries else None

    @property
    def seconds(self) -> int:
        """Return the seconds that are left for it, rounded up; 0 if there is none."""
        newest = self.newest
        if newest is None:
            return 0
        return max(0, -(-(newest.until - self._clock.now()) // _SECOND))

    def offer(
        self,
        owner: QObject,
        ids: Sequence[int],
        make: Callable[[], str],
        take_back: Callable[[tuple[int, ...]], object],
        *,
        until: datetime | timedelta,
    ) -> None:
        """Offer to take something back: see ``UndoEntry``.

        Args:
            until: the end, or the time from now.
        """
        end = self._clock.now() + until if isinstance(until, timedelta) else until
        self._entries.append(UndoEntry(owner, tuple(ids), make, end, take_back))
        self._timer.start()
        self.changed.emit()

    def drop(self, owner: QObject, one: int) -> None:
        """Withdraw what was taken back elsewhere, or can no longer be."""
        left = []
        for entry in self._entries:
            ids = tuple(each for each in entry.ids if entry.owner is not owner or each != one)
            if ids:
                left.append(replace(entry, ids=ids))
        self._keep(left)

    def clear(self, owner: QObject) -> None:
        """Withdraw all that a page offers."""
        self._keep([entry for entry in self._entries if entry.owner is not owner])

    @Slot()
    def take_back(self) -> None:
        """Take the newest entry back, once: it is not offered any more."""
        self.tick()
        if self._entries:
            newest = self._entries.pop()
            self._keep(self._entries)
            newest.take_back(newest.ids)

    @Slot()
    def tick(self) -> None:
        """Withdraw what is too late, and count down."""
        now = self._clock.now()
        left = [entry for entry in self._entries if entry.until > now]
        has_ended = len(left) < len(self._entries)
        self._keep(left)
        if has_ended:
            self.expired.emit()

    def _keep(self, entries: list[UndoEntry]) -> None:
        self._entries = entries
        if not entries:
            self._timer.stop()
        self.changed.emit()
