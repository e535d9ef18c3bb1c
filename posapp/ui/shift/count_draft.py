"""What is typed into the count of a drawer, kept with the shift while it is typed."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.shift.cash_count import CashCount

if TYPE_CHECKING:
    from posapp.services.cash.closing import ClosingService
    from posapp.services.session import Session

log = logging.getLogger(__name__)


class CountDraft(QObject):
    """Stores each change of the count, one after the other; what was typed during a store is stored
    with the next one. A count that cannot be stored stays on screen."""

    def __init__(
        self,
        runner: TaskRunner,
        closing: ClosingService,
        session: Session,
        count: CashCount,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._runner, self._closing, self._session = runner, closing, session
        self._count, self._page = count, page
        self._shift_id = 0
        self._is_shown_only = self._is_storing = self._is_newer = False
        count.changed.connect(self._changed)

    def begin(self, shift_id: int, kept: Mapping[int, int]) -> bool:
        """Show what was kept of a shift, and keep its count from now on; ``False``: nothing was."""
        self._shift_id = shift_id
        self.show(kept)
        return bool(kept)

    def show(self, counts: Mapping[int, int]) -> None:
        """Show a count that nobody typed."""
        self._is_shown_only = True
        self._count.show_counts(counts)
        self._is_shown_only = False

    @Slot()
    def _changed(self) -> None:
        if self._shift_id and not self._is_shown_only:
            self._is_newer = True
            self._store()

    def _store(self) -> None:
        if self._is_storing or not self._is_newer:
            return
        self._is_storing, self._is_newer = True, False
        counts = {value: pieces for value, pieces in self._count.counts.items() if pieces > 0}
        keep = partial(self._closing.keep_count, self._session.actor, self._shift_id, counts)
        self._runner.run(keep, self._stored, owner=self._page)

    def _stored(self, outcome: TaskResult[None]) -> None:
        self._is_storing = False
        if outcome.error is not None:
            log.warning("the count is not kept: %s", outcome.error)
        self._store()
