"""Whether PortOne's answers are about this shop: keys of another one open other books."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
from posapp.domain.payments import Attempt
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store, UnitOfWork

KEPT_FOR = timedelta(days=1)
"""How long PortOne is trusted to remember a registered number."""

MOST_ATTEMPTS = 500
"""Attempts that are looked through for a number: more than a shop makes in a day."""


def number_of_account(attempt: Attempt, now: datetime) -> str:
    """The number of an attempt, if this till has certainly registered it, and not long ago: the
    account in which it is not is another one. Empty otherwise."""
    recent = abs(now - attempt.created_at) <= KEPT_FOR
    return attempt.merchant_uid if attempt.link_url and recent else ""


def oldest_number(uow: UnitOfWork, now: datetime) -> str:
    """The oldest such number among the newest attempts, or empty. The oldest, because wrong keys
    may have registered newer ones in another account before they were noticed."""
    numbers = (number_of_account(one, now) for one in uow.attempts.newest(MOST_ATTEMPTS))
    return next((number for number in reversed(tuple(numbers)) if number), "")


def refuse_another_account(store: Store, gateway: PaymentGateway, now: datetime) -> None:
    """Stop whoever is about to believe that PortOne does not know something.

    Raises:
        GatewayError: ``ACCOUNT``: the keys open another account; or PortOne could not be asked.
    """
    with store.reading() as uow:
        number = oldest_number(uow, now)
    if not gateway.is_own_account(number):
        raise GatewayError(Outcome.UNKNOWN, GatewayCause.ACCOUNT)


def should_be_listed(uow: UnitOfWork) -> bool:
    """A buyer was seen on the page of an attempt that is not over: PortOne has a payment of it."""
    return any(one.opened_at is not None and one.is_live for one in uow.attempts.uncertain())


class AccountCheck:
    """What is known of the account that the keys open. Thread-safe."""

    def __init__(self, store: Store, gateway: PaymentGateway, clock: Clock) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._lock = threading.Lock()
        self._is_own: bool | None = None

    def is_own(self) -> bool:
        """Ask PortOne whether it is this shop's account, and remember the answer.

        Raises:
            GatewayError: PortOne could not be asked; what was known stays.
        """
        with self._store.reading() as uow:
            number = oldest_number(uow, self._clock.now())
        is_own = self._gateway.is_own_account(number)
        with self._lock:
            self._is_own = is_own
        return is_own

    def require_own(self) -> None:
        """Refuse to register a number in an account that is known to be another shop's: it would
        be looked for in vain once the right keys are there. Before the first comparison of a start
        nothing is known, and nothing is refused. Asks PortOne only while the account is refused.

        Raises:
            GatewayError: ``ACCOUNT``, or PortOne could not be asked.
        """
        with self._lock:
            is_refused = self._is_own is False
        if is_refused and not self.is_own():
            raise GatewayError(Outcome.RETRY_SAFE, GatewayCause.ACCOUNT)
