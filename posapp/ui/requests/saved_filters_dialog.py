"""Saved filters: the dialog to apply, save and delete them, and reading and writing them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import single_line
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.requests.desk_layout import DeskLayout
from posapp.ui.requests.request_filter_state import RequestFilterState, filters_text
from posapp.ui.requests.saved_filters import (
    LONGEST_NAME,
    SavedFilter,
    SavedFilterStore,
    read_saved,
    saved_text,
    with_saved,
)
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.framed_dialog import FramedDialog
from posapp.ui.widgets.passed_keys import pass_on
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.table import Table

_WIDTH = 560


class SavedFiltersDialog(FramedDialog):
    """A list of the saved filters, and a field to save the current ones. Shown with ``open()``.

    Enter on a row applies it, Delete removes it.
    """

    chosen = Signal(object)
    """Apply a saved filter. Carries a ``SavedFilter``."""

    saved = Signal(object)
    """Carries the new tuple of ``SavedFilter`` to be stored."""

    def __init__(
        self,
        texts: Translator,
        saved: tuple[SavedFilter, ...],
        filters: RequestFilterState,
        size: int | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._texts, self._saved = texts, saved
        self._filters, self._size = filters, size
        texts.bind("requests.saved").show_in(self, QWidget.setWindowTitle)
        heading = Label("heading", text=texts.bind("requests.saved"))
        self._hint = Label("muted", wraps=True)
        self._rows = QStringListModel(self)
        self.table = Table()
        self.table.show_rows(self._rows)
        self.table.set_widths([0], stretched=0)
        self.table.horizontalHeader().hide()
        texts.bind("requests.saved").show_in(self.table, QWidget.setAccessibleName)
        self.table.doubleClicked.connect(self._use)
        self.table.installEventFilter(self)
        self.use = Button("primary", "Enter", text=texts.bind("requests.saved_use"))
        self.use.clicked.connect(lambda: self._use(self.table.currentIndex()))
        self.remove = Button("quiet", "Del", text=texts.bind("requests.saved_remove"))
        self.remove.clicked.connect(self._remove)
        self.name = QLineEdit()
        self.name.setObjectName("savedFilterName")
        self.name.setMaxLength(LONGEST_NAME)
        texts.bind("requests.saved_name_hint").show_in(self.name, QLineEdit.setPlaceholderText)
        texts.bind("requests.saved_name").show_in(self.name, QWidget.setAccessibleName)
        self.name.textChanged.connect(lambda _: self._update_enabled())
        self.name.returnPressed.connect(self._keep)
        self.keep = Button("secondary", text=texts.bind("requests.saved_keep"))
        self.keep.clicked.connect(self._keep)
        self.close_button = Button("quiet", "Esc", text=texts.bind("words.close"))
        self.close_button.clicked.connect(self.reject)
        for button in (self.use, self.remove, self.keep, self.close_button):
            button.setAutoDefault(False)
        self._build_layout(heading)
        texts.changed.connect(self._retranslate)
        self._retranslate()
        (self.table if saved else self.name).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle Delete and Enter in the list.

        Not in the dialog's own handler, which also receives the Enter that has just saved a filter.
        """
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use(self.table.currentIndex())
        else:
            return False
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Be no higher than the window behind: the list gives way."""
        behind = self.parentWidget()
        if behind is not None and not event.spontaneous():
            self.resize(self.sizeHint().boundedTo(behind.window().size()))
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the keys of language and theme to the window."""
        if not pass_on(self, event):
            super().keyPressEvent(event)

    def _retranslate(self) -> None:
        for button in (self.remove, self.close_button):
            button.setShortcut("")  # the list and the dialog handle their keys
        self._list(at=max(0, self.table.currentIndex().row()))

    def _use(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._saved[index.row()])
            self.accept()

    def _keep(self) -> None:
        name = self.name.text().strip()
        if not name:
            return
        self._saved = with_saved(self._saved, SavedFilter(name, self._filters, self._size))
        self.saved.emit(self._saved)
        self.name.clear()
        self._list(at=len(self._saved) - 1)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self) -> None:
        at = self.table.currentIndex().row()
        if at < 0:
            return
        self._saved = self._saved[:at] + self._saved[at + 1 :]
        self.saved.emit(self._saved)
        self._list(at=at)
        if not self._saved:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list(self, at: int = 0) -> None:
        texts = self._texts
        everything = texts("requests.all_requests")
        text = [
            f"{single_line(one.name)}   —   {filters_text(texts, one.filters) or everything}"
            for one in self._saved
        ]
        self._rows.setStringList(text)
        if text:
            self.table.setCurrentIndex(self._rows.index(min(at, len(text) - 1), 0))
        self._update_enabled()

    def _update_enabled(self) -> None:
        texts = self._texts
        self.use.setEnabled(bool(self._saved))
        self.remove.setEnabled(bool(self._saved))
        self.keep.setEnabled(bool(self.name.text().strip()))
        now = filters_text(texts, self._filters) or texts("requests.all_requests")
        text = texts("requests.saved_now", filters=now)
        self._hint.setText(text if self._saved else f"{texts('requests.saved_none')}\n{text}")

    def _build_layout(self, heading: Label) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.use, 1)
        buttons.addWidget(self.remove)
        keeping = QHBoxLayout()
        keeping.setSpacing(12)
        keeping.addWidget(self.name, 1)
        keeping.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 20)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(self.table)
        column.addLayout(buttons)
        column.addSpacing(8)
        column.addWidget(self._hint)
        column.addLayout(keeping)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(_WIDTH)


class SavedFiltersController(QObject):
    """Reads the filters each time before it shows them, so that two windows stay consistent."""

    chosen = Signal(object)
    """Apply a saved filter. Carries a ``SavedFilter``."""

    def __init__(
        self,
        view: DeskLayout,
        texts: Translator,
        runner: TaskRunner,
        store: SavedFilterStore,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view, self._texts, self._runner = view, texts, runner
        self._store = store
        self._dialog: SavedFiltersDialog | None = None

    def ask(self, filters: RequestFilterState, size: int | None) -> None:
        """Show the dialog once the filters are read; it can save these."""
        store = self._store
        if self._dialog is None:
            self._runner.run(
                lambda: read_saved(store.load()),
                lambda outcome: self._show(outcome, filters, size),
                owner=self,
                key="read",
            )

    def _show(
        self,
        outcome: TaskResult[tuple[SavedFilter, ...]],
        filters: RequestFilterState,
        size: int | None,
    ) -> None:
        if outcome.value is None:
            self._fail(outcome.error or RuntimeError())
            return
        dialog = SavedFiltersDialog(self._texts, outcome.value, filters, size, self._view.window())
        dialog.saved.connect(self._keep)
        dialog.chosen.connect(self.chosen)
        dialog.finished.connect(self._closed)
        self._dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        self._dialog = None
        self._view.view.setFocus()

    def _keep(self, saved: tuple[SavedFilter, ...]) -> None:
        store, text = self._store, saved_text(saved)
        self._runner.run(lambda: store.save(text), self._kept, owner=self)

    def _kept(self, outcome: TaskResult[None]) -> None:
        if outcome.error is not None:
            self._fail(outcome.error)

    def _fail(self, error: Exception) -> None:
        banner = self._view.banner
        banner.trouble(error, "words.close", banner.clear)
