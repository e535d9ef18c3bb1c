"""Log of prints: the second print of the same paper is a copy of it.

Each print is one checkpoint, ``<paper> <number>``, so that the database records how often and when
a paper was printed. The first print has number 1, whatever its time: a clock can be set back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.cash import CashRefund
from posapp.domain.refunds import Refund, RefundState
from posapp.services.ports.checkpoints import Checkpoints

_REQUESTED = "asked"
_ENDS = {RefundState.CONFIRMED: "returned", RefundState.REFUSED: "refused"}


@dataclass(frozen=True, slots=True)
class PrintRecord:
    """A paper that was printed ``times`` times, first at ``first_at`` (UTC)."""

    times: int
    first_at: datetime

    def again(self) -> PrintRecord:
        """Return the record after one more print."""
        return PrintRecord(self.times + 1, self.first_at)


def order_report_key(order_id: int) -> str:
    """Return the key of the full report of an order."""
    return f"account {order_id}"


def receipt_key(order_id: int) -> str:
    """Return the key of the receipt of an order."""
    return f"receipt {order_id}"


def z_report_key(z_no: int) -> str:
    """Return the key of a Z report."""
    return f"z {z_no}"


def addendum_key(number: int) -> str:
    """Return the key of the addendum of a Z report."""
    return f"addendum {number}"


def refund_slip_key(refund: Refund) -> str:
    """Return the key of a refund's slip. The slips of a requested, a confirmed and a refused refund
    are three papers: each has an original of its own."""
    return f"slip {refund.id} {_ENDS.get(refund.state, _REQUESTED)}"


def cash_slip_key(refund: CashRefund) -> str:
    """Return the key of the slip of cash that was handed out."""
    return f"cash_slip {refund.id}"


def read_printed(checkpoints: Checkpoints, paper: str) -> PrintRecord | None:
    """Return how often a paper was printed; ``None`` if never."""
    first_at = checkpoints.get(f"{paper} 1")
    if first_at is None:
        return None
    times = 1
    while checkpoints.get(f"{paper} {times + 1}") is not None:
        times += 1
    return PrintRecord(times, first_at)


def record_print(checkpoints: Checkpoints, paper: str, at: datetime) -> None:
    """Record one more print of a paper, at ``at`` (UTC)."""
    before = read_printed(checkpoints, paper)
    checkpoints.set(f"{paper} {before.times + 1 if before else 1}", at)
