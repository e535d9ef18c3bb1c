"""Whether PortOne's answers are about this shop: keys of another one open other books."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
from posapp.domain.payments import Attempt, Payment
from posapp.domain.refund_evidence import is_our_payment
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store, UnitOfWork

KEPT_FOR = timedelta(days=1)
"""How long PortOne is trusted to remember a registered number."""

MOST_ATTEMPTS = 500
"""Attempts that are looked through for a number: more than a shop makes in a day."""

MOST_PAYMENTS = 3
"""Payments that are asked for: one of them may be unreadable."""


def number_of_account(attempt: Attempt, now: datetime) -> str:
    """The number of an attempt, if this till has certainly registered it, and not long ago: the
    account in which it is not is another one. Empty otherwise."""
    recent = abs(now - attempt.created_at) <= KEPT_FOR
    return attempt.merchant_uid if attempt.link_url and recent else ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells this shop's account from another one.

    Attributes:
        number: the oldest number that was certainly registered, and not long ago, or empty. The
            oldest, because wrong keys may have registered newer ones in another account before
            they were noticed.
        payments: payments of attempts from before that number, the newest first.
    """

    number: str
    payments: tuple[Payment, ...]


def evidence_of(uow: UnitOfWork, now: datetime) -> Evidence:
    """What the newest attempts say of the account."""
    attempts = uow.attempts.newest(MOST_ATTEMPTS)
    recent = [at for at, one in enumerate(attempts) if number_of_account(one, now)]
    if not recent:
        return Evidence("", ())
    oldest = recent[-1]
    paid = (one.imp_uid for one in attempts[oldest + 1 :] if one.imp_uid)
    payments = (uow.payments.get(imp_uid) for imp_uid in islice(paid, MOST_PAYMENTS))
    return Evidence(attempts[oldest].merchant_uid, tuple(one for one in payments if one))


def is_shops_account(store: Store, gateway: PaymentGateway, now: datetime) -> bool:
    """Ask PortOne whether the keys open this shop's account.

    A number that it does not know may itself be the first one that wrong keys registered, on a
    morning after a day without a sale: then a payment from before it, which PortOne never forgets,
    shows that the keys are right again.

    Raises:
        GatewayError: PortOne could not be asked.
    """
    with store.reading() as uow:
        evidence = evidence_of(uow, now)
    if gateway.is_own_account(evidence.number):
        return True
    if not evidence.payments or not gateway.is_own_account():
        return False
    return any(_holds(gateway, payment) for payment in evidence.payments)


def _holds(gateway: PaymentGateway, payment: Payment) -> bool:
    try:
        reported = gateway.read(payment.imp_uid)
    except GatewayError as error:
        if error.cause is GatewayCause.GARBAGE:  # this one says nothing of the account
            return False
        raise
    return reported is not None and is_our_payment(payment, reported)


def refuse_another_account(store: Store, gateway: PaymentGateway, now: datetime) -> None:
    """Stop whoever is about to believe that PortOne does not know something.

    Raises:
        GatewayError: ``ACCOUNT``: the keys open another account; or PortOne could not be asked.
    """
    if not is_shops_account(store, gateway, now):
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
        is_own = is_shops_account(self._store, self._gateway, self._clock.now())
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
