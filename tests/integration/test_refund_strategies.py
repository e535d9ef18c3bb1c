"""The gateway and the strategy of a refund: those of the provider that captured the money."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.payment_ref import PaymentRef
from posapp.domain.refunds import RefundState
from posapp.portone.client import CAPABILITIES
from posapp.sandbox.server import Sandbox
from posapp.services.ports.checkpoints import FULLY_RECONCILED_UNTIL
from posapp.services.ports.gateway import RefundMethod
from posapp.services.refunds.refund_strategy import NO_STRATEGY, RefundDispatcher, StepOutcome
from posapp.services.refunds.unresolved_money import AssignmentResult
from posapp.services.runtime.gateways import Gateways
from tests.fakes.actors import STAFF
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.payments import payment_ref
from tests.fakes.till import BUYER, Till
from tests.fakes.world import NumberedIds
from tests.integration.two_item_shop import ask_back, two_item_shop


class Watched(BooksGateway):
    """Counts what is sent."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.can = CAPABILITIES
        self.sent = 0

    @property
    def capabilities(self):
        return self.can

    def cancel(self, order):
        self.sent += 1
        return super().cancel(order)


class AnotherProvider:
    """The provider of new payments; it knows none of the earlier ones."""

    capabilities = replace(CAPABILITIES, provider="another")  # type: ignore[arg-type]
    cash_receipts = None
    """It issues none."""

    def close(self) -> None:
        """Close nothing: no connection is open."""

    def __getattr__(self, name: str):
        raise AssertionError(f"another provider is asked: {name}")


class AnotherCheckout:
    """The checkout of new payments; it closes no page of an earlier provider."""

    provider = AnotherProvider.capabilities.provider

    def __getattr__(self, name: str):
        raise AssertionError(f"another provider's checkout is asked: {name}")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "posapp.db"


@pytest.fixture
def shop(path, clock):
    sandbox = Sandbox(clock=clock.unix)
    yield from two_item_shop(path, sandbox, clock, Watched(sandbox))


@pytest.fixture
def imp_uid(shop):
    return shop.paid_order(10)


def now_is(shop: Till, refund):
    return shop.cancellation_service.get_refund(refund.id).refund


def make_manual(shop: Till) -> None:
    shop.client.can = replace(CAPABILITIES, refund_method=RefundMethod.MANUAL)


def test_refund_without_a_strategy_needs_review_and_is_not_sent(shop, imp_uid):
    make_manual(shop)
    refund = ask_back(shop)
    shop.pass_time(600, every=30)
    given = now_is(shop, refund)
    assert (given.state, given.send_count) == (RefundState.NEEDS_REVIEW, 0)
    assert given.gateway_message == NO_STRATEGY
    assert [one.refund.id for one in shop.unresolved_money_service.refunds()] == [refund.id]
    assert shop.client.sent == 0
    shop.check_books()


def test_retry_returns_to_review_until_there_is_a_strategy(shop, imp_uid):
    make_manual(shop)
    refund = ask_back(shop)
    shop.pass_time(60, every=5)
    for _ in range(3):
        shop.unresolved_money_service.retry(STAFF, refund.id)
        shop.pass_time(60, every=5)
        assert now_is(shop, refund).state is RefundState.NEEDS_REVIEW
    assert shop.client.sent == 0
    shop.client.can = CAPABILITIES
    shop.unresolved_money_service.retry(STAFF, refund.id)
    shop.pass_time(60, every=5)
    assert now_is(shop, refund).state is RefundState.CONFIRMED
    assert shop.client.sent == 1
    shop.check_books()


def test_interrupted_send_without_a_strategy_needs_review(shop, imp_uid):
    refund = ask_back(shop)
    with shop.store.transaction() as uow:
        cut_off = replace(uow.refunds.get(refund.id), state=RefundState.SENDING, send_count=1)
        uow.refunds.save(cut_off)
        uow.commit()
    make_manual(shop)
    shop.pass_time(60, every=5)
    given = now_is(shop, refund)
    assert given.state is RefundState.NEEDS_REVIEW
    assert given.last_unknown_at is not None


def test_ended_refund_is_over_without_a_strategy(shop, imp_uid):
    refund = ask_back(shop)
    shop.pass_time(60, every=5)
    assert now_is(shop, refund).state is RefundState.CONFIRMED
    make_manual(shop)
    dispatcher = shop.refund_worker._refund_strategy
    for number in (refund.id, 4711):
        assert dispatcher.run_once(number, 1).outcome is StepOutcome.OVER


def test_earlier_payments_are_read_and_refunded_by_their_own_provider(shop, path, imp_uid):
    """The shop has changed its provider since."""
    refund = ask_back(shop)
    shop.close()
    earlier = Watched(shop.sandbox)
    later = Till(
        path,
        shop.sandbox,
        shop.clock,
        gateway=AnotherProvider(),
        other_gateways=(earlier,),
        make_ids=NumberedIds,
    )
    result = later.refund_worker._refund_strategy.run_once(refund.id, 1)
    assert result.outcome is StepOutcome.OVER
    assert now_is(later, refund).state is RefundState.CONFIRMED
    assert earlier.sent == 1
    later.books.console_cancel(imp_uid)
    assert later.reconcile_job._comparison.resolve(payment_ref(imp_uid)).changed
    later.close()


def after_the_change(shop: Till, path, *others) -> Till:
    """The shop restarts with another provider, whose account knows nothing of the earlier one."""
    shop.close()
    current = Watched(Sandbox(clock=shop.clock.unix))
    current.can = AnotherProvider.capabilities
    return Till(
        path,
        shop.sandbox,
        shop.clock,
        gateway=current,
        checkout=AnotherCheckout(),
        other_gateways=others,
        make_ids=NumberedIds,
    )


