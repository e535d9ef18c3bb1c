"""Session: who acts at this till where a screen asks for no number."""

from __future__ import annotations

from dataclasses import dataclass, field

from posapp.domain.actors import Actor


@dataclass(slots=True)
class Session:
    """Session of one till.

    Attributes:
        actor: who is at the till. Nobody signs in yet, so it is a person without a name.
        seller_id: the seller for whom they act, as chosen last; ``None`` before that.
    """

    actor: Actor = field(default_factory=Actor.person)
    seller_id: int | None = None
