"""Cash receipts (현금영수증): their states, and what a reading of PortOne says about one.

A receipt has a number of its own (``own_no``), under which PortOne issues one receipt for ever. It
is read before each send and never sent again blindly, as refunds are (docs/specification.md 2.10).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.receipt_identity import UNNAMED_NUMBER, IdentityKind, ReceiptPurpose
from posapp.domain.state_machine import StateMachine

OWN_NO_LIMIT = 40
"""Characters of our number of a receipt: letters and digits only, as one payment company takes no
others."""

_ROOM = 36
"""Characters of the first number of an order; the others have a count behind it."""

MANDATORY_FROM = Won(100_000)
"""Cash from which listed trades issue a receipt unasked (소득세법 162의3④)."""

DUE_AFTER = timedelta(days=5)
"""Time from the cash to the last day of a receipt for nobody (소득세법 시행령 210의3⑬)."""


class ReceiptState(StrEnum):
    """State of a cash receipt.

    ``REQUESTED``: waits to be sent, or for a person who issues it elsewhere. ``SENDING``,
    ``CANCELLING``: the call is being made. ``UNKNOWN``, ``CANCEL_UNKNOWN``: its answer was unclear.
    ``REFUSED``, ``CANCEL_REFUSED``: a person decides.
    """

    REQUESTED = "REQUESTED"
    SENDING = "SENDING"
    UNKNOWN = "UNKNOWN"
    ISSUED = "ISSUED"
    REFUSED = "REFUSED"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    CANCELLING = "CANCELLING"
    CANCEL_UNKNOWN = "CANCEL_UNKNOWN"
    CANCEL_REFUSED = "CANCEL_REFUSED"
    CANCELLED = "CANCELLED"


class ReceiptTrigger(StrEnum):
    """Event that changes a cash receipt.

    ``ENTERED``: a person says that it was made elsewhere, with the approval number.
    """

    SEND_STARTED = "send_started"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ANSWER_UNCLEAR = "answer_unclear"
    NOT_SENT = "not_sent"
    FOUND_ISSUED = "found_issued"
    FOUND_CANCELLED = "found_cancelled"
    CANCEL_BEGUN = "cancel_begun"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"
    ENTERED = "entered"


_S, _T = ReceiptState, ReceiptTrigger

RECEIPT_TRANSITIONS: StateMachine[ReceiptState, ReceiptTrigger] = StateMachine(
    "cash receipt",
    {
        (_S.REQUESTED, _T.SEND_STARTED): _S.SENDING,
        (_S.REQUESTED, _T.FOUND_ISSUED): _S.ISSUED,
        (_S.REQUESTED, _T.FOUND_CANCELLED): _S.CANCELLED,
        (_S.REQUESTED, _T.ENTERED): _S.ISSUED,
        (_S.REQUESTED, _T.WITHDRAWN): _S.CANCELLED,
        (_S.REQUESTED, _T.GIVEN_UP): _S.REFUSED,
        (_S.SENDING, _T.CONFIRMED): _S.ISSUED,
        (_S.SENDING, _T.REFUSED): _S.REFUSED,
        (_S.SENDING, _T.ANSWER_UNCLEAR): _S.UNKNOWN,
        (_S.SENDING, _T.NOT_SENT): _S.REQUESTED,
        (_S.UNKNOWN, _T.SEND_STARTED): _S.SENDING,
        (_S.UNKNOWN, _T.FOUND_ISSUED): _S.ISSUED,
        (_S.UNKNOWN, _T.FOUND_CANCELLED): _S.CANCELLED,
        # The sale was cancelled, and no send can still be carried out.
        (_S.UNKNOWN, _T.WITHDRAWN): _S.CANCELLED,
        (_S.UNKNOWN, _T.GIVEN_UP): _S.REFUSED,
        (_S.REFUSED, _T.ENTERED): _S.ISSUED,
        (_S.REFUSED, _T.WITHDRAWN): _S.CANCELLED,
        (_S.ISSUED, _T.CANCEL_BEGUN): _S.CANCEL_REQUESTED,
        (_S.CANCEL_REQUESTED, _T.SEND_STARTED): _S.CANCELLING,
        (_S.CANCEL_REQUESTED, _T.FOUND_CANCELLED): _S.CANCELLED,
        (_S.CANCEL_REQUESTED, _T.ENTERED): _S.CANCELLED,
        (_S.CANCELLING, _T.CONFIRMED): _S.CANCELLED,
        (_S.CANCELLING, _T.REFUSED): _S.CANCEL_REFUSED,
        (_S.CANCELLING, _T.ANSWER_UNCLEAR): _S.CANCEL_UNKNOWN,
        (_S.CANCELLING, _T.NOT_SENT): _S.CANCEL_REQUESTED,
        (_S.CANCEL_UNKNOWN, _T.SEND_STARTED): _S.CANCELLING,
        (_S.CANCEL_UNKNOWN, _T.FOUND_CANCELLED): _S.CANCELLED,
        (_S.CANCEL_UNKNOWN, _T.ENTERED): _S.CANCELLED,
        (_S.CANCEL_REFUSED, _T.FOUND_CANCELLED): _S.CANCELLED,
        (_S.CANCEL_REFUSED, _T.ENTERED): _S.CANCELLED,
    },
)

SEALED_STATES = frozenset({ReceiptState.REQUESTED, ReceiptState.SENDING, ReceiptState.UNKNOWN})
"""States in which the number of the buyer may still be needed; in all others it is overwritten."""

AT_PORTONE = frozenset(
    {
        *(ReceiptState.SENDING, ReceiptState.UNKNOWN, ReceiptState.ISSUED),
        *(ReceiptState.CANCEL_REQUESTED, ReceiptState.CANCELLING),
        *(ReceiptState.CANCEL_UNKNOWN, ReceiptState.CANCEL_REFUSED),
    }
)
"""States in which PortOne may hold a receipt. An order has at most one in these, and the database
enforces that: the rest of a sale is issued once the whole receipt is cancelled."""

TO_SEND = frozenset(
    {
        *(ReceiptState.REQUESTED, ReceiptState.SENDING, ReceiptState.UNKNOWN),
        *(ReceiptState.CANCEL_REQUESTED, ReceiptState.CANCELLING, ReceiptState.CANCEL_UNKNOWN),
    }
)
"""States on which the background works."""

UNCLEAR = frozenset({ReceiptState.UNKNOWN, ReceiptState.CANCEL_UNKNOWN})
"""States in which nobody knows whether the last send was carried out."""

OVER = frozenset({ReceiptState.CANCELLED, ReceiptState.REFUSED})
"""States in which a receipt counts for nothing."""


class ReceiptOutcome(StrEnum):
    """What the cash receipt of a sale came to, for a report: it is issued, something is still to be
    done, or a person decides."""

    ISSUED = "ISSUED"
    PENDING = "PENDING"
    FAILED = "FAILED"


def outcome_of(state: ReceiptState) -> ReceiptOutcome | None:
    """Return what a state counts as; ``None``: a cancelled receipt counts for nothing."""
    if state is ReceiptState.CANCELLED:
        return None
    if state is ReceiptState.ISSUED:
        return ReceiptOutcome.ISSUED
    if state in (ReceiptState.REFUSED, ReceiptState.CANCEL_REFUSED):
        return ReceiptOutcome.FAILED
    return ReceiptOutcome.PENDING


class ReceiptProblem(StrEnum):
    """What keeps a receipt from going on, for the person who looks at it.

    ``DIFFERS``: PortOne shows another receipt under our number. ``MISSING``: PortOne does not know
    a receipt that was issued. ``NUMBER_LOST``: the sealed number cannot be opened and is asked for
    again. ``CHANNEL``: the channel of the settings issues no cash receipts. ``REFUSED``: PortOne
    refused it.
    """

    NONE = ""
    DIFFERS = "DIFFERS"
    MISSING = "MISSING"
    NUMBER_LOST = "NUMBER_LOST"
    CHANNEL = "CHANNEL"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class CashReceipt:
    """A cash receipt of the cash of one order.

    Attributes:
        own_no: our number, unique and used once.
        amount, tax_free: won; ``tax_free`` is the exempt part of ``amount``.
        kind: of the buyer's number; ``None`` for a receipt for nobody.
        masked: what is left of the number, or empty.
        sealed: the number, encrypted; ``None`` once it is not needed, and where it was never kept.
        by_hand: a person issues and cancels it elsewhere: nothing is sent.
        approval_no: of the tax office, once it is issued.
        due_at: when it has to be issued at the latest.
        replaces_id: the receipt whose rest this one is.
        cancel_wanted: it is to be cancelled as soon as that is possible.
        send_count: sends of the call that is under way, of issuing or of cancelling.
        last_unknown_at: of the last send without a clear answer; only its presence counts.
        problem, gateway_code, gateway_message: why it does not go on, and PortOne's words.
        next_at: when the background looks at it again.
    """

    id: int
    order_id: int
    purpose: ReceiptPurpose
    amount: Won
    tax_free: Won
    own_no: str
    requested_by: Actor
    created_at: datetime
    due_at: datetime
    next_at: datetime
    kind: IdentityKind | None = None
    masked: str = ""
    sealed: bytes | None = field(default=None, repr=False)
    by_hand: bool = False
    state: ReceiptState = ReceiptState.REQUESTED
    approval_no: str = ""
    issued_at: datetime | None = None
    cancelled_at: datetime | None = None
    replaces_id: int | None = None
    cancel_wanted: bool = False
    send_count: int = 0
    last_unknown_at: datetime | None = None
    problem: ReceiptProblem = ReceiptProblem.NONE
    gateway_code: int | None = None
    gateway_message: str = ""

    def apply(self, trigger: ReceiptTrigger) -> CashReceipt:
        """Return the receipt after an event; the number goes as soon as it is not needed.

        Raises:
            IllegalTransition: its state does not allow it.
        """
        state = RECEIPT_TRANSITIONS.next_state(self.state, trigger)
        sealed = self.sealed if state in SEALED_STATES else None
        return replace(self, state=state, sealed=sealed)

    @property
    def is_over(self) -> bool:
        """Whether it counts for nothing any more."""
        return self.state in OVER

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been issued by now and is not."""
        return now >= self.due_at and self.state in (SEALED_STATES | {ReceiptState.REFUSED})


