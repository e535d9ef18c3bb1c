"""The lamp of the receipt printer, papers that wait for it, and a drawer that did not open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from posapp.domain.errors import EnvironmentCode
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.services.printing.print_queue import Backlog
from posapp.ui.core.i18n import Translator
from posapp.ui.printing.queued_printing import PrinterReport
from posapp.ui.printing.roll_printing import RollPrinting
from posapp.ui.widgets.pick_menu import PickMenu

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.ui.shell.status_bar import StatusBar

ALL, DROP, SETTINGS = "all", "drop", "settings"

_STATES: Mapping[PrinterState | EnvironmentCode | None, tuple[str, str]] = {
    None: ("", "unknown"),
    PrinterState.READY: ("success", "ready"),
    PrinterState.PAPER_LOW: ("warning", "paper_low"),
    PrinterState.UNKNOWN: ("", "unknown"),
    EnvironmentCode.PRINTER_PAPER: ("error", "paper_out"),
    EnvironmentCode.PRINTER_COVER: ("error", "cover"),
    EnvironmentCode.PRINTER_CUTTER: ("error", "cutter"),
}
"""Tone and text of each state; whatever else happened, the printer is off or not connected."""


class PrintBacklog(QObject):
    """Shows the printer's state, says once that papers wait, until none does, and says each time
    that the drawer did not open.

    Args:
        status_bar: has the lamp; its press opens the menu.
        notify: shows a notice (text, tone, action of its button).
        open_settings: shows the settings of the printer.
        say: shows a short text above the page.
    """

    def __init__(
        self,
        texts: Translator,
        roll: RollPrinting,
        session: Session,
        status_bar: StatusBar,
        notify: Callable[[Callable[[], str], str, Callable[[], None]], object],
        open_settings: Callable[[], object],
        say: Callable[[str], object],
    ) -> None:
        super().__init__(status_bar)
        self._texts, self._roll, self._session = texts, roll, session
        self._status_bar, lamp = status_bar, status_bar.printer
        self._notify, self._open_settings, self._say = notify, open_settings, say
        self._backlog = Backlog()
        self._known: PrinterState | EnvironmentCode | None = None
        self._is_noticed = False
        self.menu = PickMenu(lamp)
        self.menu.picked.connect(self._picked)
        lamp.clicked.connect(self.open)
        roll.reported.connect(self._show)
        roll.chosen.connect(self._write)
        roll.drawer_failed.connect(self._say_drawer_failed)
        texts.changed.connect(self._write)
        self._write()

    @Slot()
    def open(self) -> None:
        """Offer what can be done; without papers that wait, the settings at once."""
        if not self._backlog.count:
            self._open_settings()
            return
        choices = ((ALL, "print_all"), (DROP, "drop_all"), (SETTINGS, "settings"))
        self.menu.offer([(key, self._texts(f"printers.{text}")) for key, text in choices])

    @Slot(object)
    def _picked(self, key: object) -> None:
        if key == ALL:
            self._roll.print_all(self._session.actor)
        elif key == DROP:
            self._roll.drop_all(self._session.actor)
        else:
            self._open_settings()

    @Slot(object)
    def _show(self, report: PrinterReport) -> None:
        self._backlog = report.backlog
        self._known = report.state or report.code or self._known
        self._write()
        if not report.backlog.count:
            self._is_noticed = False
        elif not self._is_noticed:
            self._is_noticed = True
            make = partial(self._texts, "printers.backlog", count=report.backlog.count)
            self._notify(make, "warning", self.open)

    @Slot(object)
    def _say_drawer_failed(self, error: Exception) -> None:
        if isinstance(error, PrinterProblem):
            self._known = error.code
            self._write()
        why = self._texts.error(error)
        self._say(self._texts("cash.drawer_failed", why=why))

    @Slot()
    def _write(self) -> None:
        texts, waiting = self._texts, self._backlog.count
        tone, key = _STATES.get(self._known, ("error", "away"))
        said = texts(f"printers.state_{key}")
        if waiting:
            tone = "error" if tone == "error" else "warning"
            said = f"{said}. {texts('printers.backlog', count=waiting)}"
        name = texts("printers.lamp_waiting", count=waiting) if waiting else texts("printers.lamp")
        is_there = self._roll.is_set or bool(waiting)
        self._status_bar.show_printer(tone, name, said, is_there=is_there)
