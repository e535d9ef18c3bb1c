"""Whether it is safe to close the program, derived from facts only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import GatewayCause
from posapp.services.ports.outbox import PendingTotals
from posapp.services.runtime.status_store import SyncStatus


class CloseSafety(StrEnum):
    """``GREEN``: everything is sent, closing is safe. ``AMBER``: background work continues, or the
    state is unknown. ``RED``: staff must act."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class SafetyReason(StrEnum):
    """Reason for the close safety, most severe first; the texts are ``sync_screen.light_<value>``
    and ``sync_screen.safe_<value>``."""

    STORAGE = "storage"
    PERSON = "person"
    MISMATCH = "mismatch"
    BACKUP = "backup"
    CANNOT_COMPARE = "cannot_compare"
    LIVE = "live"
    SENDING = "sending"
    PORTAL = "portal"
    OFFLINE = "offline"
    COMPARING = "comparing"
    WAITING = "waiting"
    IDLE_PORTAL = "idle_portal"
    IDLE_OFFLINE = "idle_offline"
    NOT_COMPARED = "not_compared"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SafetyInputs:
    """Inputs of the close safety.

    Attributes:
        live: number of QRs that may still be paid.
    """

    totals: PendingTotals
    mismatches: int
    status: SyncStatus
    live: int = 0

    @property
    def at_work(self) -> int:
        """Number of entries that proceed without staff."""
        return self.totals.count - self.totals.for_person


def close_safety_of(facts: SafetyInputs) -> tuple[CloseSafety, SafetyReason]:
    """Return the close safety and its most severe reason."""
    status = facts.status
    if status.storage_trouble:
        return CloseSafety.RED, SafetyReason.STORAGE
    if facts.totals.for_person:
        return CloseSafety.RED, SafetyReason.PERSON
    if facts.mismatches:
        return CloseSafety.RED, SafetyReason.MISMATCH
    if status.backup_trouble:
        return CloseSafety.RED, SafetyReason.BACKUP
    if not status.may_send and status.reconcile_trouble and status.online is not False:
        return CloseSafety.RED, SafetyReason.CANNOT_COMPARE
    if facts.live:
        return CloseSafety.AMBER, SafetyReason.LIVE
    if facts.at_work:
        return CloseSafety.AMBER, _waiting_reason(facts)
    if status.online is False:
        portal = status.cause is GatewayCause.PORTAL
        return CloseSafety.AMBER, SafetyReason.IDLE_PORTAL if portal else SafetyReason.IDLE_OFFLINE
    if not status.may_send or status.reconcile_trouble:
        return CloseSafety.AMBER, SafetyReason.NOT_COMPARED
    return CloseSafety.GREEN, SafetyReason.DONE


def _waiting_reason(facts: SafetyInputs) -> SafetyReason:
    status = facts.status
    if status.online is False:
        return SafetyReason.PORTAL if status.cause is GatewayCause.PORTAL else SafetyReason.OFFLINE
    if facts.totals.claimed:
        return SafetyReason.SENDING
    return SafetyReason.WAITING if status.may_send else SafetyReason.COMPARING
