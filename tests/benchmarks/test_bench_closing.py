"""How long the close of a shift of many sales takes."""

from __future__ import annotations

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
from tests.fakes.access import EVERYTHING
from tests.fakes.world import START, FakeClock

WHO, MOST_SECONDS, SALES, FEW = Actor.person(), 5, 10_000, 50


def sell(path: Path, sales: int):
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


@pytest.mark.slow
def test_a_shift_of_ten_thousand_sales_closes_in_five_seconds(
    request, tmp_path, report_line
) -> None:
    sales = SALES if request.config.getoption("--measure") else FEW
    store = sell(tmp_path / "shop.db", sales)
    service = ClosingService(store, FakeClock(), EVERYTHING, "가게")
    won = sales * 8_800
    began = time.perf_counter()
    counts = {50_000: won // 50_000, 10: won % 50_000 // 10}
    report = service.close_shift(WHO, counts)
    took = time.perf_counter() - began
    report_line(f"Z of {sales:,} sales: {took:.2f} s")
    assert report.z_no == 1
    assert took <= MOST_SECONDS
    with store.snapshot() as uow:
        order = uow.orders.get(5_000_001)
    assert order.items[0].status is ItemStatus.DELIVERY_COMPLETE
    store.close()
