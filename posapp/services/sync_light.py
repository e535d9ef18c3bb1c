"""The light: one word on whether it is safe to leave, worked out from facts and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import GatewayCause
from posapp.services.ports.outbox import UnsentTotals
from posapp.services.sync_board import Standing


class Light(StrEnum):
    """``GREEN``: all is sent, leave when you like. ``AMBER``: something goes on by itself, or is
    not known yet. ``RED``: a person is needed."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Reason(StrEnum):
    """Why the light is what it is, the gravest first; the words are ``sync.light_<value>`` and
    ``sync.safe_<value>``."""

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
class Facts:
    """What the light depends on.

    Attributes:
        live: QRs that may still be paid.
    """

    totals: UnsentTotals
    mismatches: int
    standing: Standing
    live: int = 0

    @property
    def at_work(self) -> int:
        """Entries that go on by themselves."""
        return self.totals.count - self.totals.for_person


def light_of(facts: Facts) -> tuple[Light, Reason]:
    """Return the light and the gravest reason for it."""
    standing = facts.standing
    if standing.storage_trouble:
        return Light.RED, Reason.STORAGE
    if facts.totals.for_person:
        return Light.RED, Reason.PERSON
    if facts.mismatches:
        return Light.RED, Reason.MISMATCH
    if standing.backup_trouble:
        return Light.RED, Reason.BACKUP
    if not standing.may_send and standing.reconcile_trouble and standing.online is not False:
        return Light.RED, Reason.CANNOT_COMPARE
    if facts.live:
        return Light.AMBER, Reason.LIVE
    if facts.at_work:
        return Light.AMBER, _why_it_waits(facts)
    if standing.online is False:
        portal = standing.cause is GatewayCause.PORTAL
        return Light.AMBER, Reason.IDLE_PORTAL if portal else Reason.IDLE_OFFLINE
    if not standing.may_send or standing.reconcile_trouble:
        return Light.AMBER, Reason.NOT_COMPARED
    return Light.GREEN, Reason.DONE


def _why_it_waits(facts: Facts) -> Reason:
    standing = facts.standing
    if standing.online is False:
        return Reason.PORTAL if standing.cause is GatewayCause.PORTAL else Reason.OFFLINE
    if facts.totals.claimed:
        return Reason.SENDING
    return Reason.WAITING if standing.may_send else Reason.COMPARING
