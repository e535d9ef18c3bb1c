"""What just happened, in words that stay until the person goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role


class Banner(Frame):
    """An error, a success or a notice in its place on the screen, with its way out.

    It takes functions that make its words, so that it changes language while it is up.
    """

    acted = Signal()
    """Its button was pressed."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent)
        self._texts = texts
        self._make: Callable[[], tuple[str, str, str]] | None = None
        self._tone = "notice"
        self._sign = Sign(theme, 24)
        self._words = Label("banner-words", wraps=True)
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
        column.addWidget(self._words)
        column.addWidget(self._code)
        row.addLayout(column, 1)
        row.addWidget(self._button)
        texts.changed.connect(self._write)
        self.hide()

    @property
    def words(self) -> str:
        """The sentence that is up, or empty."""
        return self._words.text() if self._make is not None else ""

    @property
    def tone(self) -> str:
        """error, success or notice."""
        return self._tone

    def show_error(self, error: Exception, *, button: str = "words.back") -> None:
        """Show what went wrong, with its code; ``button`` is a message id, or empty for none."""
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
        """Show that something succeeded."""
        self._show("success", self._plain(make, button))

    def show_notice(self, make: Callable[[], str], *, button: str = "") -> None:
        """Show something worth knowing."""
        self._show("notice", self._plain(make, button))

    def clear(self) -> None:
        """Take it away."""
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
        self._words.setTextInteractionFlags(selectable)
        self._write()
        self.show()
        announce(self, f"{self._texts(f'words.{tone}')}. {self.words}", urgent=tone == "error")

    def _write(self) -> None:
        if self._make is None:
            return
        words, code, button = self._make()
        self._words.setText(words)
        self._code.setText(code)
        self._code.setVisible(bool(code))
        self._button.set_words(button)
        self._button.setVisible(bool(button))
        self.setAccessibleName(f"{self._texts(f'words.{self._tone}')}: {words}")
