"""Bar with the place of a saved file, and a button that opens its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.save_folder import folder_text, open_folder
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.message_bar import MessageBar

OFFERED_MS = 20_000
"""Display time in milliseconds of a message that offers to open a folder."""


class FolderButton(Button):
    """Opens the folder of a saved file; hidden while there is none. Tab reaches it."""

    def __init__(self, texts: Translator, parent: QWidget | None = None) -> None:
        super().__init__("secondary", parent=parent, text=texts.bind("words.open_folder"))
        self._texts = texts
        self._folder: Path | None = None
        self._refused: Callable[[Callable[[], str]], object] = lambda _: None
        self.clicked.connect(self._open)
        self.hide()

    def offer(self, folder: Path, refused: Callable[[Callable[[], str]], object]) -> None:
        """Offer a folder. ``refused`` gets the text's builder if the folder cannot be opened."""
        self._folder, self._refused = folder, refused
        self.show()

    def withdraw(self) -> None:
        """Hide the button."""
        self._folder = None
        self.hide()

    def _open(self) -> None:
        folder = self._folder
        if folder is not None and not open_folder(folder):
            self._refused(self._texts.bind("words.folder_refused", folder=folder_text(folder)))


class SavedBar(MessageBar):
    """Placed below a page's cards, so that its appearance moves nothing above them."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self.button = FolderButton(texts)
        self.row.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(OFFERED_MS)
        self._timer.timeout.connect(self.clear)

    def show_saved(self, make: Callable[[], str], folder: Path) -> None:
        """Show for some seconds where a file was saved."""
        self.button.offer(folder, self._show_refused)
        self.show_message("success", make)
        self._timer.start()

    def clear(self) -> None:
        """Hide the bar."""
        self._timer.stop()
        super().clear()

    def _show_refused(self, make: Callable[[], str]) -> None:
        self.button.withdraw()
        self.show_message("error", make)
        self._timer.start()
