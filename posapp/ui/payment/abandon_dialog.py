"""Confirmation before a QR that may be in use is abandoned."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.payments import Attempt
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot


class AbandonDialog(QObject):
    """Shows one question at a time, without an event loop of its own, and keeps the continuation.

    The default, and the result of Esc, is to keep watching.
    """

    agreed = Signal()
    """Abandon the attempt; ``continuation`` is called once that is done."""

    def __init__(self, texts: Translator, screen: QWidget) -> None:
        super().__init__(screen)
        self._texts, self._screen = texts, screen
        self._slot = DialogSlot(self)
        self._then: Callable[[], None] | None = None

    @property
    def is_asking(self) -> bool:
        """Return whether the question is on screen."""
        return self._slot.is_open

    @property
    def continuation(self) -> Callable[[], None] | None:
        """Return the pending action after the screen is left, if it is still wanted."""
        return self._then

    def ask(self, attempt: Attempt, then: Callable[[], None] | None = None) -> None:
        """Show the question, unless it is shown already.

        Args:
            attempt: whose QR is abandoned.
            then: leaves the screen afterwards; ``None`` stays on it.
        """
        if self.is_asking:
            return
        texts = self._texts
        self._then = then
        question = ConfirmDialog(parent=self._screen)

        def write() -> None:
            question.say(texts("pay.leave"), texts("pay.leave_why"))
            question.show_amount(texts.won(attempt.amount))
            question.show_facts([(texts("cancel.order"), str(attempt.order_id))])
            question.set_answers(texts("pay.stop"), texts("pay.watch"))

        question.follow(texts, write)
        question.agreed.connect(self.agreed)
        question.declined.connect(self._stay)
        self._slot.open(question)

    def close(self) -> None:
        """Close the question: its reason no longer exists."""
        self._slot.close()

    def forget(self) -> None:
        """Drop the continuation and close the question."""
        self._then = None
        self.close()

    def _stay(self) -> None:
        self._then = None
