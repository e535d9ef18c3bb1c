"""Entries of unresolved money: those that need staff first, then the oldest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import Mismatch
from posapp.services.refunds.unresolved_money import UnresolvedRefund


@dataclass(frozen=True, slots=True)
class UnresolvedEntry:
    """An unfinished refund, or a mismatch that no rule could decide: one of the two."""

    refund: UnresolvedRefund | None = None
    mismatch: Mismatch | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Return the identity of the entry across readings."""
        if self.refund is not None:
            return "refund", self.refund.refund.id
        return "mismatch", self.mismatch.id if self.mismatch is not None else 0

    @property
    def needs_person(self) -> bool:
        """Return whether the entry needs a decision by staff."""
        if self.refund is None:
            return True
        return self.refund.refund.state is RefundState.NEEDS_REVIEW

    @property
    def order_id(self) -> int:
        """Return the order of a refund, or 0."""
        return self.refund.refund.order_id if self.refund is not None else 0

    @property
    def can_be_ambiguous(self) -> bool:
        """Return whether a cancellation without a tag may be this refund: only if it was sent."""
        if self.refund is None:
            return False
        refund = self.refund.refund
        return refund.state is RefundState.NEEDS_REVIEW and refund.send_count > 0

    @property
    def numbers(self) -> tuple[str, str]:
        """Return imp_uid and merchant_uid of the payment; empty where there is none."""
        if self.refund is not None:
            payment = self.refund.payment
            return self.refund.refund.imp_uid, payment.merchant_uid if payment else ""
        mismatch = self.mismatch
        return (mismatch.imp_uid, mismatch.merchant_uid) if mismatch is not None else ("", "")

    @property
    def amount(self) -> Won:
        """Return the amount in won."""
        if self.refund is not None:
            return self.refund.refund.amount
        return self.mismatch.amount if self.mismatch is not None else Won(0)

    @property
    def since(self) -> datetime | None:
        """Return the start time (UTC)."""
        if self.refund is not None:
            return self.refund.refund.created_at
        return self.mismatch.found_at if self.mismatch is not None else None


def entries_of(
    refunds: Sequence[UnresolvedRefund], mismatches: Sequence[Mismatch]
) -> tuple[UnresolvedEntry, ...]:
    """Return all entries; the given order (oldest first) is kept within each half."""
    found = [UnresolvedEntry(refund=one) for one in refunds]
    found += [UnresolvedEntry(mismatch=one) for one in mismatches]
    return tuple(sorted(found, key=lambda entry: not entry.needs_person))
