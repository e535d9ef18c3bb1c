"""Takes cash on a page: the panel, the call, the drawer and the receipt."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.money import Won
from posapp.ui.cash.cash_panel import CashPanel
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.domain.cash import CashTaken
    from posapp.ui.printing.roll_printing import RollPrinting

Take = Callable[[int, int, bool], "CashTaken"]
"""Takes cash in another thread: won to pay as they were shown, won received, and whether the rest
is paid by QR."""


class Run(Protocol):
    """Calls ``work`` in another thread and ``done`` with its result on the GUI thread."""

    def __call__(
        self, work: Callable[[], CashTaken], done: Callable[[TaskResult[CashTaken]], None]
    ) -> object:
        """Call ``work``."""
        ...


class CashTaking(QObject):
    """Asks for an amount beside a page and takes it, once however often it is pressed.

    Args:
        slot: where the page shows its side panels.
        page: the page itself.
        run: calls one after another, in the order of the page's other calls.
        roll: the shop's receipt printer, whose drawer is opened; it says itself if it is not.
    """

    taken = Signal(object)
    """Cash was taken, the panel is closed. Carries the ``CashTaken``."""

    refused = Signal(object)
    """Nothing was taken; the panel says why. Carries the exception."""

    open_changed = Signal()
    """``is_open`` changed."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        slot: PanelSlot,
        page: QWidget,
        *,
        run: Run,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(page)
        self._texts, self._theme, self._slot, self._page = texts, theme, slot, page
        self._run, self._roll = run, roll
        self._panel: CashPanel | None = None
        self._take: Take | None = None
        self._is_taking = False

    @property
    def panel(self) -> CashPanel:
        """Return the panel; it is made at its first use."""
        if self._panel is None:
            self._panel = panel = CashPanel(self._texts, self._theme, self._page)
            panel.hide()
            panel.closed.connect(self.close)
            panel.entered.connect(self._enter)
        return self._panel

    @property
    def is_open(self) -> bool:
        """Return whether the panel is shown."""
        return self._panel is not None and self._slot.panel is self._panel

    @property
    def is_taking(self) -> bool:
        """Return whether cash is being taken."""
        return self._is_taking

    def open(self, due: Won, take: Take, *, may_split: bool = True) -> None:
        """Ask for an amount.

        Args:
            due: won to pay.
            take: takes it.
            may_split: a part may be taken, and the rest be paid by QR.
        """
        self._take = take
        self._slot.open(self.panel)
        self.panel.begin(due, may_split=may_split)
        self.open_changed.emit()

    def show_due(self, due: Won) -> None:
        """Show another amount to pay in the open panel."""
        if self.is_open and not self._is_taking:
            self.panel.show_due(due)

    @Slot()
    def close(self) -> bool:
        """Close the panel and forget what is typed; ``False`` if it is not shown, or cash is being
        taken."""
        if self._is_taking or not self.is_open:
            return False
        self._slot.close()
        self.open_changed.emit()
        return True

    def open_drawer(self) -> None:
        """Open the drawer, where the shop's printer has one."""
        if self._roll is not None:
            self._roll.open_drawer()

    @Slot(int, bool)
    def _enter(self, received: int, rest_by_qr: bool) -> None:
        if self._take is None or self._is_taking:
            return
        self._is_taking = True
        self.panel.set_busy(busy=True)
        self._run(
            partial(self._take, int(self.panel.amount_due), received, rest_by_qr), self._answered
        )

    def _answered(self, outcome: TaskResult[CashTaken]) -> None:
        self._is_taking = False
        self.panel.set_busy(busy=False)
        if outcome.value is None:
            error = outcome.error or RuntimeError()
            self.panel.say(partial(self._texts.error, error))
            self.refused.emit(error)
            return
        self.close()
        self.open_drawer()
        self.taken.emit(outcome.value)
