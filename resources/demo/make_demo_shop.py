"""Writes the demo shop: ``python resources/demo/make_demo_shop.py`` (any Python from 3.11 on).

It makes ``shop.json`` and ``order_lines.csv`` beside itself, always the same bytes: a neighbourhood
café with a bakery and two makers of goods, 30 buyers and 200 orders of the 30 days before ``BASE``,
in every state. All people are invented, and numbers 010-0000-xxxx are not assigned. The formats are
described in ``posapp/services/importing``; the importer can move the times so that ``BASE`` is now.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

SEED = 20260130
SEOUL = timezone(timedelta(hours=9))
BASE = datetime(2026, 1, 30, 20, 30, tzinfo=SEOUL)

Record = dict[str, Any]

SELLERS = (
    (1, "김도윤", "카페 소담", "cafe@sodam.example"),
    (2, "이하은", "소담 베이커리", "bakery@sodam.example"),
    (3, "박정우", "골목 잡화점", "goods@sodam.example"),
    (4, "최유진", "손끝 공방", "craft@sodam.example"),
)
LONG_MILK = "딸기 생크림 우유 (딸기를 직접 졸여 만든 청과 매일 아침 받아 오는 목장 우유)"
LONG_SET = "핸드드립 세트 (드리퍼·서버·여과지 100매·계량스푼, 선물 포장과 손글씨 카드 포함)"
PRODUCTS = (  # id, seller, name, price, stock, category
    (11, 1, "아메리카노", 4000, 300, "커피"),
    (12, 1, "카페라떼", 4500, 220, "커피"),
    (13, 1, "바닐라라떼", 5000, 180, "커피"),
    (14, 1, "콜드브루", 4800, 90, "커피"),
    (15, 1, "제주 말차라떼", 5500, 120, "음료"),
    (16, 1, "수제 유자차", 5200, 64, "음료"),
    (17, 1, LONG_MILK, 6200, 40, "음료"),
    (21, 2, "소금빵", 3200, 85, "빵"),
    (22, 2, "크루아상", 3800, 60, "빵"),
    (23, 2, "통밀 식빵", 6500, 24, "빵"),
    (24, 2, "앙버터 바게트", 5800, 18, "빵"),
    (25, 2, "레몬 마들렌", 2800, 72, "구움과자"),
    (26, 2, "초코칩 쿠키", 2500, 150, "구움과자"),
    (27, 2, "딸기 생크림 케이크 2호", 38000, 6, "케이크"),
    (31, 3, "원두 200g 소담 블렌드", 14000, 45, "원두"),
    (32, 3, LONG_SET, 42000, 9, "용품"),
    (33, 3, "소담 머그컵", 12000, 33, "용품"),
    (34, 3, "에코백", 15000, 0, "용품"),
    (41, 4, "수제 도자기 찻잔 2인 세트", 56000, 5, "공예"),
    (42, 4, "말린 꽃 향초", 18000, 21, "공예"),
)  # fmt: skip
OLD_PRICES = {11: 3800, 21: 3000}
"""Prices of two products until ten days before ``BASE``: orders keep the price of their day."""

BUYERS = (
    ("김민서", "아침엔라떼"), ("이서준", "빵순이아빠"), ("박지우", "콩콩"),
    ("최예린", "소금빵러버"), ("정하준", "동네한바퀴"), ("강수아", "수아네"),
    ("조은우", "우주커피"), ("윤다인", "다인"), ("장시윤", "책읽는고양이"),
    ("임채원", "채원맘"), ("한지호", "호호"), ("오서연", "연이"),
    ("서준영", "준영"), ("신유나", "유나의하루"), ("권도현", "새벽러너"),
    ("황지안", "지안"), ("안태오", "테오"), ("송나은", "나은공방"),
    ("전우진", "우진"), ("홍가온", "가온누리"), ("고은채", "은채"),
    ("문성민", "성민쌤"), ("양하율", "하율이네"), ("손이안", "이안"),
    ("배주원", "주원"), ("백소율", "소율"), ("허건우", "건우"),
    ("유로아", "로아"), ("선우별", "별"),
    ("남궁하늘", "하늘에서내려온커피한잔과오늘의빵을사랑하는사람"),
)  # fmt: skip

WAIT, PAID, READY = "WAITING_FOR_PAYMENT", "COMPLETE_PAYMENT", "WAITING_FOR_DELIVERY"
SHIPPING, DELIVERED, CANCEL = "SHIPPING", "DELIVERY_COMPLETE", "CANCEL"

# Kinds of orders by age, the oldest first: (days before BASE from, to, how many of each kind).
AGES = (
    (30, 7, {"delivered": 70, "one back": 10, "all back": 5, "cancelled": 10, "open": 5}),
    (7, 2, {"shipping": 20, "ready": 20, "paid": 10}),
    (2, 0, {"paid": 15, "open": 35}),
)
STATUS = {"open": WAIT, "paid": PAID, "ready": READY, "shipping": SHIPPING, "cancelled": CANCEL}

CHANGED_MIND = ("단순 변심", "다른 상품으로 다시 주문할게요", "수량을 잘못 골랐어요")
SENT_BACK = ("배송 중 파손", "주문한 것과 다른 상품이 왔어요", "유통기한이 가까워요")

REQUESTED_OF_100 = 20
"""Delivered items of a hundred that have a request."""

ENDS = (  # kind, state, who ended it, note
    ("REFUND", "WAIT", "", ""), ("REFUND", "WAIT", "", ""), ("EXCHANGE", "WAIT", "", ""),
    ("EXCHANGE", "OK", "SELLER", "새 상품을 보냈습니다"),
    ("REFUND", "CANCEL", "SELLER", "사용한 흔적이 있어 환불이 어렵습니다"),
    ("EXCHANGE", "CANCEL", "SELLER", "같은 상품이 품절되었습니다"),
    ("REFUND", "CANCEL", "BUYER", ""),
)  # fmt: skip


class DemoShop:
    """Makes the records. Of the generator only ``random()`` is used: Python guarantees the same
    numbers from version to version for this method only."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a made-up shop, no secret
        self._item_id = 5000

    def make(self) -> Record:
        """Return the whole shop as plain dicts."""
        orders: list[Record] = []
        payments: list[Record] = []
        for order_id, (at, kind) in enumerate(self._kinds(), start=1001):
            order = self._order(order_id, at, kind)
            orders.append(order)
            if kind not in ("open", "cancelled"):
                payments.append(self._payment(order, at, kind))
        return {
            "format": "posapp-shop-1",
            "users": list(self._users()),
            "products": [self._product(*each) for each in PRODUCTS],
            "orders": orders,
            "payments": payments,
            "requests": self._requests(orders, payments),
        }

    def _below(self, end: int) -> int:
        return int(self._random.random() * end)

    def _pick(self, choices: Any) -> Any:
        return choices[self._below(len(choices))]

    def _hex(self, digits: int) -> str:
        return "".join(self._pick("0123456789abcdef") for _ in range(digits))

    @staticmethod
    def _users() -> Any:
        for number, name, nickname, email in SELLERS:
            phone = f"010-0000-{number:04d}"
            yield {
                "id": number,
                "name": name,
                "nickname": nickname,
                "email": email,
                "phone": phone,
                "status": "SELLER",
            }
        for number, (name, nickname) in enumerate(BUYERS, start=101):
            yield {
                "id": number,
                "name": name,
                "nickname": nickname,
                "email": f"buyer{number}@sodam.example",
                "phone": f"010-0000-{number * 7:04d}",
                "status": "COMMON",
            }

    @staticmethod
    def _product(
        number: int, seller: int, name: str, price: int, stock: int, category: str
    ) -> Record:
        return {
            "id": number,
            "seller_id": seller,
            "name": name,
            "price": price,
            "stock": stock,
            "barcode": _barcode(number),
            "category": category,
            "active": number != 34,
        }

    def _kinds(self) -> list[tuple[datetime, str]]:
        """Time and kind of each order, oldest first; the last is open, now."""
        found: list[tuple[datetime, str]] = []
        for start, end, kinds in AGES:
            names = [name for name, count in kinds.items() for _ in range(count)]
            times = sorted(self._moment(start, end) for _ in names)
            names.sort(key=lambda name: self._random.random())
            found += zip(times, names, strict=True)
        last = max(number for number, (_, kind) in enumerate(found) if kind == "open")
        found[last], found[-1] = (found[last][0], found[-1][1]), (BASE, "open")
        return found

    def _moment(self, start: int, end: int) -> datetime:
        """A moment from ``start`` to ``end`` days before ``BASE``, in opening hours (8 to 21)."""
        while True:
            seconds = self._below((start - end) * 86_400) + 30 * 60
            at = BASE - timedelta(days=end, seconds=seconds)
            if 8 <= at.hour < 21:
                return at

    def _order(self, order_id: int, at: datetime, kind: str) -> Record:
        buyer = 101 + self._below(len(BUYERS))
        sizes = (1, 1, 1, 2, 2, 3, 4, 5, 6)
        size = max(2, self._pick(sizes)) if kind == "one back" else self._pick(sizes)
        products = sorted(PRODUCTS, key=lambda _: self._random.random())[:size]
        items = [self._item(product, at, kind) for product in products]
        if kind == "one back" or (kind == "open" and len(items) > 3):
            items[0]["status"] = CANCEL
        for item in items:
            if item["status"] == CANCEL:
                reasons = SENT_BACK if kind in ("one back", "all back") else CHANGED_MIND
                item["cancel_reason"] = self._pick(reasons)
        created_at = at.isoformat()
        return {"id": order_id, "buyer_id": buyer, "created_at": created_at, "items": items}

    def _item(self, product: Any, at: datetime, kind: str) -> Record:
        number, seller, name, price, _, category = product
        if at < BASE - timedelta(days=10):
            price = OLD_PRICES.get(number, price)
        self._item_id += 1
        dear = category in ("케이크", "공예", "용품")
        count = 1 if dear else self._pick((1, 1, 1, 2, 2, 3))
        status = CANCEL if kind == "all back" else STATUS.get(kind, DELIVERED)
        if kind == "shipping" and self._below(4) == 0:
            status = DELIVERED  # two parcels, and one has arrived
        return {
            "id": self._item_id,
            "product_id": number,
            "seller_id": seller,
            "name": name,
            "price": price,
            "count": count,
            "status": status,
        }

    def _payment(self, order: Record, at: datetime, kind: str) -> Record:
        paid_at = at + timedelta(seconds=40 + self._below(500))
        back = [item for item in order["items"] if item["status"] == CANCEL]
        cancellations = []
        for item in back:
            later = timedelta(hours=20 + self._below(100), seconds=self._below(3600))
            cancellations.append(
                {
                    "item_id": item["id"],
                    "cancellation_id": self._hex(20).upper(),
                    "amount": item["price"] * item["count"],
                    "reason": item["cancel_reason"],
                    "cancelled_at": (paid_at + later).isoformat(),
                }
            )
        cancellations.sort(key=lambda each: each["cancelled_at"])
        return {
            "order_id": order["id"],
            "imp_uid": "imp_" + "".join(self._pick("0123456789") for _ in range(12)),
            "merchant_uid": f"demo-{order['id']}-{self._hex(26)}",
            "amount": sum(item["price"] * item["count"] for item in order["items"]),
            "paid_at": paid_at.isoformat(),
            "sandbox": True,
            "cancellations": cancellations,
        }

    def _requests(self, orders: list[Record], payments: list[Record]) -> list[Record]:
        """The buyers' requests, for delivered items and for items refunded since."""
        back = {each["item_id"]: each for paid in payments for each in paid["cancellations"]}
        made: list[Record] = []
        for order in orders:
            ordered_at = datetime.fromisoformat(order["created_at"])
            for item in order["items"]:
                if item["status"] == DELIVERED and self._below(100) < REQUESTED_OF_100:
                    kind, state, ended_by, note = self._pick(ENDS)
                    requested_at = ordered_at + (BASE - ordered_at) * (1 + self._below(80)) / 100
                    after = timedelta(seconds=1800 + self._below(60_000))
                    ended_at = min(requested_at + after, BASE - timedelta(minutes=1))
                    made.append(_request(item, kind, state, requested_at, ended_at, ended_by, note))
                elif item["id"] in back:
                    ended_at = datetime.fromisoformat(back[item["id"]]["cancelled_at"])
                    requested_at = ended_at - timedelta(hours=2, seconds=self._below(7200))
                    made.append(
                        _request(item, "REFUND", "OK", requested_at, ended_at, "SELLER", "")
                    )
                    made[-1]["reason"] = back[item["id"]]["reason"]
        for each in made:
            each["reason"] = each["reason"] or self._pick(SENT_BACK)
        return made


