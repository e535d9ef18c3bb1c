"""Comparison of an order in a file with the known order of the same number."""

from __future__ import annotations

from posapp.domain.orders import ITEM_TRANSITIONS, ItemStatus, Order, OrderItem


def is_same_order(given: Order, known: Order, *, any_time: bool) -> bool:
    """Tell whether a file's order is the order that the till knows.

    The purchase must be the same. The known statuses must be reachable from the file's (the order
    was paid here since). If the file is further, or differs otherwise (cancelled in the file, open
    here), the orders differ and staff must check.
    """
    return is_same_purchase(given, known, any_time=any_time) and all(
        _may_become(one.status, other.status)
        for one, other in zip(given.items, known.ordered_items, strict=True)
    )


def is_same_purchase(given: Order, known: Order, *, any_time: bool) -> bool:
    """Whether buyer, time and items are equal; statuses are ignored. Items of which a part was
    refunded are compared as they were ordered."""
    ordered = known.ordered_items
    if given.buyer_id != known.buyer_id or len(given.items) != len(ordered):
        return False
    if given.created_at != known.created_at and not any_time:
        return False
    return all(
        _ordered(one) == _ordered(other) for one, other in zip(given.items, ordered, strict=True)
    )


def _ordered(item: OrderItem) -> tuple[int, int, int, str, int, int]:
    return item.id, item.product_id, item.seller_id, item.name, int(item.price), item.count


def _reachable() -> dict[ItemStatus, set[ItemStatus]]:
    steps = {(start, end) for (start, _), end in ITEM_TRANSITIONS.table.items()}
    reached = {status: {status} for status in ItemStatus}
    for _ in ItemStatus:
        for start, end in steps:
            for ends in reached.values():
                if start in ends:
                    ends.add(end)
    return reached


_REACHABLE = _reachable()


def _may_become(start: ItemStatus, end: ItemStatus) -> bool:
    return end in _REACHABLE[start]
