"""Limits of refunds: up to which amount a person alone may return money, and who has to agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Grant, Permission

WITHOUT_PIN, WITH_PIN, SECOND_PERSON = Won(50_000), Won(300_000), Won(1_000_000)
"""Defaults of the limits, in won."""

DISCOUNT_OF = "cart:"
"""Start of what the approval of a discount is about: the number of its cart follows."""

VALID_SECONDS = 120
"""How long an approval is valid."""


class Proof(IntEnum):
    """What a refund needs beside the right to it, from the least to the most: nothing, the own PIN
    once more, a second person with the right, a manager as that person."""

    NONE = 0
    OWN_PIN = 1
    SECOND_PERSON = 2
    MANAGER = 3


@dataclass(frozen=True, slots=True)
class RefundLimits:
    """Limits in won; the values here are the defaults of the settings.

    Attributes:
        without_pin: up to this, who signed in within ``fresh_seconds`` needs no PIN.
        with_pin: up to this, the own PIN once more is enough.
        second_person: up to this, any second person with the right; above it a manager.
        day: up to this all refunds of one person in a day; above it a manager.
    """

    without_pin: Won = WITHOUT_PIN
    with_pin: Won = WITH_PIN
    second_person: Won = SECOND_PERSON
    day: Won = SECOND_PERSON
    fresh_seconds: int = 300

    def proof_for(
        self, grant: Grant, amount: Won, of_day: Won, *, is_fresh: bool, before: Won = ZERO
    ) -> Proof:
        """Return what a refund needs.

        Args:
            grant: what the person's role may do about refunds.
            amount: won; of a bulk, their sum.
            of_day: won that the person returned today already.
            is_fresh: the person signed in within ``fresh_seconds``.
            before: won that went back of the same item already, for other pieces of it.
        """
        together = amount + before
        if together > self.second_person or of_day + amount > self.day:
            return Proof.MANAGER
        if together > self.with_pin or grant is not Grant.YES:
            return Proof.SECOND_PERSON
        if together > self.without_pin or not is_fresh:
            return Proof.OWN_PIN
        return Proof.NONE


@dataclass(frozen=True, slots=True)
class RefundSubject:
    """What an approval is bound to: any change makes it worthless.

    Attributes:
        what: kind and number: ``item:100``, ``refund:7``, ``requests:1,2,3``; ``cart:5`` for the
            discounts of a sale.
        amount: won.
        reason: as it is stored with the refund, or the discount.
    """

    what: str
    amount: Won
    reason: str

    @property
    def permission(self) -> Permission:
        """What an approver has to be allowed alone."""
        is_discount = self.what.startswith(DISCOUNT_OF)
        return Permission.GIVE_DISCOUNT if is_discount else Permission.REFUND


@dataclass(frozen=True, slots=True)
class Approval:
    """A refund agreed to: by a second person, or by the own PIN.

    Attributes:
        requested_by: number of the member of staff who returns the money.
        approved_by: number of the second person; ``None``: the asker's own PIN, once more.
        given_boot_ms: when, on the clock since the machine's start, in milliseconds.
        offline: it was given without a network.
        used_at: when a refund took it; it is used once.
    """

    id: int
    subject: str
    amount: Won
    reason: str
    requested_by: int
    approved_by: int | None
    given_at: datetime
    given_boot_ms: int
    expires_at: datetime
    offline: bool = False
    used_at: datetime | None = None

    def is_valid_for(self, subject: RefundSubject, now: datetime, boot_ms: int) -> bool:
        """Return whether it is for exactly this, unused, and not expired by either clock."""
        bound = RefundSubject(self.subject, self.amount, self.reason) == subject
        by_wall = self.given_at <= now < self.expires_at
        by_boot = 0 <= boot_ms - self.given_boot_ms < VALID_SECONDS * 1000
        return bound and by_wall and by_boot and self.used_at is None


def expiry(now: datetime) -> datetime:
    """Return until when an approval of now is valid."""
    return now + timedelta(seconds=VALID_SECONDS)
