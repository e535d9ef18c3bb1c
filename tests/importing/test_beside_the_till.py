"""While a file is written, the till writes too; what ends an import leaves nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.claims import ClaimProblem, ClaimState
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.payment_ref import Provider
from posapp.services.importing import ImportService, short_transactions, write_plan
from posapp.services.importing.short_transactions import HELD_MS, run_in_short_transactions
from posapp.services.importing.take_back import TakeBack
from posapp.services.importing.undo_import import UndoImportService
from posapp.services.importing.unfinished_imports import AGAIN_MS, IDLE_MS, UnfinishedImportJob
from posapp.services.importing.verify_claims import ClaimVerification
from posapp.services.runtime.gateways import Gateways
from posapp.services.runtime.periodic_job import STATUS_CHANGED
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.fakes.access import EVERYTHING
from tests.importing.conftest import LINE, StillClock, line_of, paid_shop, small_shop
from tests.importing.test_undo import rows
from tests.store.records import attempt

Write = Callable[..., Path]
PERSON = Actor.person("김")
TEN = tuple(line_of(주문번호=str(number)) for number in range(1, 11))


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_transactions, "MOST_RECORDS", 2)
    monkeypatch.setattr(write_plan, "STEP_SIZE", 2)


@pytest.fixture
def undoing(store: SqlStore) -> UndoImportService:
    return UndoImportService(store, StillClock(), EVERYTHING)


def orders_of(store: SqlStore) -> list[int]:
    with store.snapshot() as work:
        return sorted(work.catalogue.existing_orders(range(1, 100)))


def try_to_pay(store: SqlStore, order_id: int) -> None:
    with store.transaction() as work:
        work.attempts.add(replace(attempt(f"M-{order_id}", order_id), id=0))
        work.commit()


def at_record(number: int, act: Callable[[], object]) -> Callable[[int, int], bool]:
    """Do something once so many records are written, and go on."""
    left = [act]

    def progress(done: int, size: int) -> bool:
        if done >= number and left:
            left.pop()()
        return True

    return progress


def test_the_till_writes_between_two_portions(
    importing: ImportService, store: SqlStore, csv_file: Write
) -> None:
    written: list[list[int]] = []

    def sell(done: int, size: int) -> bool:
        with store.transaction() as work:  # refused inside another one of this thread
            work.checkpoints.set(f"sale {done}", StillClock().now())
            work.commit()
        written.append(orders_of(store))
        return True

    assert importing.apply(PERSON, importing.read(csv_file(*TEN)), progress=sell).written
    assert [len(found) for found in written] == [0, 2, 4, 6, 8, 10]


@pytest.mark.parametrize(("step_ms", "in_one"), [(1, 40), (10, 4), (39, 2), (40, 1), (900, 1)])
def test_a_transaction_ends_once_it_has_been_held_long_enough(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, step_ms: int, in_one: int
) -> None:
    monkeypatch.setattr(short_transactions, "MOST_RECORDS", 1000)
    assert HELD_MS == 40
    clock, ends = SteppedClock(), []

    def step(work: SqlUnitOfWork) -> int:
        clock.at_ms += step_ms
        return 1

    run_in_short_transactions(store, clock, [step] * 80, ends.append)
    assert set(ends) == {in_one} and sum(ends) == 80


class SteppedClock(StillClock):
    at_ms = 0

    def monotonic(self) -> int:
        return self.at_ms


def test_what_happened_to_an_order_meanwhile_stays_and_is_counted(
    importing: ImportService, store: SqlStore, csv_file: Write
) -> None:
    def progress(done: int, size: int) -> bool:
        if done > 6:
            try_to_pay(store, 2)
        return done <= 6

    report = importing.apply(PERSON, importing.read(csv_file(*TEN)), progress=progress)
    assert (report.stopped, report.written, report.kept) == (True, False, 1)
    assert orders_of(store) == [2]
    with store.snapshot() as work:
        order = work.orders.get(2)
        assert order is not None and len(order.items) == 1
        assert work.people.get(12) is not None and work.orders.product(21) is not None
    assert importing.apply(PERSON, importing.read(csv_file(*TEN))).orders.unchanged == 1
    assert orders_of(store) == list(range(1, 11))


def test_somebody_else_with_the_same_number_is_first(
    importing: ImportService, store: SqlStore, csv_file: Write, undoing: UndoImportService
) -> None:
    other = importing.read(csv_file(line_of(주문번호="9", 수량="5"))).orders[0].order

    def write_it() -> None:
        with store.transaction() as work:
            work.catalogue.add_orders([other])
            work.commit()

    batch = importing.read(csv_file(*TEN))
    report = importing.apply(PERSON, batch, progress=at_record(5, write_it))
    assert (report.stopped, report.written, report.import_id) == (False, False, 0)
    assert orders_of(store) == [9]
    assert undoing.newest(1)[0].undone_by == PERSON
    assert [one.cause.value for one in importing.check(batch).complaints] == ["order_differs"]


def test_what_was_sold_meanwhile_is_not_in_stock_again(
    importing: ImportService,
    undoing: UndoImportService,
    store: SqlStore,
    json_file: Callable[[object], Path],
) -> None:
    shop = small_shop()
    importing.apply(PERSON, importing.read(json_file(shop)))
    shop["users"][1]["name"] = "김민지"
    shop["products"][0]["price"] = 9999

    def sell() -> None:
        with store.transaction() as work:
            work.orders.take_stock(21, 4)
            work.commit()

    batch = importing.read(json_file(shop))
    number = importing.apply(PERSON, batch, progress=at_record(1, sell)).import_id
    with store.snapshot() as work:
        product = work.orders.product(21)
    assert product is not None and (int(product.price), product.stock) == (9999, 6)
    undoing.undo(PERSON, number)
    with store.snapshot() as work:
        product = work.orders.product(21)
    assert product is not None and (int(product.price), product.stock) == (3200, 6)


def test_an_order_that_is_paid_while_its_import_is_undone_stays(
    importing: ImportService, store: SqlStore, csv_file: Write
) -> None:
    number = importing.apply(PERSON, importing.read(csv_file(*TEN))).import_id
    between = BetweenStore(store, lambda: try_to_pay(store, 5))
    report = UndoImportService(between, StillClock(), EVERYTHING).undo(PERSON, number)
    assert (report.orders, report.kept, report.users, report.products) == (9, 1, 0, 0)
    assert orders_of(store) == [5]


class BetweenStore:
    """Does something once, after the first transaction."""

    def __init__(self, real: SqlStore, act: Callable[[], None]) -> None:
        self._real, self._acts = real, [act]
        self.snapshot = real.snapshot

    @contextmanager
    def transaction(self) -> Iterator[SqlUnitOfWork]:
        with self._real.transaction() as work:
            yield work
        while self._acts:
            self._acts.pop()()


# Payments that a file claims


def test_portone_is_read_only_once_the_import_is_whole(
    importing: ImportService, store: SqlStore, json_file: Callable[[object], Path]
) -> None:
    job = ClaimVerification(store, Gateways(NoGateway()), StillClock(), live=False)
    states: list[ClaimState | None] = []

    def ask(done: int, size: int) -> bool:
        job.run()
        with store.snapshot() as work:
            claim = work.claims.for_order(7)
        states.append(claim and claim.state)
        return True

    assert importing.apply(PERSON, importing.read(json_file(paid_shop())), progress=ask).written
    assert states[-1] is ClaimState.WAITING
    with pytest.raises(ZeroDivisionError):
        job.run()


class NoGateway:
    """Stands for PortOne, and must not be called."""

    capabilities = SimpleNamespace(provider=Provider.PORTONE_V1)

    def __getattr__(self, name: str) -> object:
        raise ZeroDivisionError(name)


def test_the_claim_of_a_stopped_import_counts_for_nothing_and_can_be_made_again(
    importing: ImportService, store: SqlStore, json_file: Callable[[object], Path]
) -> None:
    batch = importing.read(json_file(paid_shop()))
    stopped = importing.apply(PERSON, batch, progress=lambda done, size: done < size)
    assert (stopped.stopped, stopped.kept, orders_of(store)) == (True, 0, [])
    with store.snapshot() as work:
        claim = work.claims.for_order(7)
        assert claim is not None and not work.claims.waiting()
    assert claim.state is ClaimState.DENIED
    assert claim.problem == ClaimProblem.IMPORT_TAKEN_BACK
    assert importing.apply(PERSON, batch).payments == 1
    with store.snapshot() as work:
        assert [one.order_id for one in work.claims.waiting()] == [7]


def test_a_claim_that_was_taken_back_holds_no_later_import(
    importing: ImportService,
    undoing: UndoImportService,
    store: SqlStore,
    json_file: Callable[[object], Path],
) -> None:
    batch = importing.read(json_file(paid_shop()))
    importing.apply(PERSON, batch, progress=lambda done, size: done < size)
    number = importing.apply(PERSON, importing.read(json_file(small_shop()))).import_id
    assert undoing.undo(PERSON, number).orders == 1


def test_requests_come_last_as_they_are_kept_for_ever(
    importing: ImportService, store: SqlStore, json_file: Callable[[object], Path]
) -> None:
    shop = small_shop()
    shop["requests"] = [
        {
            "item_id": 71, "kind": "REFUND", "state": "CANCEL", "reason": "변심",
            "created_at": "2026-01-06T10:00:00+09:00", "processed_at": "2026-01-06T11:00:00+09:00",
            "ended_by": "BUYER",
        }
    ]  # fmt: skip
    batch = importing.read(json_file(shop))
    stopped = importing.apply(PERSON, batch, progress=lambda done, size: done < size)
    assert (stopped.stopped, stopped.kept, orders_of(store)) == (True, 0, [])
    importing.apply(PERSON, batch)
    with store.snapshot() as work:
        assert len(work.requests.for_order(7)) == 1


# A disk that fails


class FailingStore:
    """Fails at some transactions, counted from 1."""

    def __init__(self, real: SqlStore, *failing: int) -> None:
        self._real, self._failing, self._count = real, failing, 0
        self.snapshot = real.snapshot

    @contextmanager
    def transaction(self) -> Iterator[SqlUnitOfWork]:
        self._count += 1
        if self._count in self._failing:
            raise EnvironmentProblem(EnvironmentCode.DISK_FULL, "shop.db")
        with self._real.transaction() as work:
            yield work


def test_a_full_disk_leaves_nothing(
    importing: ImportService, store: SqlStore, csv_file: Write
) -> None:
    before = rows(store)
    failing = ImportService(FailingStore(store, 5), StillClock(), EVERYTHING, sellers=True)
    with pytest.raises(EnvironmentProblem):
        failing.apply(PERSON, importing.read(csv_file(*TEN)))
    assert rows(store) == before


def test_what_a_full_disk_leaves_is_taken_back_by_the_job(
    importing: ImportService, store: SqlStore, csv_file: Write, undoing: UndoImportService
) -> None:
    before = rows(store)
    failing = FailingStore(store, *range(5, 99))
    service = ImportService(failing, StillClock(), EVERYTHING, sellers=True)
    with pytest.raises(EnvironmentProblem):
        service.apply(PERSON, importing.read(csv_file(*TEN)))
    assert orders_of(store)
    (left,) = undoing.newest(1)
    assert left.is_unfinished and not left.is_whole
    obstacle = undoing.find_obstacle(left.id)
    assert obstacle is not None
    clock = SteppedClock()
    job = UnfinishedImportJob(TakeBack(store, clock), clock)
    assert job.due_in_ms() == 0
    assert job.run().changes == (STATUS_CHANGED,)
    assert rows(store) == before
    assert job.due_in_ms() == IDLE_MS
    assert job.run().changes == ()


def test_the_job_leaves_an_import_alone_that_is_being_written(
    store: SqlStore, csv_file: Write
) -> None:
    clock = SteppedClock()
    taking_back = TakeBack(store, clock)
    importing = ImportService(store, clock, EVERYTHING, taking_back, sellers=True)
    job = UnfinishedImportJob(taking_back, clock)
    batch = importing.read(csv_file(*TEN))
    assert importing.apply(PERSON, batch, progress=at_record(5, job.run)).written
    assert job.due_in_ms() == AGAIN_MS
    assert orders_of(store) == list(range(1, 11))


def test_a_new_import_first_takes_back_what_was_left(
    importing: ImportService, store: SqlStore, csv_file: Write
) -> None:
    failing = FailingStore(store, *range(5, 99))
    service = ImportService(failing, StillClock(), EVERYTHING, sellers=True)
    with pytest.raises(EnvironmentProblem):
        service.apply(PERSON, importing.read(csv_file(*TEN)))
    assert importing.apply(PERSON, importing.read(csv_file(LINE))).written
    assert orders_of(store) == [7]
