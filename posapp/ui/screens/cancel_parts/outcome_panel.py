"""What became of it: a sign, a sentence, what it means, and what one can do now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Label

_SIGN = 56


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome in words.

    Attributes:
        tone: success, error, warning, notice or busy.
        heading: the sentence that matters.
        words: what it means and what one can do.
        code: small, for a call to whoever helps.
        moving: it resolves by itself; a line moves as long as that takes.
        deed: what the strong button does: ``home``, ``again`` or ``open_money``.
        rest: what the button says that sends all the rest back; empty: there is none.
    """

    tone: str
    heading: str
    words: str = ""
    code: str = ""
    moving: bool = False
    deed: str = "home"
    rest: str = ""


class OutcomePanel(Card):
    """Takes a function that makes its words, so that it changes language while it is up."""

    chosen = Signal(str)
    """``home``, ``again``, ``open_money``, ``order`` or ``rest``."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._make: Callable[[], Told] | None = None
        self._deed = "home"
        self._has_order = self._behind = False
        self._said = ""
        self.sign = Sign(theme, _SIGN)
        self.heading = Label("heading", wraps=True)
        self.words = Label("body", wraps=True)
        self.code = Label("caption", wraps=True)
        for label in (self.heading, self.words, self.code):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.busy = BusyBar(theme)
        self.go = Button("primary", "Enter")
        self.go.setObjectName("outcomeButton")
        self.go.clicked.connect(lambda: self.chosen.emit(self._deed))
        self.order = Button("secondary", "F7")
        self.order.setObjectName("showOrder")
        self.order.clicked.connect(lambda: self.chosen.emit("order"))
        self.rest = Button("danger", "F8")
        self.rest.setObjectName("cancelRest")
        self.rest.clicked.connect(lambda: self.chosen.emit("rest"))
        self.rest.hide()
        self.body.addWidget(self.sign)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.words)
        self.body.addWidget(self.code)
        self.body.addWidget(self.busy)
        self.body.addStretch(1)
        self.body.addWidget(self.rest)
        self.body.addWidget(self.go)
        self.body.addWidget(self.order)
        HeldKeys(self.rest, self.go, self.order, parent=self)
        self.setFocusProxy(self.go)
        texts.changed.connect(self._write)

    @property
    def tone(self) -> str:
        """The tone that is up, or empty."""
        return self._make().tone if self._make is not None else ""

    def show_told(self, make: Callable[[], Told], *, has_order: bool) -> None:
        """Show an outcome; a new one is announced.

        Args:
            has_order: there is an order whose page can be opened from here.
        """
        self._make = make
        self._has_order = has_order
        self._write()
        told = make()
        spoken = f"{told.heading} {told.words}".strip()
        if spoken != self._said:
            self._said = spoken
            announce(self, spoken, urgent=told.tone in ("error", "warning"))

    def set_behind(self, behind: bool) -> None:
        """The file is an older copy that is still being compared: nothing is sent back."""
        self._behind = behind
        self._write()

    def clear(self) -> None:
        """Nothing has come out yet."""
        self._make = None
        self._said = ""
        self.busy.stop()

    def _write(self) -> None:
        if self._make is None:
            return
        told, texts = self._make(), self._texts
        self._deed = told.deed
        self.sign.set_tone(told.tone)
        for label, words in (
            (self.heading, told.heading),
            (self.words, told.words),
            (self.code, told.code),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        self.go.set_words(texts(f"cancel.go_{told.deed}"))
        self._write_rest(told)
        self.order.set_words(texts("cancel.go_order"))
        self.order.setVisible(self._has_order)
        self.busy.setVisible(told.moving)
        if told.moving:
            self.busy.start("")
        else:
            self.busy.stop()
        self.setAccessibleName(told.heading)
        self.setAccessibleDescription(told.words)

    def _write_rest(self, told: Told) -> None:
        texts = self._texts
        self.rest.setVisible(bool(told.rest))
        self.rest.setEnabled(not self._behind)
        if self._behind:
            self.rest.set_words(texts("requests.in_doubt"), description=texts("window.behind"))
        else:
            self.rest.set_words(told.rest, description=texts("cancel.rest_consequence"))
