"""The ledger: append-only facts about money and goods."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.actors import Actor
from posapp.domain.money import Won

GENESIS = "0" * 64
"""Previous hash of the first entry."""

FIRST_FORM, SECOND_FORM, THIRD_FORM = 1, 2, 3
FORM = THIRD_FORM
"""Hash form of new entries; older rows keep theirs. From form 2 on, the hash covers the form's
number; form 3 covers provider and till, too."""


class LedgerEvent(StrEnum):
    """Event that an entry records.

    From ``REFUND_TAKEN_OVER`` to ``DATABASE_RESTORED``: what a person decided; from
    ``DELIVERY_PREPARED`` on: steps of an item's delivery. Neither moves money (amount 0).
    ``REFUND_TAKEN_OVER``: nothing more is sent for the refund until a person decides.
    ``REFUND_MOVED_TO_CASH``: the money of a refused refund goes back in cash.
    ``REFUND_REQUEUED``: the refund may be sent again. ``CANCELLATION_DISOWNED``: none of the
    payment's recorded cancellations is this refund. ``DATABASE_RESTORED``: a backup replaced the
    database. ``DELIVERY_STEP_UNDONE``: the last step of the item's delivery was undone.
    ``ITEM_DIVIDED``: some pieces of an item became an item of their own, to be refunded.
    ``DISCOUNT_GIVEN``: an order of the counter has a discount; its won are the reference.

    From ``CASH_RECEIVED`` on: what a drawer has. ``CASH_RETURNED``: cash that was received for an
    order is the buyer's again, as the rest was not paid. ``CASH_OVER_SHORT``: what was counted
    without what was expected. ``SHIFT_CLOSED``: the drawer was emptied; so the entries of a closed
    shift come to 0. ``DRAWER_OPENED``: without a sale. The reference of each names the shift.

    ``CASH_RECEIPT_ISSUED``, ``CASH_RECEIPT_CANCELLED``: a cash receipt (현금영수증); its approval
    number is the reference, our number of it the reason.
    """

    PAYMENT_CAPTURED = "PAYMENT_CAPTURED"
    PAYMENT_REJECTED = "PAYMENT_REJECTED"
    REFUND_APPROVED = "REFUND_APPROVED"
    REFUND_CONFIRMED = "REFUND_CONFIRMED"
    REFUND_REFUSED = "REFUND_REFUSED"
    CANCELLED_EXTERNALLY = "CANCELLED_ELSEWHERE"
    ITEM_CANCELLED = "ITEM_CANCELLED"
    MISMATCH_EXPLAINED = "MISMATCH_EXPLAINED"
    REQUEST_APPROVED = "REQUEST_APPROVED"
    REQUEST_REJECTED = "REQUEST_REJECTED"
    REQUEST_WITHDRAWN = "REQUEST_WITHDRAWN"
    REQUEST_REOPENED = "REQUEST_REOPENED"
    REFUND_WITHDRAWN = "REFUND_WITHDRAWN"
    REPLACEMENT_SENT = "REPLACEMENT_SENT"
    REPLACEMENT_STOPPED = "REPLACEMENT_STOPPED"
    SEAL_BEGUN = "SEAL_BEGUN"
    REFUND_TAKEN_OVER = "REFUND_TAKEN_OVER"
    REFUND_REQUEUED = "REFUND_REQUEUED"
    REFUND_MOVED_TO_CASH = "REFUND_MOVED_TO_CASH"
    CANCELLATION_DISOWNED = "CANCELLATION_DISOWNED"
    DATABASE_RESTORED = "DATABASE_RESTORED"
    DELIVERY_PREPARED = "DELIVERY_PREPARED"
    ITEM_SHIPPED = "ITEM_SHIPPED"
    ITEM_DELIVERED = "ITEM_DELIVERED"
    ITEM_HANDED_OVER = "ITEM_HANDED_OVER"
    DELIVERY_STEP_UNDONE = "DELIVERY_STEP_UNDONE"
    ITEM_DIVIDED = "ITEM_DIVIDED"
    DISCOUNT_GIVEN = "DISCOUNT_GIVEN"
    CASH_RECEIVED = "CASH_RECEIVED"
    CASH_RETURNED = "CASH_RETURNED"
    CASH_REFUNDED = "CASH_REFUNDED"
    CASH_PAID_IN = "CASH_PAID_IN"
    CASH_PAID_OUT = "CASH_PAID_OUT"
    SHIFT_OPENED = "SHIFT_OPENED"
    CASH_OVER_SHORT = "CASH_OVER_SHORT"
    SHIFT_CLOSED = "SHIFT_CLOSED"
    DRAWER_OPENED = "DRAWER_OPENED"
    CASH_RECEIPT_ISSUED = "CASH_RECEIPT_ISSUED"
    CASH_RECEIPT_CANCELLED = "CASH_RECEIPT_CANCELLED"


CASH_EVENTS = frozenset(
    {
        LedgerEvent.CASH_RECEIVED,
        LedgerEvent.CASH_RETURNED,
        LedgerEvent.CASH_REFUNDED,
        LedgerEvent.CASH_PAID_IN,
        LedgerEvent.CASH_PAID_OUT,
        LedgerEvent.SHIFT_OPENED,
        LedgerEvent.CASH_OVER_SHORT,
        LedgerEvent.SHIFT_CLOSED,
    }
)
"""Events of a drawer; what is expected in it is the sum of them. All others that move money are
about money that PortOne holds."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A fact without a position in the chain yet.

    Attributes:
        amount: won that came in (above 0) or went out (below 0); 0 for facts that move no money.
            ``PAYMENT_REJECTED`` carries money that came in and must be refunded.
        reference: PortOne's number of it (imp_uid, cancellation id), the shift of cash, or empty.
        provider: the provider of the payment that it is about (a ``Provider``'s value), or empty:
            it is about no recorded payment, or was written before form 3.
        till: number of the till whose ledger it is in.
    """

    event: LedgerEvent
    amount: Won
    actor: Actor
    at: datetime
    order_id: int | None = None
    item_id: int | None = None
    imp_uid: str = ""
    reference: str = ""
    reason: str = ""
    provider: str = ""
    till: int = 0


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A fact at its position: ``hash`` covers all of it and the hash of the previous entry.

    Attributes:
        form: the form of the hash (``entry_hash``).
    """

    seq: int
    entry: NewEntry
    previous: str
    hash: str
    form: int = FORM

    @property
    def is_unchanged(self) -> bool:
        """Whether the hash is that of the entry at its position, in a form that exists."""
        try:
            return self.hash == entry_hash(self.seq, self.entry, self.previous, self.form)
        except ValueError:
            return False


def entry_hash(seq: int, entry: NewEntry, previous: str, form: int = FORM) -> str:
    """Return the SHA-256 of an entry, its position and the previous hash.

    Times count as whole microseconds since 1970 (UTC); text as UTF-8. Each form is fixed: a change
    would break every chain that shops have written.

    Raises:
        ValueError: the form does not exist, or the entry has a provider or till that the form does
            not cover.
    """
    if form not in (FIRST_FORM, SECOND_FORM, THIRD_FORM):
        raise ValueError(f"no form {form} of the ledger's hash")
    covers_identity = form >= THIRD_FORM
    if not covers_identity and (entry.provider or entry.till):
        raise ValueError(f"form {form} covers no provider and no till")
    body: list[object] = [] if form == FIRST_FORM else [form]
    body += [
        seq,
        entry.event.value,
        int(entry.amount),
        str(entry.actor),
        microseconds(entry.at),
        entry.order_id,
        entry.item_id,
        entry.imp_uid,
        entry.reference,
        entry.reason,
        *((entry.provider, entry.till) if covers_identity else ()),
        previous,
    ]
    return hash_body(body)


def hash_body(body: Sequence[object]) -> str:
    """Return the SHA-256 of a row's values as JSON, text as UTF-8: for every chain of this
    program."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link_entry(seq: int, entry: NewEntry, previous: str, form: int = FORM) -> LedgerEntry:
    """Return a fact at its position after the entry whose hash is ``previous``."""
    return LedgerEntry(seq, entry, previous, entry_hash(seq, entry, previous, form), form)


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """First wrong row of a ledger: its number and its fault."""

    seq: int
    what: str


class ChainedRow(Protocol):
    """A row of a chain: of the ledger, or of the staff events."""

    @property
    def seq(self) -> int:
        """Position, from 1."""
        ...

    @property
    def previous(self) -> str:
        """Hash of the row before."""
        ...

    @property
    def hash(self) -> str:
        """Hash of this row."""
        ...

    @property
    def is_unchanged(self) -> bool:
        """Whether the hash is that of the row's content."""
        ...


class ChainVerifier:
    """Checks a chain from its first row and reports the first wrong row.

    Feed it row by row (a chain may be long); it keeps only the last hash.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._previous = GENESIS

    def verify_next(self, row: ChainedRow) -> ChainBreak | None:
        """Check the next row; return its fault, or ``None``."""
        expected = self.rows + 1
        if row.seq != expected:
            return ChainBreak(expected, "missing")
        if row.previous != self._previous:
            return ChainBreak(row.seq, "broken_link")
        if not row.is_unchanged:
            return ChainBreak(row.seq, "changed")
        self.rows += 1
        self._previous = row.hash
        return None

    @property
    def head(self) -> str:
        """Hash of the last valid row."""
        return self._previous


def microseconds(at: datetime) -> int:
    """Return a time as whole microseconds since 1970 (UTC)."""
    whole = int(at.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + at.microsecond
