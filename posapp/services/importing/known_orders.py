"""Whether an order of a file is the one that the till knows."""

from __future__ import annotations

from posapp.domain.orders import ITEM_TRANSITIONS, ItemStatus, Order, OrderItem


def is_same_order(told: Order, known: Order, *, any_time: bool) -> bool:
    """Tell whether a file's order is the one that the till knows.

    What was ordered has to be the same. The till may be further than the file (the order was paid
    here since): that is the same order. A file that is further, or elsewhere (cancelled there,
    open here), is not: somebody has to look at it.
    """
    return is_same_purchase(told, known, any_time=any_time) and all(
        _may_become(one.status, other.status)
        for one, other in zip(told.items, known.items, strict=True)
    )


def is_same_purchase(told: Order, known: Order, *, any_time: bool) -> bool:
    """The same things for the same person, whatever became of them."""
    if told.buyer_id != known.buyer_id or len(told.items) != len(known.items):
        return False
    if told.created_at != known.created_at and not any_time:
        return False
    return all(
        _ordered(one) == _ordered(other) for one, other in zip(told.items, known.items, strict=True)
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
