"""Reports of a small shop, and a stand-in for the desk that a test drives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause
from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import OutboxState, PendingRefund, PendingTotals
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind, SyncStatus
from posapp.services.sync.close_safety import SafetyInputs, close_safety_of
from posapp.services.sync.sync_status import TAKEN_OVER, SyncEventWithRefund, SyncSnapshot
from tests.ui.cancel.shop_records import refund

NOW = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
"""14:30 in Seoul."""

WELL = SyncStatus(
    online=True,
    changed_at=NOW - timedelta(hours=5),
    may_send=True,
    reconciled_at=NOW - timedelta(minutes=6),
    backup_at=NOW - timedelta(minutes=31),
)
OFFLINE = replace(
    WELL, online=False, cause=GatewayCause.OFFLINE, changed_at=NOW - timedelta(minutes=12)
)
PORTAL = replace(OFFLINE, cause=GatewayCause.PORTAL)


def row(refund_id: int = 7, **more: Any) -> PendingRefund:
    made = PendingRefund(
        refund_id=refund_id,
        order_id=1024,
        item_name="에티오피아 예가체프 200g",
        buyer_name="김서연",
        amount=Won(18_000),
        tag=f"[RF-1KG-9K2M7QX4T{refund_id:04d}]",
        refund_state=RefundState.APPROVED,
        state=OutboxState.WAITING,
        why="",
        since=NOW - timedelta(minutes=20),
        due_at=NOW + timedelta(seconds=12),
        attempts=0,
        waits_behind=None,
    )
    return replace(made, **more)


TRIED = row(7, why="timeout", attempts=3)
SENDING = row(
    8,
    state=OutboxState.CLAIMED,
    refund_state=RefundState.SENDING,
    item_name="핸드드립 서버 600ml",
    order_id=1031,
    buyer_name="박지훈",
    amount=Won(24_000),
    attempts=1,
)
BEHIND = row(9, waits_behind=7, item_name="종이 필터 100매", amount=Won(4_500))
PERSON = row(
    10,
    state=OutboxState.ABANDONED,
    refund_state=RefundState.NEEDS_REVIEW,
    item_name="",
    order_id=998,
    buyer_name="이하은",
    amount=Won(51_000),
    why="취소 처리 중 알 수 없는 오류가 발생했습니다. [PG:9999]",
    attempts=12,
    since=NOW - timedelta(days=1, hours=2),
)
TAKEN = row(
    11,
    state=OutboxState.ABANDONED,
    refund_state=RefundState.NEEDS_REVIEW,
    why=TAKEN_OVER,
    item_name="콜드브루 원액 1L",
    order_id=1040,
)
UNCLEAR = row(12, refund_state=RefundState.UNKNOWN, why="server", attempts=2, order_id=1042)


def many(count: int) -> tuple[PendingRefund, ...]:
    kinds = (TRIED, row(1), UNCLEAR)
    return tuple(
        replace(
            kinds[n % 3],
            refund_id=n + 1,
            order_id=2000 + n,
            amount=Won(1_000 * (n % 90 + 1)),
            due_at=NOW + timedelta(seconds=n * 7),
        )
        for n in range(count)
    )


def totals_of(rows: Sequence[PendingRefund]) -> PendingTotals:
    person = [one for one in rows if one.needs_person]
    return PendingTotals(
        len(rows),
        sum(int(one.amount) for one in rows),
        sum(one.state is OutboxState.CLAIMED for one in rows),
        len(person),
        sum(int(one.amount) for one in person),
    )


TWO_WAYS = "the payment's history can be read in two ways"

EVENTS = (
    SyncEventWithRefund(
        SyncEvent(
            NOW - timedelta(minutes=1), SyncEventKind.POSTPONED, refund_id=7, detail="timeout"
        ),
        refund(number=7),
    ),
    SyncEventWithRefund(
        SyncEvent(NOW - timedelta(minutes=4), SyncEventKind.REFUNDED, refund_id=5),
        refund(RefundState.CONFIRMED, 5),
    ),
    SyncEventWithRefund(SyncEvent(NOW - timedelta(minutes=6), SyncEventKind.RECONCILED)),
    SyncEventWithRefund(SyncEvent(NOW - timedelta(minutes=31), SyncEventKind.BACKED_UP)),
    SyncEventWithRefund(SyncEvent(NOW - timedelta(minutes=44), SyncEventKind.BACK_ONLINE)),
    SyncEventWithRefund(
        SyncEvent(NOW - timedelta(minutes=52), SyncEventKind.WENT_OFFLINE, detail="portal")
    ),
    SyncEventWithRefund(
        SyncEvent(
            NOW - timedelta(hours=3),
            SyncEventKind.NEEDS_REVIEW,
            refund_id=9,
            detail=TWO_WAYS,
        ),
        refund(RefundState.NEEDS_REVIEW, 9),
    ),
)


def a_report(
    rows: Sequence[PendingRefund] = (),
    status: SyncStatus = WELL,
    *,
    mismatches: int = 0,
    recent: Sequence[SyncEventWithRefund] = (),
    totals: PendingTotals | None = None,
    live: int = 0,
) -> SyncSnapshot:
    counted = totals or totals_of(rows)
    safety, reason = close_safety_of(SafetyInputs(counted, mismatches, status, live))
    return SyncSnapshot(
        at=NOW,
        status=status,
        close_safety=safety,
        reason=reason,
        waiting=tuple(rows),
        totals=counted,
        mismatches=mismatches,
        mismatch_amount=mismatches * 33_000,
        recent=tuple(recent),
        live=live,
    )


@dataclass
class FakeDesk:
    """Answers as the test sets it; records its calls."""

    found: Any = field(default_factory=a_report)
    refusal: Exception | None = None
    reads: int = 0
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)

    def report(self, limit: int = 200) -> SyncSnapshot:
        self.reads += 1
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def try_now(self, actor: Actor, refund_id: int) -> None:
        self._note(actor, "try_now", refund_id)

    def try_all(self, actor: Actor) -> int:
        self._note(actor, "try_all")
        return len(self.found.waiting)

    def requeue(self, actor: Actor, refund_id: int) -> None:
        self._note(actor, "requeue", refund_id)

    def take_over(self, actor: Actor, refund_id: int) -> None:
        self._note(actor, "take_over", refund_id)

    def reconcile_now(self, actor: Actor) -> None:
        self._note(actor, "reconcile_now")

    def _note(self, actor: Actor, *call: Any) -> None:
        self.actors.append(actor)
        self.calls.append(call)
        if self.refusal is not None:
            raise self.refusal
