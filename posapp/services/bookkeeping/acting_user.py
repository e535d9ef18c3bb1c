"""Finds the user behind an actor, for the guards of an action."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.domain.users import User
from posapp.services.ports.unit_of_work import UnitOfWork


def find_user(uow: UnitOfWork, actor: Actor) -> User | None:
    """Return the acting buyer or seller; ``None`` for an unknown user or an actor that is none."""
    return uow.people.get(actor.user_id) if actor.is_user else None
