"""Actions on the entries of a page: confirmed with the amount, run once, and reported."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.services.session import Session
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.approval_fields import ApprovalFields
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot, failure_text
from posapp.ui.widgets.refund_approval import RefundApproval

Action = Callable[[], BoundText]
"""Runs in another thread and returns what to tell about it."""


class ConfirmedActions(QObject):
    """Runs at most one action an entry at a time; at most one dialog is open.

    Args:
        page: the page behind the dialogs.
        approval: how refunds above a limit are approved within the dialog, if they can be.
    """

    began = Signal()
    """An entry is busy from now on."""

    ended = Signal(object, str)
    """An action ended: the exception, unless the dialog shows it, and a message."""

    sent = Signal(object)
    """Refunds that the user has just released for sending. Carries their ids, to be followed."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        page: QWidget,
        approval: tuple[Theme, RefundApproval, Session] | None = None,
    ) -> None:
        super().__init__(page)
        self._approval = approval
        self._fields: ApprovalFields | None = None
        self._actor: Actor | None = None
        self._texts, self._runner, self._page = texts, runner, page
        self._busy: set[Hashable] = set()
        self._question = DialogSlot(self)

    def is_busy(self, entry: Hashable) -> bool:
        """Return whether an action runs for an entry, by its identity."""
        return entry in self._busy

    def confirm(
        self,
        entry: Hashable,
        message: str,
        action: Action,
        *,
        amount: Won,
        facts: Callable[[], Sequence[tuple[str, str]]],
        key: str,
        sends: Sequence[int] = (),
        actor: Actor | None = None,
        **values: object,
    ) -> None:
        """Ask with an amount, then run an action.

        Args:
            entry: identity of the entry that is busy meanwhile.
            message: id to which ``_question``, ``_consequence`` and ``_yes`` are added.
            facts: makes (name, value) pairs, in the current language.
            key: the key of the action.
            sends: refunds that the action releases for sending.
            actor: who acts, for the approval; ``None``: who is signed in.
            values: parameters of the messages, besides the amount.
        """
        if self._question.is_open or self.is_busy(entry):
            return
        texts = self._texts
        self._actor = actor
        dialog = ConfirmDialog(parent=self._page, key=key, waits=True)

        def write() -> None:
            won = texts.won(amount)
            question, consequence, yes = (
                texts(f"{message}_{part}", amount=won, **values)
                for part in ("question", "consequence", "yes")
            )
            dialog.say(question, consequence)
            dialog.show_amount(won)
            dialog.show_facts(facts())
            dialog.set_answers(yes, texts("words.close"))

        if self._approval is not None:
            fields = self._fields = ApprovalFields(texts, self._approval[0])
            dialog.fields.addWidget(fields)
            dialog.follow_fields(fields.shown, fields.entered)
            dialog.finished.connect(self._forget_fields)
        dialog.follow(texts, write)
        self.ask(entry, dialog, lambda: action, sends=sends)

    def _forget_fields(self) -> None:
        self._fields = None

    def ask(
        self,
        entry: Hashable,
        dialog: ConfirmDialog,
        action_of: Callable[[], Action],
        *,
        sends: Sequence[int] = (),
    ) -> None:
        """Open a dialog, then run the action that was agreed to.

        Args:
            action_of: called when the user agreed, while the dialog is still there.
        """
        if self._question.is_open or self.is_busy(entry):
            dialog.deleteLater()
            return
        dialog.agreed.connect(lambda: self.run(entry, action_of(), sends=sends))
        self._question.open(dialog)

    def run(self, entry: Hashable, action: Action, *, sends: Sequence[int] = ()) -> None:
        """Run an action without a question."""
        if self.is_busy(entry):
            return
        self._busy.add(entry)
        self.began.emit()
        if self._approval is not None and self._fields is not None:
            _, approval, session = self._approval
            actor = self._actor or session.actor
            action = approval.with_proof(self._fields, actor, action)

        def ended(outcome: TaskResult[BoundText]) -> None:
            self._busy.discard(entry)
            error = outcome.error
            shown = self._question.end(failure_text(self._texts, error))
            if shown and self._approval is not None and self._fields is not None:
                actor = self._actor or self._approval[2].actor
                self._approval[1].refused(self._fields, actor, error)
            message = outcome.value() if outcome.value is not None else ""
            self.ended.emit(None if shown else error, message)
            if sends and error is None:
                self.sent.emit(tuple(sends))

        self._runner.run(action, ended, owner=self)
