"""What a person can have done about what is not sent: asked first where it counts, and once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.services.ports.outbox import Unsent
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.confirmation import Confirmation
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.sync_parts.words import item_of, subject_of

if TYPE_CHECKING:
    from posapp.services.sync_desk import SyncDesk

ALL = 0
"""Stands for every row, or for none: no refund has this number."""


class SyncDeeds(QObject):
    """Another try, back into the queue, out of it, and comparing.

    While one is carried out its row is busy, and nothing more is begun for it.
    """

    began = Signal()
    """A row is busy now."""

    ended = Signal(object, str)
    """The exception that it ended with, or ``None`` and what to tell."""

    def __init__(self, texts: Texts, runner: TaskRunner, screen: QWidget) -> None:
        super().__init__(screen)
        self._texts, self._runner, self._screen = texts, runner, screen
        self._desk: SyncDesk | None = None
        self._busy: set[int] = set()

    def attach(self, desk: SyncDesk) -> None:
        """The service stands."""
        self._desk = desk

    def is_busy(self, row: Unsent | None) -> bool:
        """Something is being carried out for this row right now."""
        return row is not None and row.refund_id in self._busy

    def try_now(self, row: Unsent) -> None:
        """Have one tried now."""
        desk = self._desk
        if desk is not None:
            self._run(row.refund_id, _done("try_now", lambda: desk.try_now(row.refund_id)))

    def try_all(self) -> None:
        """Have everything that waits tried now."""
        desk = self._desk
        if desk is not None:
            self._run(ALL, lambda: ("try_all", desk.try_all()))

    def reconcile(self) -> None:
        """Have PortOne's books compared."""
        desk = self._desk
        if desk is not None:
            self._run(ALL, _done("reconcile", desk.reconcile_now))

    def ask_to_requeue(self, row: Unsent) -> None:
        """Ask, and only then give it back to be sent by itself."""
        desk = self._desk
        if desk is not None:
            self._ask(row, "requeue", _done("requeue", lambda: desk.requeue(row.refund_id)))

    def ask_to_take_over(self, row: Unsent) -> None:
        """Ask, and only then take it out of automatic sending."""
        desk = self._desk
        if desk is not None:
            self._ask(row, "take_over", _done("take_over", lambda: desk.take_over(row.refund_id)))

    def _ask(self, row: Unsent, word: str, deed: Callable[[], tuple[str, int]]) -> None:
        if self.is_busy(row):
            return
        texts = self._texts
        question = Confirmation(
            texts(f"sync.{word}_question"),
            texts(f"sync.{word}_consequence"),
            texts(f"sync.{word}"),
            texts("sync.not_now"),
            self._screen,
            amount=texts.won(row.amount),
            facts=[
                (texts("sync.about"), f"{item_of(texts, row)} · {subject_of(texts, row)}"),
                (texts("sync.tag"), shown(row.tag, 60)),
            ],
        )
        question.agreed.connect(lambda: self._run(row.refund_id, deed))
        question.open()

    def _run(self, refund_id: int, deed: Callable[[], tuple[str, int]]) -> None:
        if refund_id in self._busy:
            return
        self._busy.add(refund_id)
        self.began.emit()
        self._runner.run(deed, lambda outcome: self._end(refund_id, outcome), owner=self)

    def _end(self, refund_id: int, outcome: Outcome[tuple[str, int]]) -> None:
        self._busy.discard(refund_id)
        told = ""
        if outcome.value is not None:
            word, count = outcome.value
            told = self._texts(f"sync.told_{word}", count=count)
        self.ended.emit(outcome.error, told)


def _done(word: str, deed: Callable[[], None]) -> Callable[[], tuple[str, int]]:
    """A deed that has nothing to count, with the word that is told once it is done."""

    def work() -> tuple[str, int]:
        deed()
        return word, 0

    return work
