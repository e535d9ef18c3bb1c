"""Thread-safe sync status and a bounded event log."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from posapp.domain.errors import GatewayCause

KEPT = 100
"""Maximum number of events kept; the log file has all of them."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Status of the network, of the reconciliation and of the backups.

    Attributes:
        online: ``None`` before the first call result.
        cause: cause of the offline state; ``PORTAL`` needs a sign-in to the network.
        changed_at: when ``online`` last changed (UTC).
        may_send: PortOne was reconciled since the start; before that no refund is sent.
        reconciled_at: the last reconciliation (UTC), by this start or an earlier one.
        reconcile_trouble: why the last reconciliation failed, or empty.
        backup_at: when the newest backup was made (UTC).
        backup_trouble: why the last backup failed, or empty.
        storage_trouble: the current disk problem (an ``EnvironmentCode``'s value), or empty.
    """

    online: bool | None = None
    cause: GatewayCause | None = None
    changed_at: datetime | None = None
    may_send: bool = False
    reconciled_at: datetime | None = None
    reconcile_trouble: str = ""
    backup_at: datetime | None = None
    backup_trouble: str = ""
    storage_trouble: str = ""


class SyncEventKind(StrEnum):
    """Kinds of sync events; the texts are ``sync_screen.did_<value>``."""

    WENT_OFFLINE = "went_offline"
    BACK_ONLINE = "came_online"
    REFUNDED = "refunded"
    POSTPONED = "postponed"
    REFUSED = "refused"
    NEEDS_REVIEW = "needs_person"
    RECONCILED = "reconciled"
    RECONCILE_FAILED = "reconcile_failed"
    BACKED_UP = "backed_up"
    BACKUP_FAILED = "backup_failed"
    STORAGE_TROUBLE = "storage_trouble"


@dataclass(frozen=True, slots=True)
class SyncEvent:
    """One event of the background work.

    Attributes:
        refund_id: the refund concerned, or 0.
        count: a number of records, for kinds that have one.
        detail: a cause's value or PortOne's own text: plain text, may be empty.
    """

    at: datetime
    what: SyncEventKind
    refund_id: int = 0
    count: int = 0
    detail: str = ""


class SyncStatusStore:
    """Written by the sync engine and its jobs, read by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._status = SyncStatus()
        self._recent: deque[SyncEvent] = deque(maxlen=KEPT)

    @property
    def status(self) -> SyncStatus:
        """The current status."""
        with self._lock:
            return self._status

    def update(self, **fields: Any) -> bool:
        """Set fields of ``SyncStatus``; True if any value changed."""
        with self._lock:
            before, self._status = self._status, replace(self._status, **fields)
            return self._status != before

    def note(self, happening: SyncEvent) -> None:
        """Add an event. A repetition of the last event (time aside) replaces it, so that an hour
        offline does not push all other events out of the log."""
        with self._lock:
            last = self._recent[-1] if self._recent else None
            if last is not None and replace(last, at=happening.at) == happening:
                self._recent.pop()
            self._recent.append(happening)

    def recent(self) -> tuple[SyncEvent, ...]:
        """Return the events, newest first."""
        with self._lock:
            return tuple(reversed(self._recent))