def _request(
    item: Record,
    kind: str,
    state: str,
    requested_at: datetime,
    ended_at: datetime,
    ended_by: str,
    note: str,
) -> Record:
    made: Record = {"item_id": item["id"], "kind": kind, "state": state, "reason": ""}
    made["created_at"] = requested_at.isoformat(timespec="seconds")
    if ended_by:
        made["processed_at"] = ended_at.isoformat(timespec="seconds")
        made |= {"ended_by": ended_by, "note": note}
    return made


def _barcode(number: int) -> str:
    """An EAN-13 of the range 2xx, which is free for use within a shop, with its check digit."""
    digits = f"2{number:011d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def shop_text() -> str:
    """The text of ``shop.json``: a record a line, so that the line of a complaint leads to it."""
    lists = []
    for name, value in DemoShop().make().items():
        if isinstance(value, list):
            lines = ",\n".join("  " + json.dumps(each, ensure_ascii=False) for each in value)
            lists.append(f' "{name}": [\n{lines}\n ]')
        else:
            lists.append(f' "{name}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lists) + "\n}\n"


ORDER_LINES = (
    ("주문번호", "주문시각", "구매자번호", "구매자", "전화번호", "판매자번호", "판매자",
     "상품번호", "상품", "가격", "수량", "상태"),
    ("2001", "2026-01-30 10:05", "101", "김민서", "010-0000-0707", "1", "김도윤",
     "11", "아메리카노", "4,000원", "2", "결제대기"),
    ("2001", "2026-01-30 10:05", "101", "김민서", "010-0000-0707", "2", "이하은",
     "21", "소금빵", "3,200원", "3", "결제대기"),
    ("2002", "2026-01-30 오후 1:20", "131", "도시락, 배달", "010-0000-0917", "2", "이하은",
     "27", "딸기 생크림 케이크 2호", "38,000원", "1", "결제대기"),
    ("2003", "2026-01-30 15:40", "102", "이서준", "010-0000-0714", "4", "최유진",
     "42", "말린 꽃 향초", "18,000원", "1", "취소"),
)  # fmt: skip


def order_lines_bytes() -> bytes:
    """The bytes of ``order_lines.csv``, a sample of the other format, as Excel saves UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(ORDER_LINES)
    return text.getvalue().encode("utf-8-sig")


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description="Write the demo shop.")
    here = Path(__file__).parent
    parser.add_argument("--into", type=Path, default=here, help="folder (default: beside this)")
    folder = parser.parse_args().into
    (folder / "shop.json").write_bytes(shop_text().encode("utf-8"))
    (folder / "order_lines.csv").write_bytes(order_lines_bytes())


if __name__ == "__main__":
    main()
