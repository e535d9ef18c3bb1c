"""User actions on unresolved money: confirmed where they matter, and run once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.unresolved.evidence_text import entry_subject
from posapp.ui.unresolved.explanation_dialog import ExplanationDialog
from posapp.ui.unresolved.unresolved_model import UnresolvedEntry
from posapp.ui.widgets.confirm_dialog import ConfirmDialog, DialogSlot, failure_text

if TYPE_CHECKING:
    from posapp.services.refunds.unresolved_money import UnresolvedMoneyService
    from posapp.services.session import Session


class UnresolvedActions(QObject):
    """Retries refunds, assigns cancellations and closes mismatches.

    While an action runs, its entry is busy and starts no other.
    """

    began = Signal()
    """An entry is busy from now on."""

    sent = Signal(object)
    """Refunds that the user has just released for sending. Carries their ids, to be followed."""

    ended = Signal(object, str)
    """An action ended: the exception, or ``None`` and a message."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        service: UnresolvedMoneyService,
        session: Session,
        screen: QWidget,
    ) -> None:
        super().__init__(screen)
        self._texts, self._runner, self._screen = texts, runner, screen
        self._service, self._session = service, session
        self._busy: set[tuple[str, int]] = set()
        self._question = DialogSlot(self)

    def is_busy(self, entry: UnresolvedEntry | None) -> bool:
        """Return whether an action runs for this entry."""
        return entry is not None and entry.key in self._busy

    def ask_to_send(self, entry: UnresolvedEntry) -> None:
        """Confirm with the amount, then attempt a refund. It is read before anything is sent."""
        service, session = self._service, self._session
        if entry.refund is None or self.is_busy(entry):
            return
        refund = entry.refund.refund

        def action() -> str:
            service.retry(session.actor, refund.id)
            return "open_money.trying"

        key = "resend" if refund.send_count else "send"
        self._ask(entry, key, ("open_money.tag", refund.tag), action, sends=(refund.id,))

    def ask_ownership(self, entry: UnresolvedEntry, ours: bool) -> None:
        """Confirm, then assign the cancellation to this refund or not."""
        service, session = self._service, self._session
        if entry.refund is None or self.is_busy(entry):
            return
        refund_id = entry.refund.refund.id

        def action() -> str:
            decided = service.assign_cancellation(session.actor, refund_id, ours)
            return f"open_money.decided_{decided.value}"

        fact = ("open_money.tag", entry.refund.refund.tag)
        # Not ours: the refund itself is still to be sent.
        sends = () if ours else (refund_id,)
        self._ask(entry, "ours" if ours else "not_ours", fact, action, sends=sends)

    def ask_to_close(self, entry: UnresolvedEntry) -> None:
        """Ask for name, explanation and amount of a mismatch, then close it."""
        service = self._service
        if entry.mismatch is None or self.is_busy(entry):
            return
        mismatch, texts = entry.mismatch, self._texts
        facts = [
            (texts("open_money.about"), entry_subject(texts, entry)),
            (texts("open_money.merchant_uid"), display_text(mismatch.merchant_uid, 80)),
        ]
        if self._question.is_open:
            return
        question = ExplanationDialog(texts, mismatch.amount, facts, self._screen)

        def action() -> str:
            who, why = question_text
            service.close_mismatch(Actor.person(who), mismatch.id, why, mismatch.amount)
            return "open_money.closed"

        question_text = ("", "")

        def agreed() -> None:
            nonlocal question_text
            question_text = question.who.text().strip(), question.why.text().strip()
            self._run(entry, action)

        question.agreed.connect(agreed)
        self._question.open(question)

    def _ask(
        self,
        entry: UnresolvedEntry,
        key: str,
        fact: tuple[str, str],
        action: Callable[[], str],
        *,
        sends: tuple[int, ...] = (),
    ) -> None:
        if self._question.is_open:
            return
        texts = self._texts
        question = ConfirmDialog(
            texts(f"open_money.{key}_question", amount=texts.won(entry.amount)),
            texts(f"open_money.{key}_consequence", amount=texts.won(entry.amount)),
            texts(f"open_money.{key}_yes", amount=texts.won(entry.amount)),
            texts("words.close"),
            self._screen,
            amount=texts.won(entry.amount),
            facts=[
                (texts("open_money.about"), entry_subject(texts, entry)),
                (texts(fact[0]), display_text(fact[1], 80)),
            ],
            key="F7" if key == "ours" else "F8",
            waits=True,
        )
        question.agreed.connect(lambda: self._run(entry, action, sends=sends))
        self._question.open(question)

    def _run(
        self, entry: UnresolvedEntry, action: Callable[[], str], *, sends: tuple[int, ...] = ()
    ) -> None:
        if entry.key in self._busy:
            return
        self._busy.add(entry.key)
        self.began.emit()
        self._runner.run(action, lambda outcome: self._end(entry.key, outcome, sends), owner=self)

    def _end(self, key: tuple[str, int], outcome: TaskResult[str], sends: tuple[int, ...]) -> None:
        self._busy.discard(key)
        message = "" if outcome.value is None else self._texts(outcome.value)
        error = outcome.error
        shown = self._question.end(failure_text(self._texts, error))
        self.ended.emit(None if shown else error, message)
        if sends and error is None:
            self.sent.emit(sends)
