"""Confirmation before a QR that may be in use is abandoned."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.confirm_dialog import ConfirmDialog


class AbandonDialog(QObject):
    """Shows one question at a time, without an event loop of its own, and keeps the continuation.

    The default, and the result of Esc, is to keep watching.
    """

    agreed = Signal()
    """Abandon the attempt; ``continuation`` is called once that is done."""

    def __init__(self, texts: Translator, screen: QWidget) -> None:
        super().__init__(screen)
        self._texts, self._screen = texts, screen
        self._question: ConfirmDialog | None = None
        self._then: Callable[[], None] | None = None

    @property
    def is_asking(self) -> bool:
        """Return whether the question is on screen."""
        return self._question is not None

    @property
    def continuation(self) -> Callable[[], None] | None:
        """Return the pending action after the screen is left, if it is still wanted."""
        return self._then

    def ask(self, then: Callable[[], None]) -> None:
        """Show the question, unless it is shown already."""
        if self._question is not None:
            return
        texts = self._texts
        self._then = then
        question = ConfirmDialog(
            texts("pay.leave"),
            texts("pay.leave_why"),
            texts("pay.stop"),
            texts("pay.watch"),
            self._screen,
        )
        question.finished.connect(self._finished)
        self._question = question
        question.open()

    def close(self) -> None:
        """Close the question: its reason no longer exists."""
        if self._question is not None:
            self._question.reject()

    def forget(self) -> None:
        """Drop the continuation and close the question."""
        self._then = None
        self.close()

    def _finished(self, result: int) -> None:
        self._question = None
        if result:
            self.agreed.emit()
        else:
            self._then = None
