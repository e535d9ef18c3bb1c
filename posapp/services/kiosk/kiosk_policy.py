"""What may be done at a kiosk: taking payments, by the buyer alone."""

from __future__ import annotations

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.permissions import Permission
from posapp.services.ports.unit_of_work import UnitOfWork


class KioskPolicy:
    """Port ``AccessPolicy`` of a kiosk: a buyer may pay, and nobody may do anything else, whether
    the shop has staff or not."""

    def is_allowed(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
        """Return whether it is a buyer who pays."""
        return permission is Permission.TAKE_PAYMENT and actor.kind is ActorKind.BUYER
