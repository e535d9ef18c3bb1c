"""A QR that is still on the screen: every payment under its number is found at once."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.payments import AttemptState, PaymentDisposition
from posapp.sandbox.server import Sandbox
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import BUYER, Till, an_order


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=BooksGateway(sandbox))
    till.stock_shop(an_order(10, (5000, 1)))
    yield till
    till.close()


def test_a_number_that_is_paid_twice_is_found_while_its_qr_is_live(shop):
    """One call tells of one try only; the second payment must not wait for the end of the link."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    both = [
        shop.books.pay(attempt.merchant_uid),
        shop.books.pay(attempt.merchant_uid, again=True),
    ]
    assert shop.poller.poll(attempt.id).refund_ids
    with shop.store.snapshot() as uow:
        recorded = uow.payments.for_order(10)
    assert {one.imp_uid for one in recorded} == {one.imp_uid for one in both}
    dispositions = sorted(one.disposition for one in recorded)
    assert dispositions == [PaymentDisposition.ACCEPTED, PaymentDisposition.REJECTED]
    assert shop.payment_service.get_progress(attempt.id).attempt.state is AttemptState.PAID
    shop.work(4)
    assert sorted(shop.books.balance(one.imp_uid) for one in both) == [0, 5000]
    shop.check_books()
