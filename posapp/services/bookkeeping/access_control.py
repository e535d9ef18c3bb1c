"""The check of a permission, beside the guards in the acting transaction."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Permission
from posapp.services.ports.access import AccessPolicy
from posapp.services.ports.unit_of_work import UnitOfWork


class AllowEverything:
    """Port ``AccessPolicy``: every actor has every permission, until staff sign in."""

    def is_allowed(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
        """Return ``True``."""
        return True


class AccessControl:
    """Refuses what its policy does not allow. Every use case that writes or sends asks it, in the
    same transaction as its guards and before it writes."""

    def __init__(self, policy: AccessPolicy) -> None:
        self._policy = policy

    def require(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> None:
        """Return if the actor has the permission.

        Args:
            uow: the acting unit of work; ``None`` for a command that opens no database.

        Raises:
            UserError: ``NOT_PERMITTED``.
        """
        if not self._policy.is_allowed(uow, actor, permission):
            raise UserError(ErrorCode.NOT_PERMITTED)
