"""A provider that accepts a cancel first and carries it out, or not, some time later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.payments import CancellationState, ReportedCancellation
from posapp.domain.refunds import RefundAnswer, RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.ports.gateway import RefundCommand
from posapp.services.refunds.refund_protocol import MAX_SENDS, SAID_DONE, UNSHOWN
from posapp.services.refunds.refund_protocol import REQUESTED as REFUND_REQUESTED
from posapp.services.refunds.unresolved_money import AssignmentResult
from tests.fakes.actors import STAFF
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.payments import payment_ref
from tests.fakes.till import BUYER, Till
from tests.fakes.world import NumberedIds
from tests.integration.two_item_shop import ask_back, two_item_shop

DONE, REQUESTED, FAILED = (
    CancellationState.SUCCEEDED,
    CancellationState.REQUESTED,
    CancellationState.FAILED,
)


class Accepting(BooksGateway):
    """Answers each cancel with ``answer`` and carries it out only in ``carry_out``.

    Attributes:
        with_payment: whether an answer has the payment, as it is then.
        shows: whether the history has the lines that are not carried out.
        names: whether an answer names its line.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.answer = REQUESTED
        self.with_payment = False
        self.shows = True
        self.names = False
        self.sent: list[RefundCommand] = []
        self.lines: list[ReportedCancellation] = []

    def cancel(self, order: RefundCommand) -> RefundAnswer:
        self.sent.append(order)
        if self.answer is DONE:
            line, after = None, super().cancel(order).payment
        else:
            number = f"slow_{len(self.sent)}"
            line = ReportedCancellation(order.amount, order.reason, number, state=self.answer)
            self.lines.append(line)
            after = self.get_payment(order.ref)
        named = line if self.names else None
        return RefundAnswer(self.answer, after if self.with_payment else None, named)

    def get_payment(self, ref):
        return self._with_lines(super().get_payment(ref))

    def list_payments(self, *window):
        page = super().list_payments(*window)
        return replace(page, payments=tuple(map(self._with_lines, page.payments)))

    def _with_lines(self, found):
        if not found or not self.shows:
            return found
        return replace(found, history=(*found.history, *self.lines))

    def carry_out(self) -> None:
        """Carry out the requested cancels now."""
        self.lines.clear()
        super().cancel(self.sent[-1])

    def fail(self) -> None:
        """Fail the requested cancels now."""
        self.lines = [replace(line, state=FAILED) for line in self.lines]


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    yield from two_item_shop(tmp_path / "posapp.db", sandbox, clock, Accepting(sandbox))


@pytest.fixture
def imp_uid(shop):
    return shop.paid_order(10)


def state(shop: Till, refund) -> RefundState:
    return shop.cancellation_service.get_refund(refund.id).refund.state


@pytest.mark.parametrize("with_payment", [True, False])
def test_a_requested_refund_is_read_again_until_it_is_done(shop, imp_uid, with_payment):
    """Hours may pass: nothing is sent a second time, and no review is needed."""
    shop.client.with_payment = with_payment
    refund = ask_back(shop)
    shop.pass_time(60, every=5)
    assert state(shop, refund) is RefundState.UNKNOWN
    shop.pass_time(3 * 3600, every=60)
    assert state(shop, refund) is RefundState.UNKNOWN
    assert len(shop.client.sent) == 1
    shop.client.carry_out()
    shop.pass_time(120, every=30)
    assert state(shop, refund) is RefundState.CONFIRMED
    assert len(shop.client.sent) == 1
    assert shop.books.balance(imp_uid) == 3000
    shop.check_books()


def test_a_refund_that_failed_after_all_is_sent_again_under_another_key(shop, imp_uid):
    refund = ask_back(shop)
    shop.pass_time(60, every=5)
    shop.client.fail()
    shop.client.answer, shop.client.with_payment = DONE, True
    shop.pass_time(60, every=5)
    assert state(shop, refund) is RefundState.UNKNOWN
    shop.pass_time(22 * 60, every=60)
    assert state(shop, refund) is RefundState.CONFIRMED
    assert len({one.idempotency_key for one in shop.client.sent}) == 2
    assert shop.books.balance(imp_uid) == 3000
    shop.check_books()


