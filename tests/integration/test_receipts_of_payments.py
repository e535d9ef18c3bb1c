"""Whether a cash receipt of KakaoPay's money was issued: read, kept, and found later."""

from __future__ import annotations

import pytest

from posapp.domain.payments import Payment
from tests.fakes.till import Till, an_order
from tests.fakes.world import NumberedIds

PAID, LATER = 10, 20


@pytest.fixture
def till(tmp_path, sandbox, clock):
    made = Till(tmp_path / "posapp.db", sandbox, clock, make_ids=NumberedIds)
    made.stock_shop(an_order(PAID, (5_000, 1)), an_order(LATER, (4_000, 1)))
    yield made
    made.close()


def payment_of(till: Till, order_id: int) -> Payment:
    with till.store.snapshot() as uow:
        (payment,) = uow.payments.for_order(order_id)
    return payment


def compare(till: Till) -> None:
    """Compare with all of PortOne's list."""
    till.reconcile_job.request_full()
    till.work(2)


def test_it_is_kept_with_the_payment(till: Till) -> None:
    till.paid_order(PAID)
    assert not payment_of(till, PAID).cash_receipt_issued
    till.sandbox.faults.conduct.change(pays_with_receipt=True)
    till.paid_order(LATER)
    assert payment_of(till, LATER).cash_receipt_issued


def test_one_that_is_issued_later_is_found_by_comparing_and_stays(till: Till) -> None:
    till.paid_order(PAID)
    with till.store.snapshot() as uow:
        before = uow.ledger.end()
    till.sandbox.faults.conduct.change(pays_with_receipt=True)
    compare(till)
    assert payment_of(till, PAID).cash_receipt_issued
    till.sandbox.faults.conduct.change(pays_with_receipt=False)
    compare(till)
    assert payment_of(till, PAID).cash_receipt_issued
    with till.store.snapshot() as uow:
        assert uow.ledger.end() == before, "no money moved, and nobody acted"
        assert uow.cash_receipts.of_order(PAID) == (), "the shop issues none for a QR"
    till.check_books()
