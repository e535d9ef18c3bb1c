"""Dialog that cancels items of an order, or all that is left of a payment."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.ui.cancellation.actor_choice import ActorChoice
from posapp.ui.cancellation.cancel_form import CancelForm
from posapp.ui.cancellation.cancel_plan import CancelPlan
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.confirm_dialog import ConfirmDialog


class CancelDialog(ConfirmDialog):
    """The form in a dialog: digits choose a reason, + and − how many pieces of the only item, Enter
    in the reason moves to the action.

    It waits for its action: see ``ConfirmDialog``.

    Args:
        actor: who cancels, if known; otherwise the seller of each item, or the buyer by choice.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        plan: CancelPlan,
        actor: Actor | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent=parent, waits=True)
        self._texts, self._plan = texts, plan
        self.about = ("cancel", plan.order_id, *(item.id for item in plan.items))
        self.form = CancelForm(texts, theme)
        self.who = ActorChoice(texts, theme, plan.items, actor)
        if plan.rest is not None:
            self.form.show_plan(plan, self.who.kind, reason=plan.rest.refused.reason)
        else:
            self.form.show_plan(plan, self.who.kind)
        self.form.reason_entered.connect(lambda: self.yes.setFocus(Qt.FocusReason.OtherFocusReason))
        self.who.changed.connect(lambda: self.form.set_kind(self.who.kind))
        self.form.plan_changed.connect(self._write_all)
        self.fields.addWidget(self.form)
        self.fields.addWidget(self.who)
        self.follow_fields(self.form.approval.shown, self.form.approval.entered)
        self.follow(texts, self._write_all)

    @property
    def plan(self) -> CancelPlan:
        """Return what is cancelled, with the chosen count of pieces."""
        return self.form.plan or self._plan

    @property
    def reason(self) -> str:
        """Return the reason as typed."""
        return self.form.reason

    def _write_all(self) -> None:
        texts, plan = self._texts, self.plan
        self.say(plan.title(texts), "")
        self.setWindowTitle(plan.question(texts))
        self.side.setText(texts("order_page.title", order=plan.order_id))
        self.set_answers(plan.yes(texts), texts("words.close"))
        self.setAccessibleDescription(plan.description(texts))

    def _set_busy(self, busy: bool) -> None:
        super()._set_busy(busy)
        self.form.pieces.set_busy(busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a reason by its digit, a count by + and −, unless they are typed into the
        reason."""
        if not self.form.take_key(event):
            super().keyPressEvent(event)
