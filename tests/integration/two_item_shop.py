"""A till with one order of two items, and the refund of the first one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.refunds import Refund
from posapp.sandbox.server import Sandbox
from posapp.services.ports.gateway import PaymentGateway
from tests.fakes.till import SELLER, Till, an_order
from tests.fakes.world import FakeClock, NumberedIds

ITEM = 100


def two_item_shop(
    path: Path, sandbox: Sandbox, clock: FakeClock, gateway: PaymentGateway
) -> Iterator[Till]:
    """Open the till with order 10 (5,000 and 3,000 won); close it afterwards."""
    till = Till(path, sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    yield till
    till.close()


def ask_back(till: Till) -> Refund:
    """Request the refund of the first item, 5,000 won."""
    return till.cancellation_service.refund(Actor.seller(SELLER), ITEM, "품절", 5000)
