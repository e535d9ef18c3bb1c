"""A demo shop with a busy request desk: made by the services, read directly from its file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from posapp.app.demo import open_demo
from posapp.app.shop_config import load_shop
from posapp.domain.actors import Actor
from posapp.domain.requests import RequestKind
from posapp.domain.time_zone import SEOUL
from posapp.sandbox.records import payment_from_plain
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds

SELLER = 2

_DELIVERED = """
SELECT min(i.id), i.buyer_id FROM order_items AS i
JOIN payments AS p ON p.order_id = i.order_id AND p.standing = 'ACCEPTED'
WHERE i.seller_id = ? AND i.status = 'DELIVERY_COMPLETE'
    AND i.order_id NOT IN (SELECT order_id FROM requests)
    AND i.order_id NOT IN (SELECT order_id FROM refunds)
    AND (SELECT count(*) FROM order_items WHERE order_id = i.order_id) > 1
GROUP BY i.order_id
ORDER BY i.order_id
"""
"""One item of each order with several, so that only a part of its payment is refunded."""


@dataclass(frozen=True, slots=True)
class Requested:
    """A request of the file, with the state of its refund and its payment."""

    id: int
    item_id: int
    amount: int
    state: str
    note: str
    refund: str | None
    imp_uid: str


def shop_with_requests(home: Path, refunds: int) -> None:
    """Make a demo shop with this many new refund requests to ``SELLER``, and a request for an
    exchange after each."""
    demo = open_demo(load_shop(str(home), {}), SystemClock(), RandomIds, lambda: None)
    try:
        found = _rows(home, _DELIVERED, SELLER)[: 2 * refunds]
        assert len(found) == 2 * refunds, "the demo shop has not sold enough"
        kinds = (RequestKind.REFUND, RequestKind.EXCHANGE)
        for number, (item_id, buyer_id) in enumerate(found):
            demo.container.request_service.create(
                Actor.buyer(buyer_id), item_id, kinds[number % 2], "마음이 바뀌었어요"
            )
    finally:
        demo.close()


def refunds_requested_this_week(home: Path) -> list[Requested]:
    """Return the requests of the desk's filters 환불 and 이번 주 in any state, newest first."""
    today = datetime.now(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = (today - timedelta(days=today.weekday())).astimezone(UTC)
    rows = _rows(
        home,
        """SELECT q.id, q.item_id, q.amount, q.state, q.note, r.state, p.imp_uid FROM requests AS q
        JOIN payments AS p ON p.order_id = q.order_id AND p.standing = 'ACCEPTED'
        LEFT JOIN refunds AS r ON r.id = q.refund_id
        WHERE q.seller_id = ? AND q.kind = 'REFUND' AND q.created_at >= ?
        ORDER BY q.created_at DESC, q.id DESC""",
        SELLER,
        int(monday.timestamp()) * 1_000_000,
    )
    return [Requested(*row) for row in rows]


def balances(home: Path) -> dict[str, int]:
    """Return the won left of each payment, from the file of the demo's sandbox: it is written
    before each answer, and over HTTP only the demo has access."""
    kept = json.loads((home / "sandbox.json").read_text(encoding="utf-8"))
    return {one["imp_uid"]: payment_from_plain(one).balance for one in kept["payments"]}


def refunds_of(home: Path, item_id: int) -> list[tuple[str, int]]:
    """Return the state of each refund of an item, and its number of sends."""
    return _rows(home, "SELECT state, sends FROM refunds WHERE item_id = ? ORDER BY id", item_id)


def left_to_send(home: Path) -> int:
    """Return the number of refunds that may still be sent."""
    return int(_rows(home, "SELECT count(*) FROM outbox WHERE state <> 'SETTLED'")[0][0])


def _rows(home: Path, query: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(f"{(home / 'posapp.db').as_uri()}?mode=ro", uri=True)) as file:
        return file.execute(query, values).fetchall()
