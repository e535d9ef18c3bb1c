"""A real store in a real file, a stopped clock, and files as people write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from posapp.services.importing import Batch, ImportService, Report
from posapp.services.importing.layouts import parse_layouts
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.fakes.fixtures import clock, sandbox

__all__ = ["clock", "sandbox"]

NOW = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)
HEAD = "주문번호,주문시각,구매자번호,구매자,판매자번호,판매자,상품번호,상품,가격,수량,상태"
LINE = "7,2026-01-05 14:30,12,김민서,3,이하은,21,소금빵,3200,2,결제대기"


LAYOUTS = parse_layouts(
    (Path(__file__).parents[2] / "resources" / "importing" / "layouts.toml").read_text("utf-8")
)


class StillClock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> int:
        return 0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(tmp_path / "shop.db")
    yield store
    store.close()


@pytest.fixture
def importing(store: SqlStore) -> ImportService:
    return ImportService(store, StillClock(), EVERYTHING, sellers=True, layouts=LAYOUTS)


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, head: str = HEAD, encoding: str = "utf-8", end: str = "\r\n") -> Path:
        path = tmp_path / "orders.csv"
        path.write_bytes("".join(line + end for line in (head, *lines)).encode(encoding))
        return path

    return write


@pytest.fixture
def json_file(tmp_path: Path) -> Callable[[object], Path]:
    def write(shop: object) -> Path:
        path = tmp_path / "shop.json"
        text = shop if isinstance(shop, str) else json.dumps(shop, ensure_ascii=False, indent=1)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def line_of(**changes: str) -> str:
    """The good line with some cells changed, by Korean name."""
    cells = dict(zip(HEAD.split(","), LINE.split(","), strict=True))
    assert changes.keys() <= cells.keys()
    return ",".join({**cells, **changes}.values())


def small_shop() -> dict[str, Any]:
    """A seller, a buyer, two products and one open order of both."""
    return {
        "users": [
            {"id": 3, "name": "이하은", "status": "SELLER"},
            {"id": 12, "name": "김민서", "phone": "010-0000-0012"},
        ],
        "products": [
            {"id": 21, "seller_id": 3, "name": "소금빵", "price": 3200, "stock": 10},
            {"id": 22, "seller_id": 3, "name": "라떼", "price": 4500, "stock": 5},
        ],
        "orders": [
            {
                "id": 7,
                "buyer_id": 12,
                "created_at": "2026-01-05T14:30:00+09:00",
                "items": [
                    _item(71, 21, "소금빵", 3200, 2),
                    _item(72, 22, "라떼", 4500, 1),
                ],
            }
        ],
    }


def paid_shop() -> dict[str, Any]:
    """The small shop, its order paid (10,900 won) and its second item refunded (4,500 won)."""
    shop = small_shop()
    shop["orders"][0]["items"][0]["status"] = "DELIVERY_COMPLETE"
    shop["orders"][0]["items"][1].update(status="CANCEL", cancel_reason="식었어요")
    shop["payments"] = [
        {
            "order_id": 7,
            "imp_uid": "imp_700",
            "merchant_uid": "m-700",
            "amount": 10900,
            "paid_at": "2026-01-05T14:35:00+09:00",
            "sandbox": True,
            "receipt_url": "https://receipt.example/700",
            "cancellations": [
                {
                    "item_id": 72,
                    "cancellation_id": "C-1",
                    "amount": 4500,
                    "reason": "식었어요",
                    "cancelled_at": "2026-01-05T15:00:00+09:00",
                }
            ],
        }
    ]
    return shop


def _item(number: int, product: int, name: str, price: int, count: int) -> dict[str, Any]:
    return {
        "id": number,
        "product_id": product,
        "seller_id": 3,
        "name": name,
        "price": price,
        "count": count,
        "status": "WAITING_FOR_PAYMENT",
    }


def said(of: Batch | Report) -> list[tuple[int, str, str]]:
    """Complaints as (line, cause, field)."""
    return [(each.line, each.cause.value, each.field) for each in of.complaints]
