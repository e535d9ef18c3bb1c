"""The board: what the synchroniser knows about itself, for whoever looks from another thread."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from posapp.domain.errors import GatewayCause

KEPT = 100
"""Happenings that are remembered; the log has them all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with the network, with PortOne's books and with the copies.

    Attributes:
        online: ``None`` before anything was heard.
        cause: why it is off line; ``PORTAL`` wants somebody to sign in to the network.
        changed_at: since when it is on or off line (UTC).
        may_send: PortOne's books were compared since the start; before that no refund is sent.
        reconciled_at: when they were compared last (UTC), by this start or an earlier one.
        reconcile_trouble: why the last comparing did not end, or empty.
        backup_at: when the newest copy was made (UTC).
        backup_trouble: why the last copy was not made, or empty.
        storage_trouble: what the disk said last (an ``EnvironmentCode``'s value), or empty.
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


class What(StrEnum):
    """Kinds of happenings; the words are ``sync.did_<value>``."""

    WENT_OFFLINE = "went_offline"
    CAME_ONLINE = "came_online"
    REFUNDED = "refunded"
    POSTPONED = "postponed"
    REFUSED = "refused"
    NEEDS_PERSON = "needs_person"
    RECONCILED = "reconciled"
    RECONCILE_FAILED = "reconcile_failed"
    BACKED_UP = "backed_up"
    BACKUP_FAILED = "backup_failed"
    STORAGE_TROUBLE = "storage_trouble"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened beside the screens.

    Attributes:
        refund_id: the refund it is about, or 0.
        count: how many, where that says something.
        detail: a cause's value or PortOne's own words: plain text, may be empty.
    """

    at: datetime
    what: What
    refund_id: int = 0
    count: int = 0
    detail: str = ""


class Board:
    """Written by the synchroniser and its chores, read by anybody; any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing = Standing()
        self._recent: deque[Happening] = deque(maxlen=KEPT)

    @property
    def standing(self) -> Standing:
        """How things stand now."""
        with self._lock:
            return self._standing

    def update(self, **fields: Any) -> bool:
        """Set fields of ``Standing``; True if anything is not as it was."""
        with self._lock:
            before, self._standing = self._standing, replace(self._standing, **fields)
            return self._standing != before

    def note(self, happening: Happening) -> None:
        """Remember what happened. The same again (but for its time) takes the place of the last
        one: a network that is away for an hour must not push everything else off the board."""
        with self._lock:
            last = self._recent[-1] if self._recent else None
            if last is not None and replace(last, at=happening.at) == happening:
                self._recent.pop()
            self._recent.append(happening)

    def recent(self) -> tuple[Happening, ...]:
        """What happened, newest first."""
        with self._lock:
            return tuple(reversed(self._recent))
