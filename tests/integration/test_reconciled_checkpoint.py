"""How far the books were compared: never past a payment that could not be read."""

from __future__ import annotations

import pytest

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.sandbox.server import Sandbox
from posapp.services.ports.checkpoints import FULLY_RECONCILED_UNTIL, RECONCILED_UNTIL
from posapp.services.reconciliation.reconcile_schedule import EVERY_MS
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import Till, an_order
from tests.fakes.world import NumberedIds


class Unreadable(BooksGateway):
    """PortOne has trouble with some of its payments."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.troubled: set[str] = set()

    def get_payment(self, ref):
        if ref.provider_id in self.troubled:
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.SERVER)
        return super().get_payment(ref)


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    gateway = Unreadable(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1)), an_order(20, (4000, 1)))
    yield till
    till.close()


def marks(shop: Till):
    with shop.store.snapshot() as uow:
        return uow.checkpoints.get(RECONCILED_UNTIL), uow.checkpoints.get(FULLY_RECONCILED_UNTIL)


def test_the_compared_mark_waits_for_a_payment_that_cannot_be_read(shop):
    troubled, other = shop.paid_order(10), shop.paid_order(20)
    shop.pass_time(EVERY_MS // 1000 + 60)
    before = marks(shop)
    assert None not in before
    shop.books.console_cancel(troubled)
    shop.books.console_cancel(other)
    shop.client.troubled = {troubled}
    shop.reconcile_job.request_full()
    shop.work(2)
    assert shop.ledger_balance() == 5000, "the other one is settled"
    assert marks(shop) == before
    assert shop.status_store.status.reconcile_trouble
    shop.client.troubled = set()
    shop.reconcile_job.request_full()
    shop.work(2)
    assert shop.ledger_balance() == 0
    assert all(new > old for new, old in zip(marks(shop), before, strict=True))
    assert not shop.status_store.status.reconcile_trouble
    shop.check_books()
