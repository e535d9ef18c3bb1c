"""Ports for who may do what, and for what a refund needs beside the right to it."""

from __future__ import annotations

from typing import Protocol

from posapp.domain.actors import Actor
from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Permission
from posapp.domain.refund_limits import Proof, RefundSubject
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


class RefundGuard(Protocol):
    """Holds the limits of refunds, and who approves a discount above its limit."""

    def require(
        self,
        uow: UnitOfWork,
        actor: Actor,
        subject: RefundSubject,
        *,
        again: bool = False,
        before: Won = ZERO,
        least: Proof = Proof.NONE,
    ) -> Actor | None:
        """Return who approved this refund; ``None``: no other person had to.

        Args:
            again: the refund was given before, and is sent once more.
            before: won that went back of the same item already, for other pieces of it.
            least: what it needs whatever its amount is.

        Raises:
            UserError: it needs a PIN or another person.
        """
        ...

    def require_discount(
        self, uow: UnitOfWork, actor: Actor, subject: RefundSubject
    ) -> Actor | None:
        """Return who approved this discount above the limit; ``None``: nobody had to.

        Raises:
            UserError: it needs another person.
        """
        ...
