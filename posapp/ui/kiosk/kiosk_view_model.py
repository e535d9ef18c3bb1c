"""Makes the view of a kiosk from its flow, its visit and the payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from posapp.domain.kiosk import KioskState
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.services.kiosk.order_entry import PHONE_DIGITS
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.core.formats import clock, masked_name
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.kiosk.kiosk_controller import KioskController
from posapp.ui.kiosk.kiosk_view import Action, ActionView, KioskView, LineView
from posapp.ui.kiosk.visit import ENLARGED, PrintState
from posapp.ui.payment.payment_controller import PaymentController, PendingAction

_S = KioskState
_DOT = "●"
CHUNK = 20
"""Lines of an order that are shown and spoken at once."""

_NAME = 60
"""Characters of a product's name at most."""

_RETURNS = frozenset({PaymentPhase.RETURNING, PaymentPhase.RETURNED, PaymentPhase.RETURN_FAILED})


class KioskViewModel:
    """Makes views in the current language.

    Args:
        shop: the shop's name.
    """

    def __init__(self, texts: Translator, controller: KioskController, shop: str) -> None:
        self._texts, self._controller, self._shop = texts, controller, shop

    def view(self, chunk: int = 0) -> KioskView:
        """Return what is shown now.

        Args:
            chunk: which part of the lines of an order, from 0.
        """
        controller = self._controller
        below = controller.flow.below
        if controller.pin is not None:
            view = self._exit()
        elif controller.idle_seconds:
            view = self._idle(below)
        else:
            make = {
                _S.START: self._start,
                _S.ORDER: self._order,
                _S.PHONE: self._phone,
                _S.SUMMARY: lambda: self._summary(chunk),
                _S.QR: self._qr,
                _S.OUTCOME: self._outcome,
                _S.MAINTENANCE: self._maintenance,
            }[below]
            view = make()
        view = replace(view, call=self._action(Action.CALL))
        if controller.flow.is_called:
            end = self._action(Action.CALL_END)
            view = replace(view, banner=self._texts("kiosk.called"), call_end=end)
        return view

    def _start(self) -> KioskView:
        visit = self._controller.visit
        title = self._texts("kiosk.start")
        body = (
            ActionView(Action.BEGIN, title),
            ActionView(Action.LANGUAGE, self._texts("kiosk.language")),
            ActionView(
                Action.LARGE, self._large(visit.enlarged), is_on=visit.enlarged > ENLARGED[0]
            ),
            ActionView(Action.CONTRAST, self._texts("kiosk.contrast"), is_on=visit.contrast),
            ActionView(Action.LOW, self._texts("kiosk.low"), is_on=visit.low),
            ActionView(Action.VOICE, self._texts("kiosk.voice"), is_on=visit.voice),
        )
        return KioskView("start", _S.START, title, body=body)

    def _large(self, percent: int) -> str:
        key = "kiosk.large" if percent == ENLARGED[0] else f"kiosk.large_{percent}"
        return self._texts(key)

    def _order(self) -> KioskView:
        digits = self._controller.visit.order_digits
        return self._entry(_S.ORDER, "kiosk.order", digits, is_complete=bool(digits))

    def _phone(self) -> KioskView:
        digits = self._controller.visit.phone_digits
        shown = _hidden(digits, PHONE_DIGITS)
        is_complete = len(digits) == PHONE_DIGITS
        return self._entry(_S.PHONE, "kiosk.phone", shown, is_complete=is_complete)

    def _entry(self, state: KioskState, title: str, shown: str, *, is_complete: bool) -> KioskView:
        controller, texts = self._controller, self._texts
        visit, pause = controller.visit, controller.form.pause_seconds
        can_go_on = is_complete and controller.can_type and controller.is_ready
        message = texts(visit.message, **visit.values) if visit.message else ""
        if pause:
            message = texts("kiosk.pause", seconds=pause)
        return KioskView(
            "entry",
            state,
            texts(title),
            (message,) if message else (),
            tone="error" if message else "",
            entry=shown,
            keys=True,
            body=(self._action(Action.DELETE),),
            main=self._action(Action.NEXT, enabled=can_go_on),
            back=self._action(Action.BACK),
        )

    def turns(self, *, up: bool, down: bool) -> tuple[ActionView, ...]:
        """Return the buttons that turn over what is read, each with whether there is more."""
        turns = (self._action(Action.UP, enabled=up), self._action(Action.DOWN, enabled=down))
        return turns if up or down else ()

    def _summary(self, chunk: int) -> KioskView:
        controller, texts = self._controller, self._texts
        order = controller.payment.order if controller.payment is not None else None
        items = [] if order is None else [one for one in order.items if _counts(one)]
        chunks = max(1, -(-len(items) // CHUNK))
        first = min(chunk, chunks - 1) * CHUNK
        offline = () if controller.is_online else (texts("kiosk.offline"),)
        return KioskView(
            "summary",
            _S.SUMMARY,
            texts("kiosk.to_pay"),
            offline,
            tone="error" if offline else "",
            amount=texts.won(order.total) if order is not None else "",
            lines=self._lines(items[first : first + CHUNK]),
            chunks=chunks,
            main=self._action(Action.PAY, enabled=not offline),
            back=self._action(Action.BACK),
        )

    def _lines(self, items: Sequence[OrderItem]) -> tuple[LineView, ...]:
        texts = self._texts
        return tuple(
            LineView(
                display_text(one.name, _NAME) or texts("kiosk.nameless"),
                texts("kiosk.count", count=one.count),
                texts.won(one.total),
            )
            for one in items
        )

    def _qr(self) -> KioskView:
        controller, texts = self._controller, self._texts
        payment = controller.payment
        progress = payment.progress if payment is not None else None
        phase = progress.phase if progress is not None else PaymentPhase.PREPARING
        order = payment.order if payment is not None else None
        view = KioskView(
            "qr",
            _S.QR,
            texts("kiosk.preparing"),
            amount=texts.won(order.total) if order is not None else "",
            has_code=True,
            tone="busy",
        )
        if payment is None or payment.action is PendingAction.START:
            return view
        if payment.is_scannable:
            is_paying = phase is PaymentPhase.PAYING
            return replace(
                view,
                title=texts("kiosk.paying" if is_paying else "kiosk.scan"),
                tone="notice",
                time_left=texts("kiosk.left", left=clock(payment.countdown.seconds)),
                back=self._stop(payment),
            )
        if progress is None or phase is PaymentPhase.PREPARING:
            return view
        return replace(view, title=texts("kiosk.checking"), has_code=False, is_outcome=True)

    def _stop(self, payment: PaymentController) -> ActionView:
        return self._action(Action.STOP, enabled=payment.action is PendingAction.NONE)

    def _outcome(self) -> KioskView:
        controller, texts = self._controller, self._texts
        payment, visit = controller.payment, controller.visit
        progress = payment.progress if payment is not None else None
        number = visit.entered.order_id if visit.entered is not None else 0
        phase = progress.phase if progress is not None else None
        view = KioskView("outcome", _S.OUTCOME, "", is_outcome=True)
        to_start = self._action(Action.TO_START)
        if phase is PaymentPhase.DONE:
            receipt = texts("kiosk.receipt", number=number)
            paid = self._ended(view, texts("kiosk.paid"), receipt, "success", "done")
            return self._with_receipt(paid)
        if visit.is_freed:
            checked = texts("kiosk.checking_number", number=number)
            return self._ended(view, texts("kiosk.checking"), checked, "busy", "checking")
        if visit.refused:
            return self._ended(view, texts(visit.refused), "", "notice", "over")
        if visit.is_offline:
            return self._retry(view, "kiosk.offline", to_start)
        if phase in _RETURNS:
            refunded = texts("kiosk.returned")
            return self._ended(view, texts("kiosk.failed"), refunded, "error", "failed")
        is_over = phase is PaymentPhase.EXPIRED
        return self._retry(view, "kiosk.expired" if is_over else "kiosk.failed", to_start)

    def _ended(self, view: KioskView, title: str, message: str, tone: str, mark: str) -> KioskView:
        done = self._action(Action.DONE)
        return replace(
            view,
            title=title,
            messages=tuple(filter(None, (message,))),
            tone=tone,
            mark=mark,
            main=done,
        )

    def _with_receipt(self, view: KioskView) -> KioskView:
        """Return the view of a payment with what can be had on paper, and what became of that."""
        if self._controller.receipts is None:
            return view
        state = self._controller.visit.receipt
        said = (self._texts(f"kiosk.print_{state}"),) if state is not PrintState.NONE else ()
        extra = self._action(Action.PRINT, enabled=state.may_print)
        return replace(view, messages=(*view.messages, *said), extra=extra)

    def _retry(self, view: KioskView, title: str, back: ActionView) -> KioskView:
        is_online = self._controller.is_online
        offline = () if is_online else (self._texts("kiosk.offline"),)
        return replace(
            view,
            title=self._texts(title),
            messages=() if title == "kiosk.offline" else offline,
            tone="error",
            mark="failed",
            main=self._action(Action.RETRY, enabled=is_online),
            back=back,
        )

    def _idle(self, below: KioskState) -> KioskView:
        texts = self._texts
        title = texts("kiosk.idle", seconds=self._controller.idle_seconds)
        return KioskView(
            "idle",
            below,
            title,
            main=self._action(Action.CONTINUE),
            back=self._action(Action.TO_START),
        )

    def _maintenance(self) -> KioskView:
        return KioskView("notice", _S.MAINTENANCE, self._texts("kiosk.maintenance"), tone="warning")

    def _exit(self) -> KioskView:
        pin, texts = self._controller.pin, self._texts
        view = KioskView("entry", _S.EXIT, texts("kiosk.exit"), back=self._action(Action.STAY))
        if pin is None or (pin.is_busy and not pin.managers):
            return view
        if not pin.managers:
            free = (texts("kiosk.exit_free"),)
            return replace(view, messages=free, main=self._action(Action.LEAVE))
        count = len(pin.managers)
        name = ""  # whoever stands there may open this screen
        if pin.manager is not None and count > 1:
            name = f"{pin.at + 1}/{count} · {masked_name(display_text(pin.manager.name, _NAME))}"
        wrong = texts(pin.message) if pin.message else ""
        others = (self._action(Action.OTHER_MANAGER),) if count > 1 else ()
        return replace(
            view,
            messages=tuple(one for one in (name, wrong) if one),
            tone="error" if wrong else "",
            entry=_hidden(pin.digits, pin.length),
            keys=True,
            body=(self._action(Action.DELETE), *others),
            main=self._action(Action.LEAVE, enabled=not pin.is_busy and pin.is_complete),
        )

    def _action(self, action: Action, *, enabled: bool = True) -> ActionView:
        return ActionView(action, self._texts(f"kiosk.{action.value}"), enabled)


def _hidden(digits: str, length: int) -> str:
    return " ".join((_DOT * len(digits)).ljust(length, "_"))


def _counts(item: OrderItem) -> bool:
    return item.status is not ItemStatus.CANCEL
