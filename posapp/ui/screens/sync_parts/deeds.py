"""What a person can have done about what is not sent: asked first where it counts, and once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.money import Won
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

    sent = Signal(object)
    """Refunds that a person let go this moment; their ids, to be followed to their end."""

    ended = Signal(object, str)
    """The exception that it ended with, or ``None`` and what to tell."""

    def __init__(self, texts: Texts, runner: TaskRunner, screen: QWidget) -> None:
        super().__init__(screen)
        self._texts, self._runner, self._screen = texts, runner, screen
        self._desk: SyncDesk | None = None
        self._busy: set[int] = set()
        self._question: Confirmation | None = None

    def attach(self, desk: SyncDesk) -> None:
        """The service stands."""
        self._desk = desk

    def is_busy(self, row: Unsent | None) -> bool:
        """Something is being carried out for this row right now."""
        return row is not None and row.refund_id in self._busy

    def ask_to_try(self, row: Unsent) -> None:
        """Ask, with the amount, and only then have one tried now."""
        desk = self._desk
        if desk is not None:
            deed = _done("try_now", lambda: desk.try_now(row.refund_id))
            self._ask(row, "try_now", deed, sends=True)

    def ask_to_try_all(self, rows: Sequence[Unsent], count: int, amount: Won) -> None:
        """Ask, with the sum, and only then have everything that waits tried now.

        Args:
            rows: those that are known one by one; ``count`` and ``amount`` (won) are of all.
        """
        desk, texts = self._desk, self._texts
        if desk is None or ALL in self._busy or self._question is not None or not count:
            return
        won = texts.won(amount)
        question = Confirmation(
            texts("sync.try_all_question", count=count, amount=won),
            texts("sync.try_all_consequence"),
            texts("sync.try_all_yes", count=count, amount=won),
            texts("sync.not_now"),
            self._screen,
            amount=won,
            facts=[(texts("sync.about"), texts("sync.try_all_about", count=count))],
        )
        ids = tuple(row.refund_id for row in rows if not row.needs_person)
        question.agreed.connect(lambda: self._run(ALL, lambda: ("try_all", desk.try_all()), ids))
        self._open(question)

    def reconcile(self) -> None:
        """Have PortOne's books compared."""
        desk = self._desk
        if desk is not None:
            self._run(ALL, _done("reconcile", desk.reconcile_now))

    def ask_to_requeue(self, row: Unsent) -> None:
        """Ask, and only then give it back to be sent by itself."""
        desk = self._desk
        if desk is not None:
            deed = _done("requeue", lambda: desk.requeue(row.refund_id))
            self._ask(row, "requeue", deed, sends=True)

    def ask_to_take_over(self, row: Unsent) -> None:
        """Ask, and only then take it out of automatic sending."""
        desk = self._desk
        if desk is not None:
            self._ask(row, "take_over", _done("take_over", lambda: desk.take_over(row.refund_id)))

    def _ask(
        self, row: Unsent, word: str, deed: Callable[[], tuple[str, int]], *, sends: bool = False
    ) -> None:
        if self.is_busy(row) or self._question is not None:
            return
        texts, won = self._texts, self._texts.won(row.amount)
        question = Confirmation(
            texts(f"sync.{word}_question", amount=won),
            texts(f"sync.{word}_consequence"),
            texts(f"sync.{word}_yes", amount=won),
            texts("sync.not_now"),
            self._screen,
            amount=won,
            facts=[
                (texts("sync.about"), f"{item_of(texts, row)} · {subject_of(texts, row)}"),
                (texts("sync.tag"), shown(row.tag, 60)),
            ],
        )
        ids = (row.refund_id,) if sends else ()
        question.agreed.connect(lambda: self._run(row.refund_id, deed, ids))
        self._open(question)

    def _open(self, question: Confirmation) -> None:
        """One question at a time."""
        self._question = question
        question.finished.connect(self._answered)
        question.open()

    def _answered(self) -> None:
        self._question = None

    def _run(
        self, refund_id: int, deed: Callable[[], tuple[str, int]], sends: tuple[int, ...] = ()
    ) -> None:
        if refund_id in self._busy:
            return
        self._busy.add(refund_id)
        self.began.emit()
        self._runner.run(deed, lambda outcome: self._end(refund_id, outcome, sends), owner=self)

    def _end(
        self, refund_id: int, outcome: Outcome[tuple[str, int]], sends: tuple[int, ...]
    ) -> None:
        self._busy.discard(refund_id)
        told = ""
        if outcome.value is not None:
            word, count = outcome.value
            told = self._texts(f"sync.told_{word}", count=count)
        self.ended.emit(outcome.error, told)
        if sends and outcome.error is None:
            self.sent.emit(sends)


def _done(word: str, deed: Callable[[], None]) -> Callable[[], tuple[str, int]]:
    """A deed that has nothing to count, with the word that is told once it is done."""

    def work() -> tuple[str, int]:
        deed()
        return word, 0

    return work
