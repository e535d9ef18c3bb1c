"""The counts of home read small indices only, however many orders there are."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.services.orders.today_figures import TodayFiguresService
from posapp.services.orders.work_counts import WorkCountService
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock
from tests.store.plans import plans_of

OF_ALL = ("ix_order_items_work (status=?)", "uq_requests_waiting")
OF_ONE = (
    "ix_order_items_work_of_seller (seller_id=? AND status=?)",
    "ix_requests_state (seller_id=? AND state=?)",
)
FEW = (
    *("outbox", "refunds USING INTEGER PRIMARY KEY"),
    *("ix_cash_receipts_open", "ix_cash_tenders_held", "ix_cash_refunds_waiting"),
)


@pytest.mark.parametrize(
    ("actor", "indices"), [(Actor.person(), OF_ALL), (Actor.seller(9), OF_ONE)]
)
def test_each_count_walks_one_small_index(
    store: SqlStore, actor: Actor, indices: tuple[str, ...]
) -> None:
    plans = plans_of(store, lambda: WorkCountService(store, FakeClock()).read(actor))
    steps = [step for plan in plans for step in plan if "anon_1" not in step]
    for index in ("ix_orders_open", "ix_refunds_state (state=?)", "uq_mismatches_open", *indices):
        (step,) = [one for one in steps if f"INDEX {index}" in one]
        steps.remove(step)
    # What is left are the totals of the outbox, the cash receipts that are not issued yet, and cash
    # that waits: all are few.
    assert [step for step in steps if not any(one in step for one in FEW)] == []


def test_todays_figures_walk_the_times_of_the_day(store: SqlStore) -> None:
    service = TodayFiguresService(store, FakeClock(), EVERYTHING)
    plans = plans_of(store, lambda: service.read(Actor.person()))
    steps = [step for plan in plans for step in plan]
    assert any(
        "payments USING INDEX ix_payments_paid (paid_at>? AND paid_at<?)" in one for one in steps
    )
    assert any(
        "refunds USING INDEX ix_refunds_confirmed (confirmed_at>? AND confirmed_at<?)" in one
        for one in steps
    )
    assert not any(one.startswith("SCAN") for one in steps)
