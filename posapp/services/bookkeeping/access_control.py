"""The check of a permission, and of a refund's limits, beside the guards in the acting
transaction."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Permission
from posapp.domain.refund_limits import Proof, RefundSubject
from posapp.services.ports.access import AccessPolicy, RefundGuard
from posapp.services.ports.unit_of_work import UnitOfWork


class AllowEverything:
    """Port ``AccessPolicy``: every actor has every permission. For commands in a terminal, whose
    user the operating system knows."""

    def is_allowed(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
        """Return ``True``."""
        return True


class NoRefundLimits:
    """Port ``RefundGuard``: no refund needs anybody else."""

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
        """Return ``None``."""
        return None

    def require_discount(
        self, uow: UnitOfWork, actor: Actor, subject: RefundSubject
    ) -> Actor | None:
        """Return ``None``."""
        return None


class AccessControl:
    """Refuses what its policy does not allow. Every use case that writes or sends asks it, in the
    same transaction as its guards and before it writes."""

    def __init__(self, policy: AccessPolicy, refunds: RefundGuard | None = None) -> None:
        self._policy = policy
        self._refunds = refunds or NoRefundLimits()

    def require(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> None:
        """Return if the actor has the permission.

        Args:
            uow: the acting unit of work; ``None`` for a command that opens no database.

        Raises:
            UserError: ``NOT_PERMITTED``.
        """
        if not self._policy.is_allowed(uow, actor, permission):
            raise UserError(ErrorCode.NOT_PERMITTED)

    def allows(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
        """Return whether the actor has the permission: for what is only shown or not."""
        return self._policy.is_allowed(uow, actor, permission)

    def require_refund(
        self,
        uow: UnitOfWork,
        actor: Actor,
        what: str,
        amount: int,
        reason: str,
        *,
        again: bool = False,
        before: Won = ZERO,
        least: Proof = Proof.NONE,
    ) -> Actor | None:
        """Return who approved a refund; ``None``: no other person had to. Every use case that gives
        money back asks it in the transaction that does; an approval is thereby used.

        Args:
            what: kind and number, to which an approval is bound: ``item:100``.
            amount: won; of several refunds given at once, their sum.
            reason: as it is stored with the refund.
            again: it was given before, and is sent once more.
            before: won that went back of the same item already, for other pieces of it. It counts
                for the limits of one refund.
            least: what it needs whatever its amount is.

        Raises:
            UserError: ``PIN_REQUIRED``, ``APPROVAL_REQUIRED``, ``MANAGER_REQUIRED``: above a limit
                and without a valid approval; ``what``, ``amount`` and ``reason`` are parameters.
        """
        subject = RefundSubject(what, Won(amount), reason)
        return self._refunds.require(uow, actor, subject, again=again, before=before, least=least)

    def require_discount(
        self, uow: UnitOfWork, actor: Actor, what: str, amount: Won, reason: str
    ) -> Actor | None:
        """Return who approved discounts above the limit; ``None``: nobody had to. Asked in the
        transaction that gives them; an approval is thereby used.

        Args:
            what: the cart, to which an approval is bound: ``cart:5``.
            amount: won of all its discounts.
            reason: as it is stored with them.

        Raises:
            UserError: ``APPROVAL_REQUIRED``: without a valid approval; ``what``, ``amount`` and
                ``reason`` are parameters.
        """
        return self._refunds.require_discount(uow, actor, RefundSubject(what, amount, reason))
