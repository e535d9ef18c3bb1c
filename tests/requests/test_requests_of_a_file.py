"""Requests that come with a shop's file: taken with their order, or complained of by line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import Actor
from posapp.domain.requests import ClosedBy, RequestKind, RequestState
from posapp.services.importing import ImportService, Report
from posapp.services.ports.requests import RefundProgress, RequestFilter
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock
from tests.importing.conftest import paid_shop, said
from tests.importing.readings import confirm

DEMO = Path(__file__).parents[2] / "resources" / "demo" / "shop.json"
REQUESTED = "2026-01-06T10:00:00+09:00"
ENDED = "2026-01-06T11:00:00+09:00"
WAITING = {"item_id": 71, "kind": "EXCHANGE", "state": "WAIT", "reason": "작아요"}
APPROVED = {
    "item_id": 72, "kind": "REFUND", "state": "OK", "reason": "식었어요", "processed_at": ENDED,
    "ended_by": "SELLER",
}  # fmt: skip


@pytest.fixture
def take(store: SqlStore, clock: FakeClock, tmp_path: Path) -> Callable[..., Report]:
    importing = ImportService(store, clock, EVERYTHING, sellers=True)

    def take(*requests: dict[str, Any]) -> Report:
        shop = paid_shop()
        shop["requests"] = [{"created_at": REQUESTED, **request} for request in requests]
        path = tmp_path / "shop.json"
        path.write_text(json.dumps(shop), encoding="utf-8")
        batch = importing.read(path)
        report = importing.apply(Actor.person(), batch)
        confirm(store, batch)
        return report

    return take


def test_they_come_with_their_order_and_twice_is_once(
    take: Callable[..., Report], store: SqlStore
) -> None:
    for _ in range(2):
        assert said(take(WAITING, APPROVED)) == []
        approved, waiting = SqlRequestSearch(store).page(3, RequestFilter(), 9).rows
        assert (waiting.item_id, waiting.state, waiting.money) == (
            71, RequestState.WAIT, RefundProgress.NONE,
        )  # fmt: skip
        assert (approved.item_id, approved.ended_by) == (72, ClosedBy.SELLER)
        assert (approved.money, int(approved.amount)) == (RefundProgress.REFUNDED, 4500)
        assert approved.buyer_name == "김민서"


@pytest.mark.parametrize(
    ("requests", "cause"),
    [
        ([{**WAITING, "item_id": 72}], "request_item"),
        ([{**WAITING, "item_id": 99}], "request_item"),
        ([{**APPROVED, "item_id": 71}], "request_item"),
        ([{**WAITING, "processed_at": ENDED}], "request_state"),
        ([{**WAITING, "state": "CANCEL"}], "request_state"),
        ([{**APPROVED, "ended_by": "BUYER"}], "request_state"),
        ([{**APPROVED, "processed_at": "2026-01-05T23:00:00+09:00"}], "times_reversed"),
        ([{**WAITING, "reason": ""}], "empty"),
        ([{**WAITING, "kind": "GIFT"}], "status_unknown"),
        ([{**WAITING, "state": 3}], "status_unknown"),
        ([{**WAITING, "created_at": "soon"}], "time_unknown"),
        ([{**WAITING, "created_at": "2027-01-01T00:00:00Z"}], "time_future"),
        ([{**WAITING, "colour": "red"}], "column_unknown"),
        ([WAITING, {**WAITING, "kind": "REFUND"}], "request_twice"),
        ([APPROVED, APPROVED], "request_twice"),
    ],
)
def test_unfitting_request_is_reported(
    take: Callable[..., Report],
    store: SqlStore,
    requests: list[dict[str, Any]],
    cause: str,
) -> None:
    report = take(*requests)
    assert cause in {found for _, found, _ in said(report)}
    assert not report.written
    assert SqlRequestSearch(store).count(3, RequestFilter(), 9) == 0


def test_the_demo_shop_has_requests_in_every_state_for_each_seller(
    store: SqlStore, clock: FakeClock
) -> None:
    importing, search = (
        ImportService(store, clock, EVERYTHING, sellers=True),
        SqlRequestSearch(store),
    )
    for minutes in (0, 5):
        now = clock.now() + timedelta(minutes=minutes)
        batch = importing.read(DEMO, shift_to=now)
        assert said(importing.apply(Actor.person(), batch)) == []
        confirm(store, batch)
        rows = [
            row for seller in (1, 2, 3, 4) for row in search.page(seller, RequestFilter(), 500).rows
        ]
        assert 55 <= len(rows) <= 75
    ends = Counter((row.kind, row.state, row.ended_by) for row in rows)
    assert {(kind, RequestState.WAIT, None) for kind in RequestKind} <= ends.keys()
    assert {(kind, RequestState.OK, ClosedBy.SELLER) for kind in RequestKind} <= ends.keys()
    assert (RequestKind.REFUND, RequestState.CANCEL, ClosedBy.BUYER) in ends
    assert (RequestKind.REFUND, RequestState.CANCEL, ClosedBy.SELLER) in ends
    assert all(search.count(seller, RequestFilter(), 99) >= 5 for seller in (1, 2, 3, 4))
    assert max(row.created_at for row in rows) <= clock.now()
