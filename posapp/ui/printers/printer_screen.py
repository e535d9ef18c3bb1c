"""Page of the receipt printer: how it is, a test print, and the papers that wait for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import EnvironmentCode
from posapp.domain.settings import BY_NAME
from posapp.services.ports.receipt_printer import PrinterState
from posapp.services.printing.print_queue import WaitingPaper
from posapp.ui.core.i18n import Translator
from posapp.ui.core.status_text import why_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.printers.paper_text import details_of, row_of, subject_of
from posapp.ui.printing.printer_state import tone_and_name
from posapp.ui.settings.setting_text import name_of, value_text
from posapp.ui.shell.list_screen import ListScreen
from posapp.ui.shell.routes import ROUTE, SETTINGS
from posapp.ui.shell.screen import ScreenContext
from posapp.ui.widgets.badge import TONES
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.status_strip import StatusStrip

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting

ASK_MS = 10_000
"""Pause until a printer whose page is open is asked again how it is."""


class PrinterScreen(ListScreen):
    """Asks the printer how it is while it is visible, and reads the papers after each print.

    Args:
        shop: its name, for the test print.
        roll: the shop's receipt printer, if the program has any.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        session: Session,
        shop: str,
        roll: RollPrinting | None,
        parent: QWidget | None = None,
    ) -> None:
        read = roll.papers if roll is not None else tuple[WaitingPaper, ...]
        super().__init__(
            *(texts, theme, runner, read, parent),
            catalogue="printers",
            name="printers.row_waiting",
            key_of=lambda paper: paper.job.id,
            describe=lambda paper: row_of(texts, paper),
            details_of=lambda paper: details_of(texts, paper),
            order_of=lambda paper: paper.order_id,
        )
        self._session, self._shop, self._roll = session, shop, roll
        self._slot, bind = DialogSlot(self), texts.bind
        self.strip, self.facts = StatusStrip(theme), FactGrid()
        self.test = Button("quiet", "F5", text=bind("setup.test_printer"))
        self.settings = Button("quiet", text=bind("printers.settings"))
        self.print_all = Button("secondary", "F4", text=bind("printers.print_all"))
        self.drop_all = Button("secondary", text=bind("printers.drop_all"))
        self.drop = Button("danger", "F8", text=bind("printers.drop"))
        self.print_one = Button("primary", "Ctrl+P", text=bind("printers.print_one"))
        self.view.add_above(self.strip)
        self.view.add_below_details(self.facts)
        self.view.add_head(self.test, self.settings)
        for button in (self.drop_all, self.print_all):  # each in front of the one before
            self.view.add_for_all(button)
        self.view.add_actions(self.drop, self.print_one)
        self._tick = QTimer(self, interval=ASK_MS)
        self._connect()
        self._write()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        return cls(
            *(context.texts, context.theme, context.runner, context.services.session),
            *(context.shop, context.roll),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Read the papers, and ask the printer how it is."""
        super().showEvent(event)
        self._write()
        self._ask()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask no more."""
        self._tick.stop()
        super().hideEvent(event)

    def staff_changed(self) -> None:
        """Another person may not open the settings."""
        self._slot.close()
        self._write()

    def clear(self) -> None:
        """Forget what was said."""
        self._slot.close()
        self.view.banner.clear()

    def _connect(self) -> None:
        roll = self._roll
        self._tick.timeout.connect(self._ask)
        self.test.clicked.connect(self._test)
        self.settings.clicked.connect(partial(self.go_to, SETTINGS))
        self._texts.changed.connect(self._write)
        if roll is not None:
            roll.reported.connect(self._reported)
            roll.chosen.connect(self._write)
            roll.drawer_failed.connect(self._write)
            roll.queue_failed.connect(self._show_failure)
            self.print_all.clicked.connect(lambda: roll.print_all(self._session.actor))
            self.act(self.print_one, partial(self._print, roll))
            self.act(self.drop, partial(self._ask_to_drop, roll))
            self.drop_all.clicked.connect(partial(self._ask_to_drop_all, roll))

    def _print(self, roll: RollPrinting, paper: WaitingPaper) -> None:
        roll.print_one(self._session.actor, paper.job.id)

    def _ask_to_drop(self, roll: RollPrinting, paper: WaitingPaper) -> None:
        texts = self._texts
        self._confirm(
            lambda: (texts("printers.drop_question"), texts("printers.drop")),
            lambda: [(texts("printers.paper"), subject_of(texts, paper))],
            lambda: roll.drop_one(self._session.actor, paper.job.id),
        )

    def _ask_to_drop_all(self, roll: RollPrinting) -> None:
        texts, count = self._texts, len(self.view.model.entries)
        self._confirm(
            lambda: (texts("printers.drop_all_question", count=count), texts("printers.drop_all")),
            lambda: [],
            lambda: roll.drop_all(self._session.actor),
        )

    def _confirm(
        self,
        wording: Callable[[], tuple[str, str]],
        facts: Callable[[], list[tuple[str, str]]],
        act: Callable[[], None],
    ) -> None:
        if self._slot.is_open:
            return
        texts, dialog = self._texts, ConfirmDialog(parent=self)

        def write() -> None:
            question, yes = wording()
            dialog.say(question, texts("printers.drop_consequence"))
            dialog.show_facts(facts())
            dialog.set_answers(yes, texts("words.close"))

        dialog.follow(texts, write)
        dialog.agreed.connect(act)
        self._slot.open(dialog)

    @Slot()
    def _ask(self) -> None:
        if self._roll is not None:
            self._roll.ask_state()

    @Slot()
    def _test(self) -> None:
        """Print a test in each way to write Hangul, on the shop's printer."""
        roll, texts = self._roll, self._texts
        if roll is None or not roll.is_set:
            self.view.banner.show_failure(texts.bind("shift.no_printer"), button="words.close")
            return
        self.test.set_busy(True)
        lines = (self._shop, texts("printers.test_title"))
        settings = roll.settings
        roll.test(settings["receipt_printer"], settings["receipt_columns"], lines, self._tested)

    def _tested(self, outcome: TaskResult[PrinterState]) -> None:
        self.test.set_busy(False)
        if outcome.value is None:
            self.view.banner.show_error(outcome.error or RuntimeError())
        else:
            said = self._texts.bind(f"printers.sent_{outcome.value}")
            self.view.banner.show_success(said, button="words.close")
        self._ask()

    @Slot()
    def _reported(self) -> None:
        self._write()
        if self.isVisible():
            self._reader.refresh_soon()

    def show_read(self, found: tuple[WaitingPaper, ...]) -> None:
        """Show the papers."""
        self.view.show_entries(found)
        self._write()

    @Slot()
    def _write(self) -> None:
        """Show everything but the papers."""
        texts, roll = self._texts, self._roll
        count = len(self.view.model.entries)
        self.set_head(subtitle=texts("printers.count", count=count) if count else "")
        role = self._session.role
        self.settings.setVisible(role is None or role in ROUTE[SETTINGS].roles)
        self.facts.set_rows(self._settings_of(roll) if roll is not None else [])
        if roll is None or not roll.is_set:
            label, hint = texts("printers.state_none"), texts("printers.hint_none")
            self.strip.show_state("notice", ("notice", TONES["notice"]), label, hint)
            return
        tone, name = tone_and_name(roll.known)
        hint = texts(f"printers.hint_{name if roll.known is not None else 'asked'}")
        if name == "away" and isinstance(roll.known, EnvironmentCode):
            hint = f"{why_text(texts, roll.known.value)}. {hint}"
        sign = tone or "idle"
        label = texts(f"printers.state_{name}")
        self.strip.show_state(tone or "busy", (sign, TONES[sign]), label, hint)

    def _settings_of(self, roll: RollPrinting) -> list[tuple[str, str]]:
        texts, empty = self._texts, self._texts("settings.empty")
        named = ((BY_NAME[name], value) for name, value in roll.settings.items())
        return [
            (name_of(texts, one), value_text(texts, one, value) or empty) for one, value in named
        ]