@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("restarted", [True, False])
def test_an_accepted_refund_that_is_not_shown_is_never_sent_again_by_time(
    shop, tmp_path, imp_uid, names, restarted
):
    """The provider may carry it out at any time: a person gets it, and their retry sends nothing.

    Fails before: after 20 minutes it was sent again under another key, and both were carried out.
    """
    gateway = shop.client
    gateway.shows, gateway.names = False, names
    refund = ask_back(shop)
    shop.pass_time(60, every=5)
    if restarted:
        shop.close()
        shop = Till(
            tmp_path / "posapp.db", shop.sandbox, shop.clock, gateway=gateway, make_ids=NumberedIds
        )
    shop.pass_time(15 * 60, every=60)
    assert state(shop, refund) is RefundState.UNKNOWN
    for _ in range(2):
        shop.pass_time(25 * 60, every=60)
        given = shop.cancellation_service.get_refund(refund.id).refund
        assert (given.state, given.gateway_message) == (RefundState.NEEDS_REVIEW, UNSHOWN)
        assert len(gateway.sent) == 1
        shop.unresolved_money_service.retry(STAFF, refund.id)
    gateway.carry_out()
    shop.pass_time(120, every=30)
    assert state(shop, refund) is RefundState.CONFIRMED
    assert len(gateway.sent) == 1
    assert shop.books.balance(imp_uid) == 3000
    shop.check_books()
    shop.close()


@pytest.mark.parametrize("names", [True, False])
def test_an_accepted_refund_is_sent_again_only_after_its_own_line_failed(shop, imp_uid, names):
    shop.client.names = names
    refund = ask_back(shop)
    shop.pass_time(60, every=5)
    shop.client.fail()
    shop.pass_time(22 * 60, every=60)
    assert len(shop.client.sent) == 2
    shop.client.lines.pop()  # the second one is accepted, and only the first one is shown
    shop.pass_time(30 * 60, every=60)
    assert len(shop.client.sent) == 2
    assert state(shop, refund) is RefundState.NEEDS_REVIEW


@pytest.mark.parametrize("with_payment", [True, False])
def test_a_cancel_that_failed_at_once_is_a_refusal(shop, imp_uid, with_payment):
    """A fresh reading shows that nothing moved."""
    shop.client.answer, shop.client.with_payment = FAILED, with_payment
    refund = ask_back(shop)
    shop.pass_time(60, every=5)
    assert state(shop, refund) is RefundState.REFUSED
    assert len(shop.client.sent) == 1
    assert shop.books.balance(imp_uid) == 8000
    assert shop.order(10).is_paid
    shop.check_books()


