"""Job that issues and cancels cash receipts in the background, and asks for those that the law
wants without being asked."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from datetime import timedelta

from posapp.domain.actors import TILL
from posapp.domain.cash_receipts import MANDATORY_FROM, TO_SEND, CashReceipt
from posapp.domain.errors import GatewayError
from posapp.services.bookkeeping.receipt_records import cash_of_sale
from posapp.services.cash_receipts.receipt_protocol import ReceiptProtocol, Round
from posapp.services.cash_receipts.request_receipt import ReceiptRequests
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.runtime.periodic_job import STATUS_CHANGED, JobResult
from posapp.services.runtime.status_store import SyncStatusStore

log = logging.getLogger(__name__)

EVERY_MS = 5_000
"""Pause in ms between two looks at what is due."""

AT_ONCE = 20
"""Receipts of one run at most."""

REQUEST_WINDOW = timedelta(minutes=5)
"""Time after the cash in which the buyer can ask for a receipt before it is issued unasked."""

SEARCH_WINDOW = timedelta(days=31)
"""How far back cash without a receipt is looked for."""

LONGEST = timedelta(minutes=10)
MOST_DOUBLINGS = 6


class ReceiptJob:
    """A periodic job (``services.runtime.periodic_job``): the lane of cash receipts. One receipt at
    a time, beside refunds and polls.

    Nothing is sent before PortOne was reconciled since the start, as for refunds.
    """

    name = "cash_receipts"

    def __init__(
        self,
        store: Store,
        clock: Clock,
        protocol: ReceiptProtocol,
        requests: ReceiptRequests,
        status_store: SyncStatusStore,
    ) -> None:
        self._store = store
        self._clock = clock
        self._protocol = protocol
        self._requests = requests
        self._status_store = status_store
        self._lock = threading.Lock()
        self._due_ms = clock.monotonic()
        self._failures: dict[int, int] = {}

    def due_in_ms(self) -> int:
        """Milliseconds until the next run."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def nudge(self) -> None:
        """Run at the next step: something new is due."""
        with self._lock:
            self._due_ms = self._clock.monotonic()

    def run(self) -> JobResult:
        """Ask for what has to be issued, then send what is due; see ``PeriodicJob``."""
        with self._lock:
            self._due_ms = self._clock.monotonic() + EVERY_MS
        changes = [STATUS_CHANGED] if self._request_owed() else []
        status = self._status_store.status
        if not status.may_send or status.online is False:
            return JobResult(tuple(changes))
        with self._store.snapshot() as uow:
            due = uow.cash_receipts.due(self._clock.now(), AT_ONCE)
        error: GatewayError | None = None
        contacted = False
        for receipt in due:
            done = self._protocol.run_once(receipt.id)
            self._postpone(receipt, done)
            changes = [STATUS_CHANGED]
            contacted = contacted or done.contacted
            error = done.error
            if error is not None:
                break  # the others would fail likewise, or wait a moment
        return JobResult(tuple(changes), error, contacted)

    def _request_owed(self) -> bool:
        """Ask for receipts of cash that nobody asked one for, where the settings want that; return
        whether there was any."""
        if not self._requests.rules.is_mandatory:
            return False
        now = self._clock.now()
        with self._store.snapshot() as uow:
            orders = uow.cash_receipts.orders_without(
                now - SEARCH_WINDOW, now - REQUEST_WINDOW, MANDATORY_FROM
            )
            owed = [one for one in orders if _is_owed(uow, one)]
        for order_id in owed:
            with self._store.transaction() as uow:
                # Somebody may have asked for one, or given the cash back, meanwhile.
                if _is_owed(uow, order_id):
                    self._requests.ask_unnamed(uow, TILL, order_id, now)
                    uow.commit()
        return bool(owed)

    def _postpone(self, before: CashReceipt, done: Round) -> None:
        """Write when the receipt is looked at again; failures in a row make the pauses longer."""
        if done.pause is None:
            self._failures.pop(before.id, None)
            return
        failures = self._failures.get(before.id, 0)
        if done.contacted:
            self._failures[before.id] = min(failures + 1, MOST_DOUBLINGS)
        pause = max(done.pause, min(done.pause * (1 << failures), LONGEST))
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(before.id)
            if current is not None and current.state in TO_SEND:
                uow.cash_receipts.save(replace(current, next_at=self._clock.now() + pause))
                uow.commit()


def _is_owed(uow: UnitOfWork, order_id: int) -> bool:
    """Return whether an order's cash is large, and no receipt of it was ever asked for."""
    is_large = cash_of_sale(uow, order_id).amount >= MANDATORY_FROM
    return is_large and not uow.cash_receipts.of_order(order_id)
