"""Facts that the simulator knows and no till can: the item of each cancel in the console, and
actions in files that are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from posapp.domain.merchant_numbers import item_id_of, trailing_tag
from posapp.sandbox.records import Cancellation, Payment


class Truth:
    """Facts of a whole week, whichever file knows them.

    Attributes:
        meant: the item that a cancel of the console was for, by its cancellation id.
        made_at: when that cancel was made, in microseconds of the scheduler.
        attempted: orders that ever had a QR.
        decided: requests that were ever decided.
        delivered: items that ever left the shop.
        explained: mismatches that a person explained: (kind, merchant_uid, imp_uid).
        answered: payments of which a person assigned a cancel.
        sent_at: when a refund was first sent, in microseconds of the scheduler, by its tag.
    """

    def __init__(self) -> None:
        self.meant: dict[str, int] = {}
        self.made_at: dict[str, int] = {}
        self.attempted: set[int] = set()
        self.decided: set[int] = set()
        self.delivered: set[int] = set()
        self.explained: set[tuple[str, str, str]] = set()
        self.answered: set[str] = set()
        self.sent_at: dict[str, int] = {}

    def console_meant(self, cancellation_id: str, item: int, now: int) -> None:
        """Record that a cancel in the console was for this item."""
        self.meant[cancellation_id], self.made_at[cancellation_id] = item, now

    def items_of(self, lines: Iterable[Cancellation]) -> dict[int, list[Cancellation]]:
        """Return the cancels of single items, by item: the till's by tag, the console's by the item
        that the person there meant."""
        found: dict[int, list[Cancellation]] = defaultdict(list)
        for line in lines:
            item = self.item_of(line)
            if item is not None:
                found[item].append(line)
        return found

    def item_of(self, line: Cancellation) -> int | None:
        """Return the item of a cancel; ``None`` if it was not for a single item."""
        if line.cancellation_id in self.meant:
            return self.meant[line.cancellation_id]
        tag = trailing_tag(line.reason)
        return item_id_of(tag) if tag else None

    def is_console(self, line: Cancellation) -> bool:
        """Whether the cancel is one of the console for a single item."""
        return line.cancellation_id in self.meant

    def is_refund(self, payment: Payment, item: int | None, tag: str) -> bool:
        """Whether one of the payment's cancels is this refund, as a person finds out: it has its
        tag, or it was for the same item, in the console or by a file that is gone; independently of
        how much of the reason PortOne shows."""
        return any(
            tag in line.reason or (item is not None and self.item_of(line) == item)
            for line in payment.cancellations
        )
