"""Refunds: money that goes back, exactly once (spec.md 4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.money import Won
from posapp.domain.numbers import tag_at_end
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
    },
)

IN_FLIGHT = frozenset({RefundState.SENDING, RefundState.UNKNOWN, RefundState.NEEDS_PERSON})
"""Sent, and not known yet what became of it: at most one refund of a payment is in one of these,
and the database holds that. Approved ones wait behind it in the outbox, in their order."""

ENDED = frozenset({RefundState.CONFIRMED, RefundState.REFUSED})


class RefundOrigin(StrEnum):
    """Who wanted the money back."""

    ITEM = "ITEM"
    REJECTED_PAYMENT = "REJECTED_PAYMENT"
    ELSEWHERE = "ELSEWHERE"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money going back of one payment: for one item, or all of a payment that was not accepted.

    Attributes:
        item_id: the order item, or ``None`` when the whole payment goes back.
        amount: always above 0 and always said; PortOne reads a missing amount as everything.
        tag: ``[RF-…]``, unique; it travels in the reason and is looked for in the history.
        checksum: the balance that was read before the last send, in won.
        sends: how many times it was sent.
        unclear_at: when the last send without a clear answer was made (UTC): until PortOne's time
            to act is over it may still land, whatever a later answer says.
        raw_code, raw_text: PortOne's last answer, as evidence.
        approval_needed: somebody else than who asked for it has to approve it; the database holds
            that, too.
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

    def after(self, trigger: RefundTrigger) -> Refund:
        """Return the refund as it is after ``trigger``; the only door to another state.

        Raises:
            IllegalTransition: the refund cannot take that step now.
        """
        return replace(self, state=REFUND_TRANSITIONS.after(self.state, trigger))

    @property
    def tagged_reason(self) -> str:
        """The reason as PortOne gets it, ending in the tag."""
        return f"{plain(self.reason)[:REASON_LIMIT]} {self.tag}".strip()

    @property
    def is_unsent(self) -> bool:
        """Nothing of it was ever sent: it can still be taken back."""
        return self.state is RefundState.APPROVED and self.sends == 0

    @property
    def is_open(self) -> bool:
        """It is neither confirmed nor refused yet."""
        return self.state not in ENDED


class Finding(StrEnum):
    """What reading the payment says about a refund, before anything is sent."""

    DONE = "done"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNCLEAR = "unclear"


def own_line(refund: Refund, reported: ReportedPayment) -> ReportedCancellation | None:
    """Return the line of PortOne's history that carries this refund's tag and its amount, if there
    is one."""
    return next(
        (
            line
            for line in reported.cancellations
            if refund.tag in line.reason and line.amount == refund.amount
        ),
        None,
    )


def ambiguous_lines(
    refund: Refund, reported: ReportedPayment, known: frozenset[str]
) -> tuple[ReportedCancellation, ...]:
    """Return the lines that may be this refund or somebody else's: of its amount, without a tag of
    ours and not recorded yet. Of a refund that waits to be sent for the first time there is none;
    of one that a person has had in hand there may be one though the till never sent it: made in
    PortOne's console."""
    if refund.is_unsent:
        return ()
    return tuple(
        line
        for line in reported.cancellations
        if line.amount == refund.amount
        and line.cancellation_id not in known
        and not _is_of_another(line, refund)
    )


def _is_of_another(line: ReportedCancellation, refund: Refund) -> bool:
    """It ends in a whole tag that is not this refund's. Half a tag says nothing: KakaoPay may cut
    the reason (portone.md, last section)."""
    return tag_at_end(line.reason) not in ("", refund.tag)


def examine(refund: Refund, reported: ReportedPayment, known: frozenset[str]) -> Finding:
    """Step 2 of spec.md 4: what a fresh reading says about this refund.

    Args:
        known: cancellation ids of this payment that are recorded already, ours or another's.

    ``UNCLEAR`` is the answer for anything that the steps do not name: an unknown status; a history
    that does not add up to what was cancelled, as one that PortOne left out (a line that is not
    shown may be this refund); our tag with another amount; or, after a send, a new line of the same
    amount without our tag: PortOne may not have kept the reason whole, so nobody but a person can
    say whose money that was.
    """
    if own_line(refund, reported) is not None:
        return Finding.DONE
    if reported.is_unclear:
        return Finding.UNCLEAR
    if sum(line.amount for line in reported.cancellations) != reported.cancelled or any(
        refund.tag in line.reason for line in reported.cancellations
    ):
        return Finding.UNCLEAR
    if ambiguous_lines(refund, reported, known):
        return Finding.UNCLEAR
    if not reported.money_moved or reported.balance < refund.amount:
        return Finding.IMPOSSIBLE
    return Finding.POSSIBLE


def new_line(
    refund: Refund, before: ReportedPayment, after: ReportedPayment
) -> ReportedCancellation | None:
    """Return the one line of this refund's amount that ``after`` has and ``before`` has not."""
    old = {line.cancellation_id for line in before.cancellations}
    fresh = [line for line in after.cancellations if line.cancellation_id not in old]
    fitting = [line for line in fresh if line.amount == refund.amount]
    return fitting[0] if len(fitting) == 1 else None


def landed(refund: Refund, before: ReportedPayment, answer: ReportedPayment) -> bool:
    """Tell whether PortOne's clear answer to a send shows that this refund was made.

    Our tag in the history shows it; so does a balance that is smaller by exactly the amount with
    one new line of it, because PortOne compared the checksum first (and KakaoPay may not keep the
    reason whole: portone.md, last section).
    """
    if own_line(refund, answer) is not None:
        return True
    return (
        answer.imp_uid == refund.imp_uid
        and answer.balance == before.balance - refund.amount
        and new_line(refund, before, answer) is not None
    )


def plain(text: str) -> str:
    """Return ``text`` without control and direction marks, on one line: for the wire and slips."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
