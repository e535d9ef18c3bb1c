"""Bar with a message: the tone's shape and colour, the words, and buttons beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.roles import Frame, Label, set_role


class MessageBar(Frame):
    """Base of all bars with a message: hidden until there is one.

    It takes functions that build its texts (such as bound texts), so that it follows a change of
    language. Screen readers hear the tone's word before the message.

    Attributes:
        column: below the message; for a second text.
        row: after the message; for buttons.
    """

    def __init__(
        self, texts: Translator, theme: Theme, parent: QWidget | None = None, *, sign: int = 24
    ) -> None:
        super().__init__("banner", parent)
        self._texts = texts
        self._make: Callable[[], str] | None = None
        self._tone = "notice"
        self._sign = Sign(theme, sign)
        self.text_label = Label("banner-words", wraps=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.column = boxes.column(self.text_label, gap=4)
        self.row = boxes.row(self._sign, (self.column, 1), on=self, gap=12, margins=(20, 4, 8, 4))
        texts.changed.connect(self._retranslate)
        self.hide()

    @property
    def message(self) -> str:
        """Return the current message, or empty."""
        return self.text_label.text() if self._make is not None else ""

    @property
    def tone(self) -> str:
        """Return success, error, warning or notice."""
        return self._tone

    def show_message(self, tone: str, make: Callable[[], str], *, urgent: bool = False) -> None:
        """Show a message in place of the current one.

        Args:
            tone: success, error, warning or notice.
            urgent: the announcement interrupts the screen reader.
        """
        self._tone, self._make = tone, make
        set_role(self, "tone", tone)
        self._sign.set_tone(tone)
        selectable = QtCore.Qt.TextInteractionFlag.TextSelectableByMouse
        self.text_label.setTextInteractionFlags(selectable)
        self._retranslate()
        self.show()
        announce(self, f"{self._texts(f'words.{tone}')}. {self.message}", urgent=urgent)

    def clear(self) -> None:
        """Hide the bar."""
        self._make = None
        self.hide()

    def _retranslate(self) -> None:
        if self._make is not None:
            self.text_label.setText(self._make())
            self.setAccessibleName(f"{self._texts(f'words.{self._tone}')}: {self.message}")
