"""Requests of a small shop, and stand-ins for desk and search that a test drives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.requests import (
    ClosedBy,
    Decision,
    Request,
    RequestKind,
    RequestState,
    undo_deadline,
)
from posapp.domain.users import LARGEST_ID, User, UserStatus
from posapp.services.ports.requests import (
    NO_FILTER,
    Cursor,
    RefundProgress,
    RequestFilter,
    RequestPage,
    RequestRow,
)
from posapp.services.requests.decide_request import DecisionPreview, DecisionResult

NOW = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)
"""Wednesday, 14:30 in Seoul."""

SELLER = User(7, "오늘의 커피", status=UserStatus.SELLER)
NAMES = ("김서연", "이도윤", "박하은", "최민준", "정지우", "남궁민수")
PRODUCTS = (
    ("에티오피아 예가체프 200g", 18_000),
    ("핸드드립 서버 600ml", 24_000),
    ("종이 필터 100매", 9_000),
    ("수제 딸기 케이크 1호", 32_000),
)
REASONS = (
    "단순 변심이에요. 색이 생각과 달라요",
    "배송 중에 파손되었어요",
    "다른 상품이 왔습니다",
    "유통기한이 지난 상품이 왔어요. 확인 부탁드립니다",
    "사이즈 교환 부탁드려요",
)


class FakeClock:
    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> int:
        return (self.time - NOW) // timedelta(milliseconds=1)

    def advance(self, **amount: float) -> None:
        self.time += timedelta(**amount)


def row(number: int = 1, **more: Any) -> RequestRow:
    """A waiting refund; the higher its number, the older."""
    name, price = PRODUCTS[number % len(PRODUCTS)]
    made = RequestRow(
        id=number,
        created_at=NOW - timedelta(minutes=41 * number),
        buyer_id=10 + number % 6,
        buyer_name=NAMES[number % 6],
        item_id=2000 + number,
        order_id=1000 + number // 2,
        product_name=name,
        kind=RequestKind.REFUND if number % 4 else RequestKind.EXCHANGE,
        reason=REASONS[number % len(REASONS)],
        state=RequestState.WAIT,
        processed_at=None,
        ended_by=None,
        note="",
        amount=Won(price),
        money=RefundProgress.NONE,
        undo_until=None,
    )
    return replace(made, **more)


def done(number: int, money: RefundProgress = RefundProgress.REFUNDED, **more: Any) -> RequestRow:
    at = NOW - timedelta(minutes=41 * number - 20)
    facts = {
        "state": RequestState.OK,
        "processed_at": at,
        "ended_by": ClosedBy.SELLER,
        "money": money,
        "undo_until": undo_deadline(ClosedBy.SELLER, at),
        "refund_id": 500 + number,
        "kind": RequestKind.REFUND,
    }
    return row(number, **(facts | more))


def story() -> list[RequestRow]:
    """One of everything, newest first, and a few older ones."""
    rows = [
        row(1),
        row(2),
        row(3),
        row(4),
        done(5, RefundProgress.WAITING),
        done(6, RefundProgress.CHECKING),
        done(7, RefundProgress.REFUNDED),
        done(8, RefundProgress.NEEDS_REVIEW),
        done(9, RefundProgress.REFUSED),
        done(
            10,
            RefundProgress.NONE,
            state=RequestState.CANCEL,
            note="사용 흔적이 있어 환불이 어렵습니다",
            refund_id=None,
        ),
        done(
            11,
            RefundProgress.NONE,
            state=RequestState.CANCEL,
            ended_by=ClosedBy.BUYER,
            undo_until=None,
            refund_id=None,
        ),
        done(12, RefundProgress.NONE, kind=RequestKind.EXCHANGE, refund_id=None),
    ]
    return rows + [row(number) for number in range(13, 64)]


def longest() -> list[RequestRow]:
    """The story with the longest of everything: texts with and without blanks, numbers, amounts,
    and dates of another year."""
    long_ago = timedelta(days=400)
    grown = [
        replace(
            one,
            created_at=one.created_at - long_ago,
            processed_at=one.processed_at - long_ago if one.processed_at else None,
            undo_until=None,
            buyer_id=LARGEST_ID - at,
            item_id=LARGEST_ID - at,
            order_id=LARGEST_ID - at,
            buyer_name=("남궁민수" * 125) if at % 2 else ("Wolfeschlegelstein " * 30)[:500],
            product_name=("수제 딸기 케이크 " * 50)[:500] if at % 3 else "가" * 500,
            reason=("포장이 찢어지고 모서리가 깨졌어요. " * 30)[:500] if at % 2 else "나" * 500,
            note=("사용한 흔적이 있어 환불이 어렵습니다 " * 30)[:500] if one.note else "",
            amount=Won(2_000_000 if at % 2 else 9_999_999_999),
        )
        for at, one in enumerate(story())
    ]
    return grown[4:12] + grown[:4] + grown[12:]


@dataclass
class FakeDesk:
    """A desk over a list of rows, and the search over the same list; tests change the list, and
    put exceptions or functions in the way."""

    clock: FakeClock
    rows: list[RequestRow] = field(default_factory=story)
    seller: User | Exception = SELLER
    refusals: dict[int, Exception] = field(default_factory=dict)
    trouble: Exception | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    before_page: Callable[[], None] = lambda: None

    # the desk

    def get_seller(self, actor: Actor) -> User:
        self.calls.append(("open", actor))
        if isinstance(self.seller, Exception):
            raise self.seller
        return replace(self.seller, id=actor.user_id)

    def preview(self, actor: Actor, request_ids: Sequence[int]) -> tuple[DecisionPreview, ...]:
        self.calls.append(("cost", tuple(request_ids)))
        if self.trouble is not None:
            raise self.trouble
        return tuple(self._cost(self.get(one)) for one in request_ids)

    def decide(self, actor: Actor, request_id: int, decision: Decision, note: str = "") -> Request:
        self.calls.append(("decide", request_id, decision, note))
        if request_id in self.refusals:
            raise self.refusals[request_id]
        row = self.get(request_id)
        if decision is Decision.REJECT and not note:
            raise UserError(ErrorCode.NOTE_REQUIRED)
        approved = decision is Decision.APPROVE
        refunds = approved and row.kind is RequestKind.REFUND
        now = self.clock.now()
        self.put(
            replace(
                row,
                state=RequestState.OK if approved else RequestState.CANCEL,
                processed_at=now,
                ended_by=ClosedBy.SELLER,
                note=note,
                money=RefundProgress.WAITING if refunds else RefundProgress.NONE,
                undo_until=undo_deadline(ClosedBy.SELLER, now),
                refund_id=500 + request_id if refunds else None,
            )
        )
        return self.request(request_id)

    def decide_many(
        self, actor: Actor, request_ids: Sequence[int], decision: Decision, note: str = ""
    ) -> tuple[DecisionResult, ...]:
        results = []
        for one in request_ids:
            try:
                done = self.decide(actor, one, decision, note)
                results.append(DecisionResult(one, done, None))
            except UserError as error:
                results.append(DecisionResult(one, None, error))
        return tuple(results)

    def undo(self, actor: Actor, request_id: int) -> Request:
        self.calls.append(("undo", request_id))
        row = self.get(request_id)
        if row.undo_until is None or row.undo_until <= self.clock.now():
            raise UserError(ErrorCode.UNDO_OVER)
        self.put(
            replace(
                row,
                state=RequestState.WAIT,
                processed_at=None,
                ended_by=None,
                note="",
                money=RefundProgress.NONE,
                undo_until=None,
                refund_id=None,
            )
        )
        return self.request(request_id)

    # the search

    def page(
        self,
        seller_id: int,
        filter: RequestFilter,
        size: int,
        after: Cursor | None = None,
        *,
        backwards: bool = False,
    ) -> RequestPage:
        found = self._found("page", filter, size, after, backwards)
        keys = [(one.created_at, one.id) for one in found]
        if not backwards:
            at = 0 if after is None else keys.index(after) + 1
            return RequestPage(tuple(found[at : at + size]), len(found) > at + size)
        at = keys.index(after) if after is not None else len(found)
        return RequestPage(tuple(found[max(0, at - size) : at]), at > size)

    def last_page(self, seller_id: int, filter: RequestFilter, size: int) -> RequestPage:
        found = self._found("last_page", filter, size)
        return RequestPage(tuple(found[-size:]), len(found) > size)

    def nth_page(
        self, seller_id: int, filter: RequestFilter, size: int, number: int
    ) -> RequestPage:
        found = self._found("nth_page", filter, size, number)
        at = size * number
        return RequestPage(tuple(found[at : at + size]), len(found) > at + size)

    def count(self, seller_id: int, filter: RequestFilter, cap: int) -> int:
        self.calls.append(("count", filter))
        return min(len(self._matching(filter)), cap + 1)

    def state_counts(
        self, seller_id: int, cap: int, filter: RequestFilter = NO_FILTER
    ) -> dict[RequestState, int]:
        self.calls.append(("state_counts", filter))
        found = self._matching(replace(filter, state=None))
        return {state: sum(row.state is state for row in found) for state in RequestState}

    # what tests look at

    def requested(self, *names: str) -> list[tuple[Any, ...]]:
        return [call for call in self.calls if call[0] in names]

    def get(self, request_id: int) -> RequestRow:
        found = next((row for row in self.rows if row.id == request_id), None)
        if found is None:
            raise UserError(ErrorCode.REQUEST_UNKNOWN)
        return found

    def put(self, row: RequestRow) -> None:
        self.rows = [row if old.id == row.id else old for old in self.rows]

    def request(self, request_id: int) -> Request:
        row = self.get(request_id)
        return Request(
            id=row.id,
            kind=row.kind,
            state=row.state,
            seller_id=SELLER.id,
            buyer_id=row.buyer_id,
            item_id=row.item_id,
            order_id=row.order_id,
            reason=row.reason,
            created_at=row.created_at,
            processed_at=row.processed_at,
            processed_by=Actor.seller(SELLER.id) if row.processed_at else NOBODY,
            ended_by=row.ended_by,
            note=row.note,
            refund_id=row.refund_id,
        )

    def _cost(self, row: RequestRow) -> DecisionPreview:
        refund = row.kind is RequestKind.REFUND
        amount = row.amount if refund else ZERO
        return DecisionPreview(row.id, row.kind, amount, row.product_name, row.buyer_name)

    def _found(self, *call: Any) -> list[RequestRow]:
        self.calls.append(call)
        self.before_page()
        if self.trouble is not None:
            raise self.trouble
        return self._matching(call[1])

    def _matching(self, requested: RequestFilter) -> list[RequestRow]:
        found = [row for row in self.rows if _fits(row, requested)]
        return sorted(
            found, key=lambda one: (one.created_at, one.id), reverse=not requested.oldest_first
        )


def _fits(row: RequestRow, requested: RequestFilter) -> bool:
    return all(
        (
            requested.kind in (None, row.kind),
            requested.state in (None, row.state),
            requested.since is None or row.created_at >= requested.since,
            requested.until is None or row.created_at <= requested.until,
            requested.buyer in row.buyer_name or requested.buyer == str(row.buyer_id),
            requested.number in (None, row.item_id, row.order_id),
            requested.text in row.product_name or requested.text in row.reason,
            requested.money in (None, row.money),
        )
    )


@dataclass
class FakeFilterStore:
    text: str = ""
    trouble: Exception | None = None

    def load(self) -> str:
        if self.trouble is not None:
            raise self.trouble
        return self.text

    def save(self, text: str) -> None:
        self.text = text


@dataclass
class FakeExport:
    """Writes ten rows at a time; ``before_step`` is where a test may press things."""

    steps: int = 3
    trouble: Exception | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    before_step: Callable[[int], None] = lambda _: None

    def __call__(
        self,
        actor: Actor,
        filter: RequestFilter,
        path: Path,
        progress: Callable[[int], bool],
    ) -> int:
        self.calls.append((actor, filter, path))
        if self.trouble is not None:
            raise self.trouble
        for step in range(1, self.steps + 1):
            self.before_step(step)
            if not progress(step * 10):
                return -1
        path.write_text("whole", encoding="utf-8")
        return self.steps * 10
