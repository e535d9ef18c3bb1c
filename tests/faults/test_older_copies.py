"""An older copy replaces the database: what the lost time may have changed is left unchanged until
PortOne's books are compared, and money of that time is never refunded automatically."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import PaymentDisposition
from posapp.domain.refunds import RefundState
from posapp.domain.requests import ClosedBy, Decision, RequestKind, RequestState
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.ports.outbox import MismatchKind
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.store.files.backup import backup
from posapp.store.files.generation import generation_path, renew_generation
from posapp.store.open_store import open_store
from tests.fakes.access import EVERYTHING
from tests.fakes.payments import payment_ref
from tests.fakes.till import BUYER, SELLER, STOCK, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER, THIRD = 100, 101, 102


class Shop:
    """A till whose file can be replaced by an older copy."""

    def __init__(self, path, sandbox, clock) -> None:
        self.path, self.sandbox, self.clock = path, sandbox, clock
        self.copy_path = path.with_name("copy.db")
        self._open()

    def _open(self) -> None:
        self.till = Till(self.path, self.sandbox, self.clock, make_ids=NumberedIds)
        store, clock = self.till.store, self.clock
        self.desk = RequestDecisionService(store, clock, self.till.ids, lambda: None, EVERYTHING)
        self.fulfilment_service, self.request_service = (
            FulfilmentService(store, clock, EVERYTHING),
            RequestService(store, clock, EVERYTHING),
        )

    def copy(self) -> None:
        backup(self.path, self.copy_path)

    def restore(self) -> None:
        self.till.close()
        for each in self.path.parent.glob(f"{self.path.name}*"):
            each.unlink()
        shutil.copyfile(self.copy_path, self.path)
        self._open()

    @property
    def is_behind(self) -> bool:
        with self.till.store.snapshot() as uow:
            return uow.checkpoints.behind_since() is not None

    def offline(self) -> None:
        self.sandbox.faults.add("status", status=503)

    def online(self) -> None:
        self.sandbox.faults.clear()
        self.till.pass_time(180)

    def statuses(self, order: int = 10) -> list[ItemStatus]:
        return [item.status for item in self.till.order(order).items]

    def request(self, number: int):
        with self.till.store.snapshot() as uow:
            return uow.requests.get(number)

    def payment(self, imp_uid: str):
        with self.till.store.snapshot() as uow:
            return uow.payments.get(imp_uid)


@pytest.fixture
def shop(tmp_path, sandbox, clock):
    shop = Shop(tmp_path / "posapp.db", sandbox, clock)
    shop.till.stock_shop(
        an_order(10, (5000, 1), (3000, 1), (1000, 2)), an_order(20, (4000, 1)), an_order(30)
    )
    yield shop
    shop.till.close()


def refused(action: Callable[[], object]) -> ErrorCode:
    with pytest.raises(UserError) as error:
        action()
    return error.value.code


def delivered(shop: Shop, item: int = ITEM) -> None:
    shop.fulfilment_service.hand_over(Actor.seller(SELLER), item)


# Recognised, in whatever way the copy was put in place.


def test_copy_is_marked_as_a_copy_and_the_file_is_not(shop):
    shop.copy()
    assert not shop.is_behind
    shop.restore()
    assert shop.is_behind
    shop.till.work(2)
    assert not shop.is_behind, "compared"


def test_a_file_that_was_merely_copied_is_recognised_by_its_generation(shop, clock):
    path = shop.path
    assert not renew_generation(path, clock.now())
    shop.till.close()
    shutil.copyfile(path, shop.copy_path)
    shop._open()
    assert not renew_generation(path, clock.now()), "the same file, opened again"
    shop.restore()
    assert renew_generation(path, clock.now())
    assert shop.is_behind
    assert not renew_generation(path, clock.now()), "told once"
    assert shop.is_behind, "and stays so until it is compared"


@pytest.mark.parametrize("kept", ["nothing", "two"])
def test_an_opening_that_was_killed_makes_no_older_file(shop, clock, monkeypatch, kept):
    """Before the file has its new generation, and after."""
    path = shop.path
    renew_generation(path, clock.now())
    before = generation_path(path).read_text()
    shop.till.close()
    shutil.copyfile(path, shop.copy_path)
    shop._open()
    renew_generation(path, clock.now())
    after = generation_path(path).read_text()
    generation_path(path).write_text(f"{before} {after}")
    if kept == "nothing":
        shop.restore()  # its commit did not happen
    assert not renew_generation(path, clock.now())


def test_file_without_its_companion_counts_as_older(shop, clock):
    renew_generation(shop.path, clock.now())
    generation_path(shop.path).unlink()
    assert renew_generation(shop.path, clock.now())


def test_a_new_shop_and_one_of_an_older_version_are_not_behind(tmp_path, clock):
    path = tmp_path / "new.db"
    open_store(path).close()
    assert not renew_generation(path, clock.now())


# Before it was compared.


def test_fault_82_lost_time_allows_no_action_before_comparing(shop):
    shop.till.paid_order(10)
    delivered(shop, ITEM)
    delivered(shop, OTHER)
    refund = shop.request_service.create(Actor.buyer(BUYER), ITEM, RequestKind.REFUND, "안 맞아요")
    exchange = shop.request_service.create(Actor.buyer(BUYER), OTHER, RequestKind.EXCHANGE, "큰 것")
    shop.copy()
    shop.restore()
    till, desk = shop.till, shop.desk
    actions = {
        "주문취소": lambda: till.cancellation_service.cancel(Actor.seller(SELLER), 200, ""),
        "결제취소": lambda: till.cancellation_service.refund(Actor.seller(SELLER), THIRD, "", 2000),
        "QR": lambda: till.payment_service.start(Actor.buyer(BUYER), 20),
        "승인": lambda: desk.decide(Actor.seller(SELLER), refund.id, Decision.APPROVE),
        "거부": lambda: desk.decide(Actor.seller(SELLER), refund.id, Decision.REJECT, "아니요"),
        "교환": lambda: desk.decide(Actor.seller(SELLER), exchange.id, Decision.APPROVE),
        "철회": lambda: shop.request_service.withdraw(Actor.buyer(BUYER), ITEM),
        "전달": lambda: shop.fulfilment_service.hand_over(Actor.seller(SELLER), THIRD),
        "배송": lambda: shop.fulfilment_service.advance(Actor.seller(SELLER), THIRD),
    }
    assert {name: refused(action) for name, action in actions.items()} == dict.fromkeys(
        actions, ErrorCode.FILE_BEHIND
    )
    many = desk.decide_many(Actor.seller(SELLER), [refund.id, exchange.id], Decision.APPROVE)
    assert {one.error.code for one in many} == {ErrorCode.FILE_BEHIND}
    till.work(2)
    actions["전달"]()
    actions["승인"]()
    assert (
        till.cancellation_service.cancel(Actor.seller(SELLER), 200, "").status is ItemStatus.CANCEL
    )


def test_fault_82_decision_in_the_copy_is_not_undone_before_comparing(shop):
    shop.till.paid_order(10)
    delivered(shop)
    requested = shop.request_service.create(
        Actor.buyer(BUYER), ITEM, RequestKind.REFUND, "안 맞아요"
    )
    shop.desk.decide(Actor.seller(SELLER), requested.id, Decision.APPROVE)
    shop.copy()
    shop.restore()
    assert (
        refused(lambda: shop.desk.undo(Actor.seller(SELLER), requested.id)) is ErrorCode.FILE_BEHIND
    )


def test_fault_82_comparison_with_an_unread_payment_is_incomplete(shop):
    imp_uid = shop.till.paid_order(10)
    shop.copy()
    shop.till.books.console_cancel(imp_uid, 1000)
    shop.restore()
    shop.sandbox.faults.add("status", path=f"/payments/{imp_uid}", status=500)
    shop.till.pass_time(120)
    assert shop.is_behind
    assert not shop.till.status_store.status.may_send
    shop.sandbox.faults.clear()
    shop.till.pass_time(1800, every=60)
    assert not shop.is_behind
    assert shop.till.status_store.status.may_send


def test_fault_82_unreadable_payment_is_recorded_and_blocks_no_other_order(shop):
    unreadable, _ = shop.till.paid_order(10), shop.till.paid_order(20)
    shop.copy()
    shop.till.books.console_cancel(unreadable, 1000)
    shop.restore()
    shop.sandbox.faults.add("lie", path=f"/payments/{unreadable}", fields={"amount": "much"})
    shop.till.pass_time(120)
    assert not shop.is_behind
    assert shop.till.status_store.status.may_send
    assert shop.till.status_store.status.reconcile_trouble
    shop.fulfilment_service.hand_over(Actor.seller(SELLER), 200)
    code = refused(lambda: shop.fulfilment_service.hand_over(Actor.seller(SELLER), ITEM))
    assert code is ErrorCode.MONEY_IN_DOUBT


def sold_and_handed_over_after_the_copy(shop: Shop) -> str:
    """The copy holds a QR that waits; the newer file took its money and gave the goods."""
    progress = shop.till.payment_service.start(Actor.buyer(BUYER), 10)
    shop.copy()
    paid = shop.till.books.pay(progress.attempt.merchant_uid)
    shop.clock.advance(seconds=2)
    shop.till.work(2)
    for item in (ITEM, OTHER, THIRD):
        delivered(shop, item)
    shop.restore()
    return paid.imp_uid


def test_fault_82_an_item_cancelled_without_a_network_in_an_older_copy(shop):
    """docs/faults.md, row 82: the goods had left the shop."""
    imp_uid = sold_and_handed_over_after_the_copy(shop)
    shop.offline()
    code = refused(lambda: shop.till.cancellation_service.cancel(Actor.seller(SELLER), ITEM, ""))
    assert code is ErrorCode.FILE_BEHIND
    shop.online()
    assert shop.payment(imp_uid).disposition is PaymentDisposition.ACCEPTED
    assert shop.till.books.balance(imp_uid) == 10_000
    shop.till.check_books()


def test_fault_82_twin_without_the_guards_delivered_goods_are_refunded(shop, monkeypatch):
    monkeypatch.setattr("posapp.services.refunds.cancel_item.guard_reconciled", lambda uow: None)
    monkeypatch.setattr(
        "posapp.services.payments.record_payment._may_have_matched_order", lambda *_: False
    )
    imp_uid = sold_and_handed_over_after_the_copy(shop)
    shop.offline()
    shop.till.cancellation_service.cancel(Actor.seller(SELLER), ITEM, "")
    shop.online()
    assert shop.till.books.balance(imp_uid) == 0


def test_fault_82_money_of_old_attempt_that_does_not_fit_needs_review(shop, monkeypatch):
    """The same with the item cancelled although the guard forbids it."""
    monkeypatch.setattr("posapp.services.refunds.cancel_item.guard_reconciled", lambda uow: None)
    imp_uid = sold_and_handed_over_after_the_copy(shop)
    shop.offline()
    shop.till.cancellation_service.cancel(Actor.seller(SELLER), ITEM, "")
    shop.online()
    (found,) = shop.till.unresolved_money_service.mismatches()
    assert (found.kind, found.amount) == (MismatchKind.LOST_PAYMENT, 10_000)
    assert (found.goods_gap, found.ledger_gap) == (10_000, 10_000)
    assert shop.till.books.balance(imp_uid) == 10_000, "never back by itself"
    assert (
        refused(lambda: shop.till.payment_service.start(Actor.buyer(BUYER), 10))
        is ErrorCode.MONEY_IN_DOUBT
    )
    shop.till.explain()
    shop.till.pass_time(3600, every=300)
    assert shop.till.unresolved_money_service.mismatches() == ()
    assert shop.till.payment_service.start(Actor.buyer(BUYER), 10).attempt.amount == 5000


def test_fault_82_attempt_after_the_copy_is_treated_as_usual(shop):
    """An attempt made after the copy was restored and compared is not an old one."""
    shop.copy()
    shop.restore()
    shop.till.work(2)
    progress = shop.till.payment_service.start(Actor.buyer(BUYER), 10)
    shop.offline()
    shop.till.cancellation_service.cancel(Actor.seller(SELLER), ITEM, "")
    paid = shop.till.books.pay(progress.attempt.merchant_uid, late=True)
    shop.online()
    shop.till.pass_time(300)
    assert shop.till.books.balance(paid.imp_uid) == 0, "by rule"


def test_fault_82_partly_refunded_payment_is_never_refunded_whole(shop, monkeypatch):
    """The newer file accepted it and refunded an item; this one, compared, has sold the order by
    another payment."""
    progress = shop.till.payment_service.start(Actor.buyer(BUYER), 10)
    number = progress.attempt.merchant_uid
    first = shop.till.books.pay(number).imp_uid
    tag = shop.till.ids.refund_tag(ITEM)
    shop.till.books.console_cancel(first, 5000, f"변심 {tag}")
    second = shop.till.books.pay(number, late=True, again=True).imp_uid
    with shop.till.store.transaction() as uow:
        attempt = uow.attempts.by_merchant_uid(number)
        uow.commit()
    assert attempt is not None
    reported = shop.till.gateway.get_payment(payment_ref(second))
    recorder = shop.till.poller._recorder
    recorder.record(attempt.id, reported)
    assert shop.payment(second).disposition is PaymentDisposition.ACCEPTED
    recorder.record(attempt.id, shop.till.gateway.get_payment(payment_ref(first)))
    assert [one.kind for one in shop.till.unresolved_money_service.mismatches()] == [
        MismatchKind.LOST_PAYMENT
    ]
    shop.till.pass_time(600)
    assert shop.till.books.balance(first) == 5000


# Decisions.


@pytest.mark.parametrize("kind", [RequestKind.REFUND, RequestKind.EXCHANGE])
def test_fault_82_refund_approved_after_the_copy_ends_its_request(shop, kind):
    imp_uid = shop.till.paid_order(10)
    delivered(shop)
    requested = shop.request_service.create(Actor.buyer(BUYER), ITEM, kind, "안 맞아요")
    shop.copy()
    if kind is RequestKind.REFUND:
        shop.desk.decide(Actor.seller(SELLER), requested.id, Decision.APPROVE)
    else:
        shop.till.cancellation_service.refund(Actor.seller(SELLER), ITEM, "", 5000)
    shop.till.pass_time(60)
    assert shop.statuses()[0] is ItemStatus.CANCEL
    shop.restore()
    assert shop.request(requested.id).state is RequestState.WAIT
    reject = Decision.REJECT
    code = refused(lambda: shop.desk.decide(Actor.seller(SELLER), requested.id, reject, "아니요"))
    assert code is ErrorCode.FILE_BEHIND
    shop.till.work(2)
    ended = shop.request(requested.id)
    assert ended.ended_by is ClosedBy.PORTONE
    if kind is RequestKind.REFUND:
        assert ended.state is RequestState.OK
        view = shop.till.cancellation_service.get_refund(ended.refund_id)
        assert (view.refund.state, view.refund.item_id) == (RefundState.CONFIRMED, ITEM)
    else:
        assert ended.state is RequestState.CANCEL
    assert shop.till.stock_of(ITEM) == STOCK + 1
    code = refused(lambda: shop.desk.decide(Actor.seller(SELLER), requested.id, reject, "아니요"))
    assert code is ErrorCode.REQUEST_DONE
    assert (
        refused(lambda: shop.desk.undo(Actor.seller(SELLER), requested.id)) is ErrorCode.UNDO_OVER
    )
    assert shop.till.books.balance(imp_uid) == 5000
    shop.till.check_books()
    with shop.till.store.snapshot() as uow:
        facts = [row.entry.event for row in uow.ledger.for_order(10)]
    assert facts.count(LedgerEvent.REFUND_CONFIRMED) == 1


def test_fault_82_request_is_not_rejected_while_its_refund_is_pending(shop):
    shop.till.paid_order(10)
    delivered(shop)
    requested = shop.request_service.create(
        Actor.buyer(BUYER), ITEM, RequestKind.REFUND, "안 맞아요"
    )
    shop.till.cancellation_service.refund(Actor.seller(SELLER), ITEM, "", 5000)
    code = refused(
        lambda: shop.desk.decide(Actor.seller(SELLER), requested.id, Decision.REJECT, "아니요")
    )
    assert code is ErrorCode.REFUND_IN_FLIGHT
