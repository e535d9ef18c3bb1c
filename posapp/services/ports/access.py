"""Port for the policy that says who may do what."""

from __future__ import annotations

from typing import Protocol

from posapp.domain.actors import Actor
from posapp.domain.permissions import Permission
from posapp.services.ports.unit_of_work import UnitOfWork


class AccessPolicy(Protocol):
    """Decides whether an actor may act."""

    def is_allowed(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
        """Return whether the actor has the permission now.

        Args:
            uow: the acting unit of work, for a policy that reads who is signed in; ``None`` for a
                command that opens no database (backup, restore).
        """
        ...
