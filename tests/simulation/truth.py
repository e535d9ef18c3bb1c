"""What the simulator knows and no till can: whose money each cancel of the console was, and what
was ever done in files that are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from posapp.domain.numbers import item_in, tag_at_end
from posapp.sandbox.records import Cancellation, Payment


class Truth:
    """Facts of a whole week, whichever file knows them.

    Attributes:
        meant: the item that a cancel of the console was for, by its cancellation id.
        made_at: when that cancel was made, in microseconds of the stage.
        attempted: orders that ever had a QR.
        decided: requests that were ever decided.
        delivered: items that ever left the shop.
        explained: mismatches that a person explained: (kind, merchant_uid, imp_uid).
        answered: payments of which a person said whose a cancel is.
        sent_at: when a refund was first sent, in microseconds of the stage, by its tag.
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
        """Somebody in the console sent the money of an item back."""
        self.meant[cancellation_id], self.made_at[cancellation_id] = item, now

    def items_of(self, lines: Iterable[Cancellation]) -> dict[int, list[Cancellation]]:
        """The cancels of single items, by item: the till's by its tag, the console's by what the
        person there meant."""
        found: dict[int, list[Cancellation]] = defaultdict(list)
        for line in lines:
            item = self.item_of(line)
            if item is not None:
                found[item].append(line)
        return found

    def item_of(self, line: Cancellation) -> int | None:
        """The item whose money a cancel was; ``None`` if it was no single item's."""
        if line.cancellation_id in self.meant:
            return self.meant[line.cancellation_id]
        tag = tag_at_end(line.reason)
        return item_in(tag) if tag else None

    def is_console(self, line: Cancellation) -> bool:
        """Somebody in the console meant a single item with it."""
        return line.cancellation_id in self.meant

    def is_refund(self, payment: Payment, item: int | None, tag: str) -> bool:
        """What a person finds out who is asked whether one of a payment's cancels is a refund: it
        has its tag, or somebody sent the same item's money back, in the console or by a file that
        is gone; whatever of the reason PortOne shows."""
        return any(
            tag in line.reason or (item is not None and self.item_of(line) == item)
            for line in payment.cancellations
        )
