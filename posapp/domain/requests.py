"""Exchange and refund requests (교환/환불 신청서): states and guards.

Follows docs/specification.md 2.6, 3 and 5.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from posapp.domain.actors import NOBODY, PORTONE, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.guards import guard_own_item, guard_seller
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.refunds import Refund
from posapp.domain.state_machine import StateMachine
from posapp.domain.text import strip_controls
from posapp.domain.users import User

UNDO_SECONDS = 5
"""Seconds in which a decision can be undone; an approved refund is not sent before they are
over."""

UNDO = timedelta(seconds=UNDO_SECONDS)

MAX_REQUEST_TEXT_LENGTH = 500
"""Characters of a reason or note that are kept; more is cut, never refused."""


class RequestKind(StrEnum):
    """What a buyer asks for."""

    EXCHANGE = "EXCHANGE"
    REFUND = "REFUND"


class RequestState(StrEnum):
    """State of a request: 대기, 승인, 취소."""

    WAIT = "WAIT"
    OK = "OK"
    CANCEL = "CANCEL"


class ClosedBy(StrEnum):
    """Party that ended a request: separates a seller's 거부 from a buyer's own withdrawal.
    ``PORTONE``: PortOne's books show that the item's money was refunded."""

    SELLER = "SELLER"
    BUYER = "BUYER"
    PORTONE = "PORTONE"


class Decision(StrEnum):
    """A seller's decision on a request: 승인 or 거부."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"


class RequestTrigger(StrEnum):
    """Event that changes a request."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DECISION_UNDONE = "decision_undone"


_S, _T = RequestState, RequestTrigger

REQUEST_TRANSITIONS: StateMachine[RequestState, RequestTrigger] = StateMachine(
    "request",
    {
        (_S.WAIT, _T.APPROVED): _S.OK,
        (_S.WAIT, _T.REJECTED): _S.CANCEL,
        (_S.WAIT, _T.WITHDRAWN): _S.CANCEL,
        # Within UNDO_SECONDS only, and never a buyer's own withdrawal: see guard_undo.
        (_S.OK, _T.DECISION_UNDONE): _S.WAIT,
        (_S.CANCEL, _T.DECISION_UNDONE): _S.WAIT,
    },
)


@dataclass(frozen=True, slots=True)
class Request:
    """An exchange or refund request (신청서).

    Attributes:
        processed_at: when it was decided or withdrawn (UTC); ``None`` while it waits.
        processed_by: who decided or withdrew it; ``NOBODY`` while it waits.
        note: the text of the decision; never empty for a rejection.
        refund_id: the refund that an approval started, or ``None``.
    """

    id: int
    kind: RequestKind
    state: RequestState
    seller_id: int
    buyer_id: int
    item_id: int
    order_id: int
    reason: str
    created_at: datetime
    processed_at: datetime | None = None
    processed_by: Actor = NOBODY
    ended_by: ClosedBy | None = None
    note: str = ""
    refund_id: int | None = None

    def close(self, trigger: RequestTrigger, actor: Actor, at: datetime, note: str = "") -> Request:
        """Return the request after it was approved, rejected or withdrawn.

        Raises:
            IllegalTransition: the request is not waiting.
            ValueError: the actor is neither buyer nor seller nor PortOne.
        """
        return replace(
            self,
            state=REQUEST_TRANSITIONS.next_state(self.state, trigger),
            processed_at=at,
            processed_by=actor,
            ended_by=ClosedBy(actor.acts_as.name),
            note=note,
        )

    def ended_by_books(self, at: datetime, refund_id: int | None = None) -> Request:
        """Return the request after PortOne's books showed that the item's money was refunded.

        Args:
            refund_id: the refund that its approval must have started; ``None``: the money was
                refunded without an approval.

        Raises:
            IllegalTransition: the request is not waiting.
        """
        approved = refund_id is not None and self.kind is RequestKind.REFUND
        trigger = RequestTrigger.APPROVED if approved else RequestTrigger.WITHDRAWN
        return replace(
            self,
            state=REQUEST_TRANSITIONS.next_state(self.state, trigger),
            processed_at=at,
            processed_by=PORTONE,
            ended_by=ClosedBy.PORTONE,
            refund_id=refund_id if approved else None,
        )

    def with_refund(self, refund_id: int) -> Request:
        """Return the approved request with the refund that its approval started."""
        return replace(self, refund_id=refund_id)

    def reopened(self) -> Request:
        """Return the request as waiting again, after its decision was undone.

        Raises:
            IllegalTransition: the request is already waiting.
        """
        return replace(
            self,
            state=REQUEST_TRANSITIONS.next_state(self.state, RequestTrigger.DECISION_UNDONE),
            processed_at=None,
            processed_by=NOBODY,
            ended_by=None,
            note="",
            refund_id=None,
        )

    @property
    def undo_until(self) -> datetime | None:
        """Time until which a seller's decision can be undone (UTC); ``None`` if there is none."""
        return undo_deadline(self.ended_by, self.processed_at)


