"""Cancel screen: one item, the reason, and its one possible action.

Follows docs/specification.md 2.5.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import NOBODY, Actor, ActorKind
from posapp.domain.cancellation import CancelAction
from posapp.domain.money import Won
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.services.session import Session
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.cancellation.cancel_layout import CancelLayout
from posapp.ui.cancellation.cancel_plan import CancelPlan
from posapp.ui.cancellation.cancel_target import CancelStep, CancelTarget
from posapp.ui.cancellation.refund_messages import (
    error_result_text,
    failure_of_items,
    guard_result_text,
    moved_on_to,
    refund_result_text,
    refused_before,
)
from posapp.ui.cancellation.refund_watcher import RefundWatcher
from posapp.ui.cancellation.remainder import RestFinder, remainder_result_text
from posapp.ui.cancellation.result_panel import CancelResultText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import CARDS, OPEN_MONEY, ORDER
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.approval_fields import ApprovalFields
from posapp.ui.widgets.dialog_slot import DialogSlot
from posapp.ui.widgets.refund_approval import RefundApproval

if TYPE_CHECKING:
    from posapp.services.refunds.cancel_item import (
        CancellationService,
        CancelSummary,
        RefundWithItem,
    )
    from posapp.services.refunds.cancel_remainder import (
        RemainderCancellationService,
        RemainderOffer,
    )
    from posapp.services.staff.refund_approvals import RefundApprovals


class CancelScreen(Screen):
    """Shows an item and runs its one action, once.

    From the press of the button until the result no second press is possible; the service refuses
    one anyway. A refund's progress is shown on the screen, or reported by ``notified`` after it is
    left.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        cancellation_service: CancellationService,
        remainder_service: RemainderCancellationService,
        parent: QWidget | None = None,
        *,
        session: Session | None = None,
        approvals: RefundApprovals | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._cancellation_service = cancellation_service
        self._remainder_service = remainder_service
        self._session = session or Session()
        self._approval = RefundApproval(runner, approvals, self._session, self)
        self._target = CancelTarget(NOBODY, 0, 0)
        self._step = CancelStep.IDLE
        self._summary: CancelSummary | None = None
        self._amount = Won(0)
        self._refund: Refund | None = None
        self._names: dict[int, str] = {}
        self._online = True
        self._rest_fields: ApprovalFields | None = None
        self._question = DialogSlot(self)
        self.view = CancelLayout(texts, theme)
        self.view.banner.acted.connect(self.view.banner.clear)
        self.view.form.agreed.connect(self._act)
        self.view.form.declined.connect(lambda: self.go_to(CARDS))
        self.view.outcome.chosen.connect(self._go)
        self.rest = RestFinder(runner, remainder_service, self)
        self.watch = RefundWatcher(runner, cancellation_service, self)
        self.watch.seen.connect(self._refund_seen)
        boxes.column(self.view, on=self)
        texts.changed.connect(self._retranslate)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.cancellation_service, services.remainder_service),
            session=services.session,
            approvals=services.staff.approvals,
        )

    @property
    def step(self) -> CancelStep:
        """Return the current step."""
        return self._step

    def leads_home(self, before: str) -> bool:
        """Return whether what began on the cards has its result: Back shows no finished form."""
        return before == CARDS and self._step is CancelStep.RESULT

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        if self._step is CancelStep.WORKING:
            return "scan.while_working"
        is_written = self._step is CancelStep.FORM and bool(self.view.form.reason.strip())
        return "scan.while_written" if is_written else ""

    def set_locked(self, locked: bool) -> None:
        """Forget a PIN that is typed."""
        if locked:
            self.view.form.form.approval.pin.clear()

    def forget_typed(self) -> None:
        """Forget the reason."""
        if self._step is CancelStep.FORM:
            self.view.form.form.reason_field.clear()

    def open(self, actor: Actor, item_id: int) -> None:
        """Show an item for cancellation by this buyer or seller, with numbers as typed."""
        self._begin(actor, item_id)

    def _begin(self, actor: Actor, item_id: int, *, keep_reason: bool = False) -> None:
        self._target = CancelTarget(actor, item_id, self._target.visit + 1)
        self._summary = self._refund = None
        self._question.close()
        self.rest.forget()
        self.view.clear()
        self._step = CancelStep.LOADING
        self.head_changed.emit()
        self._retranslate()
        self._load(keep_reason=keep_reason)

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable; affects the text of a waiting refund."""
        self._online = online
        if self._refund is not None and self._step is CancelStep.RESULT:
            self._show_refund_result(self._refund)

    @Slot(bool)
    def set_behind(self, behind: bool) -> None:
        """Disable refunds while the file is an older copy that is still being reconciled."""
        self.view.form.set_behind(behind)
        self.view.outcome.set_behind(behind)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read a refund again if it is watched."""
        self.watch.refund_changed(refund_id)

    def _load(self, *, keep_reason: bool = False) -> None:
        cancellation_service, target = self._cancellation_service, self._target
        self._runner.run(
            lambda: cancellation_service.get_item(target.actor, target.item_id),
            partial(self._loaded, target, keep_reason),
            owner=self,
            key="look_up",
        )

    def _loaded(
        self, target: CancelTarget, keep_reason: bool, outcome: TaskResult[CancelSummary]
    ) -> None:
        summary = outcome.value
        if summary is None:
            self.view.busy.stop()
            error = outcome.error or RuntimeError()
            self._show_result(lambda: guard_result_text(self._texts, error))
            return
        self._summary = summary
        self.view.item_card.show_summary(summary)
        self.view.item_card.show()
        refund = summary.refund
        if refund is not None and refund.is_open:
            self.view.busy.stop()
            self._follow(refund, summary.item)
            return
        show = partial(self._show_form, target, summary, keep_reason)
        if refund is None or keep_reason or not self.rest.find(refund, show):
            show()

    def _show_form(self, target: CancelTarget, summary: CancelSummary, keep_reason: bool) -> None:
        if target != self._target:
            return
        self.view.busy.stop()
        refund = summary.refund
        if refund is not None and not keep_reason and self.rest.offer(refund) is not None:
            self._refund = refund
            self._show_refund_result(refund)
            return
        plan = CancelPlan(summary.order.id, (summary.item,), cash_of=lambda _: summary.cash)
        self._amount = plan.amount
        self.view.form.ask(plan, target.actor.acts_as, keep_reason=keep_reason)
        if refund is not None and refund.state is RefundState.REFUSED and not keep_reason:
            self.view.banner.show_notice(
                lambda: refused_before(self._texts, refund), button="words.close"
            )
        self._step = CancelStep.FORM
        self.view.show_form()
        if summary.action is CancelAction.REFUND:
            actor = self._session.acting_for(target.actor)
            self._approval.prepare(self.view.form.form.approval, actor, plan.refunds)

    def _act(self) -> None:
        cancellation_service, target = self._cancellation_service, self._target
        summary = self._summary
        if self._step is not CancelStep.FORM or summary is None:
            return
        self._step = CancelStep.WORKING
        self.view.banner.clear()
        self.view.form.set_busy(True)
        self._retranslate()
        actor, item_id = self._session.acting_for(target.actor), target.item_id
        reason, amount = self.view.form.reason, self._amount
        if summary.action is CancelAction.CANCEL:
            cancelled = partial(self._cancelled, target, summary)
            self._runner.run(
                lambda: cancellation_service.cancel(actor, item_id, reason), cancelled, owner=self
            )
        else:
            kept = partial(self._refund_kept, target, summary)
            work = self._approval.with_proof(
                self.view.form.form.approval,
                actor,
                lambda: cancellation_service.refund(actor, item_id, reason, amount),
            )
            self._runner.run(work, kept, owner=self)

    def _ask_rest(self) -> None:
        offer = None if self._refund is None else self.rest.offer(self._refund)
        if self._step is not CancelStep.RESULT or self._question.is_open or offer is None:
            return
        if self._target.actor.acts_as is not ActorKind.SELLER:
            return
        plan = CancelPlan(offer.payment.order_id, offer.items, offer)
        dialog = CancelDialog(self._texts, self._theme, plan, self._target.actor, self)
        dialog.agreed.connect(lambda: self._act_on_rest(offer, dialog))
        self._rest_fields = dialog.form.approval
        self._question.open(dialog)
        actor = self._session.acting_for(self._target.actor)
        self._approval.prepare(dialog.form.approval, actor, plan.refunds)

    def _act_on_rest(self, offer: RemainderOffer, dialog: CancelDialog) -> None:
        service, summary, target = self._remainder_service, self._summary, self._target
        refused, actor = self._refund, self._session.acting_for(target.actor)
        if self._step is not CancelStep.RESULT or summary is None or refused is None:
            return
        dialog_reason = dialog.reason
        self._step = CancelStep.WORKING
        self._refund = None
        self._retranslate()
        self._runner.run(
            self._approval.with_proof(
                dialog.form.approval,
                actor,
                lambda: service.cancel(actor, refused.id, dialog_reason, offer.amount),
            ),
            partial(self._rest_kept, target, summary, refused),
            owner=self,
        )

    def _rest_kept(
        self,
        target: CancelTarget,
        summary: CancelSummary,
        refused: Refund,
        outcome: TaskResult[Refund],
    ) -> None:
        if outcome.value is not None:
            if target == self._target:
                self._question.end(None)
                self.rest.forget()
            self._refund_kept(target, summary, outcome)
            return
        problem = outcome.error or RuntimeError()
        failure = partial(failure_of_items, self._texts, [(summary.item, problem)])
        if target != self._target:
            self._notify_elapsed(summary.item.name, failure())
            return
        self.view.busy.stop()
        self._step, self._refund = CancelStep.RESULT, refused
        if self._question.end(failure):
            if self._rest_fields is not None:
                actor = self._session.acting_for(target.actor)
                self._approval.refused(self._rest_fields, actor, problem)
        else:  # the dialog was closed meanwhile
            self._show_result(lambda: error_result_text(self._texts, problem, order_only=False))

    def _cancelled(
        self, target: CancelTarget, summary: CancelSummary, outcome: TaskResult[OrderItem]
    ) -> None:
        item = outcome.value
        if item is None:
            self._failed(target, summary, outcome.error)
            return
        self.item_changed.emit(summary.order.id)
        if target != self._target:
            self._notify_elapsed(item.name, self._texts("cancel.cancel_done"))
            return
        self.view.busy.stop()
        self.view.item_card.show_item(item)
        texts = self._texts
        self._show_result(
            lambda: CancelResultText(
                "success", texts("cancel.cancel_done"), texts("cancel.cancel_done_why")
            )
        )

    def _refund_kept(
        self, target: CancelTarget, summary: CancelSummary, outcome: TaskResult[Refund]
    ) -> None:
        refund = outcome.value
        if refund is None:
            self._failed(target, summary, outcome.error)
            return
        self.item_changed.emit(summary.order.id)
        if not refund.id and refund.amount:
            self.cash_due.emit(summary.order.id, refund.amount)
            self.cash_handed_out.emit(summary.order.id, refund.item_ids)
        if target == self._target:
            self.view.busy.stop()
            self._follow(refund, summary.item)
        else:
            self._names[refund.id] = summary.item.name
            self.watch.watch(refund.id)

    def _follow(self, refund: Refund, item: OrderItem) -> None:
        self._refund = refund
        self._names[refund.id] = item.name
        self._show_refund_result(refund)
        self.watch.watch(refund.id)

    def _refund_seen(self, view: RefundWithItem) -> None:
        refund = view.refund
        here = self._refund is not None and self._refund.id == refund.id
        if here:
            self._refund = refund
            item = next((one for one in view.items if one.id == self._target.item_id), view.item)
            if item is not None:
                done = refund.state is RefundState.CONFIRMED
                self.view.item_card.show_item(item, returned=refund.amount if done else None)
            self._show_refund_result(refund)
        ended = not refund.is_open or refund.state is RefundState.NEEDS_REVIEW
        if ended and not (here and self.isVisible()):
            text = refund_result_text(self._texts, refund, online=self._online).heading
            self._notify_elapsed(self._names.get(refund.id, ""), text)
        if not refund.is_open:
            self._names.pop(refund.id, None)

    def _failed(
        self, target: CancelTarget, summary: CancelSummary, error: Exception | None
    ) -> None:
        problem = error or RuntimeError()
        order_only = summary.action is CancelAction.CANCEL
        if target != self._target:
            result = error_result_text(self._texts, problem, order_only=order_only)
            self._notify_elapsed(summary.item.name, result.heading)
            return
        self.view.busy.stop()
        moved_on = moved_on_to(problem)
        if moved_on:
            self.view.banner.show_notice(lambda: self._texts(moved_on), button="words.close")
            self._step = CancelStep.LOADING
            self._load(keep_reason=True)
            return
        self._step = CancelStep.FORM
        self.view.form.fail(partial(failure_of_items, self._texts, [(summary.item, problem)]))
        actor = self._session.acting_for(target.actor)
        self._approval.refused(self.view.form.form.approval, actor, problem)

    def _show_refund_result(self, refund: Refund) -> None:
        if self.rest.find(refund, partial(self._rest_found, refund)):
            return
        offer, target = self.rest.offer(refund), self._target
        if offer is not None:
            self._show_result(lambda: remainder_result_text(self._texts, offer, target))
            return
        self._show_result(lambda: refund_result_text(self._texts, refund, online=self._online))

    def _rest_found(self, refund: Refund) -> None:
        if self._refund is not None and self._refund.id == refund.id:
            self._show_refund_result(refund)

    def _show_result(self, make: Callable[[], CancelResultText]) -> None:
        self._step = CancelStep.RESULT
        self.head_changed.emit()
        self.view.outcome.show_result(make, has_order=self._summary is not None)
        self.view.show_outcome()

    def _notify_elapsed(self, name: str, text: str) -> None:
        self.notified.emit(f"{display_text(name, 40)}: {text}")

    def _go(self, where: str) -> None:
        if where == "again":
            self._begin(self._target.actor, self._target.item_id, keep_reason=True)
        elif where == "rest":
            self._ask_rest()
        elif where == "open_money":
            self.go_to(OPEN_MONEY)
        elif where == "order" and self._summary is not None:
            self.go_to(ORDER, order_id=self._summary.order.id, actor=self._target.actor)
        else:
            self.home_requested.emit()

    def _retranslate(self) -> None:
        if self._step is CancelStep.LOADING:
            self.view.busy.start(self._texts("cancel.looking"))
        elif self._step is CancelStep.WORKING and self._summary is not None:
            self.view.busy.start(self._texts(f"cancel.{self._summary.action.value}_working"))
