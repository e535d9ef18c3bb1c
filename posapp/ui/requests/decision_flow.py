"""Flow of a decision: confirm, decide, report, offer to undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.refund_limits import Proof
from posapp.domain.requests import Decision, Request, RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress, RequestRow
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.requests.decision_dialog import DecisionDialog
from posapp.ui.requests.desk_layout import DeskLayout
from posapp.ui.requests.request_row_text import RowMessage
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.widgets.approval_fields import ApprovalFields, GivenProof
from posapp.ui.widgets.dialog_slot import DialogSlot
from posapp.ui.widgets.refund_approval import RefundApproval, proof_of
from posapp.ui.widgets.undo import UndoStack

if TYPE_CHECKING:
    from posapp.services.requests.decide_request import (
        DecisionPreview,
        DecisionResult,
        RequestDecisionService,
    )
    from posapp.services.staff.refund_approvals import RefundApprovals

_EVERY_MS = 200
_NAME = 16
"""Letters of a name."""

_NAMED = 4


class _Outcome(NamedTuple):
    """The changed request, or why it did not change."""

    request_id: int
    request: Request | None
    error: Exception | None


class DecisionFlow(QObject):
    """Confirms before it decides, reports each result, and offers undo while it is possible.

    One decision at a time. Nothing here waits for the network: an approved refund is stored as an
    intent and sent later.
    """

    stale = Signal()
    """The rows may be outdated."""

    notified = Signal(str)
    """Carries a result's text while the desk is not on screen."""

    busy_changed = Signal()
    """``is_busy`` may have changed."""

    def __init__(
        self,
        view: DeskLayout,
        model: RequestTableModel,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        desk: RequestDecisionService,
        undo: UndoStack,
        parent: QObject,
        session: Session | None = None,
        approvals: RefundApprovals | None = None,
    ) -> None:
        super().__init__(parent)
        self._view, self._model, self._texts, self.undoable = view, model, texts, undo
        self._theme, self._runner, self._desk, self._actor = theme, runner, desk, NOBODY
        self._session = session or Session()
        self._approval = RefundApproval(runner, approvals, self._session, self)
        self._fields: ApprovalFields | None = None
        self._busy = False
        self._question = DialogSlot(self)
        undo.expired.connect(self.stale)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def is_busy(self) -> bool:
        """Return whether a preview or a decision is running."""
        return self._busy

    def open(self, actor: Actor) -> None:
        """Set the seller of all further decisions."""
        self.drop_question()
        self._runner.forget(self, "preview")
        self._actor = actor
        self._set_busy(False)
        self.undoable.clear(self)

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
        """Start a decision on these rows: read its effect, then ask."""
        if self._question.is_open or self._busy:
            return
        if not rows:
            self._view.banner.mention(lambda: self._texts("requests.choose_first"))
            return
        self._view.banner.clear()
        self._set_busy(True)
        desk, actor, ids = self._desk, self._actor, tuple(row.id for row in rows)
        self._runner.run(
            lambda: desk.preview(actor, ids),
            lambda found: self._priced(decision, found),
            owner=self,
            key="preview",
        )

    def undo(self, request_ids: Sequence[int]) -> None:
        """Undo decisions."""
        self._view.banner.clear()
        for one in request_ids:
            self.undoable.drop(self, one)
            self._undo_one(one)

    def watch_time(self) -> None:
        """Start the countdowns if there are rows that can be undone."""
        if self._model.update_countdowns():
            self._timer.start()

    def drop_question(self) -> None:
        """Close the question without an answer."""
        self._question.close()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit()

    def _priced(self, decision: Decision, found: TaskResult[tuple[DecisionPreview, ...]]) -> None:
        self._set_busy(False)
        costs, error = found.value, found.error
        if costs is None:
            self._view.banner.fail(lambda: _failed(self._texts, error or RuntimeError()))
            self.stale.emit()
            return
        if not self._view.isVisible():
            return
        question = DecisionDialog(
            *(self._texts, self._theme, decision, costs, self._model.rows, self._view.window())
        )
        ids = tuple(cost.request_id for cost in costs)
        question.agreed.connect(lambda: self._decide(decision, ids, question.message))
        question.finished.connect(self._answered)
        self._fields = question.approval
        self._question.open(question)
        actor = self._session.acting_for(self._actor)
        self._approval.prepare(question.approval, actor, question.refunds)

    def _answered(self) -> None:
        self._fields = None
        self._view.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _decide(self, decision: Decision, ids: tuple[int, ...], note: str) -> None:
        if self._busy:
            return
        self._set_busy(True)
        desk, actor = self._desk, self._session.acting_for(self._actor)
        given = self._fields.given if self._fields is not None else GivenProof()
        approval = self._approval

        def decide() -> tuple[DecisionResult, ...]:
            results = desk.decide_many(actor, ids, decision, note)
            lacking = [one for one in results if proof_of(one.error) is not Proof.NONE]
            error = lacking[0].error if lacking else None
            if not isinstance(error, UserError) or not approval.give(given, actor, error):
                return results
            left = tuple(one.request_id for one in lacking)
            again = {one.request_id: one for one in desk.decide_many(actor, left, decision, note)}
            return tuple(again.get(one.request_id, one) for one in results)

        self._runner.run(
            decide,
            lambda found: self._decided(decision, ids, found),
            owner=self,
        )

    def _decided(
        self,
        decision: Decision,
        ids: tuple[int, ...],
        found: TaskResult[tuple[DecisionResult, ...]],
    ) -> None:
        self._set_busy(False)
        if found.value is None:
            outcomes = [_Outcome(one, None, found.error or RuntimeError()) for one in ids]
        else:
            outcomes = [_Outcome(one.request_id, one.request, one.error) for one in found.value]
        texts, rows = self._texts, self._model.rows
        for one in outcomes:
            self._show(one)
        good = [one.request for one in outcomes if one.request is not None]
        until = [request.undo_until for request in good if request.undo_until is not None]
        if until:
            ids = tuple(request.id for request in good)
            short = partial(_decided_text, texts, decision, good, "decided_short")
            self.undoable.offer(self, ids, short, self.undo, until=min(until))
            self._timer.start()
        bad = any(one.error is not None for one in outcomes)
        # A decision of which nothing was done stays open, with the note.
        why = partial(_failures, texts, outcomes, rows)
        if bad:
            self.stale.emit()
        if self._question.end(None if good else why):
            if self._fields is not None:
                errors = [one.error for one in outcomes if one.error is not None]
                actor = self._session.acting_for(self._actor)
                self._approval.refused(self._fields, actor, errors[0])
        elif bad:
            self._view.banner.fail(why)
        else:
            said = partial(_decided_text, texts, decision, good, "decided_one")
            self._view.result.say(said if until else texts.bind("requests.success"))
            self._view.view.select(self._model.next_decidable(self._view.view.row))
        if not self._view.isVisible():
            self.notified.emit(why() if bad else texts("requests.success"))

    def _show(self, outcome: _Outcome) -> None:
        """Show one result in its row, if that is on the page."""
        texts = self._texts
        if outcome.error is not None:
            message = RowMessage("error", _failed(texts, outcome.error))
            self._model.set_message(outcome.request_id, message)
        row = self._model.row_at(self._model.row_of(outcome.request_id))
        request = outcome.request
        if request is None or row is None:
            return
        self._model.set_message(outcome.request_id, None)
        returns_money = request.state is RequestState.OK and request.kind is RequestKind.REFUND
        fresh = replace(
            row,
            state=request.state,
            processed_at=request.processed_at,
            ended_by=request.ended_by,
            note=request.note,
            money=RefundProgress.WAITING if returns_money else RefundProgress.NONE,
            undo_until=request.undo_until,
            refund_id=request.refund_id,
        )
        self._model.update_row(fresh)

    def _undo_one(self, request_id: int) -> None:
        desk, actor = self._desk, self._session.acting_for(self._actor)
        self._runner.run(
            lambda: desk.undo(actor, request_id),
            lambda found: self._undone(_Outcome(request_id, found.value, found.error)),
            owner=self,
        )

    def _undone(self, outcome: _Outcome) -> None:
        if outcome.request is None:
            error = outcome.error or RuntimeError()
            self._view.banner.fail(lambda: _failed(self._texts, error))
            self.stale.emit()
            return
        self._show(outcome)
        item = outcome.request.item_id
        self._view.result.say(lambda: self._texts("requests.undone", item=item))
        self._model.update_countdowns()

    def _tick(self) -> None:
        if not self._model.update_countdowns():
            self._timer.stop()


