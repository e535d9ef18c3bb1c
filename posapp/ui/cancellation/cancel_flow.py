"""Flow of a cancellation on a page that shows an order: ask, carry out one by one, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.cancellation import CancelAction, cancel_action_for
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem, Pieces
from posapp.domain.permissions import StaffRole
from posapp.domain.refund_limits import Proof
from posapp.domain.refunds import Refund
from posapp.services.refunds.cancel_remainder import RemainderOffer, was_refused_as_part
from posapp.services.session import Session
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.cancellation.cancel_plan import CancelPlan
from posapp.ui.cancellation.refund_messages import failure_of_items
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.dialog_slot import DialogSlot, failure_text
from posapp.ui.widgets.refund_approval import RefundApproval, proof_of

if TYPE_CHECKING:
    from posapp.services.refunds.cancel_item import CancellationService
    from posapp.services.refunds.cancel_remainder import RemainderCancellationService
    from posapp.services.staff.refund_approvals import RefundApprovals


class CancelFlow(QObject):
    """Asks by a ``CancelDialog``, cancels the items one after the other, and reports each result.

    An item whose refund KakaoPay refused as a further partial cancel is asked about together with
    all that is left of its payment. A cancellation of which nothing was done keeps the dialog open.
    """

    started = Signal(object, object)
    """An item begins: (its number from 1, the total)."""

    refund_kept = Signal(object, object)
    """A refund was stored: (item ids, ``Refund``)."""

    item_cancelled = Signal(object)
    """An ``OrderItem`` was cancelled; no money moved."""

    item_failed = Signal(object, object)
    """Nothing happened to an ``OrderItem``: (item, exception)."""

    finished = Signal(object)
    """All items are processed. Carries their number."""

    cash_due = Signal(object, object)
    """Cash is to be handed to the buyer now; the records have it. Carries the order's id and the
    won."""

    cash_handed_out = Signal(object, object)
    """The records have cash that left the drawer. Carries the order's id and the items' ids."""

    not_offered = Signal(str)
    """Nobody can cancel the rest here. Carries a message id, and is no failure."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        cancellation_service: CancellationService,
        remainder_service: RemainderCancellationService,
        screen: QWidget,
        session: Session | None = None,
        approvals: RefundApprovals | None = None,
    ) -> None:
        super().__init__(screen)
        self._session = session or Session()
        self._approval = RefundApproval(runner, approvals, self._session, self)
        self._dialog: CancelDialog | None = None
        self._texts, self._theme, self._runner, self._screen = texts, theme, runner, screen
        self._service, self._remainder_service = cancellation_service, remainder_service
        self._slot = DialogSlot(self)
        self._is_reading = self._is_sending_rest = False
        self._failures: list[tuple[OrderItem, Exception]] = []
        self._handed_out: list[Refund] = []
        self.batch = BatchCancel(runner, self)
        self.batch.started.connect(self.started)
        self.batch.refund_kept.connect(self._keep)
        self.batch.item_cancelled.connect(self.item_cancelled)
        self.batch.item_failed.connect(self._fail)
        self.batch.finished.connect(self._finish)

    @property
    def is_running(self) -> bool:
        """Return whether items are being cancelled."""
        return self.batch.is_running or self._is_sending_rest

    def ask(
        self,
        order_id: int,
        items: Sequence[OrderItem],
        refunds: Mapping[int, Refund],
        actor: Actor | None,
        cash_of: Callable[[OrderItem], Won] = lambda _: ZERO,
    ) -> None:
        """Ask about items of an order, unless a question is open already.

        Args:
            refunds: the last refund of each item, by the item's id.
            actor: who cancels, if known.
            cash_of: returns how many won of an item go back in cash.
        """
        if not items or self.is_running or self._is_reading or self._slot.is_open:
            return
        refused = refunds.get(items[0].id) if len(items) == 1 else None
        if refused is None or not was_refused_as_part(refused):
            self._open(CancelPlan(order_id, tuple(items), cash_of=cash_of), actor)
            return
        self._is_reading = True
        service, number = self._remainder_service, refused.id
        self._runner.run(
            lambda: service.offer(number),
            partial(self._found, order_id, tuple(items), actor),
            owner=self,
        )

    def close(self) -> None:
        """Close the question: the page shows something else."""
        self._slot.close()

    def _found(
        self,
        order_id: int,
        items: tuple[OrderItem, ...],
        actor: Actor | None,
        outcome: TaskResult[RemainderOffer | None],
    ) -> None:
        self._is_reading = False
        offer = outcome.value  # without one the item is tried alone once more
        if offer is None:
            self._open(CancelPlan(order_id, items), actor)
            return
        actor = actor or self._known(offer.items)
        sellers = {item.seller_id for item in offer.items}
        if len(sellers) > 1 or (actor is not None and actor.acts_as is not ActorKind.SELLER):
            self.not_offered.emit("rest_several_sellers" if len(sellers) > 1 else "rest_by_seller")
            return
        seller = actor or Actor.seller(sellers.pop())
        self._open(CancelPlan(order_id, offer.items, offer), seller)

    def _known(self, items: Sequence[OrderItem]) -> Actor | None:
        """Return for whom whoever is signed in cancels, if there is no choice: a seller cancels
        the own items only, and a cashier for the buyer."""
        session = self._session
        own = session.is_seller and all(one.seller_id == session.seller_id for one in items)
        if session.role in (None, StaffRole.MANAGER) or own:
            return None
        return Actor.buyer(items[0].buyer_id)

    def _open(self, plan: CancelPlan, actor: Actor | None) -> None:
        known = actor or self._known(plan.items)
        dialog = CancelDialog(self._texts, self._theme, plan, known, self._screen.window())
        dialog.agreed.connect(lambda: self._act(dialog))
        dialog.who.changed.connect(partial(self._prepare, dialog))
        dialog.form.plan_changed.connect(partial(self._prepare, dialog, focus=False))
        dialog.finished.connect(self._forget)
        self._dialog = dialog
        self._slot.open(dialog)
        self._prepare(dialog)

    def _prepare(self, dialog: CancelDialog, *, focus: bool = True) -> None:
        """Show at once what the refund will need."""
        if dialog.plan.action is CancelAction.REFUND:
            self._approval.prepare(
                dialog.form.approval,
                self._actor_of(dialog, dialog.plan.items[0]),
                dialog.plan.refunds,
                focus=focus,
            )

    def _actor_of(self, dialog: CancelDialog, item: OrderItem) -> Actor:
        return self._session.acting_for(dialog.who.actor_of(item))

    def _forget(self) -> None:
        self._dialog = None

    def _act(self, dialog: CancelDialog) -> None:
        plan, reason = dialog.plan, dialog.reason
        self._failures = []
        if plan.rest is None:
            by = {item.id: self._actor_of(dialog, item) for item in plan.items}
            given = dialog.form.approval.given
            self.batch.start(
                self._service,
                lambda item: by[item.id],
                plan.items,
                reason,
                pieces=plan.pieces,
                attempt=lambda item, act: self._approval.act_with(given, by[item.id], act),
            )
            return
        self._is_sending_rest = True
        self.started.emit(1, 1)
        service, offer = self._remainder_service, plan.rest
        actor = self._actor_of(dialog, plan.items[0])
        self._runner.run(
            self._approval.with_proof(
                dialog.form.approval,
                actor,
                lambda: service.cancel(actor, offer.refused.id, reason, offer.amount),
            ),
            partial(self._rest_kept, plan),
            owner=self,
        )

    def _rest_kept(self, plan: CancelPlan, outcome: TaskResult[Refund]) -> None:
        self._is_sending_rest = False
        if outcome.value is not None:
            self.refund_kept.emit(tuple(item.id for item in plan.items), outcome.value)
        if self._slot.end(failure_text(self._texts, outcome.error)):
            self._show_needed(plan.items[0], outcome.error)
        self.finished.emit(1)

    def _show_needed(self, item: OrderItem, error: Exception | None) -> None:
        """Show in the dialog what the refund lacks, if it was refused for that."""
        dialog = self._dialog
        if dialog is not None:
            actor = self._actor_of(dialog, item)
            self._approval.refused(dialog.form.approval, actor, error)

    def _keep(self, item_id: int, refund: Refund) -> None:
        if not refund.id:
            self._handed_out.append(refund)
        self.refund_kept.emit((item_id,), refund)

    def _fail(self, item: OrderItem, error: Exception) -> None:
        self._failures.append((item, error))
        self.item_failed.emit(item, error)

    def _finish(self, count: int) -> None:
        handed_out, self._handed_out = self._handed_out, []
        if won := sum((one.amount for one in handed_out), ZERO):
            items = tuple(number for one in handed_out for number in one.item_ids if one.amount)
            self.cash_due.emit(handed_out[0].order_id, won)
            self.cash_handed_out.emit(handed_out[0].order_id, items)
        nothing = len(self._failures) == count
        why = partial(failure_of_items, self._texts, tuple(self._failures))
        if self._slot.end(why if nothing else None):
            lacking = [one for one in self._failures if proof_of(one[1]) is not Proof.NONE]
            self._show_needed(*(lacking or self._failures)[0])
        self.finished.emit(count)


