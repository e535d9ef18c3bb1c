"""Attempts (one QR each), payments (captured money), and payments as PortOne reports them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from posapp.domain.money import ZERO, Won
from posapp.domain.payment_ref import PaymentRef, Provider, Tender
from posapp.domain.state_machine import StateMachine

KAKAOPAY_SESSION = timedelta(minutes=15)
"""Time in which a buyer already in KakaoPay can still pay (docs/portone.md, "KakaoPay channel")."""

MERCHANT_UID_LIMIT = 40

WON = "KRW"
KAKAOPAY = "kakaopay"


class AttemptState(StrEnum):
    """State of an attempt (docs/specification.md 3)."""

    CREATED = "CREATED"
    WAITING = "WAITING"
    PAID = "PAID"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    ABANDONED = "ABANDONED"
    UNKNOWN = "UNKNOWN"


class AttemptTrigger(StrEnum):
    """Event that changes an attempt."""

    LINK_CREATED = "link_made"
    LINK_REFUSED = "link_refused"
    LINK_RESULT_UNKNOWN = "link_uncertain"
    PAYMENT_FOUND = "payment_found"
    PAYMENT_FAILED = "payment_failed"
    TIMED_OUT = "time_over"
    ABANDONED = "given_up"
    RESPONSE_LOST = "answer_lost"


_S, _T = AttemptState, AttemptTrigger

ATTEMPT_TRANSITIONS: StateMachine[AttemptState, AttemptTrigger] = StateMachine(
    "payment attempt",
    {
        (_S.CREATED, _T.LINK_CREATED): _S.WAITING,
        (_S.CREATED, _T.LINK_REFUSED): _S.FAILED,
        (_S.CREATED, _T.LINK_RESULT_UNKNOWN): _S.UNKNOWN,
        (_S.CREATED, _T.ABANDONED): _S.ABANDONED,
        (_S.WAITING, _T.PAYMENT_FOUND): _S.PAID,
        (_S.WAITING, _T.PAYMENT_FAILED): _S.FAILED,
        (_S.WAITING, _T.TIMED_OUT): _S.EXPIRED,
        (_S.WAITING, _T.ABANDONED): _S.ABANDONED,
        (_S.WAITING, _T.RESPONSE_LOST): _S.UNKNOWN,
        # Late payment: a buyer already in KakaoPay can pay, whatever state the till has recorded.
        (_S.CREATED, _T.PAYMENT_FOUND): _S.PAID,
        (_S.FAILED, _T.PAYMENT_FOUND): _S.PAID,
        (_S.EXPIRED, _T.PAYMENT_FOUND): _S.PAID,
        (_S.ABANDONED, _T.PAYMENT_FOUND): _S.PAID,
        (_S.UNKNOWN, _T.PAYMENT_FOUND): _S.PAID,
        (_S.UNKNOWN, _T.PAYMENT_FAILED): _S.FAILED,
        (_S.UNKNOWN, _T.TIMED_OUT): _S.EXPIRED,
        (_S.UNKNOWN, _T.ABANDONED): _S.ABANDONED,
    },
)

LIVE_STATES = frozenset({AttemptState.WAITING, AttemptState.UNKNOWN, AttemptState.CREATED})
"""States in which the attempt occupies its order: the order gets no second QR."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One QR: stored before any call, with an unguessable number.

    Attributes:
        amount: won to pay; PortOne registers it, and the payment is compared with it.
        expires_at: when the link ends by the till's clock (UTC); ``None`` before there is a link.
        first_seen_at: when a buyer was first seen on the payment page (UTC).
        imp_uid: PortOne's number of the payment of this attempt, once known.
        reason: PortOne's own text for the failure, or a cause.
        next_check_at: when PortOne is read next; ``None`` when the result is certain.
        checks_after_end: number of readings since the link ended.
        provider: the provider that made the link; it gives the payment its numbers.
        till: number of the till that started the attempt.
        tax_free: won of the amount that the link declares free of tax.
    """

    id: int
    order_id: int
    merchant_uid: str
    amount: Won
    created_at: datetime
    state: AttemptState = AttemptState.CREATED
    link_url: str = ""
    expires_at: datetime | None = None
    first_seen_at: datetime | None = None
    closed_at: datetime | None = None
    imp_uid: str = ""
    reason: str = ""
    next_check_at: datetime | None = None
    checks_after_end: int = 0
    provider: Provider = Provider.PORTONE_V1
    till: int = 0
    tax_free: Won = ZERO

    def apply(self, trigger: AttemptTrigger, *, reason: str = "") -> Attempt:
        """Return the attempt after ``trigger``; the only way to another state.

        Raises:
            IllegalTransition: the state has no such transition.
        """
        state = ATTEMPT_TRANSITIONS.next_state(self.state, trigger)
        return replace(self, state=state, reason=reason or self.reason)

    @property
    def is_live(self) -> bool:
        """Whether the QR may be on a screen: the attempt is neither paid nor over."""
        return self.state in LIVE_STATES


class PaymentDisposition(StrEnum):
    """Use of captured money: it pays its order, or it has to be refunded."""

    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Payment:
    """A captured payment: the money left the buyer's account.

    Attributes:
        imp_uid: the provider's number of the payment.
        problem: why it was rejected (a ``PaymentProblem``'s value), empty when accepted.
        provider: the provider that captured it, and through which it is refunded.
        tender: what the buyer paid with.
        till: number of the till that sold.
        tax_free: won of the amount that its link declared free of tax. PortOne reports nothing of
            it.
        cash_receipt_issued: as PortOne reports it. The shop issues none for such money.
    """

    imp_uid: str
    merchant_uid: str
    order_id: int
    amount: Won
    paid_at: datetime
    disposition: PaymentDisposition
    receipt_url: str = ""
    sandbox: bool = False
    problem: str = ""
    provider: Provider = Provider.PORTONE_V1
    tender: Tender = Tender.KAKAOPAY
    till: int = 0
    tax_free: Won = ZERO
    cash_receipt_issued: bool = False

    @property
    def ref(self) -> PaymentRef:
        """Reference of the payment at its provider."""
        return PaymentRef(self.provider, self.merchant_uid, self.imp_uid)


class ReportedStatus(StrEnum):
    """PortOne's status of a payment; any other value is UNKNOWN, never a guess."""

    READY = "ready"
    PAID = "paid"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CancellationState(StrEnum):
    """What became of a cancellation at the provider.

    ``SUCCEEDED``: the money went back. ``REQUESTED``: the provider accepted it and has not carried
    it out yet; the money may be gone. ``FAILED``: no money moved. PortOne V1 knows only the first.
    """

    SUCCEEDED = "succeeded"
    REQUESTED = "requested"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReportedCancellation:
    """One line of PortOne's cancel history."""

    amount: Won
    reason: str
    cancellation_id: str
    cancelled_at: datetime | None = None
    receipt_url: str = ""
    state: CancellationState = CancellationState.SUCCEEDED


@dataclass(frozen=True, slots=True)
class ReportedPayment:
    """A payment as PortOne reports it, read at one moment.

    Attributes:
        currency, pg_provider, emb_pg_provider: as PortOne writes them, in any case; compare by
            ``in_won`` and ``by_kakaopay``.
        paid_at: ``None`` proves nothing about money: PortOne documents 0 once the status is not
            paid.
        cancelled: won of the cancellations that succeeded.
        history: the cancellations in every state; ``cancellations`` has those that count.
        cash_receipt_issued: a cash receipt (현금영수증) of it was issued, by whomever.
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
    history: tuple[ReportedCancellation, ...] = ()
    provider: Provider = Provider.PORTONE_V1
    cash_receipt_issued: bool = False

    @property
    def ref(self) -> PaymentRef:
        """Reference by which its provider is asked for it again."""
        return PaymentRef(self.provider, self.merchant_uid, self.imp_uid)

    @property
    def cancellations(self) -> tuple[ReportedCancellation, ...]:
        """Cancellations by which money went back: the only ones that are in a sum or are evidence
        of a refund."""
        return self._in_state(CancellationState.SUCCEEDED)

    @property
    def requested_cancellations(self) -> tuple[ReportedCancellation, ...]:
        """Cancellations that the provider accepted and has not carried out: their money is neither
        gone nor free."""
        return self._in_state(CancellationState.REQUESTED)

    @property
    def failed_cancellations(self) -> tuple[ReportedCancellation, ...]:
        """Cancellations that the provider accepted and could not carry out: no money moved."""
        return self._in_state(CancellationState.FAILED)

    @property
    def refundable_balance(self) -> Won:
        """Balance that PortOne can still refund, in won: derived, because the status after a
        partial cancel may read paid or cancelled (docs/portone.md, "Payment")."""
        return self.amount - self.cancelled

    @property
    def held(self) -> Won:
        """Won that PortOne holds; 0 for a payment that was never captured."""
        return self.refundable_balance if self.was_captured else ZERO

    @property
    def was_captured(self) -> bool:
        """Whether the buyer's money left the account at some time, or may have. Only an open or
        failed try without any cancellation is certain to have moved none.

        Follows from status, amounts and history, never from a time: PortOne documents times as 0
        where the status is another (docs/portone.md, "Payment").
        """
        return self.status not in _UNPAID or self._has_cancellations

    @property
    def is_unclear(self) -> bool:
        """Whether it is unknown what moved: a cancellation is requested and not carried out, or
        status and amounts contradict each other: paid with an amount of 0, cancelled with nothing
        cancelled, open or failed with something cancelled, or an unknown status."""
        if self.requested_cancellations:
            return True
        match self.status:
            case ReportedStatus.PAID:
                return self.amount == 0
            case ReportedStatus.CANCELLED:
                return not self._has_cancellations
            case ReportedStatus.READY | ReportedStatus.FAILED:
                return self._has_cancellations
            case _:
                return True

    @property
    def contradicts_held_money(self) -> bool:
        """Whether the status says that nothing was paid or nothing is left, while the amounts say
        that all of it is still held. An unknown status denies nothing: amounts and history
        count."""
        unpaid = self.status in _UNPAID or self.status is ReportedStatus.CANCELLED
        return unpaid and not self._has_cancellations

    @property
    def moved_at(self) -> datetime | None:
        """Best known time of the payment (UTC): when it was paid, else when it was started, else
        when something of it was first cancelled."""
        cancelled = [one.cancelled_at for one in self.cancellations if one.cancelled_at]
        return self.paid_at or self.started_at or min(cancelled, default=None)

    @property
    def in_won(self) -> bool:
        """Whether the currency is the won; names on the wire have no case."""
        return _same_name(self.currency, WON)

    @property
    def by_kakaopay(self) -> bool | None:
        """Whether KakaoPay took the money, itself or behind another provider; ``None``: the report
        names no provider."""
        named = [one for one in (self.pg_provider, self.emb_pg_provider) if one.strip()]
        return any(_same_name(one, KAKAOPAY) for one in named) if named else None

    @property
    def tender(self) -> Tender:
        """What it was paid with, as far as the report says."""
        return Tender.KAKAOPAY if self.by_kakaopay else Tender.UNKNOWN

    @property
    def _has_cancellations(self) -> bool:
        return self.cancelled > 0 or bool(self.cancellations or self.requested_cancellations)

    def before_cancellations(self) -> ReportedPayment:
        """Return the payment as it was before money went back. Requested cancellations stay: what
        becomes of their money is open."""
        return replace(
            self,
            status=ReportedStatus.PAID,
            cancelled=ZERO,
            history=self.requested_cancellations,
        )

    def _in_state(self, state: CancellationState) -> tuple[ReportedCancellation, ...]:
        return tuple(line for line in self.history if line.state is state)


_UNPAID = frozenset({ReportedStatus.READY, ReportedStatus.FAILED})


def _same_name(one: str, other: str) -> bool:
    """Compare names without case, width and surrounding blanks."""
    folded = [unicodedata.normalize("NFKC", name).casefold().strip() for name in (one, other)]
    return folded[0] == folded[1]
