"""What went out on paper, and how often: the second print of the same paper is a copy of it.

One milestone a print, ``<paper> <number>``, so that the database says how often a paper was
printed and when. The first print is the one with number 1, whatever the clock says: clocks are set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.refunds import Refund, RefundState
from posapp.services.ports.milestones import Milestones

_ASKED = "asked"
_ENDS = {RefundState.CONFIRMED: "returned", RefundState.REFUSED: "refused"}


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that went out ``times`` times, the first time at ``first_at`` (UTC)."""

    times: int
    first_at: datetime

    def again(self) -> Printed:
        """The same after one more."""
        return Printed(self.times + 1, self.first_at)


def account_paper(order_id: int) -> str:
    """The name of the paper with everything about an order."""
    return f"account {order_id}"


def slip_paper(refund: Refund) -> str:
    """The name of a refund's slip. That it was asked for, that the money went back and that it was
    refused are three papers: who had the first one printed has no original of the others."""
    return f"slip {refund.id} {_ENDS.get(refund.state, _ASKED)}"


def read_printed(milestones: Milestones, paper: str) -> Printed | None:
    """How often a paper went out, or ``None`` if it never did."""
    first_at = milestones.get(f"{paper} 1")
    if first_at is None:
        return None
    times = 1
    while milestones.get(f"{paper} {times + 1}") is not None:
        times += 1
    return Printed(times, first_at)


def add_printed(milestones: Milestones, paper: str, at: datetime) -> None:
    """A paper went out once more, at ``at`` (UTC)."""
    before = read_printed(milestones, paper)
    milestones.set(f"{paper} {before.times + 1 if before else 1}", at)
