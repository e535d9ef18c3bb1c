"""Addenda of Z reports that a comparison made: prints each once, and says that it is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from posapp.domain.z_addenda import ZAddendum, unchanged_addendum
from posapp.ui.core.task_runner import TaskResult

if TYPE_CHECKING:
    from datetime import datetime

    from posapp.services.sync.sync_status import SyncSnapshot
    from posapp.ui.printing.report_printing import ReportPrinting
    from posapp.ui.shell.screen import ScreenContext


class AddendumNews(QObject):
    """Looks after each comparison with PortOne for addenda that nobody has on paper.

    Where the shop has a receipt printer they are printed, those of an earlier run, too; where it
    has none, those of this run are said once, and the list of Z reports has them.

    Args:
        notify: shows a notice (text, tone, action of its button).
        view: shows the Z reports.
    """

    def __init__(
        self,
        context: ScreenContext,
        notify: Callable[[Callable[[], str], str, Callable[[], None]], object],
        view: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._texts, self._runner = context, context.texts, context.runner
        self._closing = context.services.closing_service
        self._notify, self._view = notify, view
        self._printing: ReportPrinting | None = None
        self._began = context.clock.now()
        self._compared_at: datetime | None = None
        self._known: set[int] = set()
        context.sync_reports.arrived.connect(self._read_new)

    @Slot(object)
    def _read_new(self, report: SyncSnapshot) -> None:
        compared_at = report.status.reconciled_at
        if compared_at is not None and compared_at != self._compared_at:
            self._compared_at = compared_at
            self._runner.run(self._closing.unprinted_addenda, self._found, owner=self)

    def _found(self, outcome: TaskResult[tuple[ZAddendum, ...]]) -> None:
        for one in outcome.value or ():
            if one.number not in self._known:
                self._known.add(one.number)
                self._show(one)

    def _show(self, addendum: ZAddendum) -> None:
        content = unchanged_addendum(addendum)
        if self._printing is None:
            self._printing = self._make_printing()
        if content is not None and self._printing.has_printer:
            self._printing.print(content)
        if addendum.made_at >= self._began:
            make = partial(self._texts, "shift.addendum_made", z=addendum.z_no)
            tone = "success" if content is not None and not content.found else "warning"
            self._notify(make, tone, self._view)

    def _make_printing(self) -> ReportPrinting:
        # Reports are loaded by the first addendum, not at every start.
        from posapp.ui.printing.report_printing import ReportPrinting

        context, services = self._context, self._context.services
        return ReportPrinting(
            *(self._texts, self._runner, self._closing, services.order_history_service),
            *(services.session, context.clock, self),
            printed=context.printed,
            roll=context.roll,
        )
