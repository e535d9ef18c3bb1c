"""The visit of a buyer: what presses, keys, scans, the clock and the worker make of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from posapp.domain.codes import is_order_code
from posapp.domain.kiosk import IDLE_STATES, KioskFlow, KioskState, KioskTrigger
from posapp.domain.kiosk_times import (
    CHECKING_MS,
    FRESH_MS,
    MORE_TIME,
    OUTCOME_MS,
    PAID_MS,
    IdlePhase,
    IdleWatch,
    TapCount,
)
from posapp.services.kiosk.order_entry import EnteredOrder
from posapp.services.payments.payment_progress import PaymentPhase, PaymentProgress
from posapp.services.ports.system import Clock
from posapp.services.session import Session
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.kiosk.attempts import buyer_of, has_result, qr_to_resume
from posapp.ui.kiosk.call_repeater import CallRepeater
from posapp.ui.kiosk.exit_entry import ExitEntry
from posapp.ui.kiosk.kiosk_view import Action
from posapp.ui.kiosk.order_form import OrderForm, order_refusal
from posapp.ui.kiosk.visit import Visit
from posapp.ui.payment.payment_controller import PaymentController, PendingAction
from posapp.ui.scanner.code import decode

if TYPE_CHECKING:
    from posapp.services.kiosk_container import KioskContainer
    from posapp.ui.kiosk.receipt_print import ReceiptPrint

log = logging.getLogger(__name__)

TICK_MS = 200
"""How often the times are looked at."""

REOPEN_MS = 60_000
"""Pause until the services are made again that could not be made."""

_OF_PIN = (Action.LEAVE, Action.OTHER_MANAGER)

_T, _S = KioskTrigger, KioskState


class KioskController(QObject):
    """Owns the flow and the visit, and makes every call to the services through the runner.

    Args:
        idle_s: seconds without a touch until the countdown.
        more_time: percent of that and of the countdown for buyers who need it.

    Attributes:
        calls: calls staff.
        flow: where the visit is.
        visit: what is known about the buyer; a new one after each reset.
        form: takes what a buyer enters to name the order.
        payment: the order and its QR, once the services are there.
        receipts: prints receipts, if set before ``attach``; ``None``: no printer for them.
        pin: what was typed to end the program, while that is asked for.
        idle: the countdown's whole seconds; 0: there is none.
    """

    changed = Signal()
    """Something that is shown changed."""

    was_reset = Signal()
    """The visit is over, and nothing of it is left here."""

    may_end = Signal()
    """The manager's PIN was right: end the program."""

    language_requested = Signal()

    began = Signal()
    """What was on screen before the start was read: background work may begin. An attempt that it
    records first would no longer be live, and its result would not be shown."""

    opening_requested = Signal()
    """The services could not be made a minute ago: try again."""

    digit_typed = Signal(str, bool)
    """A digit was taken. Carries it, and whether it is private: of a phone number or a PIN."""

    def __init__(
        self,
        runner: TaskRunner,
        clock: Clock,
        *,
        idle_s: int,
        more_time: int = MORE_TIME,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._clock = runner, clock
        self._services: KioskContainer | None = None
        self._session = Session()
        self._watch, self._more_time = IdleWatch(idle_s * 1000), more_time
        self._taps = TapCount()
        self._seen: object = None
        self.calls = CallRepeater(runner, clock, self)
        self.flow = KioskFlow()
        self.visit = Visit()
        self.form = OrderForm(runner, clock, lambda: self.visit, self)
        self.form.changed.connect(self.changed)
        self.form.found.connect(self._found)
        self.form.confirmed.connect(self._read)
        self.form.refused.connect(self._refused)
        self.pin: ExitEntry | None = None
        self.payment: PaymentController | None = None
        self.receipts: ReceiptPrint | None = None
        self.is_online = True
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def attach(self, services: KioskContainer, *, crashing: bool = False) -> None:
        """Begin to work with the services; a QR of before a restart is shown again.

        Args:
            crashing: the program crashed again and again: it takes no payment.
        """
        self._services = services
        self.calls.service, self.form.service = services.staff_calls, services.order_entry
        if self.receipts is not None:
            self.receipts.service = services.receipts
        payment = self.payment = PaymentController(
            self._runner, services.payment_service, self._session, self._clock, self
        )
        payment.changed.connect(self._payment_changed)
        payment.countdown.ticked.connect(self.changed)
        payment.preload_encoder()
        if self.flow.allows(_T.USABLE):
            self._apply(_T.USABLE)
        self.changed.emit()
        if crashing:
            self._apply(_T.UNUSABLE)
            self.began.emit()
            return
        resume = partial(self._resume, self.visit)
        self._runner.run(services.payment_service.list_live, resume, owner=self)

    def fail(self, error: Exception) -> None:
        """Take no payments: the services could not be made. ``attach`` may still follow."""
        log.error("the kiosk takes no payments: %s", error)
        QTimer.singleShot(REOPEN_MS, self, self.opening_requested.emit)
        if self.flow.allows(_T.UNUSABLE):
            self.visit = Visit()
            self._apply(_T.UNUSABLE)

    def _resume(self, visit: Visit, outcome: TaskResult[tuple[PaymentProgress, ...]]) -> None:
        if outcome.error is not None:
            log.error("QRs of before the start could not be read: %s", outcome.error)
        elif visit is self.visit:  # else somebody came and went meanwhile
            self._resume_one(qr_to_resume(outcome.value or (), self._clock.now()))
        self.began.emit()

    def _resume_one(self, progress: PaymentProgress | None) -> None:
        if progress is None or self.payment is None or not self.flow.allows(_T.RESUMED):
            return
        log.info("attempt %s is shown again", progress.attempt.id)
        order_id = progress.attempt.order_id
        self._act_for(EnteredOrder(order_id, buyer_of(progress), asks_phone=False))
        self._apply(_T.RESUMED)
        self.payment.resume(progress)

    # What a buyer does.

    def touched(self) -> None:
        """Note a touch, a key or a scan anywhere: a countdown ends."""
        was = self.idle_seconds
        self._watch.touch(self._clock.monotonic())
        if self.pin is not None:
            self.pin.touch()
        if was:
            self.changed.emit()

    def hold(self) -> None:
        """Note that a finger is down. A countdown has ended, and what it asks stays on the screen
        until the finger is up (``touched``), so that its buttons can be pressed."""
        self._watch.hold(self._clock.monotonic(), self.idle_seconds)
        if self.pin is not None:
            self.pin.touch()

    def tap_shop(self) -> None:
        """Note a tap on the shop's name."""
        if self._taps.tap(self._clock.monotonic()):
            self.ask_exit()

    def press(self, action: str) -> None:
        """Do what a button says, unless its screen appeared just now."""
        if action.isdigit():
            self.type_digit(action)
            return
        if self._clock.monotonic() - self.visit.since_ms < FRESH_MS and action != Action.CALL:
            return
        if self.pin is not None and action in _OF_PIN:
            (self.pin.leave if action == Action.LEAVE else self.pin.ask_other)()
            return
        acts: dict[str, Callable[[], object]] = {
            Action.BEGIN: partial(self._apply, _T.BEGUN),
            Action.LANGUAGE: self._change_language,
            Action.LARGE: partial(self._wish, Visit.enlarge),
            Action.CONTRAST: partial(self._wish, Visit.turn_contrast),
            Action.LOW: partial(self._wish, Visit.turn_low),
            Action.VOICE: lambda: self.set_voice(not self.visit.voice),
            Action.CALL: self.call,
            Action.CALL_END: self.end_call,
            Action.BACK: self._back,
            Action.DELETE: self._delete,
            Action.NEXT: self._next,
            Action.PAY: self._pay,
            Action.RETRY: self._pay,
            Action.PRINT: self._print,
            Action.STOP: self._stop,
            Action.DONE: self.reset,
            Action.TO_START: self.reset,
            Action.CONTINUE: self.touched,
            Action.STAY: self._close_exit,
        }
        acts[action]()

    @property
    def is_ready(self) -> bool:
        """Return whether the services are there."""
        return self._services is not None

    @property
    def can_type(self) -> bool:
        """Return whether digits are taken now."""
        if self.pin is not None:
            return not self.pin.is_busy
        return self.flow.below in (_S.ORDER, _S.PHONE) and self.form.is_open

    def type_digit(self, digit: str) -> None:
        """Add a digit to what is typed."""
        if not self.can_type:
            return
        self.digit_typed.emit(digit, self.pin is not None or self._is_phone)
        if self.pin is not None:
            self.pin.type_digit(digit)
        else:
            self.form.type_digit(digit, of_phone=self._is_phone)

    def scanned(self, text: str) -> None:
        """Take an order's code at START and ORDER; everything else is nothing."""
        self.touched()
        code = decode(text)
        takes_codes = self.flow.below in (_S.START, _S.ORDER) and self.pin is None
        if takes_codes and is_order_code(code) and self.form.is_open:
            self.form.find(code)

    # Staff.

    def call(self) -> None:
        """Call staff, in every state."""
        self._apply(_T.CALLED)
        self.calls.call()

    def end_call(self) -> None:
        """End the call."""
        if self.flow.allows(_T.CALL_ENDED):
            self._apply(_T.CALL_ENDED)
            self.calls.end()

    def ask_exit(self) -> None:
        """Ask for the manager's PIN."""
        if self._services is None or self.pin is not None:
            return
        pin = self.pin = ExitEntry(self._runner, self._clock, self._services.kiosk_exit, self)
        pin.changed.connect(self.changed)
        pin.closed.connect(self._close_exit)
        pin.may_end.connect(self.may_end)
        self._apply(_T.EXIT_WANTED)
        pin.open()

    @Slot()
    def _close_exit(self) -> None:
        if self.pin is not None and self.flow.allows(_T.EXIT_CLOSED):
            self.pin.deleteLater()
            self.pin = None
            self._apply(_T.EXIT_CLOSED)

    # The order.

    def _back(self) -> None:
        if self.visit.is_busy or not self.flow.allows(_T.BACK):
            return
        if self.flow.below is _S.ORDER:
            self.reset()
            return
        visit, flow = self.visit, self.flow
        if flow.below is _S.SUMMARY and self.payment is not None:
            self.payment.reset()
        visit.entered, visit.phone_digits = None, ""
        visit.say("")
        self._apply(_T.BACK)

    def _delete(self) -> None:
        if self.pin is not None:
            self.pin.delete()
        else:
            self.form.delete(of_phone=self._is_phone)

    def _next(self) -> None:
        if self.can_type:
            self.form.submit(of_phone=self._is_phone)

    @property
    def _is_phone(self) -> bool:
        return self.flow.below is _S.PHONE

    @Slot(object)
    def _found(self, entered: EnteredOrder) -> None:
        self._act_for(entered)
        if entered.asks_phone:
            self.visit.is_busy = False
            self._apply(_T.PHONE_NEEDED)
        else:
            self._read()

    @Slot()
    def _read(self) -> None:
        entered = self.visit.entered
        if self.payment is not None and entered is not None:
            self.payment.open(entered.buyer, entered.order_id)

    @Slot()
    def _refused(self) -> None:
        self._apply(_T.ORDER_REFUSED)

    def _act_for(self, entered: EnteredOrder) -> None:
        self.visit.entered = entered
        self._session.actor = entered.buyer

    # The payment.

    def _pay(self) -> None:
        payment = self.payment
        if payment is None or not self.is_online or not self.flow.allows(_T.PAY):
            return
        self.visit.is_offline = self.visit.is_freed = False
        self.visit.checking_ms = None
        self._apply(_T.PAY)
        payment.start()

    def _stop(self) -> None:
        if self.payment is not None:
            self.payment.stop()

    def _print(self) -> None:
        """Print the receipt of what was paid, and show the outcome from now on as long as usual."""
        if self.receipts is not None and self.is_paid:
            self.visit.since_ms = self._clock.monotonic()
            self.receipts.print(self.visit)

    @Slot()
    def _payment_changed(self) -> None:
        payment = self.payment
        if payment is None:
            return
        below = self.flow.below
        if self.visit.is_busy and below in (_S.START, _S.ORDER, _S.PHONE):
            self._order_read(payment)
        elif below is _S.QR:
            self._attempt_read(payment)
        elif below is _S.OUTCOME and has_result(payment):
            self.visit.is_freed = False
            self._apply(_T.ENDED)
        if self.is_paid:
            self.form.forget_wrong()
        self.changed.emit()

    def _order_read(self, payment: PaymentController) -> None:
        if payment.action is not PendingAction.NONE:
            return
        if payment.error is not None:
            self.form.refuse(payment.error)
        elif payment.order is not None:
            self.form.accept()
            self._apply(_T.ORDER_SHOWN)

    def _attempt_read(self, payment: PaymentController) -> None:
        if payment.action is PendingAction.START:
            return
        if payment.progress is None:
            if payment.error is not None:
                log.warning("no QR: %r", payment.error)
                self.visit.refused = order_refusal(payment.error)
                self.visit.is_offline = not self.visit.refused
                self._apply(_T.ENDED)
            return
        if has_result(payment):
            self._apply(_T.ENDED)
        elif payment.is_live:
            self.visit.checking_ms = None
        elif self.visit.checking_ms is None:
            self.visit.checking_ms = self._clock.monotonic()

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """Take note that the worker changed an attempt."""
        if self.payment is not None:
            self.payment.attempt_changed(attempt_id)

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Take note whether PortOne is reachable."""
        self.is_online = online
        self.changed.emit()

    @property
    def idle_seconds(self) -> int:
        """Return the whole seconds of the countdown; 0: there is none."""
        return self._watch.seconds_shown(self._clock.monotonic()) if self._may_idle else 0

    @property
    def _may_idle(self) -> bool:
        """Whether a buyer may have gone away: from an order, or from START with what was chosen
        there, which is not the next one's."""
        if self.visit.is_busy:
            return False
        below = self.flow.below
        return below in IDLE_STATES or (below is _S.START and self.visit.has_wishes)

    @Slot()
    def tick(self) -> None:
        """Look at every time that may be over."""
        now, below = self._clock.monotonic(), self.flow.below
        if self.pin is not None:
            self.pin.close_if_left()
        self.calls.tick()
        if self._may_idle:
            if self._watch.phase(now) is IdlePhase.GONE:
                self.reset()
        elif below is _S.OUTCOME and now - self.visit.since_ms >= self._outcome_ms:
            self.reset()
        elif below is _S.QR and self.visit.doubtful_for(now) >= CHECKING_MS:
            self.visit.is_freed = True
            self._apply(_T.FREED)
        seen = (self.idle_seconds, self.form.pause_seconds)
        if seen != self._seen:
            self._seen = seen
            self.changed.emit()

    @property
    def _outcome_ms(self) -> int:
        return PAID_MS if self.is_paid else OUTCOME_MS

    @property
    def is_paid(self) -> bool:
        """Return whether the buyer's payment was accepted."""
        progress = self.payment.progress if self.payment is not None else None
        return progress is not None and progress.phase is PaymentPhase.DONE

    def reset(self) -> None:
        """End the visit: nothing of the buyer is left. Never while money may move."""
        is_at_start = self.flow.below is _S.START
        if not is_at_start and not self.flow.allows(_T.RESET):
            return
        self.visit = Visit(since_ms=self._clock.monotonic())
        self._watch.percent = 100
        self._session.end()
        if self.payment is not None:
            self.payment.reset()
        if not is_at_start:
            self._apply(_T.RESET)
        self.changed.emit()
        self.was_reset.emit()

    def _change_language(self) -> None:
        self.visit.has_other_language = not self.visit.has_other_language
        self.language_requested.emit()

    def set_voice(self, is_on: bool) -> None:
        """Say what is on the screen, and leave more time for it; or no longer."""
        self._wish(lambda visit: setattr(visit, "voice", is_on))

    def _wish(self, change: Callable[[Visit], object]) -> None:
        change(self.visit)
        self._watch.percent = self._more_time if self.visit.needs_time else 100
        self.changed.emit()

    def _apply(self, trigger: KioskTrigger) -> None:
        before = self.flow
        self.flow = before.apply(trigger)
        if self.flow.below is not before.below or trigger is _T.ENDED:
            self.visit.since_ms = self._clock.monotonic()
            self._watch.touch(self.visit.since_ms)
        self.changed.emit()
