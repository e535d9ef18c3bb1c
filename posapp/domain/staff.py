"""Staff: who may sign in at the till, in which role, and the state of their PIN."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Grant, Permission, StaffRole, grant_of
from posapp.domain.pins import LOCKED_AT, REFUND_DIGITS, SELL_DIGITS, PinTries
from posapp.domain.text import clean_name

MAX_NAME = 40
"""Characters of a name."""

KEPT_PINS = 3
"""How many PINs of a person, the present one included, no new PIN may repeat."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff.

    Attributes:
        seller_id: the user for whose items a seller acts; ``None`` in another role.
        pin_hash: empty: no PIN is valid until a manager sets one.
        pin_digits: how many digits the PIN has.
        tries: wrong and unfinished entries of the PIN since the last right one.
        tried_at: wall time of the last entry (UTC).
        tried_boot_ms: the same on the clock since the machine's start, in milliseconds.
        old_pins: hashes of the PINs before this one, newest first, separated by blanks.
    """

    id: int
    name: str
    role: StaffRole
    seller_id: int | None
    pin_hash: str
    pin_digits: int
    active: bool = True
    tries: int = 0
    tried_at: datetime | None = None
    tried_boot_ms: int | None = None
    old_pins: str = ""

    @property
    def actor(self) -> Actor:
        """The actor of what this person does."""
        return Actor.staff(self.id)

    @property
    def pin_tries(self) -> PinTries:
        """Count and times of the entries of the PIN."""
        return PinTries(self.tries, self.tried_at, self.tried_boot_ms)

    @property
    def is_locked(self) -> bool:
        """Whether the PIN is locked until a manager resets it."""
        return self.tries >= LOCKED_AT

    @property
    def known_pins(self) -> tuple[str, ...]:
        """Hashes of the PINs that a new one may not repeat."""
        kept = [one for one in (self.pin_hash, *self.old_pins.split()) if one]
        return tuple(kept[:KEPT_PINS])

    def with_tries(self, tries: PinTries) -> Staff:
        """Return this person with other tries."""
        return replace(self, tries=tries.count, tried_at=tries.at, tried_boot_ms=tries.boot_ms)

    def with_pin(self, pin_hash: str, digits: int) -> Staff:
        """Return this person with a new PIN and no tries; the old one is kept as an old one."""
        old = " ".join(self.known_pins[: KEPT_PINS - 1])
        return replace(
            self.with_tries(PinTries()), pin_hash=pin_hash, pin_digits=digits, old_pins=old
        )

    def grant(self, permission: Permission) -> Grant:
        """Return what this person may do of this kind now."""
        if not self.active or self.is_locked:
            return Grant.NO
        return grant_of(self.role, permission)

    def may_act_as(self, actor: Actor) -> bool:
        """Return whether this person may act for the user of ``actor``: for every buyer at the
        counter, for their own seller's number, and for other sellers with the right to that."""
        if actor.acts_as is not ActorKind.SELLER:
            return True
        own = self.role is StaffRole.SELLER and actor.user_id == self.seller_id
        return own or self.grant(Permission.ACT_FOR_OTHERS) is Grant.YES


def require_name(name: str) -> str:
    """Return a name as stored: on one line, without invisible characters, 1 to ``MAX_NAME``
    characters.

    Raises:
        UserError: ``STAFF_NAME``.
    """
    text = clean_name(name)
    if not 1 <= len(text) <= MAX_NAME:
        raise UserError(ErrorCode.STAFF_NAME)
    return text


def least_digits(role: StaffRole) -> int:
    """Return how many digits the PIN of a role has at least: who may return money needs six."""
    refunds = grant_of(role, Permission.REFUND) is Grant.YES
    return REFUND_DIGITS if refunds else SELL_DIGITS
