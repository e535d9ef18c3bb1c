"""Today's figures: what was paid and refunded on this day of the shop, and who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.payments import PaymentDisposition
from posapp.domain.permissions import Permission
from posapp.domain.refunds import RefundState
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.orders.today_figures import TodayFigures, TodayFiguresService
from posapp.services.ports.records import MoneyTotal
from posapp.services.ports.unit_of_work import UnitOfWork
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock
from tests.store.records import paid, payment, refund

WHO = Actor.person("김")
MIDNIGHT = datetime(2026, 11, 27, 15, tzinfo=UTC)
"""Midnight in Seoul of 28 November."""

NOON = MIDNIGHT + timedelta(hours=12)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_store(tmp_path / "shop.db")
    yield made
    made.close()


def figures(store: SqlStore, now: datetime = NOON) -> TodayFigures:
    found = TodayFiguresService(store, FakeClock(now), EVERYTHING).read(WHO)
    assert found is not None
    return found


def pay(store: SqlStore, number: int, at: datetime, amount: int = 1000, **changes: object) -> None:
    values = {"merchant_uid": f"M-{number}", "amount": Won(amount), "paid_at": at, **changes}
    paid(store, payment(f"imp_{number}", number, **values))


def give_back(
    store: SqlStore, number: int, asked_at: datetime, confirmed_at: datetime | None, won: int = 100
) -> None:
    with store.transaction() as uow:
        stored = uow.refunds.add(
            refund(
                f"[RF-{number}]",
                f"imp_{number}",
                order_id=number,
                item_id=number * 10,
                amount=Won(won),
                created_at=asked_at,
            )
        )
        if confirmed_at is not None:
            done = replace(stored, state=RefundState.CONFIRMED, confirmed_at=confirmed_at)
            uow.refunds.save(done)
        uow.commit()


def test_a_day_without_money_is_all_zero(store: SqlStore) -> None:
    assert figures(store) == TodayFigures(MoneyTotal(), MoneyTotal())
    assert figures(store).net == 0


def test_the_day_is_that_of_the_shop(store: SqlStore) -> None:
    moment = timedelta(microseconds=1)
    day = timedelta(days=1)
    for number, at in enumerate(
        (MIDNIGHT - moment, MIDNIGHT, MIDNIGHT + day - moment, MIDNIGHT + day), start=1
    ):
        pay(store, number, at, 10**number)
    assert figures(store).paid == MoneyTotal(2, Won(100 + 1000))
    assert figures(store, MIDNIGHT - moment).paid == MoneyTotal(1, Won(10))
    assert figures(store, MIDNIGHT).paid == MoneyTotal(2, Won(1100))


def test_a_refund_counts_on_the_day_on_which_it_was_confirmed(store: SqlStore) -> None:
    yesterday = MIDNIGHT - timedelta(hours=2)
    for number in range(1, 5):
        pay(store, number, yesterday)
    give_back(store, 1, yesterday, yesterday)
    give_back(store, 2, yesterday, NOON, 300)
    give_back(store, 3, NOON, None)
    pay(store, 9, NOON, 200)
    found = figures(store)
    assert (found.paid, found.refunded) == (MoneyTotal(1, Won(200)), MoneyTotal(1, Won(300)))
    assert found.net == -100


def test_money_that_was_rejected_is_no_sale_and_no_refund(store: SqlStore) -> None:
    pay(store, 1, NOON, disposition=PaymentDisposition.REJECTED)
    give_back(store, 1, NOON, NOON)
    assert figures(store) == TodayFigures(MoneyTotal(), MoneyTotal())


def test_a_refund_counts_however_long_it_took(store: SqlStore) -> None:
    asked = MIDNIGHT - timedelta(days=400)
    pay(store, 1, asked)
    give_back(store, 1, asked, NOON)
    assert figures(store).refunded.count == 1


def test_who_may_not_see_them_gets_none(store: SqlStore) -> None:
    asked: list[tuple[Actor, Permission]] = []

    class Nothing:
        def is_allowed(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
            asked.append((actor, permission))
            return False

    service = TodayFiguresService(store, FakeClock(NOON), AccessControl(Nothing()))
    assert service.read(WHO) is None
    assert asked == [(WHO, Permission.SEE_FIGURES)]
