"""Comparing on a fast stand-in: each difference is recorded, and unexplained money blocks further
actions."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, GatewayCause, GatewayError, GatewayOutcome, UserError
from posapp.domain.merchant_numbers import build_merchant_uid
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.ports.checkpoints import RECONCILED_UNTIL
from posapp.services.ports.gateway import PaymentPage
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.reconciliation import payment_pages
from tests.fakes.access import EVERYTHING
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.payments import payment_ref
from tests.fakes.till import BUYER, SELLER, STOCK, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER = 100, 101


class Bent(BooksGateway):
    """Bends what is read and listed; something happens at the shop after a reading."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.seen = lambda one: one
        self.after_read = lambda: None
        self.windows: list[tuple[object, object]] = []

    def get_payment(self, ref):
        found = super().get_payment(ref)
        self.after_read()
        return found and self.seen(found)

    def list_payments(self, since, until, cursor=None) -> PaymentPage:
        self.windows.append((since, until))
        listed = super().list_payments(since, until, cursor)
        return replace(listed, payments=tuple(self.seen(one) for one in listed.payments))


def a_till(path, sandbox, clock, gateway) -> Till:
    return Till(path, sandbox, clock, gateway=gateway, make_ids=NumberedIds)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "posapp.db"


@pytest.fixture
def shop(path, clock):
    sandbox = Sandbox(clock=clock.unix)
    till = a_till(path, sandbox, clock, Bent(sandbox))
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)), an_order(20, (4000, 1)))
    yield till
    till.close()


@pytest.fixture
def imp_uid(shop):
    return shop.paid_order(10)


def ask_back(shop: Till, item: int = ITEM, amount: int = 5000):
    return shop.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def resolve(shop: Till, imp_uid: str) -> None:
    shop.reconcile_job._comparison.resolve(payment_ref(imp_uid))


def named(shop: Till) -> list[tuple[MismatchKind, int]]:
    return [(one.kind, int(one.amount)) for one in shop.unresolved_money_service.mismatches()]


def statuses(shop: Till) -> list[ItemStatus]:
    return [item.status for item in shop.order(10).items]


def external_cancellations(shop: Till, imp_uid: str) -> list[Won]:
    with shop.store.snapshot() as uow:
        refunds = uow.refunds.of_payment(imp_uid)
    return [one.amount for one in refunds if one.origin is RefundOrigin.EXTERNAL]


def refusal(call) -> ErrorCode:
    with pytest.raises(UserError) as refused:
        call()
    return refused.value.code


def test_start_resumes_entries_claimed_by_the_killed_program(shop, path, imp_uid):
    refund = ask_back(shop)
    assert shop.refund_worker.claim() is not None
    shop.close()
    again = a_till(path, shop.sandbox, shop.clock, shop.client)
    again.work(4)
    assert again.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    again.close()


def test_list_with_a_page_cycle_is_rejected(shop, monkeypatch):
    asked = []

    def round_and_round(since, until, cursor=None):
        asked.append(cursor)
        return PaymentPage((), (), "1") if len(asked) < 9 else PaymentPage(())

    monkeypatch.setattr(shop.client, "list_payments", round_and_round)
    done = shop.reconcile_job.run()
    assert done.error is not None
    assert done.error.cause is GatewayCause.GARBAGE
    assert not shop.status_store.status.may_send
    with shop.store.snapshot() as uow:
        assert uow.checkpoints.get(RECONCILED_UNTIL) is None


def test_endless_list_is_rejected(shop, monkeypatch):
    """Each page names one that was not on the pages before."""
    asked = []

    def on_and_on(since, until, cursor=None):
        asked.append(cursor)
        return PaymentPage((), (), str(len(asked))) if len(asked) < 9 else PaymentPage(())

    monkeypatch.setattr(shop.client, "list_payments", on_and_on)
    monkeypatch.setattr(payment_pages, "MOST_PAGES", 5)
    done = shop.reconcile_job.run()
    assert done.error is not None
    assert done.error.cause is GatewayCause.GARBAGE
    assert asked == [None, "1", "2", "3", "4"]
    assert not shop.status_store.status.may_send


def test_network_loss_ends_the_comparison(shop, path, imp_uid):
    shop.books.console_cancel(imp_uid)
    shop.close()
    again = a_till(path, shop.sandbox, shop.clock, shop.client)
    shop.client.aimed["read"] = deque([Fault.NOT_CONNECTED])
    done = again.reconcile_job.run()
    assert done.error is not None
    assert done.error.cause is GatewayCause.OFFLINE
    assert not again.status_store.status.may_send
    again.close()


