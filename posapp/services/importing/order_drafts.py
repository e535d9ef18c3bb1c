"""Orders assembled from lines, and the users and products that they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from posapp.domain.orders import OrderItem
from posapp.domain.users import UserStatus
from posapp.services.importing.rows import ProductRow, UserRow


@dataclass(slots=True)
class DraftLine:
    """One valid line of an order."""

    line: int
    item: OrderItem
    seller_name: str
    product_name: str


@dataclass(slots=True)
class OrderDraft:
    """An order that is being assembled from its lines."""

    line: int
    id: int
    buyer_id: int
    ordered_at: datetime
    buyer_name: str
    buyer_phone: str
    lines: list[DraftLine] = field(default_factory=list)

    def holds(self, product_id: int) -> bool:
        """Whether a valid line of the order has this product."""
        return any(each.item.product_id == product_id for each in self.lines)


class Named:
    """Users and products that good orders name; if names differ, the newest order's are used."""

    def __init__(self) -> None:
        self._people: dict[int, tuple[datetime, UserRow]] = {}
        self._sellers: dict[int, tuple[datetime, UserRow]] = {}
        self._seen: dict[int, datetime] = {}
        self.products: dict[int, ProductRow] = {}

    def note(self, draft: OrderDraft) -> None:
        """Add the users and products of a good order."""
        at = draft.ordered_at
        buyer = self._people.get(draft.buyer_id)
        if buyer is None or at >= buyer[0]:
            row = UserRow(
                draft.line, draft.buyer_id, draft.buyer_name, None, None, draft.buyer_phone,
                listed=False,
            )  # fmt: skip
            self._people[draft.buyer_id] = (at, row)
        for each in draft.lines:
            self._note_line(at, each)

    def _note_line(self, at: datetime, each: DraftLine) -> None:
        item = each.item
        known = self._sellers.get(item.seller_id)
        if known is None or (each.seller_name and at >= known[0]) or not known[1].name:
            row = UserRow(
                each.line, item.seller_id, each.seller_name or None, None, None, None,
                UserStatus.SELLER, listed=False,
            )  # fmt: skip
            self._sellers[item.seller_id] = (at, row)
        if item.product_id not in self._seen or at >= self._seen[item.product_id]:
            self._seen[item.product_id] = at
            self.products[item.product_id] = ProductRow(
                each.line, item.product_id, item.seller_id, each.product_name, item.price, 0,
                listed=False,
            )  # fmt: skip

    def users(self) -> list[UserRow]:
        """Return one row per user. A seller who also buys is a seller with the buyer's phone."""
        people = {key: row for key, (_, row) in self._people.items()}
        for key, (_, row) in self._sellers.items():
            buyer = people.get(key)
            people[key] = UserRow(
                row.line, key, row.name or (buyer.name if buyer else None), None, None,
                buyer.phone if buyer else None, UserStatus.SELLER, listed=False,
            )  # fmt: skip
        return list(people.values())
