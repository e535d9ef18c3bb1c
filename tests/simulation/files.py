"""Files for import: orders, and claims of payments for them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from posapp.sandbox.records import Payment, Status
from tests.fakes.till import BUYER, SELLER

if TYPE_CHECKING:
    from tests.simulation.scenario_week import ScenarioWeek

FIRST_ORDER = 5_000
WEB_PREFIX = "web-"
"""Prefix of the numbers of the shop's web store, which shares the account."""


def web_payments(now: int, chance: random.Random) -> tuple[Payment, ...]:
    """Make payments of the shop's web store, which has its own records."""
    return tuple(
        Payment(
            imp_uid=f"imp_{chance.randrange(10**12):012d}",
            merchant_uid=f"{WEB_PREFIX}{number}",
            name="웹 주문",
            amount=chance.choice((50_000, 3000, 2000)),
            started_at=now - 7200,
            sequence=0,
            status=Status.PAID,
            pg_tid=f"T{number:019d}",
            paid_at=now - 7000,
            updated_at=now - 7000,
        )
        for number in range(1, 4)
    )


def claims(week: ScenarioWeek, path: Path, chance: random.Random) -> tuple[str, ...]:
    """Write a file of a few orders; return the kinds of payment that it claims, empty if there is
    nothing to claim."""
    first = FIRST_ORDER + 10 * week.imported
    week.imported += 1
    shop: dict[str, list[Mapping[str, object]]] = {"products": [], "orders": [], "payments": []}
    kinds = []
    for order in range(first, first + chance.randint(1, 3)):
        kind = chance.choice(("open", "invented", "web", "web's own", "ours"))
        claimed = _claimed(week, kind, order, chance)
        won = 3000 if claimed is None else int(str(claimed["amount"]))
        _add_order(week, shop, order, won, paid=claimed is not None)
        if claimed is not None:
            shop["payments"].append(claimed)
        kinds.append(kind)
    text = json.dumps({"format": "posapp-shop-1", **shop}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return tuple(kinds)


def _claimed(
    week: ScenarioWeek, kind: str, order: int, chance: random.Random
) -> dict[str, object] | None:
    at = week.clock.true_now() - timedelta(minutes=90)
    web = [one for one in week.books.payments() if one.merchant_uid.startswith(WEB_PREFIX)]
    ours = [one for one in week.books.payments() if one.paid_at and one not in web]
    claimed = {"order_id": order, "amount": 3000, "paid_at": at.isoformat(), "sandbox": True}
    if kind == "invented":
        number = {"imp_uid": f"imp_{order}{order}", "merchant_uid": f"old-{order}"}
        return {**claimed, **number}
    if kind.startswith("web") and web:
        one = chance.choice(web)
        uid = one.merchant_uid if kind == "web's own" else f"old-{order}"
        amount = one.amount if kind == "web's own" else chance.choice((one.amount, 3000))
        return {**claimed, "imp_uid": one.imp_uid, "merchant_uid": uid, "amount": amount}
    if kind == "ours" and ours:
        one = chance.choice(ours)
        uid = chance.choice((one.merchant_uid, f"old-{order}"))
        return {**claimed, "imp_uid": one.imp_uid, "merchant_uid": uid, "amount": one.amount}
    return None


def _add_order(
    week: ScenarioWeek,
    shop: dict[str, list[Mapping[str, object]]],
    order: int,
    won: int,
    *,
    paid: bool,
) -> None:
    item = {"id": order * 10, "product_id": order * 10, "seller_id": SELLER}
    named = {"name": f"가져온 상품 {order}", "price": won}
    shop["products"].append({"id": order * 10, "seller_id": SELLER, **named, "stock": 100})
    status = "COMPLETE_PAYMENT" if paid else "WAITING_FOR_PAYMENT"
    created = week.clock.true_now() - timedelta(hours=2)
    shop["orders"].append(
        {
            "id": order,
            "buyer_id": BUYER,
            "created_at": created.isoformat(),
            "items": [{**item, **named, "count": 1, "status": status}],
        }
    )