def test_the_account_of_a_new_provider_is_not_asked_for_numbers_of_the_earlier_one(
    shop, path, imp_uid
):
    """Fails before: the new account lacked them, so it counted as another shop's, and nothing was
    sent."""
    refund = ask_back(shop)
    earlier = Watched(shop.sandbox)
    later = after_the_change(shop, path, earlier)
    later.reconcile_job.run()
    status = later.status_store.status
    assert (status.may_send, status.reconcile_trouble) == (True, "")
    later.pass_time(120, every=10)
    assert now_is(later, refund).state is RefundState.CONFIRMED
    assert earlier.sent == 1
    later.close()


def fully_compared(shop: Till):
    with shop.store.snapshot() as uow:
        return uow.checkpoints.get(FULLY_RECONCILED_UNTIL)


def test_a_missing_earlier_gateway_does_not_stop_the_comparison(shop, path, imp_uid, caplog):
    """Its payments are named, all else is compared, and they are compared once it is there again.

    Fails before: the whole comparison failed, so nothing of any payment was sent.
    """
    refund, before = ask_back(shop), fully_compared(shop)
    shop.clock.advance(minutes=1)
    later = after_the_change(shop, path)
    later.reconcile_job.request_full()
    later.reconcile_job.run()
    status = later.status_store.status
    assert (status.may_send, status.reconcile_trouble) == (True, GatewayCause.SETTINGS.value)
    assert status.reconciled_at == later.clock.now()
    assert imp_uid in caplog.text
    assert fully_compared(later) > before
    later.pass_time(120, every=10)
    assert now_is(later, refund).state is RefundState.APPROVED
    shop.books.console_cancel(imp_uid)
    again = after_the_change(later, path, Watched(shop.sandbox))
    again.reconcile_job.request_full()
    again.reconcile_job.run()
    assert again.status_store.status.reconcile_trouble == ""
    assert again.ledger_balance() == 0
    again.close()


def test_settings_that_the_current_provider_lacks_fail_the_comparison(shop, imp_uid):
    """Only an earlier provider is passed over."""

    def get_payment(_):
        raise GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.SETTINGS)

    before = fully_compared(shop)
    shop.clock.advance(minutes=1)
    shop.books.console_cancel(imp_uid)
    shop.gateway.get_payment = get_payment
    shop.reconcile_job.request_full()
    ended = shop.reconcile_job.run()
    assert ended.error.cause is GatewayCause.SETTINGS
    assert fully_compared(shop) == before


def test_a_new_provider_does_not_have_to_list_a_page_of_the_earlier_one(shop, path):
    """Fails before: its list counted as incomplete until the earlier QR ended."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    with shop.store.transaction() as uow:
        uow.attempts.save(replace(attempt, first_seen_at=shop.clock.now()))
        uow.commit()
    later = after_the_change(shop, path, Watched(shop.sandbox))
    later.reconcile_job.run()
    assert later.status_store.status.reconcile_trouble == ""
    later.close()


def test_a_qr_of_an_earlier_provider_is_still_polled(shop, path):
    """Its buyer may have paid before the shop changed."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    paid = shop.books.pay(attempt.merchant_uid)
    shop.close()
    later = Till(
        path,
        shop.sandbox,
        shop.clock,
        gateway=AnotherProvider(),
        checkout=AnotherCheckout(),
        other_gateways=(Watched(shop.sandbox),),
        make_ids=NumberedIds,
    )
    later.poller.poll(attempt.id, give_up=True)
    assert later.order(10).is_paid
    with later.store.snapshot() as uow:
        assert uow.payments.get(paid.imp_uid).provider == attempt.provider
        assert uow.attempts.get(attempt.id).closed_at is None
    later.close()


def test_decision_uses_a_reading_of_the_payments_own_provider(shop, path, imp_uid):
    refund = ask_back(shop)
    shop.books.console_cancel(imp_uid, 5000)
    shop.pass_time(600, every=30)
    assert now_is(shop, refund).state is RefundState.NEEDS_REVIEW
    shop.close()
    later = Till(
        path,
        shop.sandbox,
        shop.clock,
        gateway=AnotherProvider(),
        other_gateways=(Watched(shop.sandbox),),
        make_ids=NumberedIds,
    )
    decided = later.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=True)
    assert decided is AssignmentResult.CONFIRMED
    later.close()


def test_a_refund_without_a_gateway_waits_until_there_is_one(shop, imp_uid):
    refund = ask_back(shop)
    gateways = Gateways(AnotherProvider())
    dispatcher = RefundDispatcher(shop.store, gateways, shop.clock, {})
    result = dispatcher.run_once(refund.id, 1)
    assert (result.outcome, result.contacted_gateway) == (StepOutcome.LATER, False)
    assert now_is(shop, refund).state is RefundState.APPROVED


def test_a_provider_has_one_gateway():
    first, second = AnotherProvider(), Watched(Sandbox())
    gateways = Gateways(first, second)
    assert gateways.for_(payment_ref("imp_1")) is second
    assert gateways.for_(PaymentRef("another", "m", "1")) is first
    with pytest.raises(GatewayError) as raised:
        Gateways(first).for_(payment_ref("imp_1"))
    assert raised.value.outcome is GatewayOutcome.RETRY_SAFE
    assert raised.value.cause is GatewayCause.SETTINGS
