"""What a shift came to: the figures of X and Z reports, and what keeps a shift open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import hash_body
from posapp.domain.money import ZERO, Won

DENOMINATIONS = (50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10)
"""권종: notes and coins, in won."""

MOST_PIECES = 99_999
"""Notes or coins of one kind, at most."""


class Blocker(StrEnum):
    """Why a shift cannot be closed, unless somebody names it.

    ``HELD_CASH``: cash waits for the rest of its sale. ``LIVE_QR``: the end of a QR is not known.
    ``OPEN_REFUND``: a refund is not over. ``CASH_REFUND``: 현금 환불 대기. ``DIFFERENCE``: nobody
    explained a difference from PortOne. ``NOT_COMPARED``: PortOne was not compared since the last
    payment; the comparison that comes later makes an addendum (``z_addenda``).
    """

    HELD_CASH = "HELD_CASH"
    LIVE_QR = "LIVE_QR"
    OPEN_REFUND = "OPEN_REFUND"
    CASH_REFUND = "CASH_REFUND"
    DIFFERENCE = "DIFFERENCE"
    NOT_COMPARED = "NOT_COMPARED"


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """One thing that keeps a shift open.

    Attributes:
        number: of the order, attempt, refund, cash refund or mismatch, or of the shift.
        amount: won.
        order_id: the order that it is about; 0: there is none.
    """

    kind: Blocker
    number: int
    amount: Won
    order_id: int = 0

    @property
    def key(self) -> str:
        """How it is named."""
        return f"{self.kind.value}:{self.number}"


@dataclass(frozen=True, slots=True)
class TenderSum:
    """How many times money moved by a tender, and its won."""

    count: int = 0
    amount: Won = ZERO


@dataclass(frozen=True, slots=True)
class CashSums:
    """Cash of a drawer, in won; what goes out is below 0."""

    opening_float: Won = ZERO
    sales: Won = ZERO
    refunds: Won = ZERO
    paid_in: Won = ZERO
    paid_out: Won = ZERO

    @property
    def expected(self) -> Won:
        """예상 현금."""
        return self.opening_float + self.sales + self.refunds + self.paid_in + self.paid_out


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """What was sold and went back since the Z report before, and what the drawer has.

    Attributes:
        from_seq, to_seq: the ledger's entries that they are of: after the first, up to the second.
        sales: orders that were paid.
        discounts: won, as amounts above 0.
        supply, vat: of taxable goods, reckoned once a sale.
        paid, refunded: by tender: ``KAKAOPAY``, ``CASH``.
        receipts: first and last number, or empty.
        drawer_openings: without a sale.
        cash_receipts: 현금영수증 of the cash sales, by ``ISSUED``, ``PENDING`` and ``FAILED``, as
            they are when the report is made; empty in a report that has no line for them.
    """

    from_seq: int
    to_seq: int
    sales: int
    net: Won
    discounts: Won
    supply: Won
    vat: Won
    exempt: Won
    paid: Mapping[str, TenderSum]
    refunded: Mapping[str, TenderSum]
    cash: CashSums
    receipts: tuple[str, str]
    drawer_openings: int
    cash_receipts: Mapping[str, TenderSum] = field(default_factory=dict)

    @property
    def gross(self) -> Won:
        """What the goods would have come to without discounts, in won."""
        return self.net + self.discounts


@dataclass(frozen=True, slots=True)
class ZReport:
    """마감 정산: the figures of a closed shift, as they were; never changed.

    Attributes:
        body: canonical JSON.
        hash: of number, body and the hash of the report before.
    """

    z_no: int
    shift_id: int
    made_at: datetime
    body: str
    hash: str
    previous: str

    @property
    def is_unchanged(self) -> bool:
        """Whether the hash is that of its content."""
        return self.hash == z_hash(self.z_no, self.body, self.previous)


def z_hash(z_no: int, body: str, previous: str) -> str:
    """Return the SHA-256 of a report and the hash of the one before."""
    return hash_body([1, z_no, body, previous])


def canonical(content: Mapping[str, object]) -> str:
    """Return JSON in the one form that is stored: keys in order, no blanks."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def figures_content(figures: ShiftFigures) -> dict[str, object]:
    """Return figures as plain numbers and texts."""
    return {**asdict(figures), "gross": int(figures.gross), "expected": int(figures.cash.expected)}


def counted_won(counts: Mapping[int, int]) -> Won:
    """Return what counted notes and coins come to.

    Raises:
        UserError: ``CASH_COUNT``: no kind of note or coin, or no number of them.
    """
    total = ZERO
    for value, pieces in counts.items():
        if value not in DENOMINATIONS or not 0 <= Won(pieces) <= MOST_PIECES:
            raise UserError(ErrorCode.CASH_COUNT, most=MOST_PIECES)
        total += Won(value * pieces)
    return total