def test_return_of_a_rejected_payment_that_failed_goes_to_a_person_with_a_reason(shop):
    """Fails before: the answer has no text, and the reason was empty."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    real = shop.client.get_payment

    def get_payment(ref):
        found = real(ref)
        return found and replace(found, pg_provider="html5_inicis", emb_pg_provider="")

    shop.gateway.get_payment = get_payment
    shop.client.answer = FAILED
    paid = shop.books.pay(attempt.merchant_uid)
    shop.pass_time(60, every=5)
    with shop.store.snapshot() as uow:
        (refund,) = uow.refunds.of_payment(paid.imp_uid)
        why = uow.outbox.get_pending(refund.id).why
    assert refund.state is RefundState.NEEDS_REVIEW
    assert (why, refund.gateway_message) == ("refused", "refused")


def test_a_cancel_that_failed_beside_a_requested_one_is_not_believed(shop, imp_uid):
    refund = ask_back(shop)
    shop.client.answer = FAILED
    requested = ReportedCancellation(refund.amount, "", "another", state=REQUESTED)
    real = shop.client.cancel

    def cancel(order):
        answer = real(order)
        shop.client.lines.append(requested)
        return answer

    shop.gateway.cancel = cancel
    shop.pass_time(60, every=5)
    assert state(shop, refund) is RefundState.UNKNOWN
    assert len(shop.client.sent) == 1


@pytest.mark.parametrize("answer", [REQUESTED, DONE])
def test_an_accepted_send_does_not_count_to_the_most_sends(shop, imp_uid, answer):
    """Fails before: the twelfth one went to a person at once, although it is read again."""
    refund = ask_back(shop)
    with shop.store.transaction() as uow:
        uow.refunds.save(replace(uow.refunds.get(refund.id), send_count=MAX_SENDS - 1))
        uow.commit()
    shop.client.answer = answer
    shop.work(1)
    sent = shop.cancellation_service.get_refund(refund.id).refund
    assert (sent.state, sent.send_count) == (RefundState.UNKNOWN, MAX_SENDS)
    if answer is REQUESTED:
        shop.pass_time(3 * 3600, every=120)
        assert state(shop, refund) is RefundState.UNKNOWN
        shop.client.carry_out()
    shop.pass_time(180, every=30)
    assert state(shop, refund) is RefundState.CONFIRMED
    shop.check_books()


@pytest.mark.parametrize(("answer", "why"), [(REQUESTED, REFUND_REQUESTED), (DONE, SAID_DONE)])
def test_an_accepted_send_waits_with_a_reason_of_its_own(shop, imp_uid, answer, why):
    """Fails before: an answer that the money went back read as one that it had not yet."""
    shop.client.answer = answer
    refund = ask_back(shop)
    shop.work(1)
    with shop.store.snapshot() as uow:
        assert uow.outbox.get_pending(refund.id).why == why


def test_an_answer_without_its_payment_is_found_done_by_the_next_reading(shop, imp_uid):
    shop.client.answer = DONE
    refund = ask_back(shop)
    shop.work(1)
    assert state(shop, refund) is RefundState.UNKNOWN
    shop.pass_time(60, every=5)
    assert state(shop, refund) is RefundState.CONFIRMED
    assert len(shop.client.sent) == 1
    shop.check_books()


def test_refund_waits_for_a_requested_external_cancel(shop, imp_uid):
    """The other cancel may take this refund's money, although the payment still shows a balance."""
    console = ReportedCancellation(
        shop.order(10).items[1].total, "콘솔", "console", state=REQUESTED
    )
    shop.client.lines.append(console)
    shop.client.answer, shop.client.with_payment = DONE, True
    refund = ask_back(shop)
    shop.pass_time(3600, every=60)
    assert state(shop, refund) is RefundState.APPROVED
    assert shop.client.sent == []
    shop.client.fail()
    shop.pass_time(120, every=30)
    assert state(shop, refund) is RefundState.CONFIRMED
    shop.check_books()


@pytest.mark.parametrize("ours", [True, False])
def test_requested_cancel_accepts_no_decision(shop, imp_uid, ours):
    refund = ask_back(shop)
    shop.books.console_cancel(imp_uid, 5000)
    shop.pass_time(600, every=30)
    assert state(shop, refund) is RefundState.NEEDS_REVIEW
    shop.client.lines.append(ReportedCancellation(refund.amount, "", "new", state=REQUESTED))
    decided = shop.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=ours)
    assert decided is AssignmentResult.READS_AGAIN
    assert state(shop, refund) is RefundState.UNKNOWN
    assert shop.client.sent == []


def test_unfinished_line_is_not_recorded(shop, imp_uid):
    """The comparison with PortOne's list leaves ledger and goods as they are."""
    for each in (REQUESTED, FAILED):
        shop.client.lines = [
            ReportedCancellation(shop.order(10).total, "[RF-2S-X]", "x", state=each)
        ]
        shop.reconcile_job.request_full()
        shop.pass_time(60, every=30)
        resolved = shop.reconcile_job._comparison.resolve(payment_ref(imp_uid))
        assert not resolved.changed
        assert shop.unresolved_money_service.mismatches() == ()
        assert shop.ledger_balance() == 8000
        assert shop.order(10).is_paid
