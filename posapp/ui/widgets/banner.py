"""Message that stays until the user continues."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.message_bar import MessageBar
from posapp.ui.widgets.roles import Label


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
