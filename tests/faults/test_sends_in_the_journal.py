"""docs/faults.md, rows 58 and 82: a send of the last second before an older copy replaced the
database, carried out after that copy was compared."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from posapp.app.container import open_container
from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, UserError
from posapp.domain.modes import Mode
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.portone.settings import GatewaySettings
from posapp.sandbox.cancelling import CancelOrder
from posapp.services.maintenance.recover_journal import recover_journal
from posapp.services.ports.outbox import MismatchKind
from posapp.services.till_config import TillConfig
from posapp.store.files.backup import backup
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from tests.fakes.actors import STAFF
from tests.fakes.fixtures import clock, sandbox
from tests.fakes.till import BUYER, SELLER, STOCK, Till, an_order
from tests.fakes.world import FakeIds, FakeSecrets, NumberedIds

__all__ = ["clock", "sandbox"]

ITEM = 100


class FullJournal(FileIntentJournal):
    """No line finds room on its disk."""

    def add(self, *_: object, **__: object) -> None:
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL)


class Shop:
    """A till with its journal; the journal job never runs, as within a second."""

    def __init__(self, path: Path, sandbox, clock) -> None:
        self.path, self.sandbox, self.clock = path, sandbox, clock
        self.open(FileIntentJournal(journal_path(path)))

    def open(self, journal: FileIntentJournal | None) -> None:
        self.journal = journal
        self.till = Till(self.path, self.sandbox, self.clock, make_ids=NumberedIds, journal=journal)

    def restore(self, copy: Path, *, lose_journal: bool = False) -> None:
        """The copy takes the database's place, and is opened beside the journal."""
        self.till.close()
        if lose_journal:
            self.journal.path.unlink(missing_ok=True)
        for each in self.path.parent.glob(f"{self.path.name}*"):
            each.unlink()
        shutil.copyfile(copy, self.path)
        self.open(FileIntentJournal(journal_path(self.path)))
        recover_journal(self.till.store, self.journal, self.clock)

    def refund(self, item: int = ITEM, amount: int = 5000):
        return self.till.cancellation_service.refund(Actor.seller(SELLER), item, "변심", amount)

    def states(self) -> list[RefundState]:
        return self.till.refund_states()

    def land(self, refund, checksum: int) -> None:
        """Carry out the refund's send now, with the checksum that it was sent with."""
        self.till.books.cancel(
            CancelOrder(
                imp_uid=refund.imp_uid,
                amount=int(refund.amount),
                checksum=checksum,
                reason=refund.tagged_reason,
            )
        )


@pytest.fixture
def shop(tmp_path, sandbox, clock):
    shop = Shop(tmp_path / "posapp.db", sandbox, clock)
    items = (5000, 1), (8000, 1)
    shop.till.stock_shop(an_order(10, *items), an_order(20, *items))
    shop.till.paid_order(10)
    yield shop
    shop.till.close()


def sent_and_restored(shop: Shop, tmp_path: Path):
    """A refund is sent without an answer; then the earlier copy is restored."""
    copy = tmp_path / "copy.db"
    backup(shop.path, copy)
    shop.sandbox.faults.add("drop_before", path="/payments/cancel")
    refund = shop.refund()
    shop.till.work(2)
    assert shop.till.cancellation_service.get_refund(refund.id).refund.send_count > 0
    shop.restore(copy)
    shop.sandbox.faults.clear()
    shop.till.work(2)
    with shop.till.store.snapshot() as uow:
        assert uow.checkpoints.behind_since() is None, "compared, before it was carried out"
    return refund


def test_send_carried_out_after_the_copy_was_compared_is_recognised(shop, tmp_path):
    refund = sent_and_restored(shop, tmp_path)
    assert shop.states() == [RefundState.NEEDS_REVIEW]
    with pytest.raises(UserError):
        shop.refund()
    shop.land(refund, checksum=13_000)
    shop.till.pass_time(660)
    assert shop.states() == [RefundState.CONFIRMED]
    assert shop.till.order(10).items[0].status is ItemStatus.CANCEL
    assert shop.till.stock_of(ITEM) == STOCK + 1
    shop.till.check_books()


def test_twin_without_the_journal_refunds_the_item_twice(shop, tmp_path):
    """PortOne compared the checksum when it took the first one."""
    shop.till.close()
    shop.open(None)
    refund = sent_and_restored(shop, tmp_path)
    assert shop.states() == []
    shop.refund()
    shop.till.work(3)
    assert shop.states() == [RefundState.CONFIRMED]
    shop.land(refund, checksum=shop.till.portone_balance())
    assert shop.till.portone_balance() == 13_000 - 2 * 5000


@pytest.fixture(params=["with its QR", "without its QR"])
def unknown(request, shop, tmp_path):
    """A payment made after the copy, with a refund in progress: the journal's intent is reported
    before the payment is recorded again, and explained after it."""
    copy = tmp_path / "copy.db"
    if request.param == "without its QR":
        backup(shop.path, copy)
    attempt = shop.till.payment_service.start(Actor.buyer(BUYER), 20).attempt
    if request.param == "with its QR":
        backup(shop.path, copy)
    shop.till.books.pay(attempt.merchant_uid)
    shop.till.pass_time(60)
    shop.sandbox.faults.add("drop_before", path="/payments/cancel")
    refund = shop.refund(200)
    shop.till.work(2)
    assert shop.till.cancellation_service.get_refund(refund.id).refund.send_count > 0
    shop.restore(copy)
    shop.sandbox.faults.clear()
    (named,) = shop.till.unresolved_money_service.mismatches()
    assert named.kind is MismatchKind.LOST_INTENT
    shop.till.pass_time(60)
    assert shop.till.order(20).is_paid, "in the records again"
    shop.till.explain()
    return refund


