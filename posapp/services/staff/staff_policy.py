"""Rights of staff: the access policy of a shop, and the limits of its refunds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Grant, Permission, StaffRole
from posapp.domain.refund_limits import Approval, Proof, RefundLimits, RefundSubject
from posapp.domain.staff import Staff
from posapp.domain.time_zone import SEOUL
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import UnitOfWork

NEEDED: dict[Proof, ErrorCode] = {
    Proof.OWN_PIN: ErrorCode.PIN_REQUIRED,
    Proof.SECOND_PERSON: ErrorCode.APPROVAL_REQUIRED,
    Proof.MANAGER: ErrorCode.MANAGER_REQUIRED,
}
"""What a refund without the proof is refused with."""


class StaffPolicy:
    """Port ``AccessPolicy``: the person's row, as it is in the acting transaction, decides.

    Before there is any staff, everybody acts as a manager. From then on only staff act: an active
    person whose PIN is not locked, by the table of roles; a seller for their own number alone.
    """

    def is_allowed(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
        """Return whether the actor has the permission now; ``False`` without records to read."""
        if uow is None:
            return False
        if not uow.staff.exist():
            return True
        person = uow.staff.get(actor.staff_id) if actor.staff_id is not None else None
        if person is None or person.grant(permission) is Grant.NO:
            return False
        return person.may_act_as(actor)


class StaffRefundGuard:
    """Port ``RefundGuard``: refunds above a person's limits need a PIN or another person.

    Args:
        is_fresh: whether this person signed in a short time ago (``RefundLimits.fresh_seconds``).
    """

    def __init__(
        self, clock: Clock, limits: RefundLimits, is_fresh: Callable[[int, int], bool]
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._is_fresh = is_fresh

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
        """Return who approved the refund; ``None``: nobody had to. Uses up the approval.

        Raises:
            UserError: ``PIN_REQUIRED``, ``APPROVAL_REQUIRED`` or ``MANAGER_REQUIRED`` with the
                subject's ``what``, ``amount`` and ``reason``; ``NOT_PERMITTED``.
        """
        if not uow.staff.exist() or subject.amount <= 0:
            return None
        asker = uow.staff.get(actor.staff_id) if actor.staff_id is not None else None
        if asker is None:
            raise UserError(ErrorCode.NOT_PERMITTED)
        now = self._clock.now()
        needed = self._proof_for(uow, asker, subject.amount, now, again=again, before=before)
        proof = max(needed, least)
        if proof is Proof.NONE:
            return None
        used = self._use_approval(uow, asker, actor, subject, proof, now)
        if used is None:
            raise UserError(
                NEEDED[proof], what=subject.what, amount=int(subject.amount), reason=subject.reason
            )
        return Actor.staff(used.approved_by) if used.approved_by is not None else None

    def require_discount(
        self, uow: UnitOfWork, actor: Actor, subject: RefundSubject
    ) -> Actor | None:
        """Return who approved a discount above the limit; ``None``: there is no staff yet. Uses up
        the approval, which only another person can have given.

        Raises:
            UserError: ``APPROVAL_REQUIRED`` with the subject's ``what``, ``amount`` and ``reason``;
                ``NOT_PERMITTED``.
        """
        if not uow.staff.exist():
            return None
        asker = uow.staff.get(actor.staff_id) if actor.staff_id is not None else None
        if asker is None:
            raise UserError(ErrorCode.NOT_PERMITTED)
        now = self._clock.now()
        used = self._use_approval(uow, asker, actor, subject, Proof.SECOND_PERSON, now)
        if used is None or used.approved_by is None:
            raise UserError(
                ErrorCode.APPROVAL_REQUIRED,
                what=subject.what,
                amount=int(subject.amount),
                reason=subject.reason,
            )
        return Actor.staff(used.approved_by)

    def _use_approval(
        self,
        uow: UnitOfWork,
        asker: Staff,
        actor: Actor,
        subject: RefundSubject,
        proof: Proof,
        now: datetime,
    ) -> Approval | None:
        """Use up an approval that is valid for the subject and enough; ``None``: there is none."""
        for one in uow.approvals.unused(asker.id, subject):
            valid = one.is_valid_for(subject, now, self._clock.monotonic())
            if (
                valid
                and self._suffices(uow, one, proof, actor, subject.permission)
                and uow.approvals.use(one.id, now)
            ):
                return one
        return None

    def proof_of(
        self, uow: UnitOfWork, actor: Actor, amount: Won, before: Won = ZERO, earlier: Won = ZERO
    ) -> Proof:
        """Return what a refund of this amount would need now; nothing from who is no staff.

        Args:
            before: won that went back of the same items already.
            earlier: won of the refunds that are to be given just before it.
        """
        asker = uow.staff.get(actor.staff_id) if actor.staff_id is not None else None
        if asker is None or amount <= 0:
            return Proof.NONE
        return self._proof_for(
            uow, asker, amount, self._clock.now(), before=before, earlier=earlier
        )

    def _proof_for(
        self,
        uow: UnitOfWork,
        asker: Staff,
        amount: Won,
        now: datetime,
        *,
        again: bool = False,
        before: Won = ZERO,
        earlier: Won = ZERO,
    ) -> Proof:
        # A refund that is sent again is in the day's sum already.
        of_day = uow.staff.refunded_since(asker.id, shop_day_begins(now))
        return self._limits.proof_for(
            asker.grant(Permission.REFUND),
            amount,
            (ZERO if again else of_day) + earlier,
            is_fresh=self._is_fresh(asker.id, self._limits.fresh_seconds),
            before=before,
        )

    @staticmethod
    def _suffices(
        uow: UnitOfWork, approval: Approval, proof: Proof, actor: Actor, permission: Permission
    ) -> bool:
        if approval.approved_by is None:
            return proof is Proof.OWN_PIN
        approver = uow.staff.get(approval.approved_by)
        return approver is not None and may_approve(
            approver, actor, permission, manager=proof is Proof.MANAGER
        )


def may_approve(
    approver: Staff,
    requested_by: Actor,
    permission: Permission = Permission.REFUND,
    *,
    manager: bool,
) -> bool:
    """Return whether a person may approve a refund, or a discount, of another one now: with the
    right to give it alone, for that seller's items, and as a manager where one is needed."""
    return (
        approver.id != requested_by.staff_id
        and approver.grant(permission) is Grant.YES
        and approver.may_act_as(requested_by)
        and (approver.role is StaffRole.MANAGER or not manager)
    )


def shop_day_begins(now: datetime) -> datetime:
    """Return when the shop's present day began (UTC offset of the shop)."""
    return datetime.combine(now.astimezone(SEOUL).date(), time(), SEOUL)