class ReceiptTaskKind(StrEnum):
    """What a person has to do about a receipt: issue it elsewhere and type the approval number,
    cancel it elsewhere, or know that it is not issued, or not cancelled, yet."""

    ISSUE = "issue"
    CANCEL = "cancel"
    CHECK = "check"


def task_of(receipt: CashReceipt, now: datetime) -> ReceiptTaskKind | None:
    """Return what a person has to do about a receipt; ``None``: nothing."""
    if receipt.state is ReceiptState.REFUSED:
        return ReceiptTaskKind.ISSUE
    if receipt.state is ReceiptState.REQUESTED and receipt.by_hand:
        return ReceiptTaskKind.ISSUE
    if receipt.state is ReceiptState.CANCEL_REFUSED:
        return ReceiptTaskKind.CANCEL
    if receipt.state is ReceiptState.CANCEL_REQUESTED and receipt.by_hand:
        return ReceiptTaskKind.CANCEL
    if receipt.approval_no and receipt.problem is not ReceiptProblem.NONE:
        return ReceiptTaskKind.CANCEL
    if receipt.state in UNCLEAR or receipt.is_overdue(now):
        return ReceiptTaskKind.CHECK
    return None


@dataclass(frozen=True, slots=True)
class ReportedReceipt:
    """A cash receipt as PortOne shows it.

    Attributes:
        is_company: issued as an expense of a business (지출증빙).
        cancelled_at: ``None`` while it is valid.
    """

    own_no: str
    approval_no: str
    amount: Won
    is_company: bool
    issued_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it is cancelled as a whole."""
        return self.cancelled_at is not None


@dataclass(frozen=True, slots=True)
class ReceiptRules:
    """What the settings say about cash receipts.

    Attributes:
        is_mandatory: cash of 100,000 won or more gets one unasked.
        unnamed_number: the number of a receipt for nobody.
    """

    is_mandatory: bool = True
    unnamed_number: str = UNNAMED_NUMBER


def is_ours(receipt: CashReceipt, reported: ReportedReceipt) -> bool:
    """Return whether a reading shows this receipt: our number, our amount, and our purpose."""
    return (
        reported.own_no == receipt.own_no
        and reported.amount == receipt.amount
        and reported.is_company == (receipt.purpose is ReceiptPurpose.BUSINESS)
    )


def build_own_no(merchant_uid: str) -> str:
    """Return the number of a new receipt, made from a fresh number of an attempt: letters and
    digits only, with room for :func:`following_no`."""
    return "CR" + "".join(one for one in merchant_uid if one.isalnum())[: _ROOM - 2]


def following_no(first: str, count: int) -> str:
    """Return the number of another receipt of the same order, from its first one.

    Args:
        count: receipts of the order so far.
    """
    return f"{first[:_ROOM]}R{count}"
