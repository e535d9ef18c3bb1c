"""What happened to staff and by them: append-only, chained like the ledger, and without money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posapp.domain.actors import Actor
from posapp.domain.ledger import hash_body, microseconds

CHAIN = "staff"
"""Name of this chain in its seals."""


class StaffEventKind(StrEnum):
    """Kind of a staff event; stored, so it never changes.

    ``SEAL_BEGUN``: rows from here on are sealed with the key that the event names.
    ``KIOSK_CALLED``: a buyer called staff; ``KIOSK_ANSWERED``: somebody ended that call at the
    kiosk. ``KIOSK_EXIT``: a manager's PIN ended the program of a kiosk.
    """

    SEAL_BEGUN = "SEAL_BEGUN"
    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    PIN_WRONG = "PIN_WRONG"
    PIN_LOCKED = "PIN_LOCKED"
    PIN_RESET = "PIN_RESET"
    PIN_RECOVERED = "PIN_RECOVERED"
    STAFF_ADDED = "STAFF_ADDED"
    STAFF_CHANGED = "STAFF_CHANGED"
    STAFF_REMOVED = "STAFF_REMOVED"
    APPROVAL_GIVEN = "APPROVAL_GIVEN"
    APPROVAL_REFUSED = "APPROVAL_REFUSED"
    SETTING_CHANGED = "SETTING_CHANGED"
    KIOSK_CALLED = "KIOSK_CALLED"
    KIOSK_ANSWERED = "KIOSK_ANSWERED"
    KIOSK_EXIT = "KIOSK_EXIT"


@dataclass(frozen=True, slots=True)
class NewStaffEvent:
    """An event without a position in the chain yet.

    Attributes:
        staff_id: the person whom it is about, or ``None``.
        actor: who did it.
        detail: what changed, without any secret.
    """

    event: StaffEventKind
    at: datetime
    staff_id: int | None
    actor: Actor
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StaffEvent:
    """An event at its position; ``hash`` covers all of it and the hash of the row before."""

    seq: int
    entry: NewStaffEvent
    previous: str
    hash: str

    @property
    def is_unchanged(self) -> bool:
        """Whether the hash is that of the event at its position."""
        return self.hash == _hash(self.seq, self.entry, self.previous)


def link_event(seq: int, entry: NewStaffEvent, previous: str) -> StaffEvent:
    """Return an event at its position after the row whose hash is ``previous``."""
    return StaffEvent(seq, entry, previous, _hash(seq, entry, previous))


def _hash(seq: int, entry: NewStaffEvent, previous: str) -> str:
    return hash_body(
        [
            CHAIN,
            seq,
            entry.event.value,
            microseconds(entry.at),
            entry.staff_id,
            str(entry.actor),
            entry.detail,
            previous,
        ]
    )
