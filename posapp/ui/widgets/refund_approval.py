"""Approval of a refund within the dialog that asks about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.refund_limits import Proof, RefundSubject
from posapp.services.session import Session
from posapp.services.staff.refund_approvals import NeededProof, PlannedRefund, RefundApprovals
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.widgets.approval_fields import ApprovalFields, GivenProof

T = TypeVar("T")

_PROOFS = {
    ErrorCode.PIN_REQUIRED: Proof.OWN_PIN,
    ErrorCode.APPROVAL_REQUIRED: Proof.SECOND_PERSON,
    ErrorCode.MANAGER_REQUIRED: Proof.MANAGER,
}


def proof_of(error: Exception | None) -> Proof:
    """Return what a refused refund lacks; ``NONE`` if it was refused for another reason."""
    return _PROOFS.get(error.code, Proof.NONE) if isinstance(error, UserError) else Proof.NONE


def subject_of(error: UserError) -> RefundSubject:
    """Return the subject that a refusal names."""
    what, amount, reason = (str(error.parameters[name]) for name in ("what", "amount", "reason"))
    return RefundSubject(what, Won(int(amount)), reason)


class RefundApproval(QObject):
    """Shows what a refund needs in a dialog's fields, and gives it to the service.

    Args:
        approvals: ``None``: there are no limits.
    """

    def __init__(
        self,
        runner: TaskRunner,
        approvals: RefundApprovals | None,
        session: Session,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._runner, self._approvals, self._session = runner, approvals, session

    def prepare(
        self,
        fields: ApprovalFields,
        actor: Actor,
        refunds: Sequence[PlannedRefund],
        *,
        focus: bool = True,
    ) -> None:
        """Show at once what these refunds will need, if that is known.

        Args:
            focus: whether the fields take the focus where something is needed.
        """
        approvals = self._approvals
        if approvals is None or self._session.role is None or not refunds:
            return
        show = partial(self._show, fields, with_focus=focus)
        self._runner.run(lambda: approvals.needed(actor, refunds), show, owner=fields, key="needed")

    def refused(self, fields: ApprovalFields, actor: Actor, error: Exception | None) -> None:
        """Show what a refused refund lacks; a PIN that was typed is forgotten in any case."""
        approvals, proof = self._approvals, proof_of(error)
        if approvals is None or proof is Proof.NONE:
            fields.pin.clear()
            if fields.is_needed:
                fields.focus()
            return

        assert isinstance(error, UserError)  # noqa: S101 - it has a proof
        needs = subject_of(error)

        def needed() -> NeededProof:
            if proof is Proof.OWN_PIN:
                return NeededProof(proof)
            manager, of = proof is Proof.MANAGER, needs.permission
            return NeededProof(proof, approvals.approvers(actor, manager=manager, of=of))

        show = partial(self._show, fields, with_focus=True)
        self._runner.run(needed, show, owner=fields, key="needed")

    def with_proof(
        self, fields: ApprovalFields, actor: Actor, act: Callable[[], T]
    ) -> Callable[[], T]:
        """Return work that acts, and acts again with the proof that is typed now if it is asked
        for. For another thread."""
        given = fields.given
        return lambda: self.act_with(given, actor, act)

    def act_with(self, given: GivenProof, actor: Actor, act: Callable[[], T]) -> T:
        """Act, and act again with the proof if it is asked for.

        Raises:
            UserError: as ``act``; why the proof is none, as ``RefundApprovals``.
        """
        try:
            return act()
        except UserError as error:
            if not self.give(given, actor, error):
                raise
        return act()

    def give(self, given: GivenProof, actor: Actor, error: UserError) -> bool:
        """Give the proof that a refusal asks for; ``False``: it asks for none, or for another one.

        Raises:
            UserError: the proof is none, as ``RefundApprovals``.
        """
        approvals, proof = self._approvals, proof_of(error)
        if approvals is None or proof is Proof.NONE or not given.suffices(proof):
            return False
        subject = subject_of(error)
        if given.approver_id is None:
            approvals.confirm(actor, subject, given.pin)
        else:
            manager = proof is Proof.MANAGER
            approvals.approve(actor, subject, given.approver_id, given.pin, manager=manager)
        return True

    @staticmethod
    def _show(
        fields: ApprovalFields, outcome: TaskResult[NeededProof], *, with_focus: bool
    ) -> None:
        if outcome.value is not None:
            fields.show_needed(outcome.value)
            if with_focus and fields.is_needed:
                fields.focus()
