"""Prints, saves and copies the papers of an order, and marks what is printed again as a copy."""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from posapp.domain.errors import EnvironmentProblem
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.services.orders.order_history import OrderHistory
from posapp.ui.core.i18n import Translator
from posapp.ui.core.save_folder import first_folder, free_path
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.printing.page_layout import CopyMark, mark_after
from posapp.ui.printing.paper import Paper
from posapp.ui.printing.print_document import PrintDocument, document_of, print_paper, save_pdf
from posapp.ui.printing.printer_choice import pdf_width
from posapp.ui.printing.printers import printer_of

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistoryService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting, RollResult

_log = logging.getLogger(__name__)


def default_printer() -> QPrinter | None:
    """Return the shop's printer, else the system's default one, or ``None``."""
    return printer_of()


class PrintController(QObject):
    """Prints at once, and saves at once in the shop's folder.

    It prints on the shop's receipt printer in the background, else on the system's printer.

    A print is recorded here at once and in the database afterwards: neither delays the paper, and a
    failed record causes no second original while the program runs. A paper of which the receipt
    printer may have printed a part counts as printed.

    Args:
        session: names who prints.
        page: the parent of dialogs.
        now: returns the time (UTC).
        exports: the shop's folder of exported files; ``None`` is the user's documents.
        printed: the prints of this run, by their paper's name; pages of the same papers share it.
        roll: the shop's receipt printer.
    """

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """A file could not be written or a paper not printed. Carries the ``EnvironmentProblem``."""

    saved = Signal(object)
    """A file was saved. Carries its path."""

    no_printer = Signal()
    """Nothing was printed: there is no printer, which was said."""

    printed_out = Signal(str)
    """A paper was printed or saved completely. Carries its name; its next print is a copy."""

    noted = Signal()
    """A print is in the order's records."""

    not_noted = Signal(object)
    """A print could not be recorded; the paper is printed. Carries the ``EnvironmentProblem``."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        histories: OrderHistoryService,
        session: Session,
        page: QWidget,
        *,
        now: Callable[[], datetime],
        exports: Path | None = None,
        printed: MutableMapping[str, PrintRecord] | None = None,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._page, self._roll = texts, runner, page, roll
        self._histories, self._session = histories, session
        self._now, self._exports = now, exports
        self._printed = {} if printed is None else printed

    def learn(self, history: OrderHistory) -> None:
        """Merge the database's print records, which may be older than those here."""
        for paper, printed in history.printed.items():
            known = self._printed.get(paper)
            if known is None or known.times <= printed.times:
                self._printed[paper] = printed

    def mark(self, name: str) -> CopyMark | None:
        """Return the copy mark of a paper's next print."""
        return mark_after(self._texts, self._printed.get(name))

    def copy(self, text: str, message: str) -> None:
        """Copy a text to the clipboard, and say so by a message id."""
        QGuiApplication.clipboard().setText(text)
        self.said.emit(self._texts(message))

    def print(self, paper: Paper) -> None:
        """Print on the receipt printer if the shop has one, else on the system's one. Without a
        default printer ask for one; without any, name another way."""
        if self._roll is not None and self._roll.is_set:
            self._print_on_roll(paper, self._roll)
            return
        printer = default_printer()
        if printer is not None:
            self.print_on(paper, printer)
        elif QPrinterInfo.availablePrinterNames():
            self._choose_printer(paper)
        else:
            self.said.emit(self._texts("order_page.no_printer"))
            self.no_printer.emit()

    def print_on(self, paper: Paper, printer: QPrinter) -> None:
        """Print on a configured printer and report the result."""
        if self._carry_out(paper, lambda document: print_paper(document, printer)):
            self.said.emit(self._texts("order_page.printed"))

    def save(self, paper: Paper) -> None:
        """Save as PDF in the shop's folder, beside earlier files, and report the result."""
        self.save_to(paper, free_path(Path(first_folder(self._exports)), paper.file_name))

    def save_to(self, paper: Paper, path: Path) -> None:
        """Save as PDF at this path and report the result."""
        if self._carry_out(paper, lambda document: save_pdf(document, path, pdf_width())):
            self.saved.emit(path.absolute())

    def _print_on_roll(self, paper: Paper, roll: RollPrinting) -> None:
        name, at = paper.name, self._now()
        note = partial(self._histories.note_printed, self._session.actor, name, at)
        if not roll.print(paper, self.mark(name), note, partial(self._rolled, name, at)):
            self.said.emit(self._texts("printers.printing"))

    def _rolled(self, name: str, at: datetime, outcome: TaskResult[RollResult]) -> None:
        result = outcome.value
        if result is None:
            self.failed.emit(outcome.error or RuntimeError())
            return
        if result.is_out:
            self._remember(name, at)
        if result.state is not None:
            self.said.emit(self._texts(f"printers.sent_{result.state}"))
        else:
            self.failed.emit(result.problem)
        if result.is_out:
            self._noted(TaskResult(error=result.not_noted))

    def _choose_printer(self, paper: Paper) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._page)
        dialog.accepted.connect(lambda: self.print_on(paper, printer))
        dialog.finished.connect(dialog.deleteLater)
        # QPrintDialog hides the open() without arguments.
        QDialog.open(dialog)

    def _carry_out(self, paper: Paper, action: Callable[[PrintDocument], None]) -> bool:
        try:
            action(document_of(paper, self.mark(paper.name)))
        except EnvironmentProblem as problem:
            self.failed.emit(problem)
            return False
        self._note(paper.name)
        return True

    def _note(self, name: str) -> None:
        at = self._now()
        self._remember(name, at)
        work, actor = self._histories.note_printed, self._session.actor
        self._runner.run(lambda: work(actor, name, at), self._noted, owner=self)

    def _remember(self, name: str, at: datetime) -> None:
        known = self._printed.get(name)
        self._printed[name] = known.again() if known else PrintRecord(1, at)
        self.printed_out.emit(name)

    def _noted(self, outcome: TaskResult[None]) -> None:
        if isinstance(outcome.error, EnvironmentProblem):
            _log.warning("a print could not be noted: %s", outcome.error)
            self.not_noted.emit(outcome.error)
        else:
            self.noted.emit()