def undo_deadline(ended_by: ClosedBy | None, processed_at: datetime | None) -> datetime | None:
    """Return the time until which a decision can be undone (UTC); ``None``: no seller decided."""
    if ended_by is not ClosedBy.SELLER or processed_at is None:
        return None
    return processed_at + UNDO


def normalise_text(text: str) -> str:
    """Return a reason or note as stored: one line, composed syllables (NFC), at most
    ``MAX_REQUEST_TEXT_LENGTH`` characters."""
    return strip_controls(unicodedata.normalize("NFC", text))[:MAX_REQUEST_TEXT_LENGTH].rstrip()


def guard_create_request(
    actor: Actor,
    user: User | None,
    item: OrderItem | None,
    kind: RequestKind,
    waiting: Request | None,
    refunds: Iterable[Refund],
    reason: str,
) -> OrderItem:
    """Check that a request may be created (docs/specification.md 5); the first guard that fails
    decides; returns the item.

    user404 → orderItem404 → orderItem406 → not delivered → a request waits → a refund of the item
    is open → no reason.

    Args:
        waiting: the waiting request of this item, if there is one.
        refunds: all refunds of this item.
        reason: the reason as it would be stored.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    item = guard_own_item(actor, user, item)
    if item.status is not ItemStatus.DELIVERY_COMPLETE:
        raise UserError(ErrorCode.REQUEST_ITEM_STATE)
    if waiting is not None:
        if waiting.kind is kind:
            raise UserError(ErrorCode.REQUEST_SENT)
        if waiting.kind is RequestKind.REFUND:
            raise UserError(ErrorCode.REQUEST_REFUND_WAITING)
        raise UserError(ErrorCode.REQUEST_EXCHANGE_WAITING)
    guard_no_refund(refunds)
    if not reason:
        raise UserError(ErrorCode.REASON_REQUIRED)
    return item


def guard_own_request(actor: Actor, user: User | None, request: Request | None) -> Request:
    """user404 → seller406 → request404 → request406; returns the request.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    seller = guard_seller(actor, user)
    if request is None:
        raise UserError(ErrorCode.REQUEST_UNKNOWN)
    if request.seller_id != seller.id:
        raise UserError(ErrorCode.REQUEST_OF_ANOTHER)
    return request


def guard_decide(actor: Actor, user: User | None, request: Request | None) -> Request:
    """``guard_own_request`` → request409_1; returns the waiting request.

    Raises:
        UserError: with the code of the first guard that fails; ``REQUEST_DONE`` has the parameters
            ``who`` (``seller:7``) and ``when`` (ISO 8601, UTC) of the earlier decision.
    """
    request = guard_own_request(actor, user, request)
    if request.state is not RequestState.WAIT:
        at = request.processed_at
        raise UserError(
            ErrorCode.REQUEST_DONE,
            who=str(request.processed_by),
            when=at.isoformat() if at is not None else "",
        )
    return request


def guard_undo(actor: Actor, user: User | None, request: Request | None, now: datetime) -> Request:
    """``guard_own_request`` → the undo time is over; returns the decided request.

    Raises:
        UserError: with the code of the first guard that fails.
    """
    request = guard_own_request(actor, user, request)
    until = request.undo_until
    if until is None or now >= until:
        raise UserError(ErrorCode.UNDO_OVER)
    return request


def guard_no_refund(refunds: Iterable[Refund]) -> None:
    """Check that the item has no open refund.

    Raises:
        UserError: ``REFUND_IN_FLIGHT``.
    """
    if any(refund.is_open for refund in refunds):
        raise UserError(ErrorCode.REFUND_IN_FLIGHT)