@pytest.mark.parametrize("ours", [True, False], ids=["ours", "not ours"])
def test_lost_intent_of_a_later_refunded_payment_is_not_refunded_twice(shop, unknown, ours):
    """The same item once more: PortOne had compared the checksum of the first when it took it."""
    refund = shop.refund(200)
    shop.till.pass_time(600)
    balance = shop.till.books.balance(unknown.imp_uid)
    assert balance == 13_000, "nothing is sent while the first may be carried out"
    shop.land(unknown, checksum=13_000)
    shop.till.pass_time(1800, every=60)
    assert shop.till.books.balance(unknown.imp_uid) == 8_000
    assert shop.states() == [RefundState.NEEDS_REVIEW], "it may be the line that landed"
    shop.till.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours)
    shop.till.explain()
    shop.till.pass_time(1800, every=60)
    assert shop.till.books.balance(unknown.imp_uid) == 8_000, "whatever was said of it"
    assert shop.till.order(20).items[0].status is ItemStatus.CANCEL
    assert shop.till.stock_of(200) == STOCK + 1
    shop.till.check_books()


def test_same_item_is_refunded_when_the_first_send_can_no_longer_arrive(shop, unknown):
    shop.refund(200)
    shop.till.pass_time(1800, every=60)
    assert shop.till.books.balance(unknown.imp_uid) == 8_000
    shop.till.check_books()


def test_a_lost_intent_of_another_item_is_entered_before_anything_is_sent(shop, unknown):
    refund = shop.refund(201, 8000)
    shop.till.pass_time(600)
    assert shop.till.books.balance(unknown.imp_uid) == 13_000
    assert sorted(shop.states()) == [RefundState.APPROVED, RefundState.NEEDS_REVIEW]
    shop.land(unknown, checksum=13_000)
    shop.till.pass_time(1800, every=60)
    assert shop.states() == [RefundState.CONFIRMED] * 2
    assert shop.till.cancellation_service.get_refund(refund.id).refund.send_count == 1
    assert shop.till.books.balance(unknown.imp_uid) == 0
    shop.till.check_books()


def test_unsent_refunds_of_a_copy_wait_without_the_journal(shop, tmp_path):
    """The newer file may have sent it a moment ago."""
    copy = tmp_path / "copy.db"
    refund = shop.refund()
    backup(shop.path, copy)
    shop.sandbox.faults.add("drop_before", path="/payments/cancel")
    shop.till.work(2)
    shop.restore(copy, lose_journal=True)
    shop.sandbox.faults.clear()
    shop.till.pass_time(600)
    assert shop.till.portone_balance() == 13_000, "nothing is sent while that one may be on its way"
    shop.land(refund, checksum=13_000)
    shop.till.pass_time(120)
    assert shop.states() == [RefundState.CONFIRMED]
    assert shop.till.portone_balance() == 8_000
    shop.till.check_books()


def test_older_file_is_compared_again_when_no_send_can_arrive(shop, tmp_path):
    """The payment is older than the window of each comparison."""
    shop.till.pass_time(4 * 3600, every=600)
    copy = tmp_path / "copy.db"
    backup(shop.path, copy)
    shop.sandbox.faults.add("drop_before", path="/payments/cancel")
    refund = shop.refund()
    shop.till.work(2)
    shop.restore(copy, lose_journal=True)
    shop.sandbox.faults.clear()
    shop.till.work(2)
    assert shop.states() == []
    shop.land(refund, checksum=13_000)
    shop.till.pass_time(1500, every=60)
    assert shop.states() == [RefundState.CONFIRMED]
    assert shop.till.order(10).items[0].status is ItemStatus.CANCEL
    shop.till.check_books()


def test_unwritable_journal_does_not_stop_refunds(shop):
    shop.till.close()
    shop.open(FullJournal(journal_path(shop.path)))
    shop.refund()
    shop.till.work(3)
    assert shop.states() == [RefundState.CONFIRMED]
    assert not shop.journal.open_intents()


def test_the_program_sends_nothing_that_is_not_in_its_journal(shop, tmp_path):
    """As ``posapp`` opens it: the journal job has run and is not due before the send."""
    shop.till.close()
    clock, fakes = shop.clock, shop.sandbox
    till = open_container(
        shop.path,
        GatewaySettings(
            api_base=fakes.api,
            link_base=fakes.link_api,
            user_code=fakes.user_code,
            channel_key=fakes.channel_key,
            link_hosts=(fakes.api,),
        ),
        TillConfig("하나 베이커리", live=False),
        FakeSecrets(imp_key=fakes.imp_key, imp_secret=fakes.imp_secret),
        clock,
        lambda _: FakeIds(),
        lambda: None,
        mode=Mode.TEST,
        pin_secrets=FakeSecrets(),
    )
    try:
        for _ in range(400):
            if till.sync_engine.step().wait_ms and till.status_store.status.may_send:
                break
        refund = till.cancellation_service.refund(Actor.seller(SELLER), ITEM, "변심", 5000)
        for _ in range(400):
            till.sync_engine.step()
            if (
                till.cancellation_service.get_refund(refund.id).refund.state
                is RefundState.CONFIRMED
            ):
                break
        assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    finally:
        till.close()
    assert FileIntentJournal(journal_path(shop.path)).contains(refund.tag)
