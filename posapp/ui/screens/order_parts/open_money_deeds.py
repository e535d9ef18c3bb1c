"""What a person can have done about open money: asked first where it counts, and done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.services.refund_intents import PERSON
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.models.open_money import OpenEntry
from posapp.ui.screens.cancel_parts.confirmation import Confirmation
from posapp.ui.screens.order_parts.evidence import subject_of
from posapp.ui.screens.order_parts.explanation import ExplanationQuestion
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.widgets.question import Question

if TYPE_CHECKING:
    from posapp.services.open_money import OpenMoney


class OpenMoneyDeeds(QObject):
    """Another try, a word on whose cancellation it was, and the end of a mismatch.

    While one is carried out its entry is busy, and nothing more is begun for it.
    """

    began = Signal()
    """An entry is busy now."""

    sent = Signal(object)
    """Refunds that a person let go this moment; their ids, to be followed to their end."""

    ended = Signal(object, str)
    """The exception that it ended with, or ``None`` and what to tell."""

    def __init__(self, texts: Texts, runner: TaskRunner, screen: QWidget) -> None:
        super().__init__(screen)
        self._texts, self._runner, self._screen = texts, runner, screen
        self._service: OpenMoney | None = None
        self._busy: set[tuple[str, int]] = set()
        self._question: Question | None = None

    def attach(self, service: OpenMoney) -> None:
        """The service stands."""
        self._service = service

    def is_busy(self, entry: OpenEntry | None) -> bool:
        """Something is being carried out for this entry right now."""
        return entry is not None and entry.key in self._busy

    def ask_to_send(self, entry: OpenEntry) -> None:
        """Ask, with the amount, and only then have a refund looked at and sent if it has to be."""
        service = self._service
        if service is None or entry.refund is None or self.is_busy(entry):
            return
        refund = entry.refund.refund

        def deed() -> str:
            service.try_again(refund.id)
            return "open_money.trying"

        word = "resend" if refund.sends else "send"
        self._ask(entry, word, ("open_money.tag", refund.tag), deed, sends=(refund.id,))

    def ask_whose(self, entry: OpenEntry, ours: bool) -> None:
        """Ask whether this is meant, and only then say whose cancellation it was."""
        service = self._service
        if service is None or entry.refund is None or self.is_busy(entry):
            return
        refund_id = entry.refund.refund.id

        def deed() -> str:
            return f"open_money.decided_{service.say_whose(refund_id, ours).value}"

        fact = ("open_money.tag", entry.refund.refund.tag)
        # Not ours: the refund itself is sent after all.
        sends = () if ours else (refund_id,)
        self._ask(entry, "ours" if ours else "not_ours", fact, deed, sends=sends)

    def ask_to_close(self, entry: OpenEntry) -> None:
        """Ask who explains a mismatch, why it is so and which won, and only then take it off the
        list."""
        service = self._service
        if service is None or entry.mismatch is None or self.is_busy(entry):
            return
        mismatch, texts = entry.mismatch, self._texts
        facts = [
            (texts("open_money.about"), subject_of(texts, entry)),
            (texts("open_money.merchant_uid"), shown(mismatch.merchant_uid, 80)),
        ]
        if self._question is not None:
            return
        question = ExplanationQuestion(texts, mismatch.amount, facts, self._screen)

        def deed() -> str:
            who, why = question_words
            service.close_mismatch(mismatch.id, f"{PERSON}:{who}", why, mismatch.amount)
            return "open_money.closed"

        question_words = ("", "")

        def agreed() -> None:
            nonlocal question_words
            question_words = question.who.text().strip(), question.why.text().strip()
            self._run(entry, deed)

        question.agreed.connect(agreed)
        self._open(question)

    def _ask(
        self,
        entry: OpenEntry,
        word: str,
        fact: tuple[str, str],
        deed: Callable[[], str],
        *,
        sends: tuple[int, ...] = (),
    ) -> None:
        if self._question is not None:
            return
        texts = self._texts
        question = Confirmation(
            texts(f"open_money.{word}_question", amount=texts.won(entry.amount)),
            texts(f"open_money.{word}_consequence", amount=texts.won(entry.amount)),
            texts(f"open_money.{word}_button", amount=texts.won(entry.amount)),
            texts("open_money.decide_later"),
            self._screen,
            amount=texts.won(entry.amount),
            facts=[
                (texts("open_money.about"), subject_of(texts, entry)),
                (texts(fact[0]), shown(fact[1], 80)),
            ],
        )
        question.agreed.connect(lambda: self._run(entry, deed, sends=sends))
        self._open(question)

    def _open(self, question: Question) -> None:
        """One question at a time."""
        self._question = question
        question.finished.connect(self._answered)
        question.open()

    def _answered(self) -> None:
        self._question = None

    def _run(
        self, entry: OpenEntry, deed: Callable[[], str], *, sends: tuple[int, ...] = ()
    ) -> None:
        if entry.key in self._busy:
            return
        self._busy.add(entry.key)
        self.began.emit()
        self._runner.run(deed, lambda outcome: self._end(entry.key, outcome, sends), owner=self)

    def _end(self, key: tuple[str, int], outcome: Outcome[str], sends: tuple[int, ...]) -> None:
        self._busy.discard(key)
        told = "" if outcome.value is None else self._texts(outcome.value)
        self.ended.emit(outcome.error, told)
        if sends and outcome.error is None:
            self.sent.emit(sends)
