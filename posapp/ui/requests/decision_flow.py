"""Flow of a decision: confirm, decide, report, offer to undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from posapp.domain.actors import Actor
from posapp.domain.requests import Decision, Request, RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress, RequestRow
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.requests.decision_controller import DecidedRequest, DecisionController
from posapp.ui.requests.decision_dialog import DecisionDialog
from posapp.ui.requests.decision_messages import decided_text, failed, failures
from posapp.ui.requests.desk_layout import DeskLayout
from posapp.ui.requests.request_row_text import RowMessage, undo_left
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.undo_stack import UndoStack
from posapp.ui.widgets.confirm_dialog import DialogSlot

if TYPE_CHECKING:
    from posapp.services.requests.decide_request import DecisionPreview, RequestDecisionService

_EVERY_MS = 200


class DecisionFlow(QObject):
    """Confirms before it decides, reports each result, and offers undo while it is possible."""

    stale = Signal()
    """The rows may be outdated."""

    notified = Signal(str)
    """Carries a result's text while the desk is not on screen."""

    def __init__(
        self,
        view: DeskLayout,
        model: RequestTableModel,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        desk: RequestDecisionService,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view, self._model, self._texts, self._clock = view, model, texts, clock
        self._theme = theme
        self._question = DialogSlot(self)
        self.deciding = DecisionController(runner, desk, self)
        self.deciding.previewed.connect(self._ask)
        self.deciding.not_priced.connect(self._not_priced)
        self.deciding.decided.connect(self._decided)
        self.deciding.undone.connect(self._undone)
        self.taking = UndoStack(clock, self)
        self.taking.changed.connect(self._offer)
        self.taking.expired.connect(self.stale)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tick)
        view.undo.pressed.connect(self.undo_newest)

    def open(self, actor: Actor) -> None:
        """Set the seller of all further decisions."""
        self.drop_question()
        self.deciding.open(actor)
        self.taking.clear()

    @property
    def targets(self) -> tuple[RequestRow, ...]:
        """Return the rows to decide: the ticked ones, else the current one; only waiting ones."""
        rows = self._model.ticked_rows
        if not rows:
            row = self._model.row_at(self._view.view.row)
            rows = (row,) if row is not None else ()
        return tuple(row for row in rows if row.state is RequestState.WAIT)

    def start(self, decision: Decision) -> None:
        """Start a decision on the selected rows."""
        self.start_with(decision, self.targets)

    def start_with(self, decision: Decision, rows: Sequence[RequestRow]) -> None:
        """Start a decision on these rows."""
        if self._question.is_open:
            return
        if not rows:
            self._view.banner.mention(lambda: self._texts("requests.choose_first"))
            return
        self._view.banner.clear()
        self.deciding.preview(decision, [row.id for row in rows])

    def undo_newest(self) -> None:
        """Undo the current row if possible, else the newest decision."""
        row = self._model.row_at(self._view.view.row)
        if row is not None and undo_left(row, self._clock.now()):
            self.undo((row.id,))
        elif self.taking.newest is not None:
            self.undo(self.taking.newest.request_ids)

    def undo(self, request_ids: Sequence[int]) -> None:
        """Undo decisions."""
        self._view.banner.clear()
        for request_id in request_ids:
            self.deciding.undo(request_id)

    def watch_time(self) -> None:
        """Start the countdowns if there are rows that can be undone."""
        if self._model.update_countdowns() or self.taking.newest is not None:
            self._timer.start()

    def drop_question(self) -> None:
        """Close the question without an answer."""
        self._question.close()

    def _ask(self, decision: Decision, costs: Sequence[DecisionPreview]) -> None:
        if not self._view.isVisible():
            return
        question = DecisionDialog(
            *(self._texts, self._theme, decision, costs, self._model.rows, self._view.window())
        )
        ids = tuple(cost.request_id for cost in costs)
        question.agreed.connect(lambda: self.deciding.decide(decision, ids, question.message))
        question.finished.connect(self._answered)
        self._question.open(question)

    def _answered(self) -> None:
        self._view.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_priced(self, error: Exception) -> None:
        self._view.banner.fail(lambda: failed(self._texts, error))
        self.stale.emit()

    def _decided(self, decision: Decision, decided: Sequence[DecidedRequest]) -> None:
        rows = self._model.rows
        for one in decided:
            self._take(one)
        good = [one.request for one in decided if one.request is not None]
        texts = self._texts
        until = [request.undo_until for request in good if request.undo_until is not None]
        if until:
            ids = [request.id for request in good]
            self.taking.add(ids, lambda: decided_text(texts, decision, good), min(until))
            self._timer.start()
        bad = any(one.error is not None for one in decided)
        # A decision of which nothing was done stays open, with the note.
        failure = "" if good else failures(texts, decided, rows)
        if self._question.end(failure):
            pass
        elif bad:
            self._view.banner.fail(lambda: failures(texts, decided, rows))
        elif not self._view.undo.is_offering:
            self._view.undo.say(lambda: texts("requests.success"))
        if not self._view.isVisible():
            self.notified.emit(failures(texts, decided, rows) if bad else texts("requests.success"))
        if bad:
            self.stale.emit()

    def _take(self, decided: DecidedRequest) -> None:
        """Show one result in its row, if that is on the page."""
        texts = self._texts
        if decided.error is not None:
            error = decided.error
            self._model.set_message(decided.request_id, RowMessage("error", failed(texts, error)))
        row = self._model.row_at(self._model.row_of(decided.request_id))
        if decided.request is None or row is None:
            return
        self._model.set_message(decided.request_id, None)
        request = decided.request
        returns_money = request.state is RequestState.OK and request.kind is RequestKind.REFUND
        fresh = _decided(
            row,
            request,
            money=RefundProgress.WAITING if returns_money else RefundProgress.NONE,
            undo_until=request.undo_until,
            refund_id=request.refund_id,
        )
        self._model.update_row(fresh)

    def _undone(self, decided: DecidedRequest) -> None:
        self.taking.drop(decided.request_id)
        if decided.request is None:
            error = decided.error or RuntimeError()
            self._view.banner.fail(lambda: failed(self._texts, error))
            self.stale.emit()
            return
        self._take(decided)
        item = decided.request.item_id
        self._view.undo.say(lambda: self._texts("requests.undone", item=item))
        self._model.update_countdowns()

    def _offer(self) -> None:
        newest, bar = self.taking.newest, self._view.undo
        if newest is None:
            bar.withdraw()
        else:
            bar.offer(newest.make, self.taking.seconds)

    def _tick(self) -> None:
        self.taking.tick()
        if not self._model.update_countdowns() and self.taking.newest is None:
            self._timer.stop()


def _decided(row: RequestRow, request: Request, **more: object) -> RequestRow:
    """Return a row after a decision; ``more`` holds the fields that a request lacks."""
    return replace(
        row,
        state=request.state,
        processed_at=request.processed_at,
        ended_by=request.ended_by,
        note=request.note,
        **more,  # type: ignore[arg-type]  # fields by name, which replace() checks itself
    )