def test_first_comparison_reads_the_whole_window(shop):
    shop.reconcile_job.run()
    assert min(since for since, _ in shop.client.windows) < shop.clock.now() - timedelta(days=80)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"amount": Won(9000)}, MismatchKind.AMOUNT_DIFFERS),
        ({"amount": Won(7000)}, MismatchKind.AMOUNT_DIFFERS),
        ({"merchant_uid": "web-1"}, MismatchKind.FOREIGN_PAYMENT),
    ],
)
def test_payment_that_differs_at_portone_is_recorded(shop, imp_uid, change, kind):
    shop.client.seen = lambda one: replace(one, **change)
    shop.reconcile_job.request_full()
    shop.work(2)
    assert [one for one, _ in named(shop)] == [kind]


def test_a_reading_that_is_older_than_a_refund_is_not_compared(shop, imp_uid):
    refund = ask_back(shop)

    def sent_meanwhile() -> None:
        shop.client.after_read = lambda: None
        shop.refund_protocol.run_once(refund.id, 1)

    shop.client.after_read = sent_meanwhile
    resolve(shop, imp_uid)
    assert shop.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    assert named(shop) == []
    resolve(shop, imp_uid)
    assert named(shop) == []


def test_line_of_a_pending_refund_is_left_to_its_round(shop, imp_uid):
    """KakaoPay kept nothing of the reason, and the answer was lost: the line may be ours or
    external. Recorded as external, it would be counted twice once it is recognised."""
    shop.client.seen = lambda one: replace(
        one, history=tuple(replace(line, reason="") for line in one.cancellations)
    )
    shop.client.aimed["cancel"] = deque([Fault.LOST_AFTER])
    refund = ask_back(shop)
    shop.refund_protocol.run_once(refund.id, 1)
    assert shop.cancellation_service.get_refund(refund.id).refund.state is RefundState.UNKNOWN
    resolve(shop, imp_uid)
    assert external_cancellations(shop, imp_uid) == []
    assert named(shop) == []
    assert shop.ledger_balance() == 8000


def test_external_whole_cancel_ends_the_items(shop, imp_uid):
    shop.books.console_cancel(imp_uid)
    resolve(shop, imp_uid)
    assert statuses(shop) == [ItemStatus.CANCEL, ItemStatus.CANCEL]
    assert (shop.stock_of(ITEM), shop.stock_of(OTHER)) == (STOCK + 1, STOCK + 1)
    assert named(shop) == []
    assert shop.ledger_balance() == shop.portone_balance() == 0


@pytest.mark.parametrize("amount", [5000, 3000, 1])
def test_external_partial_cancel_is_recorded_and_ends_no_item(shop, imp_uid, amount):
    """Even if the part equals the price of one item: the till does not guess which goods were
    returned."""
    shop.books.console_cancel(imp_uid, amount)
    resolve(shop, imp_uid)
    assert statuses(shop) == [ItemStatus.COMPLETE_PAYMENT] * 2
    assert named(shop) == [(MismatchKind.CANCELS_DIFFER, amount)]
    assert shop.ledger_balance() == shop.portone_balance()


def test_explained_amount_is_not_reported_again_and_more_is(shop, imp_uid):
    shop.books.console_cancel(imp_uid, 1000)
    resolve(shop, imp_uid)
    (first,) = shop.unresolved_money_service.mismatches()
    shop.unresolved_money_service.close_mismatch(
        Actor.seller(7), first.id, "흠집이 있어 깎아 줌", int(first.amount)
    )
    resolve(shop, imp_uid)
    assert named(shop) == []
    shop.books.console_cancel(imp_uid, 700)
    resolve(shop, imp_uid)
    assert named(shop) == [(MismatchKind.CANCELS_DIFFER, 700)]


def note(shop: Till, kind: MismatchKind, merchant_uid: str, imp_uid: str) -> None:
    with shop.store.transaction() as uow:
        at = shop.clock.now()
        uow.mismatches.note(Mismatch(0, kind, merchant_uid, imp_uid, Won(1000), "seen", at))
        uow.commit()


