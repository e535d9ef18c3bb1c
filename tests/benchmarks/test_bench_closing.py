"""How long the close of a shift of many sales takes."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.cash import CashTender, Shift, TenderState
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.services.bookkeeping.cash_records import mark_paid
from posapp.services.cash.closing import ClosingService
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.benchmarks.figures import median, report_line
from tests.fakes.access import EVERYTHING
from tests.fakes.world import START, FakeClock

pytestmark = pytest.mark.bench

WHO, MOST_SECONDS = Actor.person(), 5
SALES, FEW, ROUNDS = 10_000, 5, 7


def sell(path: Path, sales: int) -> SqlStore:
    """Make a shop that sold so often in cash, two lines each."""
    store = open_store(path)
    with store.transaction() as uow:
        shift = uow.shifts.add(Shift(0, START.date(), START, WHO, ZERO))
        for number in range(5_000_001, 5_000_001 + sales):
            items = tuple(
                OrderItem(number * 1_000 + n, number, 1, 7, n + 1, "빵", Won(2_200), 2)
                for n in range(2)
            )
            order = Order(number, 1, START, items, is_counter=True)
            uow.catalogue.add_orders([order])
            tender = CashTender(
                *(0, number, 1, order.total, order.total, ZERO, ZERO, TenderState.KEPT),
                *(shift.id, START),
            )
            uow.cash.add(tender)
            uow.ledger.append(
                NewEntry(
                    *(LedgerEvent.CASH_RECEIVED, order.total, WHO, START),
                    order_id=number,
                    reference=shift.reference,
                )
            )
            mark_paid(uow, order, WHO, START, hand_over=True)
        uow.commit()
    return store


def seconds_to_close(path: Path, sales: int) -> float:
    """Close the shift of so many sales; return how long that takes."""
    store = open_store(path)
    service = ClosingService(store, FakeClock(), EVERYTHING, "가게", lambda: None)
    won = sales * 8_800
    counts = {50_000: won // 50_000, 10: won % 50_000 // 10}
    begun = time.perf_counter()
    report = service.close_shift(WHO, counts)
    taken = time.perf_counter() - begun
    assert report.z_no == 1
    with store.snapshot() as uow:
        order = uow.orders.get(5_000_001)
    assert order.items[0].status is ItemStatus.DELIVERY_COMPLETE
    store.close()
    return taken


def test_a_shift_of_ten_thousand_sales_closes_in_five_seconds(
    tmp_path: Path, measuring: bool
) -> None:
    """Each time on a copy of the same file, in turns with one of twice as many."""
    one, two = (SALES, 2 * SALES) if measuring else (FEW, 2 * FEW)
    taken: dict[int, list[float]] = {one: [], two: []}
    for sales in taken:
        sell(tmp_path / f"{sales}.db", sales).close()
    for _ in range(ROUNDS if measuring else 1):
        for sales, seconds in taken.items():
            copy = Path(shutil.copy(tmp_path / f"{sales}.db", tmp_path / "copy.db"))
            seconds.append(seconds_to_close(copy, sales))
            copy.unlink()
    report_line(f"Z of {SALES:,} sales, median", median(taken[one]), "s", MOST_SECONDS)
    ratio = median(taken[two]) / median(taken[one])
    report_line(f"Z of {2 * SALES:,} sales, times that of {SALES:,}, medians", ratio, "×", 2.3)
