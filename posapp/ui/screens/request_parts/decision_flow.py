"""From a key on a row to a decision that counts, or that was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from posapp.domain.requests import Decision, Request, RequestKind, RequestState
from posapp.services.ports.machine import Clock
from posapp.services.ports.requests import MoneyState, RequestRow
from posapp.ui.background import TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.models.requests import RequestTable
from posapp.ui.models.requests_lines import Told, undo_left
from posapp.ui.screens.request_parts.deciding import Came, Deciding
from posapp.ui.screens.request_parts.decision_question import DecisionQuestion
from posapp.ui.screens.request_parts.decision_words import decided_words, failed, failures
from posapp.ui.screens.request_parts.desk_sheet import DeskSheet
from posapp.ui.screens.request_parts.taking_back import TakingBack

if TYPE_CHECKING:
    from posapp.services.request_desk import DecisionCost, RequestDesk

_EVERY_MS = 200


class DecisionFlow(QObject):
    """Asks before it decides, tells each result, and offers to take it back while that can be."""

    stale = Signal()
    """The rows may not be right any more."""

    told = Signal(str)
    """An outcome while the desk is not on screen."""

    def __init__(
        self,
        sheet: DeskSheet,
        model: RequestTable,
        texts: Texts,
        runner: TaskRunner,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sheet, self._model, self._texts, self._clock = sheet, model, texts, clock
        self._question: DecisionQuestion | None = None
        self.deciding = Deciding(runner, self)
        self.deciding.priced.connect(self._ask)
        self.deciding.not_priced.connect(self._not_priced)
        self.deciding.decided.connect(self._decided)
        self.deciding.undone.connect(self._undone)
        self.taking = TakingBack(clock, self)
        self.taking.changed.connect(self._offer)
        self.taking.ran_out.connect(self.stale)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tick)
        sheet.undo.pressed.connect(self.undo_newest)

    def attach(self, desk: RequestDesk) -> None:
        """The service stands."""
        self.deciding.attach(desk)

    def open(self, seller_id: int) -> None:
        """Decide for this seller from now on."""
        self.drop_question()
        self.deciding.open(seller_id)
        self.taking.clear()

    @property
    def targets(self) -> tuple[RequestRow, ...]:
        """What a decision would be about: the ticked rows, else the one under the cursor; those
        that wait."""
        rows = self._model.ticked_rows
        if not rows:
            row = self._model.row_at(self._sheet.view.row)
            rows = (row,) if row is not None else ()
        return tuple(row for row in rows if row.state is RequestState.WAIT)

    def start(self, decision: Decision) -> None:
        """Begin with what is chosen."""
        self.start_with(decision, self.targets)

    def start_with(self, decision: Decision, rows: Sequence[RequestRow]) -> None:
        """Begin with these rows."""
        if self._question is not None:
            return
        if not rows:
            self._sheet.banner.mention(lambda: self._texts("requests.choose_first"))
            return
        self._sheet.banner.clear()
        self.deciding.price(decision, [row.id for row in rows])

    def undo_newest(self) -> None:
        """Take back the row under the cursor if that can be, else the newest deed."""
        row = self._model.row_at(self._sheet.view.row)
        if row is not None and undo_left(row, self._clock.now()):
            self.undo((row.id,))
        elif self.taking.newest is not None:
            self.undo(self.taking.newest.request_ids)

    def undo(self, request_ids: Sequence[int]) -> None:
        """Take decisions back."""
        self._sheet.banner.clear()
        for request_id in request_ids:
            self.deciding.undo(request_id)

    def watch_time(self) -> None:
        """Rows came that can be undone: count their seconds."""
        if self._model.let_time_pass() or self.taking.newest is not None:
            self._timer.start()

    def drop_question(self) -> None:
        """Nobody is there any more to answer."""
        question, self._question = self._question, None
        if question is not None:
            question.reject()

    def _ask(self, decision: Decision, costs: Sequence[DecisionCost]) -> None:
        if not self._sheet.isVisible():
            return
        question = DecisionQuestion(
            self._texts, decision, costs, self._model.rows, self._sheet.window()
        )
        ids = tuple(cost.request_id for cost in costs)
        question.agreed.connect(lambda: self.deciding.decide(decision, ids, question.words))
        question.finished.connect(self._answered)
        self._question = question
        question.open()

    def _answered(self) -> None:
        self._question = None
        self._sheet.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_priced(self, error: Exception) -> None:
        self._sheet.banner.fail(lambda: failed(self._texts, error))
        self.stale.emit()

    def _decided(self, decision: Decision, came: Sequence[Came]) -> None:
        rows = self._model.rows
        for one in came:
            self._take(one)
        good = [one.request for one in came if one.request is not None]
        texts = self._texts
        until = [request.undo_until for request in good if request.undo_until is not None]
        if until:
            ids = [request.id for request in good]
            self.taking.add(ids, lambda: decided_words(texts, decision, good), min(until))
            self._timer.start()
        bad = any(one.error is not None for one in came)
        if bad:
            self._sheet.banner.fail(lambda: failures(texts, came, rows))
        elif not self._sheet.undo.is_offering:
            self._sheet.undo.say(lambda: texts("requests.success"))
        if not self._sheet.isVisible():
            self.told.emit(failures(texts, came, rows) if bad else texts("requests.success"))
        if bad:
            self.stale.emit()

    def _take(self, came: Came) -> None:
        """Show one result beside its row, if that is on the page."""
        texts = self._texts
        if came.error is not None:
            error = came.error
            self._model.tell(came.request_id, Told("error", failed(texts, error)))
        row = self._model.row_at(self._model.row_of(came.request_id))
        if came.request is None or row is None:
            return
        self._model.tell(came.request_id, None)
        request = came.request
        refunding = request.state is RequestState.OK and request.kind is RequestKind.REFUND
        fresh = _decided(
            row,
            request,
            money=MoneyState.WAITING if refunding else MoneyState.NONE,
            undo_until=request.undo_until,
            refund_id=request.refund_id,
        )
        self._model.patch(fresh)

    def _undone(self, came: Came) -> None:
        self.taking.drop(came.request_id)
        if came.request is None:
            error = came.error or RuntimeError()
            self._sheet.banner.fail(lambda: failed(self._texts, error))
            self.stale.emit()
            return
        self._take(came)
        item = came.request.item_id
        self._sheet.undo.say(lambda: self._texts("requests.undone", item=item))
        self._model.let_time_pass()

    def _offer(self) -> None:
        newest, bar = self.taking.newest, self._sheet.undo
        if newest is None:
            bar.withdraw()
        else:
            bar.offer(newest.make, self.taking.seconds)

    def _tick(self) -> None:
        self.taking.look()
        if not self._model.let_time_pass() and self.taking.newest is None:
            self._timer.stop()


def _decided(row: RequestRow, request: Request, **more: object) -> RequestRow:
    """Return a row as it is after a deed with its request; ``more`` is what only rows hold."""
    return replace(
        row,
        state=request.state,
        processed_at=request.processed_at,
        ended_by=request.ended_by,
        note=request.note,
        **more,  # type: ignore[arg-type]  # fields by name, which replace() checks itself
    )
