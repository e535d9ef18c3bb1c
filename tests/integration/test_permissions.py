"""Every action is refused without its permission, before it writes or sends anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.permissions import Permission
from posapp.sandbox.server import Sandbox
from posapp.services.ports.outbox import Mismatch, MismatchKind
from tests.fakes.access import Denying
from tests.fakes.actors import WHO
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM = 100


class Counted:
    """A gateway that counts the calls."""

    def __init__(self, real: BooksGateway) -> None:
        self.real, self.calls = real, []

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self.real, name)


class Shop(Till):
    """A till with one order of two items, and a policy that a test turns."""

    def __init__(self, path: Path, clock) -> None:
        self.path, self.policy = path, Denying()
        sandbox = Sandbox(clock=clock.unix)
        self.counted = Counted(BooksGateway(sandbox))
        super().__init__(
            path,
            sandbox,
            clock,
            gateway=self.counted.real,
            through=lambda gateway: self.counted,
            make_ids=NumberedIds,
            access=self.policy,
        )
        self.stock_shop(an_order(10, (5000, 1), (3000, 1)))

    def content(self) -> dict[str, list[tuple]]:
        """Every row of every table."""
        with closing(sqlite3.connect(self.path)) as connection:
            names = [
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
                )
            ]
            return {
                name: connection.execute(f"SELECT * FROM [{name}]").fetchall() for name in names
            }

    def refund(self) -> int:
        """Ask for the refund of an item of the paid order; return its id."""
        if not self.order(10).is_paid:
            self.paid_order(10)
        return self.cancellation_service.refund(Actor.seller(SELLER), ITEM, "품절", 5000).id

    def refund_in_review(self) -> int:
        refund = self.refund()
        self.sync.take_over(WHO, refund)
        return refund

    def mismatch(self) -> Mismatch:
        with self.store.transaction() as uow:
            kind = MismatchKind.FOREIGN_PAYMENT
            uow.mismatches.note(
                Mismatch(0, kind, "pos-x", "imp_9", Won(700), "why", self.clock.now())
            )
            uow.commit()
        return self.open_money.mismatches()[-1]


@pytest.fixture
def shop(tmp_path: Path, clock) -> Iterator[Shop]:
    made = Shop(tmp_path / "posapp.db", clock)
    yield made
    made.close()


Act = Callable[[], object]


def retry(shop: Shop) -> Act:
    refund = shop.refund()
    shop.clock.advance(seconds=1)
    return lambda: shop.open_money.retry(WHO, refund)


def assign_cancellation(shop: Shop) -> Act:
    refund = shop.refund_in_review()
    return lambda: shop.open_money.assign_cancellation(WHO, refund, False)


def close_mismatch(shop: Shop) -> Act:
    found = shop.mismatch()
    return lambda: shop.open_money.close_mismatch(WHO, found.id, "확인함", 700)


def try_now(shop: Shop) -> Act:
    refund = shop.refund()
    shop.clock.advance(seconds=1)
    return lambda: shop.sync.try_now(WHO, refund)


def try_all(shop: Shop) -> Act:
    shop.refund()
    with shop.store.transaction() as uow:
        uow.outbox.shift_times(timedelta(minutes=5))
        uow.commit()
    return lambda: shop.sync.try_all(WHO)


def requeue(shop: Shop) -> Act:
    refund = shop.refund_in_review()
    return lambda: shop.sync.requeue(WHO, refund)


def take_over(shop: Shop) -> Act:
    refund = shop.refund()
    return lambda: shop.sync.take_over(WHO, refund)


def reconcile_now(shop: Shop) -> Act:
    return lambda: shop.sync.reconcile_now(WHO)


ACTIONS: dict[str, tuple[Permission, Callable[[Shop], Act]]] = {
    "UnresolvedMoneyService.retry": (Permission.RESOLVE_MONEY, retry),
    "UnresolvedMoneyService.assign_cancellation": (Permission.RESOLVE_MONEY, assign_cancellation),
    "UnresolvedMoneyService.close_mismatch": (Permission.RESOLVE_MONEY, close_mismatch),
    "SyncService.try_now": (Permission.SYNC, try_now),
    "SyncService.try_all": (Permission.SYNC, try_all),
    "SyncService.requeue": (Permission.RESOLVE_MONEY, requeue),
    "SyncService.take_over": (Permission.RESOLVE_MONEY, take_over),
    "SyncService.reconcile_now": (Permission.SYNC, reconcile_now),
}
"""What each action needs, and how it is prepared."""

WRITE_NOTHING = {"SyncService.reconcile_now"}
"""Actions that change no record themselves."""


@pytest.mark.parametrize("name", ACTIONS)
def test_without_its_permission_an_action_does_nothing(shop: Shop, name: str) -> None:
    permission, prepare = ACTIONS[name]
    act = prepare(shop)
    before, wakes = shop.content(), shop.wakes
    shop.counted.calls.clear()
    shop.policy.denied = permission
    with pytest.raises(UserError) as refused:
        act()
    assert refused.value.code is ErrorCode.NOT_PERMITTED
    assert shop.content() == before
    assert shop.counted.calls == [], "nothing is sent, nor even read"
    assert shop.wakes == wakes
    # The twin: the same action, allowed.
    shop.policy.denied = None
    shop.policy.asked.clear()
    act()
    assert {one[1:] for one in shop.policy.asked} == {(WHO, permission)}
    assert all(in_transaction for in_transaction, *_ in shop.policy.asked)
    assert (shop.content() == before) == (name in WRITE_NOTHING)
