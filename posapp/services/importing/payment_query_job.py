"""Job that queries PortOne for payments named by a file, a portion at a time, until each has an
answer."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from posapp.domain.claims import ClaimProblem, PaymentClaim
from posapp.domain.errors import GatewayError
from posapp.domain.payments import Payment, ReportedPayment
from posapp.domain.verification import UNDECIDED, PaymentProblem
from posapp.services.bookkeeping.shop_account import refuse_another_account
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.runtime.connectivity import PER_PAYMENT_CAUSES
from posapp.services.runtime.gateways import Gateways
from posapp.services.runtime.periodic_job import STATUS_CHANGED, JobResult

AT_ONCE = 20
"""Maximum number of payments queried in one run: other jobs need their turn."""

IDLE_MS = 600_000
AGAIN_MS = 5_000
AGAIN_AT_MOST_MS = 60_000
"""Pauses in ms: while nothing waits, and after an unreachable PortOne, doubled each time."""

KINDS: Mapping[PaymentProblem | ClaimProblem, MismatchKind] = {
    ClaimProblem.NOT_AT_PORTONE: MismatchKind.NOT_AT_PORTONE,
    ClaimProblem.CANCELS_DIFFER: MismatchKind.CANCELS_DIFFER,
    PaymentProblem.AMOUNT_DIFFERS: MismatchKind.AMOUNT_DIFFERS,
    **dict.fromkeys(UNDECIDED, MismatchKind.UNKNOWN_STATUS),
}
"""Mismatch kind by problem; any other problem is a ``FOREIGN_PAYMENT``."""

T = TypeVar("T", Payment, PaymentClaim)


class PaymentQueryJob(ABC, Generic[T]):
    """A periodic job (``services.runtime.periodic_job``) that reads payments one by one.

    Args:
        live: whether the till takes real money: then payments of test channels are rejected, else
            real ones.
    """

    def __init__(self, store: Store, gateways: Gateways, clock: Clock, *, live: bool) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._live = live
        self._lock = threading.Lock()
        self._due_ms = clock.monotonic()
        self._failures = 0

    def due_in_ms(self) -> int:
        """Milliseconds until the next portion."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def run(self) -> JobResult:
        """Query one portion; see ``PeriodicJob``."""
        self._wait(AGAIN_MS)
        portion = self._portion()
        error: GatewayError | None = None
        try:
            if portion:  # another account not knowing a payment proves nothing
                gateway = self._gateways.for_(portion[0].ref)  # files name one provider only
                refuse_another_account(self._store, gateway, self._clock.now())
            for one in portion:
                self._ask(one)
        except GatewayError as raised:
            error = raised
            self._wait(min(AGAIN_MS << min(self._failures, 10), AGAIN_AT_MOST_MS))
            self._failures += 1
        else:
            self._failures = 0
            self._wait(self._pause_after(len(portion)))
        return JobResult(
            (STATUS_CHANGED,) if portion else (), error, contacted_gateway=bool(portion)
        )

    def _ask(self, one: T) -> None:
        try:
            reported = self._gateways.for_(one.ref).get_payment(one.ref)
        except GatewayError as error:
            if error.cause not in PER_PAYMENT_CAUSES:
                raise
            self._note_unreadable(one)
        else:
            self._enter(one, reported)

    @abstractmethod
    def _portion(self) -> Sequence[T]:
        """Return the payments to query now, at most ``AT_ONCE``."""

    @abstractmethod
    def _enter(self, one: T, reported: ReportedPayment | None) -> None:
        """Record PortOne's answer or a mismatch; ``None``: PortOne does not know the payment."""

    @abstractmethod
    def _note_unreadable(self, one: T) -> None:
        """Note that PortOne's answer about this payment is unusable now."""

    @abstractmethod
    def _pause_after(self, count: int) -> int:
        """Return the milliseconds until the next portion.

        Args:
            count: number of payments queried in this one.
        """

    def _wait(self, milliseconds: int) -> None:
        with self._lock:
            self._due_ms = self._clock.monotonic() + milliseconds
