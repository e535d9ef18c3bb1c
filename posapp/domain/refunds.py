"""Refunds, each executed exactly once (docs/specification.md 4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.payments import CancellationState, ReportedCancellation, ReportedPayment
from posapp.domain.state_machine import StateMachine
from posapp.domain.text import strip_controls

MAX_REFUND_REASON_LENGTH = 200
"""Characters of a person's reason that are sent to PortOne, before the tag."""

TAGGED_LENGTH = 240
"""Characters of a reason with its tag at most; where the tag is long, the reason is shorter."""


class RefundState(StrEnum):
    """Lifecycle of a refund."""

    APPROVED = "APPROVED"
    SENDING = "SENDING"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"
    NEEDS_REVIEW = "NEEDS_PERSON"


class RefundTrigger(StrEnum):
    """Event that changes a refund."""

    SEND_STARTED = "send_started"
    OBSERVED_DONE = "found_done"
    OBSERVED_IMPOSSIBLE = "found_impossible"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    RESPONSE_UNKNOWN = "answer_unclear"
    NOT_SENT = "not_sent"
    ESCALATED = "given_to_person"
    REQUEUED = "requeued"
    WITHDRAWN = "withdrawn"
    FOUND_LATE = "found_late"


_S, _T = RefundState, RefundTrigger

REFUND_TRANSITIONS: StateMachine[RefundState, RefundTrigger] = StateMachine(
    "refund",
    {
        (_S.APPROVED, _T.SEND_STARTED): _S.SENDING,
        (_S.APPROVED, _T.OBSERVED_DONE): _S.CONFIRMED,
        (_S.APPROVED, _T.OBSERVED_IMPOSSIBLE): _S.REFUSED,
        (_S.APPROVED, _T.ESCALATED): _S.NEEDS_REVIEW,
        # Withdrawn before any send: APPROVED means that nothing was sent. Like every refused
        # refund, it does not count, and its item can have another refund.
        (_S.APPROVED, _T.WITHDRAWN): _S.REFUSED,
        (_S.SENDING, _T.CONFIRMED): _S.CONFIRMED,
        (_S.SENDING, _T.OBSERVED_DONE): _S.CONFIRMED,
        (_S.SENDING, _T.REFUSED): _S.REFUSED,
        (_S.SENDING, _T.RESPONSE_UNKNOWN): _S.UNKNOWN,
        (_S.SENDING, _T.NOT_SENT): _S.APPROVED,
        (_S.UNKNOWN, _T.OBSERVED_DONE): _S.CONFIRMED,
        (_S.UNKNOWN, _T.SEND_STARTED): _S.SENDING,
        (_S.UNKNOWN, _T.OBSERVED_IMPOSSIBLE): _S.REFUSED,
        (_S.UNKNOWN, _T.ESCALATED): _S.NEEDS_REVIEW,
        (_S.NEEDS_REVIEW, _T.OBSERVED_DONE): _S.CONFIRMED,
        (_S.NEEDS_REVIEW, _T.OBSERVED_IMPOSSIBLE): _S.REFUSED,
        (_S.NEEDS_REVIEW, _T.REQUEUED): _S.UNKNOWN,
        # PortOne refused but carried the refund out: a history line has this refund's tag.
        (_S.REFUSED, _T.FOUND_LATE): _S.CONFIRMED,
    },
)

IN_FLIGHT = frozenset({RefundState.SENDING, RefundState.UNKNOWN, RefundState.NEEDS_REVIEW})
"""States of a sent refund with an unknown result. At most one refund of a payment is in one of
these, and the database enforces that. Approved refunds wait behind it in the outbox, in their
order."""

ENDED = frozenset({RefundState.CONFIRMED, RefundState.REFUSED})

OPEN = frozenset(RefundState) - ENDED
"""States of a refund whose money is on its way back, or may be."""


