"""Messages of the request desk: its banner, results, and the progress of an export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.message_bar import Banner, MessageBar
from posapp.ui.widgets.saved_bar import OFFERED_MS, FolderButton

SHOWN_MS = 5_000
"""Display time in milliseconds of a message without a folder."""

_STEPS = 1000


class DeskBanner(Banner):
    """Each message sets the button's action; by default the button closes the banner."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self.setFocusProxy(self._button)
        self._on_press: Callable[[], object] = self.clear
        self.acted.connect(lambda: self._on_press())

    def fail(self, make: Callable[[], str]) -> None:
        """Show a failure with its own text."""
        self._on_press = self.clear
        self.show_failure(make, button="words.close")

    def trouble(self, error: Exception, button: str, on_press: Callable[[], object]) -> None:
        """Show why nothing can be displayed, and the button that continues."""
        self._on_press = on_press
        self.show_error(error, button=button)

    def mention(self, make: Callable[[], str]) -> None:
        """Show an informative message."""
        self._on_press = self.clear
        self.show_notice(make, button="words.close")


class ExportProgressBar(MessageBar):
    """Shows the rows written, a progress bar and 취소."""

    cancelled = Signal()
    """취소 was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self.line = QProgressBar()
        self.line.setTextVisible(False)
        texts.bind("requests.export").show_in(self.line, QWidget.setAccessibleName)
        self.button = Button("secondary", text=texts.bind("requests.export_cancel"))
        self.button.clicked.connect(self.cancelled)
        self.column.addWidget(self.line)
        self.row.addWidget(self.button)

    def show_progress(self, written: int, total: int) -> None:
        """Show the rows written and their total; ``total`` is 0 if unknown."""
        self.line.setRange(0, _STEPS if total else 0)
        if total:
            self.line.setValue(min(_STEPS, written * _STEPS // total))
        text = self._texts.bind(
            "requests.exporting_of" if total else "requests.exporting",
            count=grouped(written),
            total=grouped(total),
        )
        if self.isHidden():
            self.show_message("notice", text)
        else:
            self._make = text
            self._retranslate()


class NewRowsBar(MessageBar):
    """Tells of requests that came while the page was on view, and shows them on demand.

    Placed below the table: a line above it would move every row under a hand.
    """

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self.button = Button("quiet", "F5", text=texts.bind("requests.show_new"))
        self.row.addWidget(self.button)
        self._count = 0

    def show_count(self, count: int) -> None:
        """Show how many came, or hide the bar for 0."""
        if count == self._count:
            return
        self._count = count
        if count:
            self.show_message("notice", self._texts.bind("requests.new", count=count))
        else:
            self.clear()


class ResultBar(MessageBar):
    """Result of an action. Placed below the table, so that showing or hiding it moves no row."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self.folder_button = FolderButton(texts)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.row.addWidget(self.folder_button)
        self.setMinimumHeight(self.folder_button.sizeHint().height() + 10)

    def say(self, make: Callable[[], str], folder: Path | None = None) -> None:
        """Show the result of an action for some seconds.

        Args:
            folder: where a file was saved; a button offers to open it.
        """
        if folder is None:
            self.folder_button.withdraw()
        else:
            self.folder_button.offer(folder, self.say)
        self.show_message("success", make)
        self._timer.start(SHOWN_MS if folder is None else OFFERED_MS)

    def clear(self) -> None:
        """Hide the bar."""
        self._timer.stop()
        self.folder_button.withdraw()
        super().clear()
