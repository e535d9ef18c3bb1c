"""The rest of a rejected payment's return, worked out once by a file and once more by an older copy
of it: a tag means one refund of one amount, for PortOne's history and for the journal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.refunds import Refund, RefundState
from posapp.services.ports.outbox import MismatchKind
from posapp.store.files.backup import backup
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from tests.fakes.actors import STAFF
from tests.fakes.till import BUYER, an_order
from tests.faults.maintained_till import MaintainedTill


class Shop(MaintainedTill):
    """21,000 won were paid for 4,000. A copy was made while their refund waited; then 1,000 won
    were cancelled in the console."""

    def begin(self) -> None:
        self.till.stock_shop(an_order(20, (4000, 1)))
        attempt = self.till.payment_service.start(Actor.buyer(BUYER), 20).attempt
        self.imp_uid = self.till.books.pay(attempt.merchant_uid, 21_000).imp_uid
        self.till.poller.poll(attempt.id)
        self._copy = self.path.with_name("copy.db")
        backup(self.path, self._copy)
        self.cancel(1000)
        self.till.reconcile_job.request_full()
        self.till.reconcile_job.run()
        self.run("journal")

    def cancel(self, amount: int) -> None:
        self.till.books.console_cancel(self.imp_uid, amount)

    def work_out_rest(self) -> None:
        """Work in the copy; nothing is sent while intents from the journal are unexplained."""
        self.till.pass_time(120)
        self.run("journal")
        assert self.till.books.balance(self.imp_uid) == self.rest().amount

    def put_copy_in_place(self) -> None:
        self.close()
        for each in (self.path, *self.path.parent.glob(f"{self.path.name}-*")):
            each.unlink()
        shutil.copyfile(self._copy, self.path)
        self.open()

    def returns(self) -> list[Refund]:
        with self.store.snapshot() as uow:
            return [one for one in uow.refunds.of_payment(self.imp_uid) if one.tag[:4] == "[RF-"]

    def rest(self) -> Refund:
        (rest,) = (one for one in self.returns() if one.is_open)
        return rest


@pytest.fixture
def shop(tmp_path: Path, sandbox, clock):
    shop = Shop(tmp_path / "posapp.db", sandbox, clock)
    shop.begin()
    yield shop
    shop.close()


def journalled(shop: Shop) -> dict[str, int]:
    """Won by tag, as the next start reads it."""
    intents = FileIntentJournal(journal_path(shop.path)).open_intents()
    return {one.tag: int(one.amount) for one in intents}


def test_another_rest_of_an_older_copy_is_in_the_journal_too(shop):
    """Under the other rest's tag it was not written down, and a second copy forgot it."""
    first = shop.rest()
    shop.put_copy_in_place()
    shop.cancel(500)
    shop.work_out_rest()
    second = shop.rest()
    assert (first.amount, second.amount) == (20_000, 19_500)
    assert journalled(shop).items() >= {(first.tag, 20_000), (second.tag, 19_500)}
    shop.put_copy_in_place()
    lost = {one.tag: one.amount for one in shop.maintenance.recovered.reported}
    assert lost == {first.tag: 20_000, second.tag: 19_500}
    (named,) = shop.till.unresolved_money_service.mismatches()
    assert named.kind is MismatchKind.LOST_INTENT
    assert first.tag in named.evidence
    assert second.tag in named.evidence


def test_end_of_one_remainder_does_not_end_the_other(shop):
    """An explained rest is refunded once, to the last won; the lost one remains in the journal."""
    first = shop.rest()
    shop.put_copy_in_place()
    shop.cancel(500)
    shop.work_out_rest()
    second = shop.rest()
    shop.till.explain()
    shop.till.unresolved_money_service.retry(STAFF, second.id)
    shop.till.pass_time(1800, every=20)
    shop.run("journal")
    assert shop.till.books.balance(shop.imp_uid) == 0
    assert [one.amount for one in shop.returns() if one.state is RefundState.CONFIRMED] == [19_500]
    open_ones = journalled(shop)
    assert first.tag in open_ones
    assert second.tag not in open_ones
    shop.till.check_books()


def test_the_same_rest_is_the_same_refund_in_the_copy(shop):
    first = shop.rest()
    shop.put_copy_in_place()
    shop.work_out_rest()
    second = shop.rest()
    assert (second.tag, second.amount) == (first.tag, first.amount)
