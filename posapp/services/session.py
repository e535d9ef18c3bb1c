"""Session: who acts at this till where a screen asks for no number."""

from __future__ import annotations

from dataclasses import dataclass, field

from posapp.domain.actors import Actor
from posapp.domain.permissions import StaffRole


@dataclass(slots=True)
class Session:
    """Session of one till. Times are milliseconds of the clock that never jumps back.

    Attributes:
        actor: who is at the till; a person without a name while nobody is signed in.
        role: their role; ``None`` while nobody is signed in.
        seller_id: the seller for whom they act: a seller's own number, or as chosen last; ``None``
            before that.
        signed_in_ms: when they signed in; ``None``: nobody did.
        confirmed_ms: when they gave their PIN last, to sign in or to confirm a change of the staff.
        used_ms: when the till was used last.
        lock_after_ms: how long nobody may use it before it locks.
    """

    actor: Actor = field(default_factory=Actor.person)
    role: StaffRole | None = None
    seller_id: int | None = None
    signed_in_ms: int | None = None
    confirmed_ms: int | None = None
    used_ms: int = 0
    lock_after_ms: int = 180_000

    def begin(
        self,
        actor: Actor,
        now_ms: int,
        *,
        role: StaffRole | None = None,
        seller_id: int | None = None,
    ) -> None:
        """Begin a session of a member of staff, in the place of another one."""
        self.actor, self.role, self.seller_id = actor, role, seller_id
        self.signed_in_ms = self.confirmed_ms = self.used_ms = now_ms

    def end(self) -> None:
        """End the session: nobody is at the till."""
        self.actor, self.role = Actor.person(), None
        self.seller_id = self.signed_in_ms = self.confirmed_ms = None

    @property
    def is_seller(self) -> bool:
        """Whether a seller is signed in, who acts for no other one."""
        return self.role is StaffRole.SELLER

    @property
    def own_actor(self) -> Actor:
        """Whoever is at the till; a seller as the user that they are."""
        if self.is_seller and self.seller_id is not None:
            return self.acting_for(Actor.seller(self.seller_id))
        return self.actor

    def touch(self, now_ms: int) -> None:
        """Note that the till is being used."""
        self.used_ms = now_ms

    def is_idle(self, now_ms: int) -> bool:
        """Return whether somebody is signed in and has not used the till for too long."""
        return self.signed_in_ms is not None and self.is_unused(now_ms)

    def is_unused(self, now_ms: int) -> bool:
        """Return whether nobody has used the till for so long that it would lock."""
        return now_ms - self.used_ms >= self.lock_after_ms

    def is_fresh(self, staff_id: int, seconds: int, now_ms: int) -> bool:
        """Return whether this person signed in at this till within so many seconds."""
        return self._is_within(self.signed_in_ms, staff_id, seconds, now_ms)

    def confirm(self, staff_id: int, now_ms: int) -> None:
        """Note that this person gave their PIN, if they are the one who is signed in. It makes no
        refund need less: those ask by themselves."""
        if self.signed_in_ms is not None and self.actor.staff_id == staff_id:
            self.confirmed_ms = now_ms

    def is_confirmed(self, staff_id: int, seconds: int, now_ms: int) -> bool:
        """Return whether this person gave their PIN at this till within so many seconds."""
        return self._is_within(self.confirmed_ms, staff_id, seconds, now_ms)

    def _is_within(self, at_ms: int | None, staff_id: int, seconds: int, now_ms: int) -> bool:
        if at_ms is None or self.actor.staff_id != staff_id:
            return False
        return 0 <= now_ms - at_ms <= seconds * 1000

    def acting_for(self, user: Actor) -> Actor:
        """Return the actor of an action for a buyer or seller: whoever is signed in, for that
        user; without sign-in the user itself."""
        return self.actor.acting_for(user)
