"""Checks that the PortOne keys open this shop's account; another account has other payments."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.payment_ref import Provider
from posapp.domain.payments import Attempt, Payment
from posapp.domain.refund_evidence import is_our_payment
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

KEPT_FOR = timedelta(days=1)
"""How long PortOne is assumed to remember a registered number."""

MOST_ATTEMPTS = 500
"""Most attempts that are searched for a number: more than a shop makes in a day."""

MOST_PAYMENTS = 3
"""Most payments that are read; more than one, because one may be unreadable."""


def number_of_account(attempt: Attempt, now: datetime) -> str:
    """Return the number of an attempt that this till certainly registered within ``KEPT_FOR``,
    else empty. An account that lacks the number is not this shop's."""
    recent = abs(now - attempt.created_at) <= KEPT_FOR
    return attempt.merchant_uid if attempt.link_url and recent else ""


@dataclass(frozen=True, slots=True)
class AccountEvidence:
    """Evidence that distinguishes this shop's account from another one.

    Attributes:
        number: the oldest number that was certainly registered within ``KEPT_FOR``, or empty. The
            oldest, because wrong keys may have registered newer numbers in another account before
            the error was noticed.
        payments: payments of attempts older than that number, newest first.
    """

    number: str
    payments: tuple[Payment, ...]


def gather_evidence(uow: UnitOfWork, provider: Provider, now: datetime) -> AccountEvidence:
    """Collect the evidence from the newest attempts at this provider. It knows no number that an
    earlier provider of the shop was given."""
    newest = uow.attempts.newest(MOST_ATTEMPTS)
    attempts = [one for one in newest if _is_at(one, provider)]
    recent = [at for at, one in enumerate(attempts) if number_of_account(one, now)]
    if not recent:
        return AccountEvidence("", ())
    oldest = recent[-1]
    paid = (one.imp_uid for one in attempts[oldest + 1 :] if one.imp_uid)
    payments = (uow.payments.get(imp_uid) for imp_uid in islice(paid, MOST_PAYMENTS))
    return AccountEvidence(attempts[oldest].merchant_uid, tuple(one for one in payments if one))


def is_shops_account(store: Store, gateway: PaymentGateway, now: datetime) -> bool:
    """Ask PortOne whether the keys open this shop's account.

    A number that PortOne does not know may be the first one that wrong keys registered, after a day
    without a sale. An older payment, which PortOne never forgets, then shows that the keys are
    right again.

    Raises:
        GatewayError: PortOne could not be asked.
    """
    with store.snapshot() as uow:
        evidence = gather_evidence(uow, gateway.capabilities.provider, now)
    if gateway.is_own_account(evidence.number):
        return True
    if not evidence.payments or not gateway.is_own_account():
        return False
    return any(_holds(gateway, payment) for payment in evidence.payments)


def _holds(gateway: PaymentGateway, payment: Payment) -> bool:
    try:
        reported = gateway.get_payment(payment.ref)
    except GatewayError as error:
        if error.cause is GatewayCause.GARBAGE:  # unreadable: no evidence about the account
            return False
        raise
    return reported is not None and is_our_payment(payment, reported)


def refuse_another_account(store: Store, gateway: PaymentGateway, now: datetime) -> None:
    """Raise unless the keys open this shop's account.

    Call it before concluding that PortOne does not know something.

    Raises:
        GatewayError: ``ACCOUNT``: the keys open another account; or PortOne could not be asked.
    """
    if not is_shops_account(store, gateway, now):
        raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.ACCOUNT)


def should_be_listed(uow: UnitOfWork, provider: Provider) -> bool:
    """Tell whether this provider must list a payment: a buyer opened the page of a live attempt."""
    return any(
        one.first_seen_at is not None and one.is_live and _is_at(one, provider)
        for one in uow.attempts.unconfirmed()
    )


def _is_at(attempt: Attempt, provider: Provider) -> bool:
    return attempt.provider == provider


class AccountCheck:
    """Remembers whether the keys open this shop's account. Thread-safe."""

    def __init__(self, store: Store, gateway: PaymentGateway, clock: Clock) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._lock = threading.Lock()
        self._is_own: bool | None = None

    def is_own(self) -> bool:
        """Ask PortOne whether it is this shop's account, and remember the answer.

        Raises:
            GatewayError: PortOne could not be asked; the remembered answer stays.
        """
        is_own = is_shops_account(self._store, self._gateway, self._clock.now())
        with self._lock:
            self._is_own = is_own
        return is_own

    def require_own(self) -> None:
        """Refuse to register a number in an account that is known to be another shop's.

        With the right keys, the till would not find that number. Nothing is refused before the
        first comparison after a start. Asks PortOne only while the account is refused.

        Raises:
            GatewayError: ``ACCOUNT``, or PortOne could not be asked.
        """
        with self._lock:
            is_refused = self._is_own is False
        if is_refused and not self.is_own():
            raise GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.ACCOUNT)
