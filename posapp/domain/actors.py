"""Actors: who did something, as the ledger and every other record name them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.text import strip_controls


class ActorKind(StrEnum):
    """Kind of an actor.

    ``BUYER``, ``SELLER``: a user of the shop, by number. ``PERSON``: somebody at the till, by name
    or without one. ``TILL``: the program itself. ``PORTONE``: a change that PortOne's history shows
    and our records lacked. ``IMPORT``: a file of orders. ``OTHER``: any other text.
    """

    BUYER = "buyer"
    SELLER = "seller"
    PERSON = "person"
    TILL = "till"
    PORTONE = "portone"
    IMPORT = "import"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something; the first argument of every use case.

    ``str(actor)`` is the stored form: ``buyer:12``, ``person:Kim``, ``till``. The hash of a ledger
    entry covers it, so the form never changes.

    Attributes:
        id: the user's number as text, a person's name, or empty.
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
    def person(cls, name: str = "") -> Actor:
        """Return somebody at the till who gave this name, or none; the name is put on one line."""
        return cls(ActorKind.PERSON, strip_controls(name))

    @classmethod
    def parse(cls, text: str) -> Actor:
        """Return the actor of a stored text; ``str`` of it is the same text again."""
        name, colon, rest = text.partition(":")
        known = name in _NAMES and bool(rest) == bool(colon)
        if not known or (name in _USERS and not (rest.isascii() and rest.isdigit())):
            return cls(ActorKind.OTHER, text)
        return cls(ActorKind(name), rest)

    @property
    def is_named(self) -> bool:
        """Whether the record says anything about who it was."""
        return bool(str(self))

    @property
    def is_user(self) -> bool:
        """Whether the actor is a buyer or a seller."""
        return self.kind in _USERS

    @property
    def user_id(self) -> int:
        """Number of the user.

        Raises:
            ValueError: the actor is no user of the shop.
        """
        if not self.is_user:
            raise ValueError(f"{self} is no user")
        return int(self.id)

    def __str__(self) -> str:
        """Return the stored form."""
        return ":".join(part for part in (self.kind.value, self.id) if part)


_USERS = frozenset({ActorKind.BUYER, ActorKind.SELLER})
_NAMES = frozenset(kind.value for kind in ActorKind if kind is not ActorKind.OTHER)

NOBODY = Actor(ActorKind.OTHER)
"""The actor of a record that names none."""

TILL = Actor(ActorKind.TILL)
"""The actor of the till's automatic actions."""

PORTONE = Actor(ActorKind.PORTONE)
"""The actor of changes that PortOne's history shows and our records lacked."""

IMPORT = Actor(ActorKind.IMPORT)
"""The actor of payments and refunds that come from a file of orders."""
