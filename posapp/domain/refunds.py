"""Refunds: money that goes back, exactly once (docs/specification.md 4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.payments import ReportedCancellation, ReportedPayment
from posapp.domain.transitions import Transitions

REASON_LIMIT = 200
"""Characters of a person's reason that are sent to PortOne, before the tag."""


class RefundState(StrEnum):
    """Where money that goes back stands."""

    APPROVED = "APPROVED"
    SENDING = "SENDING"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"
    NEEDS_PERSON = "NEEDS_PERSON"


class RefundTrigger(StrEnum):
    """What can happen to a refund."""

    SEND_STARTED = "send_started"
    FOUND_DONE = "found_done"
    FOUND_IMPOSSIBLE = "found_impossible"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ANSWER_UNCLEAR = "answer_unclear"
    NOT_SENT = "not_sent"
    GIVEN_TO_PERSON = "given_to_person"
    REQUEUED = "requeued"
    WITHDRAWN = "withdrawn"
    FOUND_LATE = "found_late"


_S, _T = RefundState, RefundTrigger

REFUND_TRANSITIONS: Transitions[RefundState, RefundTrigger] = Transitions(
    "refund",
    {
        (_S.APPROVED, _T.SEND_STARTED): _S.SENDING,
        (_S.APPROVED, _T.FOUND_DONE): _S.CONFIRMED,
        (_S.APPROVED, _T.FOUND_IMPOSSIBLE): _S.REFUSED,
        (_S.APPROVED, _T.GIVEN_TO_PERSON): _S.NEEDS_PERSON,
        # Taken back before anything was sent: APPROVED says that nothing was. Like every refused
        # refund it counts for nothing and leaves its item free for another.
        (_S.APPROVED, _T.WITHDRAWN): _S.REFUSED,
        (_S.SENDING, _T.CONFIRMED): _S.CONFIRMED,
        (_S.SENDING, _T.FOUND_DONE): _S.CONFIRMED,
        (_S.SENDING, _T.REFUSED): _S.REFUSED,
        (_S.SENDING, _T.ANSWER_UNCLEAR): _S.UNKNOWN,
        (_S.SENDING, _T.NOT_SENT): _S.APPROVED,
        (_S.UNKNOWN, _T.FOUND_DONE): _S.CONFIRMED,
        (_S.UNKNOWN, _T.SEND_STARTED): _S.SENDING,
        (_S.UNKNOWN, _T.FOUND_IMPOSSIBLE): _S.REFUSED,
        (_S.UNKNOWN, _T.GIVEN_TO_PERSON): _S.NEEDS_PERSON,
        (_S.NEEDS_PERSON, _T.FOUND_DONE): _S.CONFIRMED,
        (_S.NEEDS_PERSON, _T.FOUND_IMPOSSIBLE): _S.REFUSED,
        (_S.NEEDS_PERSON, _T.REQUEUED): _S.UNKNOWN,
        # PortOne said no and carried it out all the same: its line with this refund's tag is it.
        (_S.REFUSED, _T.FOUND_LATE): _S.CONFIRMED,
    },
)

IN_FLIGHT = frozenset({RefundState.SENDING, RefundState.UNKNOWN, RefundState.NEEDS_PERSON})
"""Sent, and not known yet what became of it: at most one refund of a payment is in one of these,
and the database holds that. Approved ones wait behind it in the outbox, in their order."""

ENDED = frozenset({RefundState.CONFIRMED, RefundState.REFUSED})


