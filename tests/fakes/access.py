"""Access policies of tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from posapp.domain.actors import Actor
from posapp.domain.permissions import Permission
from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything
from posapp.services.ports.unit_of_work import UnitOfWork

EVERYTHING = AccessControl(AllowEverything())
"""For services that a test makes without a till."""


@dataclass
class Denying:
    """A policy that denies one permission and records each check.

    ``allowed_before``: number of checks of that permission it still allows. ``asked``: of each
    check, whether a unit of work was open, the actor, and the permission.
    """

    denied: Permission | None = None
    allowed_before: int = 0
    asked: list[tuple[bool, Actor, Permission]] = field(default_factory=list)

    def is_allowed(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
        self.asked.append((uow is not None, actor, permission))
        if permission is not self.denied:
            return True
        self.allowed_before -= 1
        return self.allowed_before >= 0
