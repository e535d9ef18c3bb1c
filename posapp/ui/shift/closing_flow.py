"""Leads through the steps of closing a shift, and closes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cash import cash_reason
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.z_reports import Blocker, OpenMatter, ZReport
from posapp.services.cash.shift_service import ShiftView
from posapp.services.sale.cart_view import CartView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.printing.report_paper import matter_text
from posapp.ui.shell.routes import OPEN_MONEY, ORDER, SALE, SYNC
from posapp.ui.shift.check_list import checks_of
from posapp.ui.shift.closing_view import ClosingView, Step
from posapp.ui.shift.count_draft import CountDraft
from posapp.ui.shift.held_sales import HeldSales
from posapp.ui.shift.reason_panel import ReasonPanel
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.services.cash.closing import ClosingService
    from posapp.services.cash.shift_service import ShiftService
    from posapp.services.sale.cart_service import CartService
    from posapp.services.session import Session


class ClosingFlow(QObject):
    """Steps, what was counted, and the reasons for what is open.

    What is typed stays when another page is visited, until the shift is closed; what was counted
    also beyond the end of the program. The first step has PortOne compared, if it was not.
    What is expected is read once the count is over; a step back hides it again.
    """

    closed = Signal(object)
    """The shift is closed. Carries its ``ZReport``."""

    left = Signal()
    """A step back from the first one."""

    stepped = Signal()
    """Another step is shown."""

    failed = Signal(object)
    """An act failed, or may not be done. Carries the exception."""

    said = Signal(str)
    """Carries a short message about what was done."""

    went = Signal(str, object)
    """Show another page. Carries its id and the arguments of its ``open``, by name."""

    changed = Signal()
    """The records of the shift have to be read again."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        services: tuple[ClosingService, ShiftService, CartService],
        session: Session,
        view: ClosingView,
        slot: PanelSlot,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._session = texts, runner, session
        self._closing, self._shifts, carts = services
        self.view, self._slot, self._page = view, slot, page
        self._names: dict[str, str] = {}
        self._shift_id = 0
        self._matter: OpenMatter | None = None
        self._panel: ReasonPanel | None = None
        self._expected: int | None = None
        self._is_busy = False
        self.held = HeldSales(texts, runner, carts, session, page)
        for mine, its in (
            (self.said, self.held.said),
            (self.failed, self.held.failed),
            (self.changed, self.held.changed),
        ):
            its.connect(mine)
        self._draft = CountDraft(runner, self._closing, session, view.count, page)
        view.count.counted.connect(self.next)
        view.count.changed.connect(self._forget_expected)
        view.checks.show_pressed.connect(self._show)
        view.checks.name_pressed.connect(self._ask_name)
        view.checks.held_pressed.connect(lambda: self.went.emit(SALE, {}))
        view.checks.drop_pressed.connect(self.held.ask)
        view.resized.connect(self._turned)

    @property
    def is_begun(self) -> bool:
        """Return whether something was counted or named."""
        return bool(self._names) or any(line.text() for line in self.view.count.lines)

    def show_found(
        self,
        shift: ShiftView,
        matters: Sequence[OpenMatter],
        held: Sequence[CartView],
        compared_at: datetime | None,
        kept: Mapping[int, int],
    ) -> None:
        """Show what was read; what was typed for another shift is forgotten.

        Args:
            kept: what was counted of the shift in an earlier run of the program.
        """
        if shift.shift.id != self._shift_id:
            self.forget()
            self._shift_id = shift.shift.id
            if self._draft.begin(self._shift_id, kept):
                self.said.emit(self._texts("shift.count_kept"))
        checks = checks_of(matters, held, shift.shift.opened_at, compared_at)
        self.view.checks.show_checks(checks, self._names)

    def forget(self) -> None:
        """Forget what was counted and named."""
        self._names.clear()
        self._draft.show({})
        self.view.reason.line.clear()
        self.view.show_step(Step.CHECK)

    def begin(self) -> None:
        """Show the first step; beside the check list, the count at once."""
        begin = partial(self._closing.begin_closing, self._session.actor)
        self._runner.run(begin, self._begun, owner=self._page)
        self._go(Step.COUNT if self.view.shows_checks else Step.CHECK)

    @Slot()
    def next(self) -> None:
        """Go on from the current step, if it is done."""
        view = self.view
        if self._is_busy or view.step is Step.CLOSE:
            return
        if (
            view.step in (Step.CHECK, Step.COUNT)
            and view.checks.left
            and (view.step is Step.CHECK or view.shows_checks)
        ):
            view.checks.select_first_left()
            view.checks.table.setFocus()
            self.failed.emit(UserError(ErrorCode.SHIFT_BLOCKED, count=len(view.checks.left)))
        elif view.step is Step.CHECK:
            self._go(Step.COUNT)
        elif view.step is Step.COUNT:
            if view.count.is_right:
                self._read_expected()
            else:
                view.count.focus_first()
        elif view.is_over_or_short and not cash_reason(view.reason.line.text()):
            view.reason.set_wrong(self._texts("shift.give_reason"))
            view.reason.line.setFocus()
        else:
            view.reason.set_wrong("")
            view.show_end(len(self._named()))
            self._go(Step.CLOSE)

    @Slot()
    def back(self) -> None:
        """Go one step back."""
        step = self.view.step
        if step is Step.CHECK or (step is Step.COUNT and self.view.shows_checks):
            self.left.emit()
        else:
            self._go(Step(step - 1))

    @Slot()
    def close(self) -> None:
        """Close the shift with what was counted, once."""
        if self._is_busy or self.view.step is not Step.CLOSE:
            return
        self._is_busy = True
        view = self.view
        counts = {value: pieces for value, pieces in view.count.counts.items() if pieces}
        reason = view.reason.line.text() if view.is_over_or_short else ""
        work = partial(
            self._closing.close_shift,
            *(self._session.actor, counts, reason, self._named()),
            shown=self._expected,
        )
        self._runner.run(work, self._closed, owner=self._page)

    def _begun(self, outcome: TaskResult[None]) -> None:
        if outcome.error is not None:
            self.failed.emit(outcome.error)

    def focus(self) -> None:
        """Focus what the current step begins with."""
        view = self.view
        if view.step is Step.COUNT:
            view.count.focus_first()

    def close_panel(self) -> bool:
        """Stop asking for a reason; ``False`` if none is asked for."""
        return self._slot.panel is self._panel is not None and self._slot.close()

    def _go(self, step: Step) -> None:
        if step in (Step.CHECK, Step.COUNT):
            self._forget_expected()
        self.view.show_step(step)
        self.stepped.emit()
        announce(self.view, self._texts(_STEP_TEXTS[step]))

    @Slot()
    def _turned(self) -> None:
        """Leave the step of the check list where the list is always there, and begin with it where
        it is not and something is open."""
        view = self.view
        if not view.isVisible():
            return
        if view.step is Step.CHECK and view.shows_checks:
            self._go(Step.COUNT)
        elif view.step is Step.COUNT and not view.shows_checks and view.checks.left:
            self._go(Step.CHECK)

    @Slot()
    def _forget_expected(self) -> None:
        self._expected = None
        self.view.show_expected(None)

    def _named(self) -> dict[str, str]:
        """Return the reasons of what is still open."""
        there = {one.key for one in self.view.checks.rows.rows}
        return {key: why for key, why in self._names.items() if key in there}

    # What is expected

    def _read_expected(self) -> None:
        self._is_busy = True
        self._runner.run(self._shifts.read, self._show_expected, owner=self._page)

    def _show_expected(self, outcome: TaskResult[ShiftView | None]) -> None:
        self._is_busy = False
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        elif outcome.value is None:  # another window closed it
            self.changed.emit()
        else:
            self._show_difference(int(outcome.value.expected))

    def _show_difference(self, expected: int) -> None:
        self._expected = expected
        self.view.show_expected(expected)
        self._go(Step.DIFFERENCE)
        announce(self.view, self.view.difference.text())

    # What keeps it open

    @Slot(object)
    def _show(self, matter: OpenMatter) -> None:
        if matter.kind is Blocker.NOT_COMPARED:
            self.went.emit(SYNC, {})
        elif matter.kind is Blocker.OPEN_REFUND:
            self.went.emit(OPEN_MONEY, {"refund_id": matter.number})
        elif matter.kind is Blocker.DIFFERENCE or not matter.order_id:
            self.went.emit(OPEN_MONEY, {})
        else:
            self.went.emit(ORDER, {"order_id": matter.order_id})

    @Slot(object)
    def _ask_name(self, matter: OpenMatter) -> None:
        if self._panel is None:
            self._panel = ReasonPanel(self._texts, self._page)
            self._panel.hide()
            self._panel.closed.connect(self.close_panel)
            self._panel.agreed.connect(self._name)
        self._matter = matter
        self._slot.open(self._panel)
        what = f"{matter_text(self._texts, matter.key)} · {self._texts.won(matter.amount)}"
        self._panel.ask(what, self._names.get(matter.key, ""))

    @Slot(str)
    def _name(self, reason: str) -> None:
        if self._matter is not None:
            self._names[self._matter.key] = cash_reason(reason)
            self.close_panel()
            self.changed.emit()

    # The end

    def _closed(self, outcome: TaskResult[ZReport]) -> None:
        self._is_busy = False
        if outcome.value is not None:
            self.forget()
            self.closed.emit(outcome.value)
            return
        error = outcome.error or RuntimeError()
        code = error.code if isinstance(error, UserError) else None
        if code is ErrorCode.SHIFT_BLOCKED:  # it came while the cash was counted
            self.begin()
        elif isinstance(error, UserError) and code is ErrorCode.COUNT_DIFFERS:
            self._show_difference(int(error.parameters["expected"]))
        self.failed.emit(error)
        self.changed.emit()


_STEP_TEXTS = {
    Step.CHECK: "shift.step_check",
    Step.COUNT: "shift.step_count",
    Step.DIFFERENCE: "shift.step_difference",
    Step.CLOSE: "shift.step_close",
}
