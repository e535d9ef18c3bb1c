"""The lamp of the receipt printer, papers that wait for it, and a drawer that did not open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from posapp.services.printing.print_queue import Backlog
from posapp.ui.core.i18n import Translator
from posapp.ui.printing.printer_state import tone_and_name
from posapp.ui.printing.queued_printing import PrinterReport
from posapp.ui.printing.roll_printing import RollPrinting

if TYPE_CHECKING:
    from posapp.ui.shell.status_bar import StatusBar


class PrintBacklog(QObject):
    """Shows the printer's state, says once that papers wait, until none does, and says each time
    that the drawer did not open.

    Args:
        status_bar: has the lamp; its press opens the page of the printer.
        notify: shows a notice (text, tone, action of its button).
        open_page: shows the page of the printer.
        say: shows a short text above the page.
    """

    def __init__(
        self,
        texts: Translator,
        roll: RollPrinting,
        status_bar: StatusBar,
        notify: Callable[[Callable[[], str], str, Callable[[], None]], object],
        open_page: Callable[[], object],
        say: Callable[[str], object],
    ) -> None:
        super().__init__(status_bar)
        self._texts, self._roll, self._status_bar = texts, roll, status_bar
        self._notify, self._open_page, self._say = notify, open_page, say
        self._backlog = Backlog()
        self._is_noticed = False
        status_bar.printer.clicked.connect(self.open)
        roll.reported.connect(self._show)
        roll.chosen.connect(self._write)
        roll.drawer_failed.connect(self._say_drawer_failed)
        texts.changed.connect(self._write)
        self._write()

    @Slot()
    def open(self) -> None:
        """Show the page of the printer, with the papers that wait."""
        self._open_page()

    @Slot(object)
    def _show(self, report: PrinterReport) -> None:
        self._backlog = report.backlog
        self._write()
        if not report.backlog.count:
            self._is_noticed = False
        elif not self._is_noticed:
            self._is_noticed = True
            make = partial(self._texts, "printers.backlog", count=report.backlog.count)
            self._notify(make, "warning", self.open)

    @Slot(object)
    def _say_drawer_failed(self, error: Exception) -> None:
        self._write()
        why = self._texts.error(error)
        self._say(self._texts("cash.drawer_failed", why=why))

    @Slot()
    def _write(self) -> None:
        texts, waiting = self._texts, self._backlog.count
        tone, key = tone_and_name(self._roll.known)
        said = texts(f"printers.state_{key}")
        if waiting:
            tone = "error" if tone == "error" else "warning"
            said = f"{said}. {texts('printers.backlog', count=waiting)}"
        name = texts("printers.lamp_waiting", count=waiting) if waiting else texts("printers.lamp")
        is_there = self._roll.is_set or bool(waiting)
        self._status_bar.show_printer(tone, name, said, is_there=is_there)
