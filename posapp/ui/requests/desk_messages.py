"""Messages of the request desk: its banner, results with undo, and the progress of an export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from posapp.services.ports.system import Clock
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.message_bar import Banner, MessageBar
from posapp.ui.widgets.saved_bar import OFFERED_MS, FolderButton

SHOWN_MS = 5_000
"""Display time in milliseconds of a message without an offer."""

_STEPS = 1000
_SECOND = timedelta(seconds=1)


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


class UndoBar(MessageBar):
    """Placed below the table, so that showing or hiding it moves no row.

    A plain message does not cancel a running undo offer: it is shown before the offer. A newer
    offer replaces the message.
    """

    pressed = Signal()
    """되돌리기 was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self._said: Callable[[], str] | None = None
        self._decided: Callable[[], str] = str
        self._seconds = 0
        self.folder_button = FolderButton(texts)
        self.button = Button("secondary", "Ctrl+Z", text=texts.bind("requests.undo"))
        self.button.clicked.connect(self.pressed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fall_silent)
        self.row.addWidget(self.folder_button)
        self.row.addWidget(self.button)
        self.setMinimumHeight(self.button.sizeHint().height() + 10)

    @property
    def is_offering(self) -> bool:
        """Return whether an undo is offered."""
        return self._seconds > 0

    def say(self, make: Callable[[], str], folder: Path | None = None) -> None:
        """Show the result of an action that cannot be undone.

        Args:
            folder: where a file was saved; a button offers to open it.
        """
        self._said = make
        if folder is None:
            self.folder_button.withdraw()
        else:
            self.folder_button.offer(folder, self.say)
        self._show()
        self._timer.start(SHOWN_MS if folder is None else OFFERED_MS)

    def offer(self, make: Callable[[], str], seconds: int) -> None:
        """Show a decision, and offer to undo it for some seconds."""
        new = not self.is_offering or make != self._decided
        self._decided, self._seconds = make, seconds
        if new:
            self._timer.stop()
            self._forget()
            self._show()
        else:
            self._retranslate()

    def withdraw(self) -> None:
        """Withdraw the offer."""
        if self.is_offering:
            self._seconds = 0
            self._show_what_is_left()

    def _fall_silent(self) -> None:
        self._forget()
        self._show_what_is_left()

    def _forget(self) -> None:
        self._said = None
        self.folder_button.withdraw()

    def _show_what_is_left(self) -> None:
        self.button.setVisible(self.is_offering)
        if self._said is None and not self.is_offering:
            self.clear()
        else:
            self._retranslate()

    def _show(self) -> None:
        self.button.setVisible(self.is_offering)
        self.show_message("success", self._text)

    def _text(self) -> str:
        said = "" if self._said is None else self._said()
        if not self.is_offering:
            return said
        seconds = self._seconds
        offer = self._texts("requests.undo_words", decided=self._decided(), seconds=seconds)
        return f"{said} {offer}".lstrip()


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """One decision: its requests, its text, and the end of its undo period."""

    request_ids: tuple[int, ...]
    make: Callable[[], str]
    until: datetime


class UndoStack(QObject):
    """Measures the time left by the clock of the decision service, so that both agree on it."""

    changed = Signal()
    """The newest decision or its seconds changed."""

    expired = Signal()
    """A decision can no longer be undone."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._entries: list[UndoEntry] = []

    @property
    def newest(self) -> UndoEntry | None:
        """Return the decision that can be undone, or ``None``."""
        return self._entries[-1] if self._entries else None

    @property
    def seconds(self) -> int:
        """Return the seconds left for it, rounded up; 0 if there is none."""
        newest = self.newest
        if newest is None:
            return 0
        return max(0, -(-(newest.until - self._clock.now()) // _SECOND))

    def add(self, request_ids: Sequence[int], make: Callable[[], str], until: datetime) -> None:
        """Add a decision that can be undone until a time."""
        self._entries.append(UndoEntry(tuple(request_ids), make, until))
        self.changed.emit()

    def drop(self, request_id: int) -> None:
        """Remove a request that was undone or can no longer be."""
        left = [
            UndoEntry(ids, entry.make, entry.until)
            for entry in self._entries
            if (ids := tuple(one for one in entry.request_ids if one != request_id))
        ]
        if left != self._entries:
            self._entries = left
            self.changed.emit()

    def clear(self) -> None:
        """Remove all decisions."""
        self._entries.clear()
        self.changed.emit()

    def tick(self) -> None:
        """Remove the decisions whose time is over."""
        now = self._clock.now()
        left = [entry for entry in self._entries if entry.until > now]
        ended = len(left) < len(self._entries)
        self._entries = left
        self.changed.emit()
        if ended:
            self.expired.emit()