class BatchCancel(QObject):
    """Processes one item at a time. A failure of one does not stop the others.

    The amount of each refund is the one that the screen showed.
    """

    started = Signal(object, object)
    """An item begins: (its number from 1, the total)."""

    refund_kept = Signal(object, object)
    """A refund was stored: (item id, ``Refund``)."""

    item_cancelled = Signal(object)
    """An ``OrderItem`` was cancelled; no money moved."""

    item_failed = Signal(object, object)
    """Nothing happened to an ``OrderItem``: (item, exception)."""

    finished = Signal(object)
    """All items are processed. Carries their number; each has emitted its result."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._waiting: list[OrderItem] = []
        self._count = 0
        self._running = False

    @property
    def is_running(self) -> bool:
        """Return whether a batch is running; a second start does nothing."""
        return self._running

    def start(
        self,
        cancellation_service: CancellationService,
        actor_of: Callable[[OrderItem], Actor],
        items: Sequence[OrderItem],
        reason: str,
        *,
        pieces: Pieces | None = None,
        attempt: Callable[[OrderItem, Callable[[], Any]], Any] = lambda _, act: act(),
    ) -> bool:
        """Start; return ``False`` if a batch is running or there are no items.

        Args:
            actor_of: returns who cancels an item.
            pieces: those of the only item; ``None``: all of each.
            attempt: runs the action of an item, in another thread.
        """
        if self._running or not items:
            return False
        self._running = True
        self._waiting, self._count = list(items), len(items)

        def action(item: OrderItem) -> Callable[[], OrderItem | Refund]:
            actor = actor_of(item)
            if cancel_action_for(item) is CancelAction.CANCEL:
                return lambda: cancellation_service.cancel(actor, item.id, reason)
            won = item.total if pieces is None else item.total_of(pieces.count)
            refund = partial(cancellation_service.refund, actor, item.id, reason, won, pieces)
            return lambda: attempt(item, refund)

        self._next(action)
        return True

    def _next(self, action: Callable[[OrderItem], Callable[[], Any]]) -> None:
        if not self._waiting:
            self._running = False
            self.finished.emit(self._count)
            return
        item = self._waiting.pop(0)
        self.started.emit(self._count - len(self._waiting), self._count)
        self._runner.run(action(item), partial(self._ended, action, item), owner=self)

    def _ended(
        self,
        action: Callable[[OrderItem], Callable[[], Any]],
        item: OrderItem,
        outcome: TaskResult[Any],
    ) -> None:
        if isinstance(outcome.value, Refund):
            self.refund_kept.emit(item.id, outcome.value)
        elif isinstance(outcome.value, OrderItem):
            self.item_cancelled.emit(outcome.value)
        else:
            self.item_failed.emit(item, outcome.error or RuntimeError())
        self._next(action)
