"""What came of a deed; and, while its seconds run, a button that takes it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role

SHOWN_MS = 5_000
"""How long a word stays that offers nothing."""


class UndoBar(Frame):
    """Stands below the table, so that no row moves under a hand when it comes or goes.

    A word that offers nothing stands before an older deed's offer and ends neither its seconds nor
    its button; a newer deed takes the word's place.
    """

    pressed = Signal()
    """실행 취소."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent)
        self._texts = texts
        self._said: Callable[[], str] | None = None
        self._make: Callable[[], str] = str
        self._seconds = 0
        set_role(self, "tone", "success")
        sign = Sign(theme, 24)
        sign.set_tone("success")
        self.words = Label("banner-words", wraps=True)
        self.button = Button("secondary", "Ctrl+Z")
        self.button.clicked.connect(self.pressed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._fall_silent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 4, 8, 4)
        row.setSpacing(12)
        row.addWidget(sign)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.setMinimumHeight(self.button.sizeHint().height() + 10)
        texts.changed.connect(self._write)
        self.hide()

    @property
    def is_offering(self) -> bool:
        """Something can be taken back."""
        return self._seconds > 0

    def say(self, make: Callable[[], str]) -> None:
        """Say what came of a deed that cannot be taken back."""
        self._said = make
        self._show()
        self._timer.start()

    def offer(self, make: Callable[[], str], seconds: int) -> None:
        """Say what was decided, and offer to take it back for so many seconds."""
        new = not self.is_offering or make != self._make
        self._make, self._seconds = make, seconds
        if new:
            self._said = None
            self._timer.stop()
            self._show()
        else:
            self._write()

    def withdraw(self) -> None:
        """Offer nothing any more."""
        if self.is_offering:
            self._seconds = 0
            self._show_what_is_left()

    def _fall_silent(self) -> None:
        self._said = None
        self._show_what_is_left()

    def _show_what_is_left(self) -> None:
        if self._said is None and not self.is_offering:
            self.hide()
        else:
            self._write()

    def _show(self) -> None:
        self._write()
        self.show()
        announce(self, self.words.text())

    def _write(self) -> None:
        texts = self._texts
        words = "" if self._said is None else self._said()
        if self.is_offering:
            offer = texts("requests.undo_words", decided=self._make(), seconds=self._seconds)
            words = f"{words} {offer}".lstrip()
        self.words.setText(words)
        self.button.set_words(texts("requests.undo"))
        self.button.setShortcut("")  # the key is the screen's: the row under the cursor comes first
        self.button.setVisible(self.is_offering)
        self.setAccessibleName(words)
