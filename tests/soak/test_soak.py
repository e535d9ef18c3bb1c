"""Soak: hours of trading at one till, and nothing grows but the shop's records.

A short one runs by default. Longer: ``SOAK_HOURS=8 make test ARGS=tests/soak``.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.orders import Product
from posapp.services.runtime.worker_pool import ThreadWorkerPool
from posapp.store.files.ledger_check import verify_ledger
from tests.fakes.till import BUYER, SELLER, Till, an_order
from tests.fakes.world import FakeClock, NumberedIds
from tests.soak.portone import PortOneProcess

HOURS = float(os.environ.get("SOAK_HOURS", "1"))
A_SALE = 60
"""Simulated seconds from one sale to the next."""

MEBIBYTE = 2**20
WARM_SALES = 20
"""Caches and pools have filled by then."""

WAL_LIMIT = 6 * MEBIBYTE
"""A thousand pages, after which SQLite brings it home, and a transaction or two."""
GROWTH_LIMIT = 6 * MEBIBYTE
"""Of memory in an hour of simulated trading; the allocator's own steps are
about as large as that."""


@dataclass(frozen=True)
class Used:
    """Resources of the process at one moment."""

    threads: int
    files: int
    memory: int
    wal: int

    @classmethod
    def now(cls, path: Path) -> Used:
        wal = path.with_name(path.name + "-wal")
        return cls(
            threads=threading.active_count(),
            files=len(list(Path("/dev/fd").iterdir())),
            memory=resident(),
            wal=wal.stat().st_size if wal.exists() else 0,
        )

    def text(self) -> str:
        """For people."""
        memory, wal = self.memory // MEBIBYTE, self.wal // 1024
        return f"threads: {self.threads} files: {self.files} memory: {memory} MiB wal: {wal} KiB"

    def or_more(self, other: Used) -> Used:
        """The larger one of each."""
        return Used(*map(max, astuple(self), astuple(other)))


def resident() -> int:
    """Bytes of memory in use; where the system does not say, the most that ever were."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text("ascii").split()[1]) * resource.getpagesize()
    kilobyte = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * kilobyte


class Trading:
    """One sale after the other; every third is refunded, every tenth cancelled in the console."""

    def __init__(
        self, till: Till, pool: ThreadWorkerPool, portone: PortOneProcess, clock: FakeClock
    ) -> None:
        self.till, self.pool, self.portone, self.clock = till, pool, portone, clock
        self.sales = 0

    def sell(self) -> None:
        self.sales += 1
        number = self.sales
        order = an_order(number, (5000, 1), (3000, 2), clock=self.clock)
        if number == 1:
            self.till.stock_shop(order)
        else:
            self._stock(order)
        attempt = self.till.payment_service.start(Actor.buyer(BUYER), number).attempt
        payment = self.portone.do("pay", attempt.merchant_uid)
        self._until(lambda: self.till.order(number).is_paid)
        if number % 3 == 0:
            refund = self.till.cancellation_service.refund(
                Actor.seller(SELLER), number * 10, "품절", 5000
            )
            self._until(
                lambda: not self.till.cancellation_service.get_refund(refund.id).refund.is_open
            )
        if number % 10 == 0:
            self.portone.do("console_cancel", payment.imp_uid)
        self._wait(A_SALE)

    def compare(self) -> None:
        """Everything at PortOne is known."""
        self.till.reconcile_job.request_full()
        self._wait(2)

    def _stock(self, order) -> None:
        with self.till.store.transaction() as uow:
            uow.catalogue.add_products(
                [Product(one.product_id, SELLER, one.name, one.price, 100) for one in order.items]
            )
            uow.catalogue.add_orders([order])
            uow.commit()

    def _until(self, reached) -> None:
        for _ in range(200):
            if reached():
                return
            self._wait(2)
        raise AssertionError("the till did not come that far")

    def _wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)
        self.portone.set_time(self.clock.unix())
        self.till.sync_engine.step()
        while self.pool.running():
            self.till.sync_engine.step()


def trade(path: Path, hours: float) -> tuple[int, Used, Used]:
    """Trade in this process; how many sales, what it held when warm, and the most since."""
    clock = FakeClock()
    pool = ThreadWorkerPool(4)
    with PortOneProcess(clock.unix()) as portone:
        till = Till(path, portone.address, clock, pool=pool, make_ids=NumberedIds)
        trading = Trading(till, pool, portone, clock)
        while trading.sales < WARM_SALES:
            trading.sell()
        begun = Used.now(path)
        most = begun
        while trading.sales < WARM_SALES + hours * 3600 / A_SALE:
            trading.sell()
            most = most.or_more(Used.now(path))
        trading.compare()
        held = sum(one.amount - one.cancel_amount for one in portone.do("payments"))
        assert till.ledger_balance() == held
        till.close()
    return trading.sales, begun, most


@pytest.mark.slow
def test_fault_75_an_hour_of_trade_leaks_nothing(tmp_path, report_line):
    path = tmp_path / "posapp.db"
    # A process of its own: what other tests have used is not counted.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        sales, begun, most = apart.submit(trade, path, HOURS).result()
    report_line(f"soak: sales: {sales} {begun.text()} → {most.text()}")
    assert verify_ledger(path) > sales
    assert most.threads <= begun.threads + 4, "one thread a lane, while it runs"
    assert most.files <= begun.files + 8, "sockets of the lanes, a reader's connection or two"
    assert most.wal <= WAL_LIMIT
    assert most.memory - begun.memory <= GROWTH_LIMIT * max(1, HOURS)
