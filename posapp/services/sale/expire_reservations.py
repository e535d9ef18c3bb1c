"""Job that ends the counter's orders that nobody paid, and gives their stock back."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from posapp.domain.actors import TILL
from posapp.domain.errors import UserError
from posapp.domain.orders import ItemStatus, Order
from posapp.services.bookkeeping.cash_records import held_cash
from posapp.services.bookkeeping.item_cancellation import cancel_item
from posapp.services.bookkeeping.payment_gap import guard_no_lost_payment, guard_reconciled
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.runtime.periodic_job import STATUS_CHANGED, JobResult

REASON = "결제 시간 초과"
EVERY_MS = 30_000
"""Pause in ms between two looks at the orders."""


class ReservationJob:
    """A periodic job (``services.runtime.periodic_job``).

    An order of the counter ends once it waited for ``reserve_minutes`` and no money can come for it
    any more: each of its attempts is over, and PortOne was asked about it until that was certain.
    Cash that was received for it has to be given back first.
    Without a network, or beside a difference that nobody explained, its stock stays reserved. An
    order of a time to come was made by a clock that was ahead: it ends like one whose time is over,
    instead of keeping its stock until that time.

    Args:
        minutes: ``SaleRules.reserve_minutes``.
    """

    name = "reservations"

    def __init__(self, store: Store, clock: Clock, minutes: int) -> None:
        self._store = store
        self._clock = clock
        self._reserved = timedelta(minutes=minutes)
        self._lock = threading.Lock()
        self._due_ms = clock.monotonic()

    def due_in_ms(self) -> int:
        """Milliseconds until the next run."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def run(self) -> JobResult:
        """End what is over; see ``PeriodicJob``. Each order is a transaction of its own."""
        with self._lock:
            self._due_ms = self._clock.monotonic() + EVERY_MS
        now = self._clock.now()
        with self._store.snapshot() as uow:
            waiting = uow.orders.reserved_outside(now - self._reserved, now + self._reserved)
            over = [number for number in waiting if _unpaid(uow, number) is not None]
        ended = [number for number in over if self._end(number, now)]
        return JobResult((STATUS_CHANGED,) if ended else ())

    def _end(self, number: int, now: datetime) -> bool:
        with self._store.transaction() as uow:
            order = _unpaid(uow, number)
            if order is None:
                return False
            for item in order.items:
                if item.status is ItemStatus.WAITING_FOR_PAYMENT:
                    cancel_item(uow, item, TILL, REASON, now)
            uow.commit()
        return True


def _unpaid(uow: UnitOfWork, number: int) -> Order | None:
    """Return an order for which no money can come any more; else ``None``."""
    order = uow.orders.get(number)
    if order is None or order.is_paid:
        return None
    if held_cash(uow, number):
        return None
    if any(one.is_live or one.next_check_at is not None for one in uow.attempts.for_order(number)):
        return None
    try:
        guard_reconciled(uow)
        guard_no_lost_payment(uow, number)
    except UserError:
        return None
    return order
