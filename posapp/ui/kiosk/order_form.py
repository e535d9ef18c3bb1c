"""What a buyer enters to name an order: its number, and the end of a phone number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.kiosk_times import WrongEntries
from posapp.services.kiosk.order_entry import PHONE_DIGITS
from posapp.services.ports.system import Clock
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.kiosk.visit import Visit

if TYPE_CHECKING:
    from posapp.services.kiosk.order_entry import OrderEntry

T = TypeVar("T")


_DONE = frozenset({ErrorCode.ORDER_DONE, ErrorCode.ORDER_ZERO})


def order_refusal(error: Exception) -> str:
    """Return the id of what is said where nothing of the order is to be paid; empty: the error is
    another one."""
    code = error.code if isinstance(error, UserError) else None
    return f"errors.{code.value}" if code in _DONE else ""


class OrderForm(QObject):
    """Takes digits and codes, finds their order, and pauses after wrong ones.

    Args:
        visit_of: returns the visit of the buyer who enters, another one after each reset. What is
            found for an earlier one is dropped.

    Attributes:
        service: finds orders; ``None`` before the services are there.
    """

    changed = Signal()
    """What was entered, or what is said about it, changed."""

    found = Signal(object)
    """An order has this number. Carries the ``EnteredOrder``."""

    confirmed = Signal()
    """The digits of the phone number are right."""

    refused = Signal()
    """No order is shown for what was entered; the visit's message says why."""

    def __init__(
        self, runner: TaskRunner, clock: Clock, visit_of: Callable[[], Visit], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._runner, self._clock, self._visit_of = runner, clock, visit_of
        self._wrong = WrongEntries()
        self.service: OrderEntry | None = None

    @property
    def visit(self) -> Visit:
        """Return the visit of the buyer who enters."""
        return self._visit_of()

    @property
    def is_open(self) -> bool:
        """Return whether something can be entered now: no order is being read, and no pause."""
        return not self.visit.is_busy and not self.pause_seconds

    @property
    def pause_seconds(self) -> int:
        """Return for how many seconds no entry is taken."""
        return self._wrong.wait_s(self._clock.monotonic())

    def type_digit(self, digit: str, *, of_phone: bool) -> None:
        """Add a digit to what is typed."""
        self.visit.say("")
        self.visit.add_digit(digit, of_phone=of_phone)
        self.changed.emit()

    def delete(self, *, of_phone: bool) -> None:
        """Take the last digit back."""
        self.visit.delete_digit(of_phone=of_phone)
        self.changed.emit()

    def submit(self, *, of_phone: bool) -> None:
        """Look for the order of the typed number, or check the digits of the phone number."""
        visit = self.visit
        if not of_phone and visit.order_digits:
            self.find(visit.order_digits)
        elif of_phone and len(visit.phone_digits) == PHONE_DIGITS:
            self._confirm()

    def find(self, text: str) -> None:
        """Look for the order of typed digits or of a scanned code."""
        if self.service is not None:
            self._run(partial(self.service.find, text), self.found.emit)

    def accept(self) -> None:
        """Take note that the order is shown."""
        self.visit.is_busy = False

    def forget_wrong(self) -> None:
        """Count wrong entries anew: an order was paid."""
        self._wrong = WrongEntries()

    def refuse(self, error: Exception) -> None:
        """Say why the order is not shown, and count an unknown one."""
        code = error.code if isinstance(error, UserError) else None
        visit = self.visit
        visit.is_busy = False
        visit.order_digits = visit.phone_digits = ""
        visit.entered = None
        if code is ErrorCode.ORDER_UNKNOWN:
            self._wrong = self._wrong.with_wrong(self._clock.monotonic())
            visit.say("kiosk.wrong")
        else:
            visit.say(order_refusal(error) or "kiosk.offline")
        self.refused.emit()

    def _confirm(self) -> None:
        service, entered = self.service, self.visit.entered
        if service is not None and entered is not None:
            work = partial(service.confirm, entered, self.visit.phone_digits)
            self._run(work, lambda _: self.confirmed.emit())

    def _run(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        visit = self.visit
        visit.is_busy = True
        self.changed.emit()

        def take(outcome: TaskResult[T]) -> None:
            if visit is not self.visit:
                return
            if outcome.error is None:
                done(outcome.value)  # type: ignore[arg-type]
            else:
                self.refuse(outcome.error)

        self._runner.run(work, take, owner=self)
