"""The ledger: facts about money and goods that are added and never changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posapp.domain.money import Won

GENESIS = "0" * 64
"""What stands for "the entry before" in the first entry."""

FIRST_FORM = 1
FORM = 2
"""The form of the hash of entries that are written now; older rows keep theirs. From 2 on the
number of the form is under the hash itself."""


class Fact(StrEnum):
    """What an entry states."""

    PAYMENT_CAPTURED = "PAYMENT_CAPTURED"
    PAYMENT_REJECTED = "PAYMENT_REJECTED"
    REFUND_APPROVED = "REFUND_APPROVED"
    REFUND_CONFIRMED = "REFUND_CONFIRMED"
    REFUND_REFUSED = "REFUND_REFUSED"
    CANCELLED_ELSEWHERE = "CANCELLED_ELSEWHERE"
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


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A fact before it has its place in the chain.

    Attributes:
        amount: won that came in (above 0) or went out (below 0); 0 for facts that move no money.
            ``PAYMENT_REJECTED`` carries money that came in and must go back.
        reference: PortOne's number for it (imp_uid, cancellation id), or empty.
        actor: who: ``buyer:12``, ``seller:3``, ``till``, ``portone``.
    """

    fact: Fact
    amount: Won
    actor: str
    at: datetime
    order_id: int | None = None
    item_id: int | None = None
    imp_uid: str = ""
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A fact in its place: ``hash`` covers everything in it and the hash of the entry before.

    Attributes:
        form: what the hash was made of (``entry_hash``).
    """

    seq: int
    entry: NewEntry
    previous: str
    hash: str
    form: int = FORM


def entry_hash(seq: int, entry: NewEntry, previous: str, form: int = FORM) -> str:
    """Return the SHA-256 of an entry, its place and the hash before it.

    Times count as whole microseconds since 1970 (UTC); text as UTF-8. Each form is fixed: changing
    one would break every chain that shops have written.

    Raises:
        ValueError: there is no such form.
    """
    if form not in (FIRST_FORM, FORM):
        raise ValueError(f"no form {form} of the ledger's hash")
    body: list[object] = [] if form == FIRST_FORM else [form]
    body += [
        seq,
        entry.fact.value,
        int(entry.amount),
        entry.actor,
        _microseconds(entry.at),
        entry.order_id,
        entry.item_id,
        entry.imp_uid,
        entry.reference,
        entry.reason,
        previous,
    ]
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chained(seq: int, entry: NewEntry, previous: str, form: int = FORM) -> LedgerEntry:
    """Put a fact into its place behind the entry whose hash is ``previous``."""
    return LedgerEntry(seq, entry, previous, entry_hash(seq, entry, previous, form), form)


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first row of a ledger that does not fit: its number, and what is wrong with it."""

    seq: int
    what: str


class ChainCheck:
    """Walks a ledger from its first row and names the first wrong one.

    Feed it row by row (a ledger may be long); it keeps only the last hash.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._previous = GENESIS

    def feed(self, row: LedgerEntry) -> ChainFault | None:
        """Take the next row; return what is wrong with it, or ``None``."""
        expected = self.rows + 1
        if row.seq != expected:
            return ChainFault(expected, "missing")
        if row.previous != self._previous:
            return ChainFault(row.seq, "broken_link")
        if row.hash != entry_hash(row.seq, row.entry, row.previous, row.form):
            return ChainFault(row.seq, "changed")
        self.rows += 1
        self._previous = row.hash
        return None

    @property
    def head(self) -> str:
        """The hash of the last row that fitted."""
        return self._previous


def _microseconds(at: datetime) -> int:
    whole = int(at.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + at.microsecond