class RefundOrigin(StrEnum):
    """Who wanted the money back.

    ``ITEM``: for one item, or for all that are left (``Refund.covers``). ``REJECTED_PAYMENT``: the
    payment was not accepted. ``ELSEWHERE``: a cancel that this till did not make.
    """

    ITEM = "ITEM"
    REJECTED_PAYMENT = "REJECTED_PAYMENT"
    ELSEWHERE = "ELSEWHERE"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money going back of one payment: for one item, for all that are left, or all of a payment
    that was not accepted.

    Attributes:
        item_id: the order item, or ``None`` when the whole payment goes back.
        amount: always above 0 and always said; PortOne reads a missing amount as everything.
        tag: ``[RF-…]``, unique; it travels in the reason and is looked for in the history.
        checksum: the balance that was read before the last send, in won.
        sends: how many times it was sent.
        unclear_at: when the last send without a clear answer was made (UTC), as evidence. That
            there was one counts; how long it may still land is counted by the monotonic clock.
        raw_code, raw_text: PortOne's last answer, as evidence.
        approval_needed: somebody else than who asked for it has to approve it; the database holds
            that, too.
        refused_as: why PortOne refused it (a ``GatewayCause``'s value), or empty.
        reviewed_to: the id of the last refund of the payment that was recorded when a person said
            that none of the cancels there was this refund; 0: nobody was asked.
        follows: the refund of which this one sends the rest back, or ``None``.
        covers: the items whose money it is, if it is all that is left of a payment: their ids in
            words.
    """

    id: int
    imp_uid: str
    order_id: int
    item_id: int | None
    origin: RefundOrigin
    amount: Won
    reason: str
    tag: str
    asked_by: str
    approved_by: str
    created_at: datetime
    state: RefundState = RefundState.APPROVED
    checksum: Won | None = None
    sends: int = 0
    sent_at: datetime | None = None
    unclear_at: datetime | None = None
    confirmed_at: datetime | None = None
    cancellation_id: str = ""
    raw_code: int | None = None
    raw_text: str = ""
    approval_needed: bool = False
    refused_as: str = ""
    reviewed_to: int = 0
    follows: int | None = None
    covers: str = ""

    def after(self, trigger: RefundTrigger) -> Refund:
        """Return the refund as it is after ``trigger``; the only door to another state.

        Raises:
            IllegalTransition: the refund cannot take that step now.
        """
        return replace(self, state=REFUND_TRANSITIONS.after(self.state, trigger))

    @property
    def item_ids(self) -> tuple[int, ...]:
        """The items whose money it is; none of a payment that was not accepted."""
        if self.item_id is not None:
            return (self.item_id,)
        return tuple(map(int, self.covers.split()))

    @property
    def tagged_reason(self) -> str:
        """The reason as PortOne gets it, ending in the tag, which alone has square brackets: words
        that look like another item's tag must not be one where KakaoPay cuts ours off."""
        words = plain(self.reason).replace("[", "(").replace("]", ")")
        return f"{words[:REASON_LIMIT]} {self.tag}".strip()

    @property
    def is_unsent(self) -> bool:
        """Nothing of it was ever sent: it can still be taken back."""
        return self.state is RefundState.APPROVED and self.sends == 0

    @property
    def is_open(self) -> bool:
        """It is neither confirmed nor refused yet."""
        return self.state not in ENDED


def own_line(refund: Refund, reported: ReportedPayment) -> ReportedCancellation | None:
    """Return the line of PortOne's history that ends in this refund's tag and has its amount, if
    there is one. What stands before a tag at the end are a person's words, another tag among them.
    """
    return next(
        (
            line
            for line in reported.cancellations
            if line.reason.rstrip().endswith(refund.tag) and line.amount == refund.amount
        ),
        None,
    )


def plain(text: str) -> str:
    """Return ``text`` without control and direction marks, on one line: for the wire and slips."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def guard_approval(asked_by: str, approved_by: str, *, needed: bool) -> None:
    """Where approval is asked for, it is another person's than who asked for the money; the
    database holds the same.

    Args:
        needed: approval is asked for.

    Raises:
        UserError: ``REFUND_OWN_APPROVAL``: it is the same person, or nobody is named.
    """
    if needed and (not asked_by or not approved_by or asked_by == approved_by):
        raise UserError(ErrorCode.REFUND_OWN_APPROVAL)
