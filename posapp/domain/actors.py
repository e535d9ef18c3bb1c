"""Actors: who did something, as the ledger and every other record name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.text import strip_controls


class ActorKind(StrEnum):
    """Kind of an actor.

    ``BUYER``, ``SELLER``: a user of the shop, by number. ``STAFF``: somebody who signed in, by
    number, perhaps acting for a user. ``PERSON``: somebody at the till, by name or without one.
    ``TILL``: the program itself. ``PORTONE``: a change that PortOne's history shows and our records
    lacked. ``IMPORT``: a file of orders. ``OTHER``: any other text.
    """

    BUYER = "buyer"
    SELLER = "seller"
    STAFF = "staff"
    PERSON = "person"
    TILL = "till"
    PORTONE = "portone"
    IMPORT = "import"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something; the first argument of every use case.

    ``str(actor)`` is the stored form: ``buyer:12``, ``staff:3``, ``staff:3:seller:12`` (for a
    user), ``person:Kim``, ``till``. The hash of a ledger entry covers it, so the form never
    changes.

    Attributes:
        id: the number of a user or of staff as text (with the user for whom staff act), a person's
            name, or empty.
    """

    kind: ActorKind
    id: str = ""

    @classmethod
    def buyer(cls, user_id: int) -> Actor:
        """Return the buyer with this number."""
        return cls(ActorKind.BUYER, str(user_id))

    @classmethod
    def seller(cls, user_id: int) -> Actor:
        """Return the seller with this number."""
        return cls(ActorKind.SELLER, str(user_id))

    @classmethod
    def staff(cls, staff_id: int) -> Actor:
        """Return the member of staff with this number, acting for no user."""
        return cls(ActorKind.STAFF, str(staff_id))

    def acting_for(self, user: Actor) -> Actor:
        """Return this member of staff acting for a user; for an actor of another kind
        the user alone.

        Raises:
            ValueError: ``user`` is no buyer or seller.
        """
        if user.kind not in _USERS:
            raise ValueError(f"{user} is no user")
        if self.kind is not ActorKind.STAFF:
            return user
        return Actor(ActorKind.STAFF, f"{self.staff_id}:{user}")

    @classmethod
    def person(cls, name: str = "") -> Actor:
        """Return somebody at the till who gave this name, or none; the name is put on one line."""
        return cls(ActorKind.PERSON, strip_controls(name))

    @classmethod
    def parse(cls, text: str) -> Actor:
        """Return the actor of a stored text; ``str`` of it is the same text again."""
        name, colon, rest = text.partition(":")
        known = name in _NAMES and bool(rest) == bool(colon)
        if not known or (name in _USERS and not _is_number(rest)):
            return cls(ActorKind.OTHER, text)
        if name == ActorKind.STAFF and not _STAFF.fullmatch(rest):
            return cls(ActorKind.OTHER, text)
        return cls(ActorKind(name), rest)

    @property
    def is_named(self) -> bool:
        """Whether the record says anything about who it was."""
        return bool(str(self))

    @property
    def staff_id(self) -> int | None:
        """Number of the member of staff; ``None`` for an actor of another kind."""
        return int(self.id.partition(":")[0]) if self.kind is ActorKind.STAFF else None

    @property
    def acts_as(self) -> ActorKind:
        """Kind of the user that acts or for whom staff act; for anybody else the own kind."""
        return self._user[0] if self._user is not None else self.kind

    @property
    def is_user(self) -> bool:
        """Whether the actor is a buyer or a seller, or staff who act for one."""
        return self._user is not None

    @property
    def user_id(self) -> int:
        """Number of the user that acts or for whom staff act.

        Raises:
            ValueError: the actor is no user of the shop and acts for none.
        """
        if self._user is None:
            raise ValueError(f"{self} is no user")
        return self._user[1]

    @property
    def user(self) -> Actor:
        """The user alone, without the member of staff who acts for it.

        Raises:
            ValueError: like ``user_id``.
        """
        number = self.user_id
        return Actor(self.acts_as, str(number))

    def is_same_person(self, other: Actor) -> bool:
        """Return whether both are one person: staff are told apart by their number alone, for
        whomever they act."""
        if self.staff_id is not None or other.staff_id is not None:
            return self.staff_id == other.staff_id
        return self == other

    @property
    def _user(self) -> tuple[ActorKind, int] | None:
        if self.kind in _USERS:
            return self.kind, int(self.id)
        if self.kind is ActorKind.STAFF:
            _, _, user = self.id.partition(":")
            kind, _, number = user.partition(":")
            return (ActorKind(kind), int(number)) if user else None
        return None

    def __str__(self) -> str:
        """Return the stored form."""
        return ":".join(part for part in (self.kind.value, self.id) if part)


_USERS = frozenset({ActorKind.BUYER, ActorKind.SELLER})
_STAFF = re.compile(r"[0-9]+(:(buyer|seller):[0-9]+)?")
_NAMES = frozenset(kind.value for kind in ActorKind if kind is not ActorKind.OTHER)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


NOBODY = Actor(ActorKind.OTHER)
"""The actor of a record that names none."""

TILL = Actor(ActorKind.TILL)
"""The actor of the till's automatic actions."""

PORTONE = Actor(ActorKind.PORTONE)
"""The actor of changes that PortOne's history shows and our records lacked."""

IMPORT = Actor(ActorKind.IMPORT)
"""The actor of payments and refunds that come from a file of orders."""
