"""A shop with orders of several pieces, whose file can be replaced by an older copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import OrderItem, Pieces
from posapp.domain.refunds import Refund, RefundState
from posapp.services.ports.outbox import MismatchKind
from posapp.store.files.backup import backup
from tests.fakes.till import BUYER, SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM = 100
CANCEL = "/payments/cancel"
LIMIT = "결제취소에 실패하였습니다. 한도 초과"
"""A refusal that is believed."""
BY_SELLER, BY_BUYER = Actor.seller(SELLER), Actor.buyer(BUYER)


class Shop:
    """A till whose file can be replaced by an older copy. Order 10: five pieces at 2,000 won, and
    two at 1,500."""

    def __init__(self, path: Path, sandbox: Any, clock: Any) -> None:
        self.path, self.sandbox, self.clock = path, sandbox, clock
        self.copy_path = path.with_name("copy.db")
        self.till = Till(path, sandbox, clock, make_ids=NumberedIds)
        self.till.stock_shop(
            an_order(10, (2000, 5), (1500, 2)),
            an_order(20, (2000, 5)),
            an_order(30, (2000, 5), (30_000, 1)),
        )

    def copy(self) -> None:
        backup(self.path, self.copy_path)

    def restore(self) -> None:
        self.till.close()
        for each in self.path.parent.glob(f"{self.path.name}*"):
            each.unlink()
        shutil.copyfile(self.copy_path, self.path)
        self.till = Till(self.path, self.sandbox, self.clock, make_ids=NumberedIds)

    def ask_back(self, count: int | None = 2, amount: int = 4000, item: int = ITEM) -> Refund:
        """Refund so many pieces of what the page shows now."""
        pieces = None if count is None else Pieces(count, self.count_of(item))
        return self.till.cancellation_service.refund(BY_SELLER, item, "품절", amount, pieces)

    def count_of(self, item: int) -> int:
        with self.till.store.snapshot() as uow:
            found = uow.orders.item(item)
        assert found is not None
        return found.count

    def offline(self) -> None:
        self.sandbox.faults.add("status", status=503)

    def online(self) -> None:
        self.sandbox.faults.clear()
        self.till.pass_time(180)

    @property
    def items(self) -> tuple[OrderItem, ...]:
        return self.till.order(10).items

    @property
    def pieces(self) -> list[tuple[int, str]]:
        """Count and status of each item, without the second line of the order."""
        return [(one.count, one.status.value) for one in self.items if one.price == 2000]

    def refund(self, number: int) -> Refund:
        with self.till.store.snapshot() as uow:
            found = uow.refunds.get(number)
        assert found is not None
        return found

    def mismatches(self) -> list[MismatchKind]:
        return [one.kind for one in self.till.unresolved_money_service.mismatches()]


def divided_shop(path: Path, sandbox: Any, clock: Any) -> Iterator[Shop]:
    """Yield the shop, for a fixture."""
    made = Shop(path, sandbox, clock)
    yield made
    made.till.close()


def refusal(action: Callable[[], object]) -> ErrorCode:
    with pytest.raises(UserError) as error:
        action()
    return error.value.code


def refused(shop: Shop, count: int | None = 2, amount: int = 4000, item: int = ITEM) -> Refund:
    """A refund that PortOne refused in words that are believed."""
    shop.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=LIMIT)
    refund = shop.ask_back(count, amount, item)
    shop.till.work(2)
    assert shop.refund(refund.id).state is RefundState.REFUSED
    return refund


def read_all(shop: Shop) -> None:
    shop.till.reconcile_job.request_full()
    shop.till.pass_time(180)


PAID, GONE = "COMPLETE_PAYMENT", "CANCEL"
