"""User actions on unsent refunds: confirmed where they affect a refund, and run once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.money import Won
from posapp.services.ports.outbox import PendingRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.sync.sync_messages import item_of, refund_subject
from posapp.ui.widgets.confirm_dialog import ConfirmDialog, DialogSlot, failure_text

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.sync.sync_status import SyncService

ALL = 0
"""Key of actions on all rows or on none: no refund has this id."""


class SyncActions(QObject):
    """Retries, requeues and takes over refunds, and starts reconciliation.

    While an action runs, its row is busy and starts no other.
    """

    began = Signal()
    """A row is busy from now on."""

    sent = Signal(object)
    """Refunds that the user has just released for sending. Carries their ids, to be followed."""

    ended = Signal(object, str)
    """An action ended: the exception, or ``None`` and a message."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        desk: SyncService,
        session: Session,
        screen: QWidget,
    ) -> None:
        super().__init__(screen)
        self._texts, self._runner, self._screen = texts, runner, screen
        self._desk, self._session = desk, session
        self._busy: set[int] = set()
        self._question = DialogSlot(self)

    def is_busy(self, row: PendingRefund | None) -> bool:
        """Return whether an action runs for this row."""
        return row is not None and row.refund_id in self._busy

    def ask_to_try(self, row: PendingRefund) -> None:
        """Confirm with the amount, then attempt a refund now. It is read before a send."""
        desk, session = self._desk, self._session
        action = _done("try_now", lambda: desk.try_now(session.actor, row.refund_id))
        self._ask(row, "try_now", action, sends=True)

    def ask_to_try_all(self, rows: Sequence[PendingRefund], count: int, amount: Won) -> None:
        """Confirm with the sum, then attempt all waiting refunds now.

        Args:
            rows: the rows that are listed; ``count`` and ``amount`` (won) are of all.
        """
        desk, session, texts = self._desk, self._session, self._texts
        if not count or ALL in self._busy or self._question.is_open:
            return
        won = texts.won(amount)
        question = ConfirmDialog(
            texts("sync.try_all_question", count=count, amount=won),
            texts("sync.try_all_consequence"),
            texts("sync.try_all_yes", count=count, amount=won),
            texts("words.close"),
            self._screen,
            amount=won,
            facts=[(texts("sync.about"), texts("sync.try_all_about", count=count))],
            waits=True,
        )
        ids = tuple(row.refund_id for row in rows if not row.needs_person)

        def action() -> tuple[str, int]:
            return "try_all", desk.try_all(session.actor)

        question.agreed.connect(lambda: self._run(ALL, action, ids))
        self._question.open(question)

    def reconcile(self) -> None:
        """Start reconciliation with PortOne."""
        desk, session = self._desk, self._session
        self._run(ALL, _done("reconcile", lambda: desk.reconcile_now(session.actor)))

    def ask_to_requeue(self, row: PendingRefund) -> None:
        """Confirm, then return a refund to automatic sending."""
        desk, session = self._desk, self._session
        action = _done("requeue", lambda: desk.requeue(session.actor, row.refund_id))
        self._ask(row, "requeue", action, sends=True)

    def ask_to_take_over(self, row: PendingRefund) -> None:
        """Confirm, then remove a refund from automatic sending."""
        desk, session = self._desk, self._session
        action = _done("take_over", lambda: desk.take_over(session.actor, row.refund_id))
        self._ask(row, "take_over", action)

    def _ask(
        self,
        row: PendingRefund,
        key: str,
        action: Callable[[], tuple[str, int]],
        *,
        sends: bool = False,
    ) -> None:
        if self.is_busy(row) or self._question.is_open:
            return
        texts, won = self._texts, self._texts.won(row.amount)
        question = ConfirmDialog(
            texts(f"sync.{key}_question", amount=won),
            texts(f"sync.{key}_consequence"),
            texts(f"sync.{key}_yes", amount=won),
            texts("words.close"),
            self._screen,
            key="F8" if sends else "F7",
            amount=won,
            facts=[
                (texts("sync.about"), f"{item_of(texts, row)} · {refund_subject(texts, row)}"),
                (texts("sync.tag"), display_text(row.tag, 60)),
            ],
            waits=True,
        )
        ids = (row.refund_id,) if sends else ()
        question.agreed.connect(lambda: self._run(row.refund_id, action, ids))
        self._question.open(question)

    def _run(
        self, refund_id: int, action: Callable[[], tuple[str, int]], sends: tuple[int, ...] = ()
    ) -> None:
        if refund_id in self._busy:
            return
        self._busy.add(refund_id)
        self.began.emit()
        self._runner.run(action, lambda outcome: self._end(refund_id, outcome, sends), owner=self)

    def _end(
        self, refund_id: int, outcome: TaskResult[tuple[str, int]], sends: tuple[int, ...]
    ) -> None:
        self._busy.discard(refund_id)
        message = ""
        if outcome.value is not None:
            key, count = outcome.value
            message = self._texts(f"sync.told_{key}", count=count)
        error = outcome.error
        shown = self._question.end(failure_text(self._texts, error))
        self.ended.emit(None if shown else error, message)
        if sends and error is None:
            self.sent.emit(sends)


def _done(key: str, action: Callable[[], None]) -> Callable[[], tuple[str, int]]:
    """Wrap an action without a count, and return the key of its message."""

    def work() -> tuple[str, int]:
        action()
        return key, 0

    return work
