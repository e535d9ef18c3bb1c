"""Payment page: the order, its QR, the result (docs/specification.md 2.3)."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.actors import Actor
from posapp.domain.time_zone import SEOUL
from posapp.domain.vat import KakaoPayTax
from posapp.services.payments.payment_progress import PaymentPhase, PaymentProgress
from posapp.services.ports.system import Clock
from posapp.ui.cash_receipts.receipt_control import ReceiptControl
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.display.buyer_view import NOTHING, BuyerView, buyer_view, paid_in_cash
from posapp.ui.payment.abandon_dialog import AbandonDialog
from posapp.ui.payment.payment_cash import PaymentCash
from posapp.ui.payment.payment_controller import PaymentController
from posapp.ui.payment.payment_layout import PaymentLayout
from posapp.ui.payment.payment_view_model import PaymentViewState
from posapp.ui.payment.receipt_printing import ReceiptPrinting
from posapp.ui.payment.shown_state import shown_state, takes_cash
from posapp.ui.shell.routes import ORDER, RECEIPT, SALE
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.enter_key import EnterKey

if TYPE_CHECKING:
    from posapp.domain.cash import CashTaken
    from posapp.services.bookkeeping.print_log import PrintRecord
    from posapp.services.cash.cash_service import CashService
    from posapp.services.cash_receipts.receipt_service import CashReceiptService
    from posapp.services.orders.order_history import OrderHistoryService
    from posapp.services.payments.start_payment import PaymentService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting


class PaymentScreen(Screen):
    """Takes an order from its summary through the QR to its result.

    The attempt is read from the service again whenever a signal names it: the screen never decides
    itself whether something was paid.

    Args:
        clock: for the countdown.
        shop: the shop's name, shown beside the QR and on the receipt.
        exports: the shop's folder of exported files.
        printed: the prints of this run, shared with the pages of the papers.
    """

    fits_any_size = True

    live_changed = Signal()
    """``live_order_id`` or ``seconds_left`` changed."""

    buyer_view_changed = Signal()
    """``buyer_view`` may have changed."""

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
        histories: OrderHistoryService,
        *,
        cash: CashService,
        cash_receipts: CashReceiptService,
        shop: str,
        exports: Path | None = None,
        printed: MutableMapping[str, PrintRecord] | None = None,
        roll: RollPrinting | None = None,
        kakaopay_tax: KakaoPayTax = KakaoPayTax.MIXED,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._is_locked = False
        self._spoken = ""
        self._problem: Callable[[], str] | None = None
        self.view = PaymentLayout(texts, theme, shop=shop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self._controller = PaymentController(runner, payment_service, session, clock, self)
        self._printing = ReceiptPrinting(
            *(texts, runner, histories, session, clock, self),
            shop=shop,
            exports=exports,
            printed=printed,
            roll=roll,
        )
        self._roll = roll
        self._printed_by_itself: set[int] = set()
        self._clock, self._kakaopay_tax = clock, kakaopay_tax
        self._warned_on: date | None = None
        self._question = AbandonDialog(texts, self)
        self.cash = PaymentCash(texts, theme, runner, cash, session, self, roll)
        self.cash_receipt = ReceiptControl(
            *(texts, theme, runner, cash_receipts, session, self),
            lambda: self.item_changed.emit(self._controller.order_id),
        )
        self._enter = EnterKey(self, lambda: self.cash.primary or self.view.primary)
        self._connect()
        texts.bind("pay.title").show_in(self, QWidget.setAccessibleName)
        texts.changed.connect(self._retranslate)
        self._show()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        made = cls(
            *(context.texts, context.theme, context.runner, context.clock),
            *(services.payment_service, services.session, services.order_history_service),
            cash=services.cash_service,
            cash_receipts=services.cash_receipt_service,
            shop=context.shop,
            exports=context.exports,
            printed=context.printed,
            roll=context.roll,
            kakaopay_tax=services.payment_service.kakaopay_tax,
        )
        made.wake_requested.connect(context.worker.wake)
        made._controller.preload_encoder()
        return made

    @property
    def progress(self) -> PaymentProgress | None:
        """Return the attempt on screen, as last read."""
        return self._controller.progress

    @property
    def is_live(self) -> bool:
        """Return whether a buyer may be scanning or paying: abandoning it needs a confirmation."""
        return self._controller.is_live

    @property
    def live_order_id(self) -> int:
        """Return the order whose QR may still be paid, or is being created or stopped; else 0."""
        return self._controller.live_order_id

    @property
    def seconds_left(self) -> int:
        """Return the whole seconds left of the QR, or 0."""
        return self._controller.countdown.seconds

    @property
    def buyer_view(self) -> BuyerView:
        """Return what the buyer may see of the order on screen."""
        controller = self._controller
        if controller.error is not None:
            return NOTHING
        seconds = self.seconds_left if controller.is_scannable else None
        if controller.taken is not None:
            return paid_in_cash(controller.taken)
        view = buyer_view(controller.order, controller.progress, controller.matrix, seconds)
        is_before = controller.progress is None and view.amount is not None
        return replace(view, amount=controller.due) if is_before else view

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        controller = self._controller
        is_paying = controller.progress is not None and not controller.is_over
        return "scan.while_live" if is_paying or controller.is_working else ""

    @property
    def begins_sale(self) -> bool:
        """Return whether the order on screen is over: the next sale begins."""
        return self._controller.is_over

    @property
    def keeps_shown(self) -> bool:
        """Return whether a QR is on screen that a buyer may be scanning."""
        return self.is_live

    def set_locked(self, locked: bool) -> None:
        """Show the QR without the buyer's name and without buttons."""
        if locked == self._is_locked:
            return
        self._is_locked = locked
        self.view.set_private(locked)

    def leads_home(self, before: str) -> bool:
        """Return whether Back ends the visit: with a live QR once the question is answered."""
        return (self.is_live or self._controller.is_over) and before != SALE

    def open(
        self,
        actor: Actor,
        order_id: int,
        *,
        starts: bool = False,
        taken: CashTaken | None = None,
    ) -> None:
        """Show an order for payment by this buyer, or its live attempt if there is one.

        Args:
            starts: create its QR at once.
            taken: the cash that has just paid it: its outcome is shown.
        """
        self._forget()
        if taken is not None:
            self._controller.show_taken(actor, taken)
        else:
            self._controller.open(actor, order_id, starts=starts)
        self._focus()

    def print_sold(self, order_id: int) -> None:
        """Print the receipt of a sale whose outcome another page shows, where the shop wants
        that."""
        if self._roll is not None and self._roll.prints_sales:
            self._printing.print(order_id)

    def show_attempt(self, progress: PaymentProgress) -> None:
        """Show an attempt that was on screen before a restart."""
        self._forget()
        self._controller.resume(progress)
        self._focus()

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """Read the attempt again if it is on screen."""
        self._controller.attempt_changed(attempt_id)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read the attempt again if the refund may be its own."""
        self._controller.refund_changed(refund_id)

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Show beside the QR whether PortOne is reachable; the QR stays."""
        self.view.qr.set_online(online)

    @Slot(bool)
    def set_behind(self, behind: bool) -> None:
        """Disable payment while the file is an older copy that is still being reconciled."""
        self.view.qr.set_behind(behind)

    @Slot(bool)
    def set_display_missing(self, missing: bool) -> None:
        """Show beside the QR whether the buyer's display is not connected."""
        self.view.qr.set_display_missing(missing)

    def may_leave(self) -> bool:
        """Return whether the page may be left at once.

        With a live QR the user is asked, and ``home_requested`` follows if they agree. Background
        work continues without this page.
        """
        if self.cash.taking.is_taking:
            return False
        if self.cash.taking.close() or self.cash_receipt.close():
            return False
        if self.is_live and self.progress is not None:
            self._question.ask(self.progress.attempt, self._leave_stopped)
            return False
        self._forget()
        return True

    def withdraw_question(self) -> None:
        """Close the question about abandoning the QR, which stays as it is."""
        self._question.close()

    def _connect(self) -> None:
        controller, qr, outcome = self._controller, self.view.qr, self.view.outcome
        controller.changed.connect(self._show)
        controller.refused.connect(self._refused)
        controller.stopped.connect(self._stopped)
        controller.wake_requested.connect(self.wake_requested)
        controller.countdown.ticked.connect(self._tick)
        self._question.agreed.connect(self._agreed)
        qr.pay_requested.connect(controller.start)
        qr.stop_requested.connect(self._ask_to_stop)
        outcome.retry_requested.connect(controller.start)
        outcome.home_requested.connect(self._leave)
        for panel in (qr, outcome):
            panel.cash_requested.connect(self._take_cash)
        outcome.give_back_requested.connect(self._ask_to_give_back)
        outcome.cash_receipt_requested.connect(
            lambda: self.cash_receipt.toggle(controller.order_id)
        )
        self.cash.taken.connect(self._cash_taken)
        self.cash.read_again.connect(controller.read_order)
        self.cash.said.connect(self.notified)
        self.cash.failed.connect(self._refused)
        self.cash.taking.open_changed.connect(self._show)
        outcome.print_requested.connect(lambda: self._printing.print(controller.order_id))
        outcome.order_requested.connect(partial(self._go_to_order, ORDER))
        self._printing.said.connect(self.notified)
        self._printing.failed.connect(self._not_printed)
        self._printing.not_printable.connect(self._show_receipt)
        self.view.arranged.connect(self._show_caption)

    # User actions.

    @Slot()
    def _take_cash(self) -> None:
        due = self._controller.due
        if due is not None:
            self.cash.take(self._controller.order_id, due, may_split=self.view.qr.is_online)

    @Slot()
    def _ask_to_give_back(self) -> None:
        self.cash.ask_to_give_back(self._controller.order_id, self._controller.cash)

    @Slot(object)
    def _cash_taken(self, taken: CashTaken) -> None:
        order = taken.order
        self.item_changed.emit(order.id)
        if order.id == self._controller.order_id:
            actor = Actor.buyer(order.buyer_id)
            if taken.rest:
                self.open(actor, order.id, starts=True)
            else:
                self.open(actor, order.id, taken=taken)

    def _ask_to_stop(self) -> None:
        if self.progress is not None:
            self._question.ask(self.progress.attempt)

    def _leave(self) -> None:
        is_sold = self._controller.is_sold
        self._forget()
        if is_sold:
            self.go_to(SALE)  # where the next sale begins
        else:
            self.home_requested.emit()

    def _leave_stopped(self) -> None:
        order = self._controller.order
        if order is not None and order.is_counter:
            self._forget()
            self.back_requested.emit()
        else:
            self._leave()

    def _go_to_order(self, page: str) -> None:
        self.go_to(page, order_id=self._controller.order_id)

    @Slot(object)
    def _show_receipt(self, order_id: int) -> None:
        """Show the receipt that could not be printed, unless the page has moved on."""
        if self.isVisible() and order_id == self._controller.order_id:
            self._go_to_order(RECEIPT)

    @Slot(object, object)
    def _not_printed(self, order_id: int, text: Callable[[], str]) -> None:
        if self.isVisible() and order_id == self._controller.order_id:
            self._problem = text
            self._show()
            announce(self, text(), urgent=True)
        else:
            self.notified.emit(text())

    def _agreed(self) -> None:
        if self._state().stoppable:
            self._stop()
        else:
            self._go_on()

    def _stop(self) -> None:
        self.view.focus_panel()  # its button is disabled now
        self._controller.stop()

    def _go_on(self) -> None:
        then = self._question.continuation
        self._question.forget()
        if then is not None:
            then()
        else:
            self._focus()

    # Results of the service.

    @Slot(object)
    def _stopped(self, phase: PaymentPhase) -> None:
        if phase is PaymentPhase.STOPPED:
            self._go_on()
        else:
            self._question.forget()  # it was paid, or is unclear: that must be shown first

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        if not self._question.is_asking:
            self._question.forget()
        self.view.qr.show_error(error)

    # Display.

    def _forget(self) -> None:
        """Clear the order; running actions continue without this page."""
        self._controller.reset()
        self._question.forget()
        self.cash.taking.close()
        self.cash_receipt.close()
        self._spoken = ""
        self._show()

    def _state(self) -> PaymentViewState:
        return shown_state(self._texts, self._controller)

    @Slot()
    def _show(self) -> None:
        controller, view, state = self._controller, self.view, self._state()
        attempt, order = controller.progress, controller.order
        is_spoken_of = controller.error is not None or attempt is not None
        amount = controller.due
        if controller.taken is not None:
            amount = controller.taken.tender.change or amount
        elif attempt is not None and not state.before:
            amount = attempt.attempt.amount
        before, is_new = view.focus_place, state.spoken != self._spoken
        if is_new:
            view.qr.show_error(None)
            self._problem = None
        view.show_order(order, controller.buyer, controller.cash, expected=controller.error is None)
        can_take = takes_cash(controller, state) and not self.cash.taking.is_open
        if state.outcome:
            view.qr.code.clear()
            problem = self._problem() if self._problem is not None else view.qr.error_text
            was_cash = controller.taken is not None or bool(controller.cash)
            view.outcome.show_state(state, amount, problem, takes_cash=can_take, was_cash=was_cash)
        else:
            matrix, action = controller.matrix, controller.action
            view.qr.show_state(state, matrix, amount, action, takes_cash=can_take)
        if attempt is not None:
            view.qr.describe(attempt.attempt.order_id, attempt.attempt.amount)
        view.show_panel(view.outcome if state.outcome else view.qr)
        self._tick()
        if not state.stoppable:
            self._question.close()  # it has lost its reason
        if view.focus_place is not before:
            self._focus()
        self._spoken = state.spoken
        if is_new and is_spoken_of:
            announce(self, state.spoken, urgent=state.tone == "error")
        self._show_caption()
        self.head_changed.emit()
        if state.receipt:
            self._print_sale()
        if self.is_live:
            self._warn_of_tax()

    def _warn_of_tax(self) -> None:
        """Say once a day that KakaoPay's slips cannot name the kinds of goods that are sold."""
        order, today = self._controller.order, self._clock.now().astimezone(SEOUL).date()
        if order is None or not order.is_counter or self._warned_on == today:
            return
        if not self._kakaopay_tax.fits(order.tax_split):
            self._warned_on = today
            self.notified.emit(self._texts("pay.tax_kind"))

    def _print_sale(self) -> None:
        """Print the receipt of a sale at the counter that is paid now, once, where the shop wants
        that."""
        order = self._controller.order
        if self._roll is None or not self._roll.prints_sales or order is None:
            return
        if order.is_counter and order.id not in self._printed_by_itself:
            self._printed_by_itself.add(order.id)
            self._printing.print(order.id)

    @Slot()
    def _show_caption(self) -> None:
        self.set_head(subtitle=self.view.caption)

    @Slot()
    def _tick(self) -> None:
        is_counting = self._controller.is_scannable
        self.view.qr.show_seconds(self.seconds_left if is_counting else None)
        self.live_changed.emit()
        self.buyer_view_changed.emit()

    def _focus(self) -> None:
        if self.isVisible() and not self._question.is_asking and not self._is_locked:
            self.view.focus_panel()

    @Slot()
    def _retranslate(self) -> None:
        self._spoken = ""
        self._show()
