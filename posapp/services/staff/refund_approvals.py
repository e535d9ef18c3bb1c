"""Approvals of refunds: the own PIN once more, or another person's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Permission
from posapp.domain.refund_limits import Approval, Proof, RefundSubject, expiry
from posapp.domain.staff import Staff
from posapp.domain.staff_events import NewStaffEvent, StaffEventKind
from posapp.services.bookkeeping.item_parts import won_before
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.staff.pin_check import PinCheck
from posapp.services.staff.sign_in import StaffTile, tile_of
from posapp.services.staff.staff_policy import may_approve


@dataclass(frozen=True, slots=True)
class NeededProof:
    """What a refund needs beside the right to it.

    Attributes:
        approvers: who may approve it, where a second person has to.
    """

    proof: Proof = Proof.NONE
    approvers: tuple[StaffTile, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedRefund:
    """A refund that is to be given.

    Attributes:
        amount: won; of requests that are decided together, their sum.
        item_ids: the items whose other pieces count with it.
    """

    amount: Won
    item_ids: tuple[int, ...] = ()


class RefundApprovals:
    """Records approvals. The refund itself uses them up in its own transaction, if they are for
    exactly it (``StaffRefundGuard``).

    Args:
        is_online: whether PortOne is reachable. An approval without a network is marked.
        proof_of: what a refund of an amount needs, with what went back of its items before, and
            the refunds just before it.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        pins: PinCheck,
        is_online: Callable[[], bool],
        proof_of: Callable[[UnitOfWork, Actor, Won, Won, Won], Proof],
    ) -> None:
        self._store = store
        self._clock = clock
        self._pins = pins
        self._is_online = is_online
        self._proof_of = proof_of

    def needed(self, actor: Actor, refunds: Sequence[PlannedRefund]) -> NeededProof:
        """Return the most that one of these refunds would need now, given one after the other, for
        a dialog that asks about them. The refund itself decides, by the same sums."""
        proof, earlier = Proof.NONE, ZERO
        with self._store.snapshot() as uow:
            for one in refunds:
                items = [item for each in one.item_ids if (item := uow.orders.item(each))]
                before = won_before(uow, items)
                proof = max(proof, self._proof_of(uow, actor, one.amount, before, earlier))
                earlier += one.amount
        if proof in (Proof.NONE, Proof.OWN_PIN):
            return NeededProof(proof)
        return NeededProof(proof, self.approvers(actor, manager=proof is Proof.MANAGER))

    def approvers(
        self, actor: Actor, *, manager: bool, of: Permission = Permission.REFUND
    ) -> tuple[StaffTile, ...]:
        """Return who may approve a refund, or a discount, of this person.

        Args:
            manager: a manager has to.
            of: what the approver has to be allowed alone.
        """
        with self._store.snapshot() as uow:
            people = uow.staff.all()
        return tuple(tile_of(one) for one in people if may_approve(one, actor, of, manager=manager))

    def confirm(self, actor: Actor, subject: RefundSubject, pin: str) -> None:
        """Confirm an own refund by the own PIN, once more.

        Raises:
            UserError: ``NOT_PERMITTED``: the actor is no staff; or like ``PinCheck.check``.
            EnvironmentProblem: like ``PinCheck.check``.
        """
        if actor.staff_id is None:
            raise UserError(ErrorCode.NOT_PERMITTED)
        person = self._pins.check(actor.staff_id, pin)
        self._keep(person, subject, person.id)

    def approve(
        self,
        actor: Actor,
        subject: RefundSubject,
        approver_id: int,
        pin: str,
        *,
        manager: bool = False,
    ) -> None:
        """Approve another person's refund, or discount, by the approver's PIN.

        Args:
            actor: who gives the refund or the discount.
            manager: a manager has to approve.

        Raises:
            UserError: ``REFUND_OWN_APPROVAL``; ``APPROVER_WITHOUT_RIGHT``; ``NOT_PERMITTED``: the
                actor is no staff; or like ``PinCheck.check``, of the approver.
            EnvironmentProblem: like ``PinCheck.check``.
        """
        if actor.staff_id is None:
            raise UserError(ErrorCode.NOT_PERMITTED)
        if actor.staff_id == approver_id:
            self._refuse(actor.staff_id, approver_id, subject)
            raise UserError(ErrorCode.REFUND_OWN_APPROVAL)
        approver = self._pins.check(approver_id, pin)
        if not may_approve(approver, actor, subject.permission, manager=manager):
            self._refuse(actor.staff_id, approver_id, subject)
            raise UserError(ErrorCode.APPROVER_WITHOUT_RIGHT, name=approver.name)
        self._keep(approver, subject, actor.staff_id)

    def _keep(self, person: Staff, subject: RefundSubject, requested_by: int) -> None:
        now = self._clock.now()
        with self._store.transaction() as uow:
            uow.approvals.add(
                Approval(
                    id=0,
                    subject=subject.what,
                    amount=subject.amount,
                    reason=subject.reason,
                    requested_by=requested_by,
                    approved_by=person.id if person.id != requested_by else None,
                    given_at=now,
                    given_boot_ms=self._clock.monotonic(),
                    expires_at=expiry(now),
                    offline=not self._is_online(),
                )
            )
            uow.staff.append(
                _event(StaffEventKind.APPROVAL_GIVEN, now, requested_by, person.actor, subject)
            )
            uow.commit()

    def _refuse(self, requested_by: int, approver_id: int, subject: RefundSubject) -> None:
        kind, approver = StaffEventKind.APPROVAL_REFUSED, Actor.staff(approver_id)
        with self._store.transaction() as uow:
            uow.staff.append(_event(kind, self._clock.now(), requested_by, approver, subject))
            uow.commit()


def _event(
    kind: StaffEventKind, now: datetime, requested_by: int, approver: Actor, subject: RefundSubject
) -> NewStaffEvent:
    """Return the event: about the asker, by the approver."""
    detail = f"{subject.what} {int(subject.amount)}"
    return NewStaffEvent(kind, now, requested_by, approver, detail)
