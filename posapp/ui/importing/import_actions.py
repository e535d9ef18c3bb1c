"""Taking a file, and taking the last import back: confirmed, run once, and reported."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import TILL
from posapp.domain.errors import UserError
from posapp.services.importing import Batch, OnError, Report
from posapp.services.ports.imports import ImportRecord
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot

if TYPE_CHECKING:
    from posapp.services.importing import ImportService
    from posapp.services.importing.take_back import UndoReport
    from posapp.services.importing.undo_import import UndoImportService
    from posapp.services.session import Session

_EVERY_MS = 100
_NAME = 60


class ImportActions(QObject):
    """Writes one file at a time. The writing thread only sets numbers here; a timer reads them.

    Attributes:
        last: the last import, unless it was undone or interrupted.
        interrupted: the last import, if the till took it back as it had been interrupted.
    """

    changed = Signal()
    """Something runs or does not run any more, or ``last`` changed."""

    progressed = Signal(int, int)
    """Carries the records written, and their number."""

    taking_back = Signal()
    """The last import is being taken back."""

    taken = Signal(object)
    """A file was written, refused or stopped. Carries the ``Report``."""

    undone = Signal(object)
    """The last import was taken back. Carries the ``UndoReport``."""

    failed = Signal(object)
    """Nothing was done. Carries the exception."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        service: ImportService,
        undoing: UndoImportService,
        session: Session,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._page = texts, runner, page
        self._service, self._undoing, self._session = service, undoing, session
        self._slot = DialogSlot(self)
        self._stop = threading.Event()
        self._written = (0, 1)
        self.last: ImportRecord | None = None
        self.interrupted: ImportRecord | None = None
        self.is_writing = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(lambda: self.progressed.emit(*self._written))

    def ask_take(self, batch: Batch, report: Report, on_error: OnError, *, sellers: bool) -> None:
        """Ask whether a file is to be written, and write it.

        Args:
            report: what writing it would do.
            sellers: the file may make users sellers.
        """
        if self.is_writing or self._slot.is_open:
            return
        texts, count = self._texts, grouped(report.orders.added)
        left_out = len(report.complaints) + report.omitted
        dialog = ConfirmDialog(
            texts("import_page.take_question", count=count),
            texts("import_page.take_skipping" if left_out else "import_page.take_consequence"),
            texts("import_page.take_yes", count=count),
            texts("words.close"),
            self._page.window(),
            key="F7",
            facts=(
                (texts("import_page.file"), display_text(batch.source, _NAME)),
                (texts("import_page.new_users"), grouped(report.users.added)),
                (texts("import_page.new_products"), grouped(report.products.added)),
                (texts("import_page.problems"), grouped(left_out)),
            ),
            danger=False,
        )
        dialog.agreed.connect(lambda: self._take(batch, on_error, sellers=sellers))
        self._slot.open(dialog)

    def ask_undo(self) -> None:
        """Ask whether the last import is to be taken back, unless something holds it."""
        last, undoing = self.last, self._undoing
        if last is not None and not self.is_writing:
            self._runner.run(
                lambda: undoing.find_obstacle(last.id), self._confirm_undo, owner=self, key="undo"
            )

    def cancel(self) -> None:
        """Stop writing at the next record; what was written is taken back."""
        self._timer.stop()
        self._stop.set()

    def read_last(self) -> None:
        """Read what was imported last."""
        undoing = self._undoing

        self._runner.run(lambda: undoing.newest(1), self._last_arrived, owner=self, key="last")

    def _take(self, batch: Batch, on_error: OnError, *, sellers: bool) -> None:
        service, actor = self._service, self._session.actor
        stop = self._stop = threading.Event()
        self._written = (0, 1)

        def progress(done: int, size: int) -> bool:
            self._written = (done, size)
            return not stop.is_set()

        self._begin()
        self._timer.start()
        self.progressed.emit(*self._written)
        self._runner.run(
            lambda: service.apply(actor, batch, on_error, sellers=sellers, progress=progress),
            self._taken,
            owner=self,
        )

    def _taken(self, outcome: TaskResult[Report]) -> None:
        self._timer.stop()
        if outcome.value is not None and outcome.value.written:
            self.last = None  # another one from now on
        self._end(outcome.value, outcome.error, self.taken)

    def _confirm_undo(self, outcome: TaskResult[UserError | None]) -> None:
        last, texts = self.last, self._texts
        obstacle = outcome.error or outcome.value
        if obstacle is not None:
            self.failed.emit(obstacle)
            return
        if last is None or self.is_writing or self._slot.is_open:
            return
        dialog = ConfirmDialog(
            texts("import_page.undo_question"),
            texts("import_page.undo_consequence"),
            texts("import_page.undo_yes", count=grouped(last.orders)),
            texts("words.close"),
            self._page.window(),
            key="F8",
            facts=(
                (texts("import_page.file"), display_text(last.source, _NAME)),
                (texts("import_page.imported_at"), texts.moment(last.imported_at)),
                (texts("import_page.orders"), grouped(last.orders)),
            ),
        )
        dialog.agreed.connect(lambda: self._undo(last.id))
        self._slot.open(dialog)

    def _undo(self, import_id: int) -> None:
        undoing, actor = self._undoing, self._session.actor
        self._begin()
        self.taking_back.emit()
        self._runner.run(lambda: undoing.undo(actor, import_id), self._undone, owner=self)

    def _undone(self, outcome: TaskResult[UndoReport]) -> None:
        self._end(outcome.value, outcome.error, self.undone)

    def _begin(self) -> None:
        self.is_writing = True
        self.changed.emit()

    def _end(self, value: object, error: Exception | None, done: SignalInstance) -> None:
        self.is_writing = False
        if value is None:
            self.failed.emit(error or RuntimeError("nothing was done"))
        else:
            done.emit(value)
        self.read_last()
        self.changed.emit()

    def _last_arrived(self, outcome: TaskResult[tuple[ImportRecord, ...]]) -> None:
        newest = outcome.value[0] if outcome.value else None
        self.last = newest if newest is not None and newest.is_whole else None
        was_interrupted = newest is not None and newest.undone_by == TILL
        self.interrupted = newest if was_interrupted else None
        self.changed.emit()
