"""Payment screen: order, QR, result (docs/specification.md 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.users import User
from posapp.services.payments.payment_progress import (
    FINAL_PHASES,
    PaymentPhase,
    PaymentProgress,
    PaymentSummary,
)
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.payment.abandon_dialog import AbandonDialog
from posapp.ui.payment.leave_check import LeaveCheck
from posapp.ui.payment.payment_controller import AttemptUpdate, PaymentController, PendingAction
from posapp.ui.payment.payment_layout import PaymentLayout
from posapp.ui.payment.payment_state import PaymentState
from posapp.ui.payment.qr_panel import QrDetails
from posapp.ui.shell.routes import RECEIPT
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.enter_key import EnterKey

if TYPE_CHECKING:
    from posapp.services.payments.start_payment import PaymentService
    from posapp.services.session import Session


class PaymentScreen(Screen):
    """Takes an order from its summary through the QR to its result.

    The attempt is read from the service again whenever a signal names it: the screen never decides
    itself whether something was paid.

    Args:
        clock: for the countdown.
        shop: the shop's name, shown beside the QR.
    """

    paid = Signal(object)
    """A payment was completed while on screen. Carries the order id."""

    wake_requested = Signal()
    """Wake the background worker."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        clock: Clock,
        payment_service: PaymentService,
        session: Session,
        *,
        shop: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._shop = shop
        self._target: tuple[Actor, int] = (NOBODY, 0)
        self._spoken = ""
        self._buyer: User | None = None
        self._online = True
        self.view = PaymentLayout(texts, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self._state = PaymentState(clock, self)
        self._controller = PaymentController(runner, payment_service, session, self)
        self.staying = LeaveCheck(self._state, self._controller)
        self._leaving = AbandonDialog(texts, self)
        self._enter = EnterKey(self, lambda: self.view.strong_button)
        self._connect()
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        made = cls(
            *(context.texts, context.theme, context.runner, context.clock),
            *(services.payment_service, services.session),
            shop=context.shop,
        )
        made.wake_requested.connect(context.worker.wake)
        return made

    @property
    def progress(self) -> PaymentProgress | None:
        """Return the attempt on screen, as last read."""
        return self._state.progress

    @property
    def is_live(self) -> bool:
        """Return whether a buyer may be scanning or paying: abandoning it needs a confirmation."""
        return self._state.is_live

    def leads_home(self, before: str) -> bool:
        """Return whether Back ends the visit: with a live QR once the question is answered."""
        return self.is_live or self._is_over

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        return self.staying.why_stay

    @property
    def live_order_id(self) -> int:
        """Return the order whose QR may still be paid, or 0."""
        return self.staying.live_order_id

    @property
    def _is_over(self) -> bool:
        return self.progress is not None and self.progress.phase in FINAL_PHASES

    def preload_encoder(self) -> None:
        """Load the encoder of the QR in the background."""
        self._controller.preload_encoder()

    def open(self, actor: Actor, order_id: int) -> None:
        """Show an order for payment by this buyer, or its live attempt if there is one."""
        self._forget()
        self._target = (actor, order_id)
        self.view.order.show_order(None, None)
        self.view.show_loading()
        self._controller.load(actor, order_id)

    def show_attempt(self, progress: PaymentProgress) -> None:
        """Show an attempt that was on screen before a restart."""
        self._forget()
        order = progress.order
        buyer = Actor.buyer(order.buyer_id) if order else NOBODY
        self._target = (buyer, progress.attempt.order_id)
        self.view.order.show_order(order, None)
        self._receive(progress)
        self._read_again()
        if order is not None:
            self._controller.find_buyer(*self._target)

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """Read the attempt again if it is on screen."""
        if self._state.is_of(attempt_id):
            self._read_again()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read the attempt again if the refund may be its own."""
        if self._state.may_own_refund(refund_id):
            self._read_again()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Show beside the QR whether PortOne is reachable; the QR stays."""
        self._online = online
        self.view.code.show_notice("" if online else self._texts("pay.offline"))

    @Slot(bool)
    def set_behind(self, behind: bool) -> None:
        """Disable payment while the file is an older copy that is still being reconciled."""
        self.view.ready.set_behind(behind)

    def may_leave(self) -> bool:
        """Return whether the screen may be left at once.

        With a live QR the user is asked, and ``home_requested`` follows if they agree. Background
        work continues without this screen.
        """
        if self.is_live:
            self.ask_to_leave(self.home_requested.emit)
            return False
        self._forget()
        return True

    def withdraw_question(self) -> None:
        """Close the question about leaving this screen; the QR stays as it is."""
        self._leaving.close()

    def ask_to_leave(self, then: Callable[[], None]) -> None:
        """Call ``then`` once nothing is live.

        With a live QR the user chooses whether to keep watching it or to abandon it.
        """
        progress = self.progress
        if self.is_live and progress is not None:
            self._leaving.ask(progress.attempt, then)
        else:
            self._forget()
            then()

    def _connect(self) -> None:
        view, controller = self.view, self._controller
        self._state.countdown.ticked.connect(view.code.show_seconds)
        self._state.countdown.ended.connect(self._time_is_over)
        view.end.home_requested.connect(self._home)
        view.end.receipt_requested.connect(self._show_receipt)
        for asks_for_code in (view.ready.pay_requested, view.end.retry_requested):
            asks_for_code.connect(self._start)
        for asks_to_stop in (view.code.stop_requested, view.end.stop_requested):
            asks_to_stop.connect(self._ask_to_stop)
        self._leaving.agreed.connect(self._leave_agreed)
        controller.began.connect(view.show_working)
        controller.loaded.connect(self._loaded)
        controller.buyer_found.connect(self._buyer_found)
        controller.started.connect(self._started)
        controller.stopped.connect(self._stopped)
        controller.read.connect(self._take)
        controller.refused.connect(self._refused)

    # User actions.

    def _start(self) -> None:
        if self._target[1]:
            self._controller.start(*self._target)

    def _ask_to_stop(self) -> None:
        """Ask as leaving the screen does: the QR is given up either way."""
        progress = self.progress
        if progress is None:
            return
        if self.is_live:
            self._leaving.ask(progress.attempt)
        else:
            self._stop()

    def _stop(self) -> None:
        if self.progress is not None:
            self._controller.stop(self.progress.attempt.id, self._state.link)

    def _home(self) -> None:
        self.ask_to_leave(self.home_requested.emit)

    def _show_receipt(self) -> None:
        self.go_to(RECEIPT, order_id=self._target[1])

    def _leave_agreed(self) -> None:
        if self.is_live:
            self._stop()
        else:
            self._go_on()

    def _go_on(self) -> None:
        then = self._leaving.continuation
        if then is not None:
            self._forget()
            then()

    # Results of the service.

    def _loaded(self, summary: PaymentSummary) -> None:
        self._buyer = summary.buyer
        self.view.order.show_order(summary.order, summary.buyer)
        self.view.ready.show_amount(summary.order.total)
        self.view.show_page(self.view.ready)
        if summary.live is not None:
            self._controller.read_again(summary.live.id, "")

    def _buyer_found(self, summary: PaymentSummary) -> None:
        self._buyer = summary.buyer
        self.view.order.show_order(summary.order, summary.buyer)

    def _started(self, news: AttemptUpdate) -> None:
        self._take(news)
        self.wake_requested.emit()
        # Signals may have been missed before the attempt's id was known here.
        self._read_again()

    def _stopped(self, news: AttemptUpdate) -> None:
        self._take(news)
        if news.progress.phase is PaymentPhase.STOPPED:
            self._go_on()
        self._leaving.forget()  # it was paid, or is unclear: that must be shown first
        self._read_again()

    def _refused(self, action: PendingAction, error: Exception) -> None:
        if action in (PendingAction.LOAD, PendingAction.START):
            self._state.set_error(error)
        else:
            self._leaving.forget()
            self.view.banner.show_error(error, button="words.close")
        self._show_state()

    def _read_again(self) -> None:
        if self.progress is not None:
            self._controller.read_again(self.progress.attempt.id, self._state.link)

    def _time_is_over(self) -> None:
        self._show_state()
        self.wake_requested.emit()

    # Display.

    def _forget(self) -> None:
        """Clear the order; running actions continue without this screen."""
        self._controller.reset()
        self._target = (NOBODY, 0)
        self._leaving.forget()
        self._buyer = None
        self._spoken = ""
        self._state.clear()
        self.view.code.code.clear()
        self.view.banner.clear()
        self.view.ready.show_amount(None)
        self.head_changed.emit()

    def _take(self, news: AttemptUpdate) -> None:
        if news.matrix is not None:
            self._state.link = news.progress.attempt.link_url
            self.view.code.code.show_matrix(news.matrix)
        self._receive(news.progress)

    def _receive(self, progress: PaymentProgress) -> None:
        is_paid_now = self._state.update(progress)
        if progress.order is not None:
            self.view.order.show_order(progress.order, self._buyer)
        self._show_state()
        if is_paid_now:
            self.paid.emit(progress.attempt.order_id)

    def _show_state(self) -> None:
        state = self._state.view_state(self._texts)
        if state is None:
            return
        attempt = self.progress.attempt if self.progress is not None else None
        if attempt is not None and self._state.is_scannable:
            facts = QrDetails(self._shop, attempt.order_id, attempt.amount)
            idle = self._controller.action is PendingAction.NONE
            self.view.show_code(state, facts, can_stop=idle, focus=not self._leaving.is_asking)
        else:
            self.view.code.code.clear()
            self._state.link = ""
            amount = attempt.amount if attempt is not None else None
            working = self._controller.action in (PendingAction.START, PendingAction.STOP)
            self.view.show_result(state, amount, working=working)
            if not self.is_live:
                self._leaving.close()  # the question has lost its reason
        text = f"{state.label}. {state.spoken}"
        if text != self._spoken:
            self._spoken = text
            announce(self, text, urgent=state.tone == "error")
        self.head_changed.emit()

    def _retranslate(self) -> None:
        self.setAccessibleName(self._texts("pay.title"))
        self.set_online(self._online)
        self._spoken = ""
        self._show_state()
