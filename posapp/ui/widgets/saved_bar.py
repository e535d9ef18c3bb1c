"""Bar with the place of a saved file, and a button that opens its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.save_folder import folder_text, open_folder
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role

OFFERED_MS = 20_000
"""Display time in milliseconds of a message that offers to open a folder."""


class FolderButton(Button):
    """Opens the folder of a saved file; hidden while there is none."""

    def __init__(self, texts: Translator, parent: QWidget | None = None) -> None:
        super().__init__("secondary", "Ctrl+L", parent)
        self._texts = texts
        self._folder: Path | None = None
        self._refused: Callable[[Callable[[], str]], object] = lambda _: None
        self.clicked.connect(self._open)
        texts.changed.connect(self._retranslate)
        self.hide()
        self._retranslate()

    def offer(self, folder: Path, refused: Callable[[Callable[[], str]], object]) -> None:
        """Offer a folder. ``refused`` gets the text's builder if the folder cannot be opened."""
        self._folder, self._refused = folder, refused
        self.show()

    def withdraw(self) -> None:
        """Hide the button."""
        self._folder = None
        self.hide()

    def _open(self) -> None:
        folder, texts = self._folder, self._texts
        if folder is not None and not open_folder(folder):
            self._refused(lambda: texts("words.folder_refused", folder=folder_text(folder)))

    def _retranslate(self) -> None:
        self.set_text(self._texts("words.open_folder"))


class SavedBar(Frame):
    """Placed below a page's cards, so that its appearance moves nothing above them."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent)
        self._make: Callable[[], str] = str
        self._sign = Sign(theme, 24)
        self.text_label = Label("banner-words", wraps=True)
        self.button = FolderButton(texts)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(OFFERED_MS)
        self._timer.timeout.connect(self.clear)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 4, 8, 4)
        row.setSpacing(12)
        row.addWidget(self._sign)
        row.addWidget(self.text_label, 1)
        row.addWidget(self.button)
        texts.changed.connect(self._retranslate)
        self.hide()

    def show_saved(self, make: Callable[[], str], folder: Path) -> None:
        """Show for some seconds where a file was saved."""
        self.button.offer(folder, lambda text: self._show(text, "error"))
        self._show(make, "success")

    def clear(self) -> None:
        """Hide the bar."""
        self._timer.stop()
        self.hide()

    def _show(self, make: Callable[[], str], tone: str) -> None:
        self._make = make
        set_role(self, "tone", tone)
        self._sign.set_tone(tone)
        self._retranslate()
        self.button.setVisible(tone == "success")
        self.show()
        self._timer.start()
        announce(self, self.text_label.text())

    def _retranslate(self) -> None:
        self.text_label.setText(self._make())
        self.setAccessibleName(self.text_label.text())
