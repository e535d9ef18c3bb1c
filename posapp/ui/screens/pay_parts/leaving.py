"""The question whether a QR that somebody may be scanning is given up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.i18n import Texts
from posapp.ui.widgets.question import Question


class Leaving(QObject):
    """Asks once at a time, without a loop of its own, and remembers where the person wanted to go.

    Going on watching is the default, and what Esc gives.
    """

    agreed = Signal()
    """The attempt is to be given up; ``then`` says what follows once it is."""

    def __init__(self, texts: Texts, screen: QWidget) -> None:
        super().__init__(screen)
        self._texts, self._screen = texts, screen
        self._question: Question | None = None
        self._then: Callable[[], None] | None = None

    @property
    def is_asking(self) -> bool:
        """The question is on screen."""
        return self._question is not None

    @property
    def then(self) -> Callable[[], None] | None:
        """What the person wanted to do, if they still want it."""
        return self._then

    def ask(self, then: Callable[[], None]) -> None:
        """Ask, unless it is being asked already."""
        if self._question is not None:
            return
        texts = self._texts
        self._then = then
        question = Question(
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
        """Take the question away: it has answered itself."""
        if self._question is not None:
            self._question.reject()

    def forget(self) -> None:
        """Nobody wants to leave any more."""
        self._then = None
        self.close()

    def _finished(self, result: int) -> None:
        self._question = None
        if result:
            self.agreed.emit()
        else:
            self._then = None
