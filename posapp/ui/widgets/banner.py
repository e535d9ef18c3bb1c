"""Message that stays until the user continues."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role


class Banner(Frame):
    """An error, a success or a notice within a screen, with a button.

    It takes functions that build its texts, so that it follows a change of language.
    """

    acted = Signal()
    """The button was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent)
        self._texts = texts
        self._make: Callable[[], tuple[str, str, str]] | None = None
        self._tone = "notice"
        self._sign = Sign(theme, 24)
        self._text_label = Label("banner-words", wraps=True)
        self._code = Label("caption")
        self._button = Button("quiet")
        self._button.clicked.connect(self.acted)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 16, 16, 16)
        row.setSpacing(16)
        top = QVBoxLayout()
        top.addWidget(self._sign)
        top.addStretch(1)
        row.addLayout(top)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._text_label)
        column.addWidget(self._code)
        row.addLayout(column, 1)
        row.addWidget(self._button)
        texts.changed.connect(self._retranslate)
        self.hide()

    @property
    def message(self) -> str:
        """Return the current message, or empty."""
        return self._text_label.text() if self._make is not None else ""

    @property
    def tone(self) -> str:
        """Return error, success or notice."""
        return self._tone

    def show_error(self, error: Exception, *, button: str = "words.close") -> None:
        """Show an error with its code; ``button`` is a message id, or empty for none."""
        texts = self._texts
        self._show(
            "error",
            lambda: (
                texts.error(error),
                texts("words.error_code", code=texts.error_code(error)),
                texts(button) if button else "",
            ),
        )

    def show_success(self, make: Callable[[], str], *, button: str = "") -> None:
        """Show a success."""
        self._show("success", self._plain(make, button))

    def show_notice(self, make: Callable[[], str], *, button: str = "") -> None:
        """Show an informative message."""
        self._show("notice", self._plain(make, button))

    def clear(self) -> None:
        """Hide the banner."""
        self._make = None
        self.hide()

    def _plain(self, make: Callable[[], str], button: str) -> Callable[[], tuple[str, str, str]]:
        texts = self._texts
        return lambda: (make(), "", texts(button) if button else "")

    def _show(self, tone: str, make: Callable[[], tuple[str, str, str]]) -> None:
        self._tone = tone
        self._make = make
        set_role(self, "tone", tone)
        self._sign.set_tone(tone)
        selectable = QtCore.Qt.TextInteractionFlag.TextSelectableByMouse
        self._text_label.setTextInteractionFlags(selectable)
        self._retranslate()
        self.show()
        announce(self, f"{self._texts(f'words.{tone}')}. {self.message}", urgent=tone == "error")

    def _retranslate(self) -> None:
        if self._make is None:
            return
        text, code, button = self._make()
        self._text_label.setText(text)
        self._code.setText(code)
        self._code.setVisible(bool(code))
        self._button.set_text(button)
        self._button.setVisible(bool(button))
        self.setAccessibleName(f"{self._texts(f'words.{self._tone}')}: {text}")
