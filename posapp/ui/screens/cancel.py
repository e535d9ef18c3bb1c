"""The cancel screen: one item, why, and the one thing that can be done with it.

Follows docs/specification.md 2.5.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.cancelling import Deed, Side
from posapp.domain.money import Won
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.asked import Asked, Step
from posapp.ui.screens.cancel_parts.confirmation import Confirmation, confirmation_of
from posapp.ui.screens.cancel_parts.outcome_panel import Told
from posapp.ui.screens.cancel_parts.refund_words import (
    moved_on_to,
    refused_before,
    told_of_error,
    told_of_guard,
    told_of_refund,
)
from posapp.ui.screens.cancel_parts.rest import RestFinder, rest_question, told_of_rest
from posapp.ui.screens.cancel_parts.sheet import CancelSheet
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.order_parts.watch import RefundWatch
from posapp.ui.theme import Theme

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling, CancelSummary, RefundView
    from posapp.services.cancelling_rest import CancellingRest, RestOffer


class CancelScreen(QWidget):
    """Shows an item and does the one thing with it, once.

    From the press of the button until the outcome there is no second press; the service refuses
    one anyway. A refund moves on by itself in front of the person, or is told in passing
    (``told``) if they have left.
    """

    home_requested = Signal()
    """Back to payment home."""

    order_requested = Signal(object, object, object)
    """The order's page: (order id, ``Side``, user id)."""

    open_money_requested = Signal()
    """A person has to look at a refund: the list of open money."""

    told = Signal(str)
    """An outcome of something that is not on screen any more; for a toast."""

    item_changed = Signal(object)
    """An item was cancelled or its refund kept; its order's id."""

    def __init__(
        self, texts: Texts, theme: Theme, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._runner = texts, runner
        self._cancelling: Cancelling | None = None
        self._cancelling_rest: CancellingRest | None = None
        self._asked = Asked(Side.BUYER, 0, 0, 0)
        self._step = Step.IDLE
        self._summary: CancelSummary | None = None
        self._amount = Won(0)
        self._refund: Refund | None = None
        self._names: dict[int, str] = {}
        self._online = True
        self._question: Confirmation | None = None
        self.sheet = CancelSheet(texts, theme)
        self.sheet.banner.acted.connect(self.sheet.banner.clear)
        self.sheet.form.pressed.connect(self._ask)
        self.sheet.outcome.chosen.connect(self._go)
        self.rest = RestFinder(runner, self)
        self.watch = RefundWatch(runner, self)
        self.watch.seen.connect(self._refund_seen)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.sheet)
        texts.changed.connect(self._write)

    @property
    def step(self) -> Step:
        """How far it is."""
        return self._step

    @property
    def why_stay(self) -> str:
        """Why a scan may not open another order now: a message id, or empty."""
        if self._step is Step.WORKING:
            return "scan.while_working"
        is_written = self._step is Step.FORM and bool(self.sheet.form.reason.strip())
        return "scan.while_written" if is_written else ""

    def attach(self, cancelling: Cancelling, cancelling_rest: CancellingRest) -> None:
        """The services stand; what was asked for before is looked up now."""
        self._cancelling, self._cancelling_rest = cancelling, cancelling_rest
        self.watch.attach(cancelling)
        self.rest.attach(cancelling_rest)
        if self._step is Step.LOOKING:
            self._look_up()

    def open(self, side: Side, user_id: int, item_id: int) -> None:
        """Show an item as this person may cancel it; ``user_id`` and ``item_id`` as typed."""
        self._begin(side, user_id, item_id)

    def _begin(self, side: Side, user_id: int, item_id: int, *, keep_reason: bool = False) -> None:
        self._asked = Asked(side, user_id, item_id, self._asked.visit + 1)
        self._summary = self._refund = None
        self._drop_question()
        self.rest.forget()
        self.sheet.clear()
        self._step = Step.LOOKING
        self._write()
        self._look_up(keep_reason=keep_reason)

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """PortOne can be reached or not: decides how a waiting refund is told."""
        self._online = online
        if self._refund is not None and self._step is Step.TOLD:
            self._tell_refund(self._refund)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """A refund changed in the background."""
        self.watch.refund_changed(refund_id)

    def _look_up(self, *, keep_reason: bool = False) -> None:
        cancelling, asked = self._cancelling, self._asked
        if cancelling is None:
            return
        self._runner.run(
            lambda: cancelling.look_up(*asked.who),
            partial(self._looked_up, asked, keep_reason),
            owner=self,
            key="look_up",
        )

    def _looked_up(self, asked: Asked, keep_reason: bool, outcome: Outcome[CancelSummary]) -> None:
        summary = outcome.value
        if summary is None:
            self.sheet.busy.stop()
            error = outcome.error or RuntimeError()
            self._tell(lambda: told_of_guard(self._texts, error))
            return
        self._summary = summary
        self.sheet.item_card.show_summary(summary)
        self.sheet.item_card.show()
        refund = summary.refund
        if refund is not None and refund.is_open:
            self.sheet.busy.stop()
            self._follow(refund, summary.item)
            return
        show = partial(self._show_form, asked, summary, keep_reason)
        if refund is None or keep_reason or not self.rest.find(refund, show):
            show()

    def _show_form(self, asked: Asked, summary: CancelSummary, keep_reason: bool) -> None:
        if asked != self._asked:
            return
        self.sheet.busy.stop()
        refund = summary.refund
        if refund is not None and not keep_reason and self.rest.offer(refund) is not None:
            self._refund = refund
            self._tell_refund(refund)
            return
        self._amount = summary.item.total
        self.sheet.form.set_up(asked.side, summary.deed, keep_reason=keep_reason)
        if refund is not None and refund.state is RefundState.REFUSED and not keep_reason:
            self.sheet.banner.show_notice(
                lambda: refused_before(self._texts, refund), button="words.close"
            )
        self._step = Step.FORM
        self.sheet.show_form()

    def _ask(self) -> None:
        summary = self._summary
        if self._step is not Step.FORM or self._question is not None or summary is None:
            return
        question = confirmation_of(self._texts, summary, self.sheet.form.reason, self._amount, self)
        question.agreed.connect(self._act)
        question.finished.connect(self._answered)
        self._question = question
        question.open()

    def _answered(self) -> None:
        self._question = None
        if self._step is Step.FORM:
            self.sheet.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.reject()

    def _act(self) -> None:
        cancelling, summary, asked = self._cancelling, self._summary, self._asked
        if self._step is not Step.FORM or cancelling is None or summary is None:
            return
        self._step = Step.WORKING
        self.sheet.banner.clear()
        self.sheet.form.setEnabled(False)
        self._write()
        who, reason, amount = asked.who, self.sheet.form.reason, self._amount
        if summary.deed is Deed.CANCEL:
            cancelled = partial(self._cancelled, asked, summary)
            self._runner.run(lambda: cancelling.cancel(*who, reason), cancelled, owner=self)
        else:
            kept = partial(self._refund_kept, asked, summary)
            self._runner.run(lambda: cancelling.refund(*who, reason, amount), kept, owner=self)

    def _ask_rest(self) -> None:
        offer = None if self._refund is None else self.rest.offer(self._refund)
        if self._step is not Step.TOLD or self._question is not None or offer is None:
            return
        if self._asked.side is not Side.SELLER:
            return
        question = rest_question(self._texts, offer, self)
        question.agreed.connect(lambda: self._act_on_rest(offer))
        question.finished.connect(self._answered)
        self._question = question
        question.open()

    def _act_on_rest(self, offer: RestOffer) -> None:
        service, summary, asked = self._cancelling_rest, self._summary, self._asked
        if self._step is not Step.TOLD or service is None or summary is None:
            return
        self._step = Step.WORKING
        self._refund = None
        self.rest.forget()
        self.sheet.outcome.rest.setEnabled(False)
        self._write()
        refused, reason, amount = offer.refused, offer.refused.reason, offer.amount
        self._runner.run(
            lambda: service.cancel(asked.user_id, refused.id, reason, amount),
            partial(self._refund_kept, asked, summary),
            owner=self,
        )

    def _cancelled(self, asked: Asked, summary: CancelSummary, outcome: Outcome[OrderItem]) -> None:
        item = outcome.value
        if item is None:
            self._failed(asked, summary, outcome.error)
            return
        self.item_changed.emit(summary.order.id)
        if asked != self._asked:
            self._tell_in_passing(item.name, self._texts("cancel.cancel_done"))
            return
        self.sheet.busy.stop()
        self.sheet.item_card.show_item(item)
        texts = self._texts
        self._tell(
            lambda: Told("success", texts("cancel.cancel_done"), texts("cancel.cancel_done_why"))
        )

    def _refund_kept(self, asked: Asked, summary: CancelSummary, outcome: Outcome[Refund]) -> None:
        refund = outcome.value
        if refund is None:
            self._failed(asked, summary, outcome.error)
            return
        self.item_changed.emit(summary.order.id)
        if asked == self._asked:
            self.sheet.busy.stop()
            self._follow(refund, summary.item)
        else:
            self._names[refund.id] = summary.item.name
            self.watch.watch(refund.id)

    def _follow(self, refund: Refund, item: OrderItem) -> None:
        self._refund = refund
        self._names[refund.id] = item.name
        self._tell_refund(refund)
        self.watch.watch(refund.id)

    def _refund_seen(self, view: RefundView) -> None:
        refund = view.refund
        here = self._refund is not None and self._refund.id == refund.id
        if here:
            self._refund = refund
            item = next((one for one in view.items if one.id == self._asked.item_id), view.item)
            if item is not None:
                done = refund.state is RefundState.CONFIRMED
                self.sheet.item_card.show_item(item, returned=refund.amount if done else None)
            self._tell_refund(refund)
        ended = not refund.is_open or refund.state is RefundState.NEEDS_PERSON
        if ended and not (here and self.isVisible()):
            words = told_of_refund(self._texts, refund, online=self._online).heading
            self._tell_in_passing(self._names.get(refund.id, ""), words)
        if not refund.is_open:
            self._names.pop(refund.id, None)

    def _failed(self, asked: Asked, summary: CancelSummary, error: Exception | None) -> None:
        problem = error or RuntimeError()
        order_only = summary.deed is Deed.CANCEL
        if asked != self._asked:
            told = told_of_error(self._texts, problem, order_only=order_only)
            self._tell_in_passing(summary.item.name, told.heading)
            return
        self.sheet.busy.stop()
        moved_on = moved_on_to(problem)
        if moved_on:
            self.sheet.banner.show_notice(lambda: self._texts(moved_on), button="words.close")
            self._step = Step.LOOKING
            self._look_up(keep_reason=True)
            return
        self._tell(lambda: told_of_error(self._texts, problem, order_only=order_only))

    def _tell_refund(self, refund: Refund) -> None:
        if self.rest.find(refund, partial(self._rest_found, refund)):
            return
        offer, asked = self.rest.offer(refund), self._asked
        if offer is not None:
            self._tell(lambda: told_of_rest(self._texts, offer, asked))
            return
        self._tell(lambda: told_of_refund(self._texts, refund, online=self._online))

    def _rest_found(self, refund: Refund) -> None:
        if self._refund is not None and self._refund.id == refund.id:
            self._tell_refund(refund)

    def _tell(self, make: Callable[[], Told]) -> None:
        self._step = Step.TOLD
        self.sheet.outcome.show_told(make, has_order=self._summary is not None)
        self.sheet.show_outcome()

    def _tell_in_passing(self, name: str, words: str) -> None:
        self.told.emit(f"{shown(name, 40)}: {words}")

    def _go(self, where: str) -> None:
        if where == "again":
            self._begin(*self._asked.who, keep_reason=True)
        elif where == "rest":
            self._ask_rest()
        elif where == "open_money":
            self.open_money_requested.emit()
        elif where == "order" and self._summary is not None:
            order_id = self._summary.order.id
            self.order_requested.emit(order_id, self._asked.side, self._asked.user_id)
        else:
            self.home_requested.emit()

    def _write(self) -> None:
        if self._step is Step.LOOKING:
            self.sheet.busy.start(self._texts("cancel.looking"))
        elif self._step is Step.WORKING and self._summary is not None:
            self.sheet.busy.start(self._texts(f"cancel.{self._summary.deed.value}_working"))