class RefundOrigin(StrEnum):
    """Origin of a refund.

    ``ITEM``: for one item, or for all that are left (``Refund.covers``). ``REJECTED_PAYMENT``: the
    payment was not accepted. ``EXTERNAL``: a cancel that this till did not make.
    """

    ITEM = "ITEM"
    REJECTED_PAYMENT = "REJECTED_PAYMENT"
    EXTERNAL = "ELSEWHERE"


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund of one payment: for one item, for all items that are left, or for all of a payment
    that was not accepted.

    Attributes:
        item_id: the order item, or ``None`` when the refund is not for a single item.
        amount: always above 0 and always sent; PortOne reads a missing amount as everything.
        tag: ``[RF-…]``, unique; sent within the reason and searched for in the history.
        expected_balance: the balance that was read before the last send, in won.
        send_count: how many times it was sent.
        last_unknown_at: when the last send without a clear answer was made (UTC), as evidence. Only
            its presence counts; the time in which that send may still take effect is measured by
            the monotonic clock.
        gateway_code, gateway_message: PortOne's last answer, as evidence.
        approval_needed: another person than the requester has to approve it; the database enforces
            that, too.
        refused_as: why PortOne refused it (a ``GatewayCause``'s value), or empty.
        reviewed_to: the id of the last recorded refund of the payment at the time when a person
            decided that none of the cancellations recorded so far was this refund; 0: no decision.
        follows: the refund whose remainder this one refunds, or ``None``.
        covers: the ids of the items that a refund of all that is left covers, separated by blanks.
        till: number of the till that decided it.
        accepted_line: the provider accepted the last send and had not carried it out by its answer:
            number of the cancellation that it named, or empty if it named none. ``None``: it did
            not. Time alone permits no other send then.
        tax_free: won of the amount that are free of tax, as the cancel says.
    """

    id: int
    imp_uid: str
    order_id: int
    item_id: int | None
    origin: RefundOrigin
    amount: Won
    reason: str
    tag: str
    requested_by: Actor
    approved_by: Actor
    created_at: datetime
    state: RefundState = RefundState.APPROVED
    expected_balance: Won | None = None
    send_count: int = 0
    sent_at: datetime | None = None
    last_unknown_at: datetime | None = None
    confirmed_at: datetime | None = None
    cancellation_id: str = ""
    gateway_code: int | None = None
    gateway_message: str = ""
    approval_needed: bool = False
    refused_as: str = ""
    reviewed_to: int = 0
    follows: int | None = None
    covers: str = ""
    till: int = 0
    accepted_line: str | None = None
    tax_free: Won = ZERO

    def apply(self, trigger: RefundTrigger) -> Refund:
        """Return the refund after ``trigger``; the only way to another state.

        Raises:
            IllegalTransition: the state has no such transition.
        """
        return replace(self, state=REFUND_TRANSITIONS.next_state(self.state, trigger))

    @property
    def item_ids(self) -> tuple[int, ...]:
        """Ids of the refunded items; empty for a payment that was not accepted."""
        if self.item_id is not None:
            return (self.item_id,)
        return tuple(map(int, self.covers.split()))

    @property
    def tagged_reason(self) -> str:
        """Reason as sent to PortOne, ending in the tag. Only the tag has square brackets: where
        KakaoPay cuts it off, text that looks like another item's tag must not count as a tag."""
        text = strip_controls(self.reason).replace("[", "(").replace("]", ")")
        most = min(MAX_REFUND_REASON_LENGTH, TAGGED_LENGTH - len(self.tag) - 1)
        return f"{text[:most]} {self.tag}".strip()

    @property
    def was_never_sent(self) -> bool:
        """Whether nothing was ever sent, so that the refund can be withdrawn."""
        return self.state is RefundState.APPROVED and self.send_count == 0

    @property
    def is_open(self) -> bool:
        """Whether the refund is neither confirmed nor refused yet."""
        return self.state not in ENDED


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """A provider's answer to a send that it neither refused nor left unclear.

    Attributes:
        payment: the payment after the send; ``None`` if the provider answers without it. The next
            reading then decides.
        line: the cancellation that the provider names as this one, if it names one.
    """

    state: CancellationState
    payment: ReportedPayment | None = None
    line: ReportedCancellation | None = None


def find_own_cancellation(refund: Refund, reported: ReportedPayment) -> ReportedCancellation | None:
    """Return the line of PortOne's history that ends in this refund's tag and has its amount, if
    there is one. Text before the tag at the end is free text, even if it contains another tag."""
    return next((line for line in reported.cancellations if is_own_line(refund, line)), None)


def is_own_line(refund: Refund, line: ReportedCancellation) -> bool:
    """Return whether the line ends in this refund's tag and has its amount, in whatever state."""
    return line.reason.rstrip().endswith(refund.tag) and line.amount == refund.amount


def guard_approval(requested_by: Actor, approved_by: Actor, *, needed: bool) -> None:
    """Check that a required approval is by another person than the requester; the database enforces
    the same.

    Args:
        needed: approval is required.

    Raises:
        UserError: ``REFUND_OWN_APPROVAL``: it is the same person, or one of the two is not named.
    """
    are_named = requested_by.is_named and approved_by.is_named
    if needed and (not are_named or requested_by.is_same_person(approved_by)):
        raise UserError(ErrorCode.REFUND_OWN_APPROVAL)
