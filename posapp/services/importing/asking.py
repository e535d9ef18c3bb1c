"""The job of asking PortOne for payments that a file named, a portion at a time, until each was
answered."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from posapp.domain.claims import ClaimProblem, PaymentClaim
from posapp.domain.errors import GatewayCause, GatewayError
from posapp.domain.payments import Payment, ReportedPayment
from posapp.domain.verification import UNDECIDED, Problem
from posapp.services.account import refuse_another_account
from posapp.services.chores import STANDING, Done
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import Store

AT_ONCE = 20
"""Payments that one run asks for: other chores get their turn between."""

IDLE_MS = 600_000
AGAIN_MS = 5_000
AGAIN_AT_MOST_MS = 60_000
"""Pauses while nothing waits, and after PortOne could not be reached: doubled in a row."""

OF_ONE = frozenset(
    {GatewayCause.GARBAGE, GatewayCause.SERVER, GatewayCause.REFUSED, GatewayCause.NOT_FOUND}
)
"""Causes that say something about one payment; any other is about the way there, or the keys."""

KINDS: Mapping[Problem | ClaimProblem, MismatchKind] = {
    ClaimProblem.NOT_AT_PORTONE: MismatchKind.NOT_AT_PORTONE,
    ClaimProblem.CANCELS_DIFFER: MismatchKind.CANCELS_DIFFER,
    Problem.AMOUNT_DIFFERS: MismatchKind.AMOUNT_DIFFERS,
    **dict.fromkeys(UNDECIDED, MismatchKind.UNKNOWN_STATUS),
}
"""How what does not fit is named; anything else is another's payment."""

T = TypeVar("T", Payment, PaymentClaim)


class AskingJob(ABC, Generic[T]):
    """A chore (``services.chores``) that reads payments one by one.

    Args:
        live: the till takes real money: payments of test channels are none, and the other way
            round.
    """

    def __init__(self, store: Store, gateway: PaymentGateway, clock: Clock, *, live: bool) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._live = live
        self._lock = threading.Lock()
        self._due_ms = clock.monotonic()
        self._failures = 0

    def due_in_ms(self) -> int:
        """Milliseconds until the next portion."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def run(self) -> Done:
        """Ask for a portion; see ``Chore``."""
        self._wait(AGAIN_MS)
        portion = self._portion()
        error: GatewayError | None = None
        try:
            if portion:  # what another account does not know says nothing
                refuse_another_account(self._store, self._gateway, self._clock.now())
            for one in portion:
                self._ask(one)
        except GatewayError as raised:
            error = raised
            self._wait(min(AGAIN_MS << min(self._failures, 10), AGAIN_AT_MOST_MS))
            self._failures += 1
        else:
            self._failures = 0
            self._wait(self._pause_after(len(portion)))
        return Done((STANDING,) if portion else (), error, asked=bool(portion))

    def _ask(self, one: T) -> None:
        try:
            reported = self._gateway.read(one.imp_uid)
        except GatewayError as error:
            if error.cause not in OF_ONE:
                raise
            self._note_unreadable(one)
        else:
            self._enter(one, reported)

    @abstractmethod
    def _portion(self) -> Sequence[T]:
        """What is to be asked for now, at most ``AT_ONCE``."""

    @abstractmethod
    def _enter(self, one: T, reported: ReportedPayment | None) -> None:
        """Record, or name, what PortOne shows; ``None``: it does not know the payment."""

    @abstractmethod
    def _note_unreadable(self, one: T) -> None:
        """PortOne's answer about this one means nothing now."""

    @abstractmethod
    def _pause_after(self, asked: int) -> int:
        """Milliseconds until the next portion.

        Args:
            asked: how many were asked for in this one.
        """

    def _wait(self, milliseconds: int) -> None:
        with self._lock:
            self._due_ms = self._clock.monotonic() + milliseconds
