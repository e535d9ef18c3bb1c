"""Routes a scan to the order it names, or to a message with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from posapp.domain.errors import ErrorCode, UserError
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.scanner.code import SHOWN, keys_of, order_of
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.widgets.question_dialog import QuestionDialog

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService


class TakesScans(Protocol):
    """A screen that may have to stay current.

    ``why_stay`` is a message id with the parameter ``code``, or empty if a scan may lead away.
    """

    @property
    def why_stay(self) -> str:
        """Return why no other order may be opened now, as a message id, or empty."""
        ...


class LivePayment(Protocol):
    """The screen whose order may be paid now, whichever screen is current."""

    @property
    def live_order_id(self) -> int:
        """Return the order whose QR may still be paid, or 0."""
        ...


class ScanRoutes(QObject):
    """Opens scanned orders. A scan never interrupts work in progress.

    Args:
        screens: the screens that may have to stay current, by name.
    """

    to_pay = Signal(object, object)
    """Open an unpaid order: (buyer id, order id)."""

    to_history = Signal(object)
    """Open the history of any other order: its id."""

    to_payment = Signal()
    """The scanned order is the one being paid."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        histories: OrderHistoryService,
        window: MainWindow,
        screens: Mapping[str, TakesScans],
        payment: LivePayment,
    ) -> None:
        super().__init__(window)
        self._texts, self._runner = texts, runner
        self._histories, self._window = histories, window
        self._screens, self._payment = screens, payment

    @Slot(str)
    def take(self, scanned: str) -> None:
        """Process a scanned text."""
        code = display_text(keys_of(scanned), SHOWN) or "?"
        histories, order_id = self._histories, order_of(scanned)
        if self._has_to_stay(code):
            return
        if order_id is None:
            self._say("scan.no_order", code)
            return
        self._runner.run(
            lambda: histories.for_order(order_id),
            partial(self._found, code),
            owner=self,
            key="order",
        )

    def _found(self, code: str, outcome: TaskResult[OrderHistory]) -> None:
        if self._has_to_stay(code):  # it may be another screen by now
            return
        history = outcome.value
        if history is None:
            self._say_why(code, outcome.error)
            return
        order = history.order
        live = self._payment.live_order_id
        if live == order.id:
            self.to_payment.emit()
        elif order.is_paid or not order.active_items or not order.total:
            self.to_history.emit(order.id)
        elif live:
            self._say("scan.while_paying", code)
        else:
            self.to_pay.emit(order.buyer_id, order.id)

    def _say_why(self, code: str, error: Exception | None) -> None:
        if isinstance(error, UserError) and error.code is ErrorCode.ORDER_UNKNOWN:
            self._say("scan.unknown", code)
        else:
            self._say("scan.failed", code, why=self._texts.error(error or RuntimeError()))

    def _has_to_stay(self, code: str) -> bool:
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            say: Callable[[str], None] = self._window.toast.say
            if isinstance(dialog, QuestionDialog):
                say = dialog.show_notice
            say(self._texts("scan.in_dialog", code=code))
            return True
        screen = self._screens.get(self._window.current)
        why = screen.why_stay if screen is not None else ""
        if why:
            self._say(why, code)
        return bool(why)

    def _say(self, message: str, code: str, **others: str) -> None:
        self._window.toast.say(self._texts(message, code=code, **others))