def test_order_with_unexplained_money_does_not_change(shop, imp_uid):
    note(shop, MismatchKind.CANCELS_DIFFER, "", imp_uid)
    fulfilment_service = FulfilmentService(shop.store, shop.clock, EVERYTHING)
    for call in (
        lambda: ask_back(shop),
        lambda: fulfilment_service.hand_over(Actor.seller(SELLER), ITEM),
        lambda: fulfilment_service.advance(Actor.seller(SELLER), ITEM),
    ):
        assert refusal(call) is ErrorCode.MONEY_IN_DOUBT
    assert statuses(shop) == [ItemStatus.COMPLETE_PAYMENT] * 2


def test_an_order_that_may_be_paid_already_shows_no_qr(shop):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 20).attempt
    shop.payment_service.abandon(Actor.person(), attempt.id)
    note(shop, MismatchKind.LOST_PAYMENT, attempt.merchant_uid, "imp_lost")
    assert (
        refusal(lambda: shop.payment_service.start(Actor.buyer(BUYER), 20))
        is ErrorCode.MONEY_IN_DOUBT
    )
    assert shop.payment_service.start(Actor.buyer(BUYER), 10).attempt.amount == 8000


@pytest.mark.parametrize("kind", [MismatchKind.LOST_PAYMENT, MismatchKind.UNKNOWN_STATUS])
def test_lost_payment_stops_the_qr_of_its_order_beside_other_mismatches(shop, kind):
    """Its number names the order, and the file does not have the payment; many other mismatches are
    older."""
    with shop.store.transaction() as uow:
        at, till = shop.clock.now(), uow.checkpoints.till_code()
        for n in range(1_001):
            foreign = MismatchKind.FOREIGN_PAYMENT
            uow.mismatches.note(Mismatch(0, foreign, "", f"imp_{n}", Won(1000), "seen", at))
        uow.commit()
    assert shop.payment_service.start(Actor.buyer(BUYER), 10).attempt.amount == 8000
    note(shop, kind, build_merchant_uid(till, 20, "7" * 20), "imp_lost")
    assert (
        refusal(lambda: shop.payment_service.start(Actor.buyer(BUYER), 20))
        is ErrorCode.MONEY_IN_DOUBT
    )


def test_an_older_copy_decides_nothing_before_it_was_compared(shop, imp_uid):
    with shop.store.transaction() as uow:
        uow.checkpoints.set_behind(shop.clock.now())
        uow.commit()
    for call in (
        lambda: ask_back(shop),
        lambda: shop.cancellation_service.cancel(Actor.buyer(BUYER), 200, ""),
        lambda: shop.payment_service.start(Actor.buyer(BUYER), 20),
        lambda: FulfilmentService(shop.store, shop.clock, EVERYTHING).hand_over(
            Actor.seller(SELLER), ITEM
        ),
    ):
        assert refusal(call) is ErrorCode.FILE_BEHIND
    assert shop.order(20).items[0].status is ItemStatus.WAITING_FOR_PAYMENT


def test_a_network_problem_is_reported(shop, monkeypatch):
    def away(*_: object):
        raise GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.OFFLINE)

    monkeypatch.setattr(shop.client, "list_payments", away)
    shop.reconcile_job.run()
    assert shop.status_store.status.reconcile_trouble
    assert not shop.status_store.status.may_send


def test_new_payment_on_the_second_page_is_found(shop, imp_uid, monkeypatch):
    """Paid but never polled: only the list shows it."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 20).attempt
    shop.books.pay(attempt.merchant_uid)
    monkeypatch.setattr("posapp.portone.payment_list.PAGE", 1)
    shop.reconcile_job.run()
    assert shop.order(20).is_paid
    assert shop.ledger_balance() == shop.portone_balance() == 12_000


def test_a_line_that_gets_its_number_later_is_counted_once(shop, imp_uid):
    def nameless(one):
        lines = tuple(
            replace(line, cancellation_id=f"~{int(line.cancelled_at.timestamp())}-{line.amount}-1")
            for line in one.cancellations
        )
        return replace(one, history=lines)

    shop.books.console_cancel(imp_uid, 1000)
    shop.client.seen = nameless
    resolve(shop, imp_uid)
    assert external_cancellations(shop, imp_uid) == [1000]
    shop.client.seen = lambda one: one
    shop.books.console_cancel(imp_uid, 500)
    resolve(shop, imp_uid)
    assert external_cancellations(shop, imp_uid) == [1000, 500]
