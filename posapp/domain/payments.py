"""Attempts (one QR each), payments (captured money), and what PortOne reports of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from posapp.domain.money import ZERO, Won
from posapp.domain.transitions import Transitions

SESSION = timedelta(minutes=15)
"""How long a buyer who is inside KakaoPay can still finish (docs/portone.md, "KakaoPay
channel")."""

MERCHANT_UID_LIMIT = 40

WON = "KRW"
KAKAOPAY = "kakaopay"


class AttemptState(StrEnum):
    """Where one QR stands (docs/specification.md 3)."""

    CREATED = "CREATED"
    WAITING = "WAITING"
    PAID = "PAID"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    ABANDONED = "ABANDONED"
    UNKNOWN = "UNKNOWN"


class AttemptTrigger(StrEnum):
    """What can happen to an attempt."""

    LINK_MADE = "link_made"
    LINK_REFUSED = "link_refused"
    LINK_UNCERTAIN = "link_uncertain"
    PAYMENT_FOUND = "payment_found"
    PAYMENT_FAILED = "payment_failed"
    TIME_OVER = "time_over"
    GIVEN_UP = "given_up"
    ANSWER_LOST = "answer_lost"


_S, _T = AttemptState, AttemptTrigger

ATTEMPT_TRANSITIONS: Transitions[AttemptState, AttemptTrigger] = Transitions(
    "payment attempt",
    {
        (_S.CREATED, _T.LINK_MADE): _S.WAITING,
        (_S.CREATED, _T.LINK_REFUSED): _S.FAILED,
        (_S.CREATED, _T.LINK_UNCERTAIN): _S.UNKNOWN,
        (_S.CREATED, _T.GIVEN_UP): _S.ABANDONED,
        (_S.WAITING, _T.PAYMENT_FOUND): _S.PAID,
        (_S.WAITING, _T.PAYMENT_FAILED): _S.FAILED,
        (_S.WAITING, _T.TIME_OVER): _S.EXPIRED,
        (_S.WAITING, _T.GIVEN_UP): _S.ABANDONED,
        (_S.WAITING, _T.ANSWER_LOST): _S.UNKNOWN,
        # A buyer who was inside KakaoPay can pay whatever the till believes: a late payment.
        (_S.CREATED, _T.PAYMENT_FOUND): _S.PAID,
        (_S.FAILED, _T.PAYMENT_FOUND): _S.PAID,
        (_S.EXPIRED, _T.PAYMENT_FOUND): _S.PAID,
        (_S.ABANDONED, _T.PAYMENT_FOUND): _S.PAID,
        (_S.UNKNOWN, _T.PAYMENT_FOUND): _S.PAID,
        (_S.UNKNOWN, _T.PAYMENT_FAILED): _S.FAILED,
        (_S.UNKNOWN, _T.TIME_OVER): _S.EXPIRED,
        (_S.UNKNOWN, _T.GIVEN_UP): _S.ABANDONED,
    },
)

ON_SCREEN = frozenset({AttemptState.WAITING, AttemptState.UNKNOWN, AttemptState.CREATED})
"""States in which the attempt occupies its order: no second QR is drawn beside it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One QR: stored before any call, with a number that nobody can guess.

    Attributes:
        amount: asked for, in won; what PortOne registers and what is compared afterwards.
        expires_at: when the link ends by the till's clock (UTC); ``None`` before there is a link.
        opened_at: when a buyer was first seen on the payment page (UTC).
        imp_uid: PortOne's number of the payment that settled it, once known.
        reason: PortOne's own words of why it failed, or a cause.
        next_check_at: when PortOne is asked next; ``None`` when the attempt is certain.
        checks_done: how many checks were made since the link ended.
    """

    id: int
    order_id: int
    merchant_uid: str
    amount: Won
    created_at: datetime
    state: AttemptState = AttemptState.CREATED
    link_url: str = ""
    expires_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    imp_uid: str = ""
    reason: str = ""
    next_check_at: datetime | None = None
    checks_done: int = 0

    def after(self, trigger: AttemptTrigger, *, reason: str = "") -> Attempt:
        """Return the attempt as it is after ``trigger``; the only door to another state.

        Raises:
            IllegalTransition: the attempt cannot take that step now.
        """
        state = ATTEMPT_TRANSITIONS.after(self.state, trigger)
        return replace(self, state=state, reason=reason or self.reason)

    @property
    def is_live(self) -> bool:
        """The QR may be on a screen: it is neither settled nor over."""
        return self.state in ON_SCREEN


class PaymentStanding(StrEnum):
    """What became of captured money: it pays its order, or it has to go back."""

    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Payment:
    """Captured money: it left the buyer's account.

    Attributes:
        problem: why it was rejected (a ``Problem``'s value), empty when accepted.
    """

    imp_uid: str
    merchant_uid: str
    order_id: int
    amount: Won
    paid_at: datetime
    standing: PaymentStanding
    receipt_url: str = ""
    sandbox: bool = False
    problem: str = ""


class ReportedStatus(StrEnum):
    """PortOne's word for a payment; anything else it may say is UNKNOWN, never a guess."""

    READY = "ready"
    PAID = "paid"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReportedCancellation:
    """One line of PortOne's cancel history."""

    amount: Won
    reason: str
    cancellation_id: str
    cancelled_at: datetime | None = None
    receipt_url: str = ""


@dataclass(frozen=True, slots=True)
class ReportedPayment:
    """A payment as PortOne reports it, read at one moment.

    Attributes:
        currency, pg_provider, emb_pg_provider: as PortOne writes them, in any case; compare by
            ``in_won`` and ``by_kakaopay``.
        paid_at: ``None`` says nothing about money: it is documented as 0 once the status is not
            paid.
    """

    imp_uid: str
    merchant_uid: str
    status: ReportedStatus
    amount: Won
    cancelled: Won = ZERO
    currency: str = "KRW"
    sandbox: bool = False
    pg_provider: str = ""
    emb_pg_provider: str = ""
    name: str = ""
    started_at: datetime | None = None
    paid_at: datetime | None = None
    fail_reason: str = ""
    receipt_url: str = ""
    cancellations: tuple[ReportedCancellation, ...] = ()

    @property
    def balance(self) -> Won:
        """What PortOne can still give back, in won: derived, because the status after a partial
        cancel may read paid or cancelled (docs/portone.md, "Payment")."""
        return self.amount - self.cancelled

    @property
    def held(self) -> Won:
        """Won that PortOne holds: nothing of money that it calls never paid."""
        return self.balance if self.money_moved else ZERO

    @property
    def money_moved(self) -> bool:
        """The buyer's money left the account at some time, or may have: it is certain that none
        did only of a try that is open or failed and of which nothing was ever cancelled.

        Follows from status, amounts and history, never from a time: PortOne documents times as 0
        where the status is another (docs/portone.md, "Payment").
        """
        return self.status not in _UNPAID or self._went_back

    @property
    def is_unclear(self) -> bool:
        """Status and amounts do not go together, so that nobody can say what moved: paid with an
        amount of 0, cancelled with nothing cancelled, open or failed with something cancelled."""
        match self.status:
            case ReportedStatus.PAID:
                return self.amount == 0
            case ReportedStatus.CANCELLED:
                return not self._went_back
            case ReportedStatus.READY | ReportedStatus.FAILED:
                return self._went_back
            case _:
                return True

    @property
    def denies_money(self) -> bool:
        """By its status nothing was paid or nothing is left, while the amounts say that all of it
        is still held. A status that means nothing denies nothing: amounts and history count."""
        unpaid = self.status in _UNPAID or self.status is ReportedStatus.CANCELLED
        return unpaid and not self._went_back

    @property
    def moved_at(self) -> datetime | None:
        """When it was paid (UTC), as well as this report says: else when it was started, else when
        something of it first went back."""
        cancelled = [one.cancelled_at for one in self.cancellations if one.cancelled_at]
        return self.paid_at or self.started_at or min(cancelled, default=None)

    @property
    def in_won(self) -> bool:
        """The currency is the won; names on the wire have no case."""
        return _same_name(self.currency, WON)

    @property
    def by_kakaopay(self) -> bool | None:
        """KakaoPay took the money, itself or behind another provider; ``None``: the report names
        nobody."""
        named = [one for one in (self.pg_provider, self.emb_pg_provider) if one.strip()]
        return any(_same_name(one, KAKAOPAY) for one in named) if named else None

    @property
    def _went_back(self) -> bool:
        return self.cancelled > 0 or bool(self.cancellations)


_UNPAID = frozenset({ReportedStatus.READY, ReportedStatus.FAILED})


def _same_name(one: str, other: str) -> bool:
    """Names as people see them: without case, width and space around."""
    folded = [unicodedata.normalize("NFKC", name).casefold().strip() for name in (one, other)]
    return folded[0] == folded[1]
