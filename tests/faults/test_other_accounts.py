"""Keys of another shop: its books prove nothing about this one, so no attempt ends as certain, the
mark stays, nothing is sent, and the problem is reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.app.commands import _time_of_own_account
from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import Won
from posapp.domain.payments import AttemptState
from posapp.domain.refunds import RefundState
from posapp.portone.client import PortOneGateway
from posapp.sandbox.server import Sandbox
from posapp.services.ports.checkpoints import RECONCILED_UNTIL
from posapp.services.ports.outbox import PendingTotals
from posapp.services.sync.close_safety import (
    CloseSafety,
    SafetyInputs,
    SafetyReason,
    close_safety_of,
)
from posapp.ui.core.i18n import Translator
from tests.fakes.payments import payment_ref
from tests.fakes.till import BUYER, SELLER, Till, an_order
from tests.fakes.world import FakeSecrets

ITEM = 100


@pytest.fixture(params=["another channel", "the same channel"])
def other(clock, sandbox, request):
    """Another shop at PortOne: other keys and its own books; its channel may look like ours."""
    channel = sandbox.channel_key if request.param == "the same channel" else None
    with Sandbox(clock=clock.unix, imp_key="77", channel_key=channel) as running:
        yield running


@pytest.fixture
def till(till):
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)), an_order(20))
    return till


def with_keys_of(till: Till, sandbox, *, links: bool = False) -> None:
    """Give the same client another account's keys, and its link settings if that shop has all of
    them."""
    client = till.gateway
    settings = replace(client._settings, api_base=sandbox.api)
    if links:
        settings = replace(
            settings,
            link_base=sandbox.link_api,
            user_code=sandbox.user_code,
            channel_key=sandbox.channel_key,
            link_hosts=(sandbox.api,),
        )
    secrets = FakeSecrets(imp_key=sandbox.imp_key, imp_secret=sandbox.imp_secret)
    client.__dict__.update(PortOneGateway(settings, secrets, till.clock).__dict__)


def mark(till: Till):
    with till.store.snapshot() as uow:
        return uow.checkpoints.get(RECONCILED_UNTIL)


def attempt(till: Till, number: int):
    with till.store.snapshot() as uow:
        return uow.attempts.get(number)


def test_fault_89_the_shops_own_account_is_recognised(till):
    progress = till.payment_service.start(Actor.buyer(BUYER), 10)
    assert till.gateway.is_own_account()
    assert till.gateway.is_own_account(progress.attempt.merchant_uid)
    assert not till.gateway.is_own_account("pos-nobody-registered-this")


def test_fault_89_keys_of_another_shop_at_a_start_raise_an_alarm(till, other):
    till.payment_service.start(Actor.buyer(BUYER), 20)
    with_keys_of(till, other)
    till.pass_time(120)
    status = till.status_store.status
    assert status.reconcile_trouble == GatewayCause.ACCOUNT.value
    assert not status.may_send
    assert mark(till) is None
    assert close_safety_of(SafetyInputs(PendingTotals(), 0, status)) == (
        CloseSafety.RED,
        SafetyReason.CANNOT_COMPARE,
    )


def test_fault_89_after_a_change_of_keys_nothing_is_sent(till, other):
    imp_uid = till.paid_order(10)
    till.payment_service.start(Actor.buyer(BUYER), 20)
    till.work(2)
    before = mark(till)
    own = dict(till.gateway.__dict__)
    with_keys_of(till, other)
    till.pass_time(660)
    refund = till.cancellation_service.refund(Actor.seller(SELLER), ITEM, "", 5000)
    till.pass_time(660)
    assert not till.status_store.status.may_send
    assert mark(till) == before
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.APPROVED
    assert till.unresolved_money_service.mismatches() == (), (
        "their books say nothing about our payments"
    )
    till.gateway.__dict__.update(own)
    till.pass_time(900)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    assert till.books.balance(imp_uid) == 3000
    till.check_books()


def test_fault_89_no_qr_is_made_in_another_shops_account(till, other):
    till.payment_service.start(Actor.buyer(BUYER), 20)
    own = dict(till.gateway.__dict__)
    with_keys_of(till, other)
    till.pass_time(120)
    with pytest.raises(GatewayError) as refused:
        till.payment_service.start(Actor.buyer(BUYER), 10)
    assert refused.value.cause is GatewayCause.ACCOUNT
    with till.store.snapshot() as uow:
        assert uow.attempts.for_order(10) == (), "no number that this shop's account never knows"
    till.gateway.__dict__.update(own)
    assert till.payment_service.start(Actor.buyer(BUYER), 10).attempt.link_url


def test_fault_89_one_number_of_another_account_does_not_outweigh_ours(till, other):
    """Made between a change of keys and the next comparison."""
    till.payment_service.start(Actor.buyer(BUYER), 20)
    till.work(2)
    own = dict(till.gateway.__dict__)
    with_keys_of(till, other)
    till.payment_service.start(Actor.buyer(BUYER), 10)
    till.pass_time(660)
    assert till.status_store.status.reconcile_trouble == GatewayCause.ACCOUNT.value
    till.gateway.__dict__.update(own)
    till.pass_time(120)
    assert till.status_store.status.reconcile_trouble == ""
    assert till.status_store.status.may_send


def registered_first_in(till: Till, other) -> dict[str, object]:
    """A day after the last sale, the first QR is made with the keys of another account, which are
    noticed behind it; returns the client of the right keys."""
    own = dict(till.gateway.__dict__)
    till.pass_time(25 * 3600, every=3600)
    with_keys_of(till, other)
    assert till.payment_service.start(Actor.buyer(BUYER), 20).attempt.link_url
    till.pass_time(60)
    return own


def test_fault_89_right_keys_are_recognised_by_an_older_payment(till, other):
    """The only number of the day is in the other account: nothing would be sent for a day."""
    imp_uid = till.paid_order(10)
    own = registered_first_in(till, other)
    refund = till.cancellation_service.refund(Actor.seller(SELLER), ITEM, "", 5000)
    till.gateway.__dict__.update(own)
    till.pass_time(900)
    assert till.status_store.status.reconcile_trouble == ""
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    assert till.books.balance(imp_uid) == 3000
    till.check_books()


@pytest.mark.parametrize("amiss", ["unknown", "another amount", "unreadable"])
def test_fault_89_older_payment_not_shown_as_ours_proves_no_account(
    till, other, monkeypatch, amiss
):
    till.paid_order(10)
    own = registered_first_in(till, other)
    till.gateway.__dict__.update(own)
    real = till.gateway.get_payment

    def read(imp_uid):
        if amiss == "unreadable":
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)
        shown = real(imp_uid)
        return replace(shown, amount=Won(1)) if amiss == "another amount" else None

    monkeypatch.setattr(till.gateway, "get_payment", read)
    till.pass_time(900)
    assert till.status_store.status.reconcile_trouble == GatewayCause.ACCOUNT.value
    assert not till.status_store.status.may_send
    monkeypatch.undo()
    till.pass_time(120)
    assert till.status_store.status.may_send


def test_fault_89_older_payment_of_another_channel_proves_no_account(till, clock, monkeypatch):
    shown = till.gateway.get_payment(payment_ref(till.paid_order(10)))
    till.pass_time(25 * 3600, every=3600)
    till.payment_service.start(Actor.buyer(BUYER), 20)
    with Sandbox(clock=clock.unix, imp_key="79") as external:
        with_keys_of(till, external)
        monkeypatch.setattr(till.gateway, "get_payment", lambda _: shown)
        till.pass_time(900)
    assert till.status_store.status.reconcile_trouble == GatewayCause.ACCOUNT.value
    assert not till.status_store.status.may_send


def test_fault_89_payment_made_under_other_keys_proves_no_account(till, other):
    """Paid in the other account before its keys were noticed."""
    till.payment_service.start(Actor.buyer(BUYER), 20)
    till.work(2)
    with_keys_of(till, other, links=True)
    made = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
    till.pass_time(5, every=1)
    other.books.pay(made.merchant_uid)
    till.pass_time(900, every=5)
    assert attempt(till, made.id).imp_uid, "it was taken for a payment"
    assert till.status_store.status.reconcile_trouble == GatewayCause.ACCOUNT.value
    assert not till.status_store.status.may_send


def test_fault_89_keys_of_another_shop_are_refused_beside_an_older_payment(till, other):
    till.paid_order(10)
    till.pass_time(25 * 3600, every=3600)
    till.payment_service.start(Actor.buyer(BUYER), 20)
    with_keys_of(till, other)
    till.pass_time(900)
    assert till.status_store.status.reconcile_trouble == GatewayCause.ACCOUNT.value
    assert not till.status_store.status.may_send


def test_fault_89_no_attempt_ends_as_certain_in_another_shops_books(till, other):
    """By the channel, or by the number that was registered and is not there."""
    progress = till.payment_service.start(Actor.buyer(BUYER), 10)
    till.books.open(progress.attempt.merchant_uid)
    own = dict(till.gateway.__dict__)
    with_keys_of(till, other)
    till.pass_time(3600, every=60)
    seen = attempt(till, progress.attempt.id)
    assert seen.state is not AttemptState.PAID
    assert seen.next_check_at is not None, "still watched"
    assert till.status_store.status.reconcile_trouble == GatewayCause.ACCOUNT.value
    till.gateway.__dict__.update(own)
    paid = till.books.pay(seen.merchant_uid, late=True)
    till.pass_time(900)
    assert till.order(10).is_paid
    assert till.books.balance(paid.imp_uid) == 8000
    till.check_books()


def test_fault_89_unpaid_attempt_in_own_account_is_certain(till):
    progress = till.payment_service.start(Actor.buyer(BUYER), 10)
    till.pass_time(3600, every=60)
    seen = attempt(till, progress.attempt.id)
    assert (seen.state, seen.next_check_at) == (AttemptState.EXPIRED, None)


def test_fault_89_twin_without_it_the_attempt_is_forgotten(till, other, monkeypatch):
    monkeypatch.setattr(type(till.poller), "_is_own", lambda *_: True)
    progress = till.payment_service.start(Actor.buyer(BUYER), 10)
    with_keys_of(till, other)
    till.pass_time(3600, every=60)
    assert attempt(till, progress.attempt.id).next_check_at is None


def test_fault_89_an_empty_list_beside_a_buyer_at_the_page_moves_no_mark(till, monkeypatch):
    till.work(2)
    before = mark(till)
    progress = till.payment_service.start(Actor.buyer(BUYER), 10)
    till.books.open(progress.attempt.merchant_uid)
    till.clock.advance(seconds=5)
    till.work(2)
    assert attempt(till, progress.attempt.id).first_seen_at is not None
    real = till.gateway.list_payments

    def nothing(*text):
        return type(real(*text))(())

    monkeypatch.setattr(till.gateway, "list_payments", nothing)
    till.clock.advance(seconds=5)
    till.reconcile_job.request_full()
    till.work(2)
    assert mark(till) == before
    monkeypatch.undo()
    till.reconcile_job.request_full()
    till.work(2)
    assert mark(till) > before


def test_fault_89_doctor_reports_keys_of_another_account(till, clock):
    assert _time_of_own_account(till.gateway) == clock.now()
    with Sandbox(clock=clock.unix, imp_key="78") as external:
        with_keys_of(till, external)
        with pytest.raises(GatewayError) as refused:
            _time_of_own_account(till.gateway)
    assert refused.value.cause is GatewayCause.ACCOUNT
    for language in ("ko", "en"):
        assert Translator(language).has("commands.advice_portone_account")
