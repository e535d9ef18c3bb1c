"""Ports for staff: their records, the hashing of PINs, and the count of PINs beside the
database."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.pins import PinTries
from posapp.domain.refund_limits import Approval, RefundSubject
from posapp.domain.staff import Staff
from posapp.domain.staff_events import NewStaffEvent, StaffEvent


class StaffRecords(Protocol):
    """Staff and what happened to them, in one unit of work."""

    def exist(self) -> bool:
        """Return whether there is any staff; before that everybody acts as a manager."""
        ...

    def get(self, staff_id: int) -> Staff | None:
        """Return a member of staff, active or not, or ``None``."""
        ...

    def find(self, name: str) -> Staff | None:
        """Return the active member of staff of this name, or ``None``."""
        ...

    def all(self) -> tuple[Staff, ...]:
        """Return all staff, by number, the inactive ones too."""
        ...

    def names(self) -> dict[int, str]:
        """Return the names of all staff by number, of the inactive ones too."""
        ...

    def add(self, staff: Staff) -> Staff:
        """Store a new person (the id is ignored) and return it with its id.

        Raises:
            UserError: ``STAFF_NAME_TAKEN``; ``STAFF_FIRST_MANAGER``: the first one is a manager.
        """
        ...

    def save(self, staff: Staff) -> None:
        """Write a person's fields.

        Raises:
            UserError: ``STAFF_NAME_TAKEN``; ``STAFF_LAST_MANAGER``: no active manager would be
                left.
            LookupError: there is no such person.
        """
        ...

    def refunded_since(self, staff_id: int, since: datetime) -> Won:
        """Return the won of all refunds that this person gave since then, without those that
        PortOne refused or that were withdrawn."""
        ...

    def last_sign_ins(self) -> dict[int, datetime]:
        """Return when each person signed in last, by number; nobody who never did."""
        ...

    def append(self, event: NewStaffEvent) -> StaffEvent:
        """Append an event to the chain."""
        ...

    def events(self, after_seq: int, limit: int) -> tuple[StaffEvent, ...]:
        """Return events after ``after_seq``, in order."""
        ...

    def recovery_digest(self) -> str:
        """Return the digest of the recovery code; empty for none."""
        ...

    def set_recovery_digest(self, digest: str) -> None:
        """Replace the digest of the recovery code."""
        ...


class Approvals(Protocol):
    """Approvals of refunds, in one unit of work."""

    def add(self, approval: Approval) -> Approval:
        """Store an approval (the id is ignored) and return it with its id.

        Raises:
            UserError: ``REFUND_OWN_APPROVAL``: asker and approver are one person.
        """
        ...

    def unused(self, requested_by: int, subject: RefundSubject) -> tuple[Approval, ...]:
        """Return the unused approvals of exactly this refund, newest first."""
        ...

    def use(self, approval_id: int, at: datetime) -> bool:
        """Mark an approval as used; ``False``: it was used already."""
        ...


class PinHasher(Protocol):
    """Hashes PINs with a secret of the keyring. Slow on purpose: never on the screen's thread."""

    def require_secret(self) -> None:
        """Return if the secret is at hand.

        Raises:
            EnvironmentProblem: no usable keyring, or ``SECRET_MISSING``: no PIN works.
        """
        ...

    def make_secret(self) -> None:
        """Make the secret if the keyring has none: for the first PIN, and after a recovery.

        Raises:
            EnvironmentProblem: no usable keyring.
        """
        ...

    def hash(self, staff_id: int, pin: str) -> str:
        """Return the hash of a person's PIN; raises like ``require_secret``."""
        ...

    def is_current(self, hashed: str) -> bool:
        """Return whether a hash was made with the present secret; raises like
        ``require_secret``."""
        ...

    def matches(self, hashed: str, staff_id: int, pin: str) -> bool:
        """Return whether the hash is of this person's PIN; raises like ``require_secret``."""
        ...


class TryCounter(Protocol):
    """Count of PIN entries beside the database, so that an older copy of it takes none back."""

    def get(self, staff_id: int) -> PinTries:
        """Return what is counted of a person.

        Raises:
            EnvironmentProblem: a disk error.
        """
        ...

    def set(self, staff_id: int, tries: PinTries) -> None:
        """Replace the count of a person; on the disk when this returns. Raises like ``get``."""
        ...