def _failed(texts: Translator, error: Exception) -> str:
    """Return the full message of a failure; if it was decided before, by which actor and when."""
    message = texts.error(error)
    if isinstance(error, UserError) and error.code is ErrorCode.REQUEST_DONE:
        who = Actor.parse(str(error.parameters.get("who", "")))
        when = _when(texts, str(error.parameters.get("when", "")))
        if who.is_user and when:
            staff = display_text(str(error.parameters.get("name", "")), _NAME)
            of_user = texts(f"requests.by_{who.acts_as.value}", number=who.user_id)
            name = texts("requests.by_staff", name=staff) if staff else of_user
            message = texts("requests.done_by", message=message, who=name, when=when)
    return texts("errors.request_failed", message=display_text(message, 300))


def _when(texts: Translator, when: str) -> str:
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        return ""
    return texts.when(at) if at.tzinfo is not None else ""


def _failures(texts: Translator, outcomes: Sequence[_Outcome], rows: Sequence[RequestRow]) -> str:
    """Return one message for each failure, by item number."""
    items = {row.id: row.item_id for row in rows}
    bad = [(one.request_id, one.error) for one in outcomes if one.error is not None]
    if len(outcomes) == 1:
        return _failed(texts, bad[0][1])
    lines = [texts("requests.some_failed", good=len(outcomes) - len(bad), bad=len(bad))]
    for request_id, error in bad[:_NAMED]:
        item, text = items.get(request_id, 0), _failed(texts, error)
        lines.append(texts("requests.item_result", item=item, words=text))
    if len(bad) > _NAMED:
        lines.append(texts("requests.and_more", count=len(bad) - _NAMED))
    return "\n".join(lines)


def _decided_text(
    texts: Translator, decision: Decision, requests: Sequence[Request], one: str
) -> str:
    """Return what was decided; ``one`` is the message of one request, long or short."""
    action = texts(f"requests.decided_{decision.value}")
    if len(requests) > 1:
        many = one.removesuffix("_one") + "_many"
        return texts(f"requests.{many}", count=len(requests), deed=action)
    kind = texts(f"requests.kind_{requests[0].kind.value}")
    return texts(f"requests.{one}", item=requests[0].item_id, kind=kind, deed=action)
