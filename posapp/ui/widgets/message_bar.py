"""Bars with a message: the tone, the words, and the button beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
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


class Banner(MessageBar):
    """An error, a success or a notice within a screen, with a button."""

    acted = Signal()
    """The button was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self._code = Label("caption")
        self._code.hide()
        self._button = Button("quiet")
        self._button.clicked.connect(self.acted)
        self.column.addWidget(self._code)
        self.row.addWidget(self._button)
        self.row.setContentsMargins(20, 16, 16, 16)

    def show_error(self, error: Exception, *, button: str = "words.close") -> None:
        """Show an error with its code; ``button`` is a message id, or empty for none."""
        texts = self._texts
        self._code.say(texts.bind("words.error_code", code=texts.error_code(error)))
        self._show("error", lambda: texts.error(error), button, has_code=True)

    def show_failure(self, make: Callable[[], str], *, button: str = "") -> None:
        """Show what failed, in words of its own."""
        self._show("error", make, button)

    def show_success(self, make: Callable[[], str], *, button: str = "") -> None:
        """Show a success."""
        self._show("success", make, button)

    def show_notice(self, make: Callable[[], str], *, button: str = "") -> None:
        """Show an informative message."""
        self._show("notice", make, button)

    def _show(
        self, tone: str, make: Callable[[], str], button: str, *, has_code: bool = False
    ) -> None:
        self._code.setVisible(has_code)
        self._button.setVisible(bool(button))
        if button:
            self._button.say(self._texts.bind(button))
        self.show_message(tone, make, urgent=tone == "error")
