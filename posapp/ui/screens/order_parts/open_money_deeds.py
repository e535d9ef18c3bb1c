"""What a person can have done about open money: asked first where it counts, and done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from posapp.domain.explanations import LONGEST_EXPLANATION
from posapp.services.refund_intents import PERSON
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.models.open_money import OpenEntry
from posapp.ui.screens.cancel_parts.confirmation import Confirmation
from posapp.ui.screens.order_parts.evidence import subject_of
from posapp.ui.screens.order_parts.foreign import shown

if TYPE_CHECKING:
    from posapp.services.open_money import OpenMoney


class OpenMoneyDeeds(QObject):
    """Another try, a word on whose cancellation it was, and the end of a mismatch.

    While one is carried out its entry is busy, and nothing more is begun for it.
    """

    began = Signal()
    """An entry is busy now."""

    ended = Signal(object, str)
    """The exception that it ended with, or ``None`` and what to tell."""

    def __init__(self, texts: Texts, runner: TaskRunner, screen: QWidget) -> None:
        super().__init__(screen)
        self._texts, self._runner, self._screen = texts, runner, screen
        self._service: OpenMoney | None = None
        self._busy: set[tuple[str, int]] = set()

    def attach(self, service: OpenMoney) -> None:
        """The service stands."""
        self._service = service

    def is_busy(self, entry: OpenEntry | None) -> bool:
        """Something is being carried out for this entry right now."""
        return entry is not None and entry.key in self._busy

    def try_again(self, entry: OpenEntry) -> None:
        """Have a refund looked at and tried again now."""
        service = self._service
        if service is None or entry.refund is None:
            return
        refund_id = entry.refund.refund.id

        def deed() -> str:
            service.try_again(refund_id)
            return "open_money.trying"

        self._run(entry, deed)

    def ask_whose(self, entry: OpenEntry, ours: bool) -> None:
        """Ask whether this is meant, and only then say whose cancellation it was."""
        service = self._service
        if service is None or entry.refund is None or self.is_busy(entry):
            return
        refund_id = entry.refund.refund.id

        def deed() -> str:
            return f"open_money.decided_{service.say_whose(refund_id, ours).value}"

        fact = ("open_money.tag", entry.refund.refund.tag)
        self._ask(entry, "ours" if ours else "not_ours", fact, deed)

    def ask_to_close(self, entry: OpenEntry) -> None:
        """Ask why a mismatch is as it is, and only then take it off the list: the amount that is
        shown is the one that is explained."""
        service = self._service
        if service is None or entry.mismatch is None or self.is_busy(entry):
            return
        mismatch = entry.mismatch
        why = QLineEdit()
        why.setObjectName("explanation")
        why.setMaxLength(LONGEST_EXPLANATION)
        why.setPlaceholderText(self._texts("open_money.explanation"))
        why.setAccessibleName(self._texts("open_money.explanation"))

        def deed(note: str) -> str:
            service.close_mismatch(mismatch.id, PERSON, note, mismatch.amount)
            return "open_money.closed"

        fact = ("open_money.merchant_uid", mismatch.merchant_uid)
        question = self._ask(entry, "close", fact, lambda: deed(why.text()))
        column = question.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.count() - 1, why)
        why.setFocus()

    def _ask(
        self, entry: OpenEntry, word: str, fact: tuple[str, str], deed: Callable[[], str]
    ) -> Confirmation:
        texts = self._texts
        question = Confirmation(
            texts(f"open_money.{word}_question"),
            texts(f"open_money.{word}_consequence"),
            texts(f"open_money.{word}_button"),
            texts("open_money.decide_later"),
            self._screen,
            amount=texts.won(entry.amount),
            facts=[
                (texts("open_money.about"), subject_of(texts, entry)),
                (texts(fact[0]), shown(fact[1], 80)),
            ],
        )
        question.agreed.connect(lambda: self._run(entry, deed))
        question.open()
        return question

    def _run(self, entry: OpenEntry, deed: Callable[[], str]) -> None:
        if entry.key in self._busy:
            return
        self._busy.add(entry.key)
        self.began.emit()
        self._runner.run(deed, lambda outcome: self._end(entry.key, outcome), owner=self)

    def _end(self, key: tuple[str, int], outcome: Outcome[str]) -> None:
        self._busy.discard(key)
        told = "" if outcome.value is None else self._texts(outcome.value)
        self.ended.emit(outcome.error, told)
