"""What the dialog about an unexpected error says, and the one way out of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.framed_dialog import FramedDialog
from posapp.ui.widgets.passed_keys import pass_on
from posapp.ui.widgets.roles import Label

_WIDTH, _PADDING, _GAP = 480, 24, 16
_LONGEST = 400
"""Letters of a folder."""


class ErrorMessage(FramedDialog):
    """Says that the records are safe, and where the log is. Esc and Enter close it.

    Args:
        kind: class of the error.
        folder: of the logs.
    """

    def __init__(self, texts: Translator, kind: str, folder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._texts = texts
        self.heading = Label("heading", wraps=True, text=texts.bind("window.mishap"))
        self.text_label = Label("body", wraps=True, text=texts.bind("window.mishap_why"))
        self.place = Label("muted", wraps=True)
        self.place.setText(f"{kind} · {display_text(folder, _LONGEST)}")
        self.close_button = Button("primary", "Esc", text=texts.bind("words.close"))
        self.close_button.clicked.connect(self.accept)
        self.close_button.setDefault(True)
        parts = (self.heading, self.text_label, self.place, self.close_button)
        self._column = boxes.column(*parts, on=self, gap=_GAP, margins=_PADDING)
        texts.changed.connect(self._write)
        self._write()
        self.close_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave language and theme to the window behind."""
        if not pass_on(self, event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height of the texts, and read them out."""
        self._fit()
        super().showEvent(event)
        announce(self, self.accessibleDescription(), urgent=True)

    def _fit(self) -> None:
        self.setFixedSize(_WIDTH, self._column.totalHeightForWidth(_WIDTH))

    def _write(self) -> None:
        self.setWindowTitle(self.heading.text())
        self.setAccessibleDescription(f"{self.heading.text()} {self.text_label.text()}")
        if self.isVisible():
            self._fit()
            self.follow_window()
