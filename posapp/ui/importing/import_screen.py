"""Import of a file of orders: read and checked whole, then written as a whole, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.services.importing import Batch, Cause, ColumnChoice, OnError, Report
from posapp.services.importing.columns import NO_CHOICE
from posapp.ui.core.dropped_file import dropped_file
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.importing.import_actions import ImportActions
from posapp.ui.importing.import_dialogs import ImportDialogs
from posapp.ui.importing.import_layout import (
    MAPPING,
    NOTHING,
    ORDERS,
    PROBLEMS,
    SHOWN,
    TABLES,
    ImportLayout,
)
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.seller_picker import SellerPicker

if TYPE_CHECKING:
    from posapp.services.importing import ImportService
    from posapp.services.importing.take_back import UndoReport
    from posapp.services.importing.undo_import import UndoImportService
    from posapp.services.session import Session

_NAME = 60


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it was read, and what taking it would do."""

    batch: Batch
    report: Report


class ImportScreen(Screen):
    """Reads a file that was chosen or dropped, shows every problem at once, and takes the file."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: ImportService,
        undoing: UndoImportService,
        session: Session,
        picker: SellerPicker,
        exports: Path | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._service = service
        self.view = view = ImportLayout(texts, theme, picker)
        self.flow = ImportActions(texts, runner, service, undoing, session, self)
        self.dialogs = ImportDialogs(texts, runner, exports, self)
        self._path: Path | None = None
        self._preview: Preview | None = None
        self._choice = NO_CHOICE
        self._is_reading = False
        boxes.column(view, on=self)
        self.setAcceptDrops(True)
        self.setFocusProxy(view.choose_first)
        self._connect()
        self._show_nothing()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        picker = SellerPicker(
            *(context.texts, context.runner, services.seller_list.read, services.session)
        )
        return cls(
            *(context.texts, context.theme, context.runner, services.import_service),
            *(services.undo_import_service, services.session, picker, context.exports),
        )

    @property
    def head_actions(self) -> QWidget:
        """Return the buttons of the file."""
        return self.view.head

    @property
    def why_stay(self) -> str:
        """Return why a scan may not lead away while a file is written."""
        return "import_page.is_writing" if self.flow.is_writing else ""

    @property
    def preview(self) -> Preview | None:
        """Return the file that is shown, or ``None``."""
        return self._preview

    def open(self, path: Path) -> None:
        """Read a file."""
        self.read(path)

    def clear(self) -> None:
        """Forget the file."""
        if not self.flow.is_writing:
            self._show_nothing()

    def may_leave(self) -> bool:
        """Return ``False`` while a file is written."""
        return not self.flow.is_writing

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was imported last."""
        super().showEvent(event)
        self.flow.read_last()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept one file."""
        if dropped_file(event) is not None and not self.is_busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was dropped."""
        path = dropped_file(event)
        if path is not None and not self.is_busy:
            event.acceptProposedAction()
            self.read(path)

    def read(self, path: Path, choice: ColumnChoice = NO_CHOICE) -> None:
        """Read a file and check it against the records; nothing is written."""
        if self.is_busy:
            return
        self._path, self._choice, self._is_reading = path, choice, True
        view, service = self.view, self._service
        view.banner.clear()
        view.progress.show_progress(0, 0)
        sellers = view.sellers.isChecked()
        seller = self.view.picker.seller_id

        def work() -> Preview:
            batch = service.read(path, choice=choice)
            if seller is not None and _lacks_seller(batch):
                chosen = ColumnChoice(values={"seller_id": str(seller)})
                batch = service.read(path, choice=batch.choice | chosen)
            return Preview(batch, service.check(batch, sellers=sellers))

        self._runner.run(work, self._arrived, owner=self, key="read")
        self._offer()

    @property
    def is_busy(self) -> bool:
        """Return whether a file is read or written."""
        return self.flow.is_writing or self._is_reading

    def _connect(self) -> None:
        view = self.view
        view.choose_first.clicked.connect(self.dialogs.ask_file)
        view.choose.clicked.connect(self.dialogs.ask_file)
        view.map.clicked.connect(self._toggle_mapping)
        view.template.clicked.connect(self.dialogs.ask_template)
        view.again.clicked.connect(self._read_again)
        view.apply_map.clicked.connect(self._map)
        view.sellers.clicked.connect(self._read_again)
        view.picker.chosen.connect(lambda _: self._read_again())
        view.skip.clicked.connect(self._toggle_skip)
        view.segments.chosen.connect(self._show_table)
        view.problem_table.opened.connect(self._next_problem)
        view.problem_table.chosen.connect(self._show_problem)
        view.take.clicked.connect(self._ask_take)
        view.undo.clicked.connect(self.flow.ask_undo)
        view.banner.acted.connect(view.banner.clear)
        view.progress.cancelled.connect(self._cancel)
        self.dialogs.file_chosen.connect(self.read)
        self.dialogs.saved.connect(self.notified)
        self.flow.progressed.connect(view.progress.show_progress)
        self.flow.taking_back.connect(view.progress.show_taking_back)
        self.flow.taken.connect(self._taken)
        self.flow.undone.connect(self._undone)
        self.flow.changed.connect(self._write)
        self.flow.changed.connect(self._offer)
        for failed in (self.dialogs.failed, self.flow.failed):
            failed.connect(self._fail)
        self._texts.changed.connect(self._write)

    # The file

    def _read_again(self) -> None:
        if self._path is not None:
            self.read(self._path, self._choice)

    def _arrived(self, outcome: TaskResult[Preview]) -> None:
        view = self.view
        self._is_reading = False
        view.progress.clear()
        if outcome.value is None:
            self._show_nothing()
            view.banner.show_error(outcome.error or RuntimeError())
            return
        self._preview = outcome.value
        self._choice = outcome.value.batch.choice
        batch, report = outcome.value.batch, outcome.value.report
        view.problems.show(tuple(enumerate(report.complaints[:SHOWN])), has_more=False)
        view.orders.show(batch.orders[:SHOWN], has_more=False)
        for table in (view.problem_table, view.order_table):
            table.select(0)
        view.show_part(TABLES)
        self._show_table(PROBLEMS if report.complaints else ORDERS)
        view.picker.setVisible(_lacks_seller(batch) or "seller_id" in batch.choice.values)
        if view.picker.isVisibleTo(view):
            view.picker.begin()
        self._write()
        self._offer()
        view.table.setFocus()

    # What is shown

    def _show_nothing(self) -> None:
        view = self.view
        self._path = self._preview = None
        self._choice = NO_CHOICE
        view.show_part(NOTHING)
        view.picker.hide()
        view.skip.setChecked(False)
        self.setFocusProxy(view.choose_first)
        self._write()
        self._offer()

    def _show_table(self, table: object) -> None:
        self.view.show_table(table)
        self.setFocusProxy(self.view.table)
        self._show_problem()

    def _show_problem(self) -> None:
        view = self.view
        row = view.problems.row_at(view.problem_table.place)
        view.problem_text.setText("" if row is None else view.sentence(row[1]))

    def _toggle_skip(self) -> None:
        self._write()
        self._offer()

    def _next_problem(self) -> None:
        table = self.view.problem_table
        table.select((table.place + 1) % max(1, self.view.problems.rowCount()))

    def _toggle_mapping(self) -> None:
        view, preview = self.view, self._preview
        if preview is None or not preview.batch.titles:
            return
        batch = preview.batch
        is_mapping = view.part == MAPPING
        if not is_mapping:
            found = batch.columns.titles if batch.columns is not None else {}
            view.mapper.show_choice(batch.titles, batch.choice, found)
        view.show_part(TABLES if is_mapping else MAPPING)
        self._offer()
        (view.table if is_mapping else view.mapper).setFocus()

    def _map(self) -> None:
        choice = self.view.mapper.choice
        seller = self._choice.values.get("seller_id")
        if seller is not None and "seller_id" not in choice.columns:
            choice = replace(choice, values={**choice.values, "seller_id": seller})
        if self._path is not None:
            self.read(self._path, choice)

    def _write(self) -> None:
        view, texts, preview = self.view, self._texts, self._preview
        view.last.set_whole(self._last_import())
        if preview is None:
            self.set_head(subtitle="")
            return
        report, batch = preview.report, preview.batch
        problems = len(report.complaints) + report.omitted
        view.show_counts(problems, len(batch.orders))
        name = display_text(batch.source, _NAME)
        layout = batch.columns.layout if batch.columns is not None else None
        if layout is not None:
            name = f"{name} · {texts(f'importing.layout_{layout.id}')}"
        view.file.set_whole(name)
        view.summary.setText(self._summary(report, problems))

    def _last_import(self) -> str:
        """Return what was imported last, or that it was interrupted."""
        texts, flow = self._texts, self.flow
        last = flow.last or flow.interrupted
        if last is None:
            return ""
        return texts(
            "import_page.last" if flow.last is not None else "import_page.last_interrupted",
            file=display_text(last.source, _NAME),
            at=texts.when(last.imported_at),
            count=grouped(last.orders),
        )

    def _summary(self, report: Report, problems: int) -> str:
        """Return what is possible now, in one line."""
        texts, preview = self._texts, self._preview
        if preview is None or preview.batch.unusable:
            return texts("import_page.unusable")
        if problems and not self.view.skip.isChecked():
            return texts("import_page.blocked")
        return texts(
            "import_page.would_add",
            orders=grouped(report.orders.added),
            users=grouped(report.users.added),
            products=grouped(report.products.added),
            same=grouped(report.orders.unchanged),
        )

    def _offer(self) -> None:
        """Offer what can be done now."""
        view, preview = self.view, self._preview
        has_problems = preview is not None and bool(preview.report.complaints)
        is_usable = preview is not None and not preview.batch.unusable
        is_mapping = view.part == MAPPING
        view.apply_map.setVisible(is_mapping)
        view.apply_map.setEnabled(not self.is_busy)
        view.skip.setVisible(has_problems and is_usable and not is_mapping)
        adds = preview is not None and _adds(preview.report)
        may_take = is_usable and adds and (not has_problems or view.skip.isChecked())
        view.take.setVisible(preview is not None and not is_mapping)
        view.take.setEnabled(may_take and not self.is_busy)
        view.undo.setVisible(self.flow.last is not None and not is_mapping)
        view.undo.setEnabled(not self.is_busy)
        is_table = preview is not None and bool(preview.batch.titles)
        view.map.setEnabled(is_table and not self.is_busy)
        view.again.setEnabled(self._path is not None and not self.is_busy)
        view.choose.setEnabled(not self.is_busy)
        view.choose_first.setEnabled(not self.is_busy)

    # Taking it, and taking it back

    def _ask_take(self) -> None:
        preview, view = self._preview, self.view
        if preview is not None and not self.is_busy:
            on_error = OnError.SKIP if view.skip.isChecked() else OnError.REFUSE
            sellers = view.sellers.isChecked()
            self.flow.ask_take(preview.batch, preview.report, on_error, sellers=sellers)

    def _cancel(self) -> None:
        if self.flow.is_writing:
            self.flow.cancel()
            self.view.progress.show_taking_back()
            return
        self._runner.forget(self, "read")
        self._is_reading = False
        self.view.progress.clear()
        if self._preview is None:
            self._show_nothing()
        self._offer()

    @Slot(object)
    def _taken(self, report: Report) -> None:
        view, texts = self.view, self._texts
        view.progress.clear()
        if report.stopped:
            message = "import_page.stopped_kept" if report.kept else "import_page.stopped"
            kept = grouped(report.kept)
            view.banner.show_notice(texts.bind(message, count=kept), button="words.close")
        elif not report.written:
            self._read_again()  # the records changed since the preview
        else:
            self._show_nothing()
            view.banner.show_success(
                texts.bind(
                    "import_page.taken",
                    orders=grouped(report.orders.added),
                    users=grouped(report.users.added),
                    products=grouped(report.products.added),
                ),
                button="words.close",
            )
            view.choose_first.setFocus()
            self.item_changed.emit(0)

    @Slot(object)
    def _undone(self, gone: UndoReport) -> None:
        self.view.progress.clear()
        self._read_again()
        message = "import_page.undone_kept" if gone.kept else "import_page.undone"
        self.view.banner.show_success(
            self._texts.bind(message, orders=grouped(gone.orders), kept=grouped(gone.kept)),
            button="words.close",
        )
        self.item_changed.emit(0)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self.view.progress.clear()
        self.view.banner.show_error(error)


def _lacks_seller(batch: Batch) -> bool:
    """Return whether the file has no column of sellers, and nobody was chosen for it."""
    return any(
        one.cause is Cause.COLUMN_MISSING and one.field == "seller_id" for one in batch.complaints
    )


def _adds(report: Report) -> bool:
    tallies = (report.users, report.products, report.orders)
    return any(one.added or one.updated for one in tallies) or report.payments > 0
