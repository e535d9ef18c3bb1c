"""The rounds of docs/specification.md 4 on a fast stand-in: what is sent, when nothing is sent, and
what ends a refund."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.explanations import Explanation
from posapp.domain.money import Won
from posapp.domain.refunds import RefundOrigin, RefundState, RefundTrigger
from posapp.sandbox.server import Sandbox
from posapp.services.bookkeeping.external_cancellations import record_external_cancellations
from posapp.services.ports.gateway import RefundCommand
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.refunds.refund_protocol import MAX_SENDS, StepOutcome
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.payments import answered, payment_ref
from tests.fakes.till import BUYER, SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER = 100, 101
KNOWN_NO = "이미 전액취소된 주문입니다."


class Watched(BooksGateway):
    """A gateway wrapper that records sends, alters readings and answers, and refuses on request."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.sent: list[RefundCommand] = []
        self.reads = 0
        self.seen = lambda one: one
        self.answered = lambda one: one
        self.at_read = lambda: None
        self.no: str | None = None
        self.acts = True

    def get_payment(self, ref):
        self.reads += 1
        found = super().get_payment(ref)
        self.at_read()
        return found and self.seen(found)

    def cancel(self, order: RefundCommand):
        self.sent.append(order)
        if not self.acts:
            return answered(self.answered(super().get_payment(order.ref)))
        if self.no is None:
            return answered(self.answered(super().cancel(order).payment))
        raise GatewayError(GatewayOutcome.REFUSED, GatewayCause.REFUSED, code=1, text=self.no)


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    gateway = Watched(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1), (2000, 1)))
    yield till
    till.close()


@pytest.fixture
def imp_uid(shop):
    return shop.paid_order(10)


def ask_back(shop: Till, item: int = ITEM, amount: int = 5000):
    return shop.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def now_is(shop: Till, refund):
    return shop.cancellation_service.get_refund(refund.id).refund


def refunds_of(shop: Till, imp_uid: str):
    with shop.store.snapshot() as uow:
        return uow.refunds.of_payment(imp_uid)


def put(shop: Till, refund, state: RefundState, **changes) -> None:
    """Save the refund in a state that another thread or a killed program left."""
    with shop.store.transaction() as uow:
        uow.refunds.save(replace(uow.refunds.get(refund.id), state=state, **changes))
        uow.commit()


def name_a_difference(shop: Till, imp_uid: str) -> None:
    with shop.store.transaction() as uow:
        uow.mismatches.note(
            Mismatch(
                0, MismatchKind.CANCELS_DIFFER, "", imp_uid, Won(1000), "seen", shop.clock.now()
            )
        )
        uow.commit()


def test_send_contains_amount_balance_and_tag(shop, imp_uid):
    shop.books.console_cancel(imp_uid, 1000)
    shop.reconcile_job._comparison.resolve(payment_ref(imp_uid))
    explain_all(shop)
    refund = ask_back(shop)
    shop.refund_protocol.run_once(refund.id, 1)
    (sent,) = shop.client.sent
    assert (sent.ref.provider_id, sent.amount, sent.expected_balance) == (imp_uid, 5000, 9000)
    assert sent.reason == f"품절 {refund.tag}"
    assert (sent.tag, sent.send_number) == (refund.tag, 1)
    assert now_is(shop, refund).state is RefundState.CONFIRMED
    assert shop.books.balance(imp_uid) == 4000


def explain_all(shop: Till) -> None:
    for one in shop.unresolved_money_service.mismatches():
        shop.unresolved_money_service.close_mismatch(
            Actor.seller(7), one.id, "콘솔에서 취소함", int(one.amount)
        )


def test_a_send_that_was_cut_off_is_unclear_at_the_next_start(shop, imp_uid):
    """Its result is unknown and it may arrive late: a listed refusal is not believed."""
    refund = ask_back(shop)
    put(
        shop,
        refund,
        RefundState.SENDING,
        send_count=1,
        expected_balance=Won(10_000),
        sent_at=shop.clock.now(),
    )
    shop.client.no = KNOWN_NO
    shop.refund_protocol.run_once(refund.id, 1)
    cut_off = now_is(shop, refund)
    assert (cut_off.state, cut_off.send_count) == (RefundState.UNKNOWN, 1), (
        "read, and not sent again"
    )
    assert cut_off.last_unknown_at is not None


def test_ended_refund_is_not_read_again(shop, imp_uid):
    refund = ask_back(shop)
    shop.refund_protocol.run_once(refund.id, 1)
    reads, sent = shop.client.reads, len(shop.client.sent)
    assert shop.refund_protocol.run_once(refund.id, 2).outcome is StepOutcome.OVER
    assert (shop.client.reads, len(shop.client.sent)) == (reads, sent)


def test_refund_in_review_is_not_sent(shop, imp_uid):
    refund = ask_back(shop)
    put(shop, refund, RefundState.NEEDS_REVIEW, send_count=1)
    assert shop.refund_protocol.run_once(refund.id, 1).outcome is StepOutcome.PERSON
    assert shop.client.sent == []
    assert now_is(shop, refund).state is RefundState.NEEDS_REVIEW


def test_a_refund_that_was_withdrawn_during_the_reading_is_not_sent(shop, imp_uid):
    refund = ask_back(shop)

    def withdraw() -> None:
        shop.client.at_read = lambda: None
        with shop.store.transaction() as uow:
            uow.refunds.save(uow.refunds.get(refund.id).apply(RefundTrigger.ESCALATED))
            uow.commit()

    shop.client.at_read = withdraw
    shop.refund_protocol.run_once(refund.id, 1)
    assert shop.client.sent == []
    assert shop.books.balance(imp_uid) == 10_000


def test_a_difference_that_the_reading_itself_names_stops_the_send(shop, imp_uid):
    refund = ask_back(shop, OTHER, 3000)
    shop.books.console_cancel(imp_uid, 1000)
    shop.refund_protocol.run_once(refund.id, 1)
    assert shop.client.sent == []
    assert [one.kind for one in shop.unresolved_money_service.mismatches()] == [
        MismatchKind.CANCELS_DIFFER
    ]
    with shop.store.snapshot() as uow:
        origins = [one.origin for one in uow.refunds.of_payment(imp_uid)]
    assert origins == [RefundOrigin.ITEM, RefundOrigin.EXTERNAL], "recorded before any send"
    explain_all(shop)
    shop.refund_protocol.run_once(refund.id, 2)
    assert now_is(shop, refund).state is RefundState.CONFIRMED
    assert shop.books.balance(imp_uid) == 6000


def test_an_open_difference_stops_the_sends_of_its_payment(shop, imp_uid):
    refund = ask_back(shop)
    name_a_difference(shop, imp_uid)
    shop.refund_protocol.run_once(refund.id, 1)
    assert shop.client.sent == []
    assert now_is(shop, refund).state is RefundState.APPROVED


def test_an_explained_difference_stops_nothing(shop, imp_uid):
    refund = ask_back(shop)
    name_a_difference(shop, imp_uid)
    with shop.store.transaction() as uow:
        (named,) = uow.mismatches.open(9)
        uow.mismatches.explain(
            named.id, Explanation(Actor.seller(7), "괜찮음", named.amount), shop.clock.now()
        )
        uow.commit()
    shop.refund_protocol.run_once(refund.id, 1)
    assert now_is(shop, refund).state is RefundState.CONFIRMED


def test_a_doubtful_history_is_not_sent_into(shop, imp_uid):
    refund = ask_back(shop)
    shop.books.console_cancel(imp_uid, 5000)
    shop.refund_protocol.run_once(refund.id, 1)
    assert shop.client.sent == []
    assert now_is(shop, refund).state is RefundState.APPROVED


def test_an_unknown_status_is_not_sent_into(shop, imp_uid):
    refund = ask_back(shop)
    shop.client.aimed["read"] = deque([Fault.UNKNOWN_STATUS])
    assert shop.refund_protocol.run_once(refund.id, 1).outcome is StepOutcome.LATER
    assert shop.client.sent == []


def test_an_answer_that_shows_nothing_confirms_nothing(shop, imp_uid):
    shop.client.acts = False
    refund = ask_back(shop)
    shop.refund_protocol.run_once(refund.id, 1)
    unclear = now_is(shop, refund)
    assert unclear.state is RefundState.UNKNOWN
    assert unclear.last_unknown_at is not None
    assert shop.ledger_balance() == 10_000


def test_many_unanswered_sends_need_review(shop, imp_uid):
    refund = ask_back(shop)
    for rounds in range(1, MAX_SENDS + 1):
        shop.client.aimed["cancel"] = deque([Fault.LOST_BEFORE])
        last = shop.refund_protocol.run_once(refund.id, rounds).outcome
        shop.clock.advance(minutes=21)
    assert last is StepOutcome.PERSON
    assert now_is(shop, refund).state is RefundState.NEEDS_REVIEW


def test_unanswered_send_may_arrive_late_for_a_while(shop, imp_uid):
    refund = ask_back(shop)
    shop.client.aimed["cancel"] = deque([Fault.LOST_BEFORE])
    shop.refund_protocol.run_once(refund.id, 1)
    assert now_is(shop, refund).last_unknown_at == shop.clock.now()
    shop.client.no = KNOWN_NO
    shop.refund_protocol.run_once(refund.id, 2)
    assert now_is(shop, refund).state is RefundState.UNKNOWN, "the first may still be done"
    shop.clock.advance(minutes=21)
    shop.refund_protocol.run_once(refund.id, 3)
    assert now_is(shop, refund).state is RefundState.REFUSED


def test_listed_refusal_beside_moved_money_is_not_believed(shop, imp_uid):
    refund = ask_back(shop)
    shop.client.no = KNOWN_NO
    reads = shop.client.reads

    def cancelled_meanwhile() -> None:
        if shop.client.reads == reads + 1:
            shop.client.at_read = lambda: None
            shop.books.console_cancel(imp_uid, 2000)

    shop.client.at_read = cancelled_meanwhile
    shop.refund_protocol.run_once(refund.id, 1)
    assert now_is(shop, refund).state is RefundState.UNKNOWN


def rejected(shop: Till):
    """Paid wrongly: 7,000 for 10,000. Its return waits."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    paid = shop.books.pay(attempt.merchant_uid, 7000)
    (refund_id,) = shop.poller.poll(attempt.id).refund_ids
    return paid.imp_uid, shop.cancellation_service.get_refund(refund_id).refund


def test_refund_of_rejected_payment_never_ends_refused(shop):
    _, refund = rejected(shop)
    shop.client.no = KNOWN_NO
    assert shop.refund_protocol.run_once(refund.id, 1).outcome is StepOutcome.PERSON
    assert now_is(shop, refund).state is RefundState.NEEDS_REVIEW


def test_rest_of_a_rejected_payment_is_refunded(shop):
    """A part was cancelled externally while its refund waited: the buyer gets the other part as
    well."""
    imp_uid, refund = rejected(shop)
    shop.books.console_cancel(imp_uid, 2000)
    shop.refund_protocol.run_once(refund.id, 1)
    assert now_is(shop, refund).state is RefundState.REFUSED
    rest = [(one.amount, one.item_id) for one in refunds_of(shop, imp_uid) if one.is_open]
    assert rest == [(5000, None)]
    shop.pass_time(60)
    assert shop.books.balance(imp_uid) == 0
    shop.check_books()


def test_a_payment_that_portone_does_not_know_is_not_over(shop, imp_uid):
    refund = ask_back(shop)
    shop.client.seen = lambda one: None
    assert shop.refund_protocol.run_once(refund.id, 1).outcome is StepOutcome.LATER
    assert now_is(shop, refund).is_open


def test_refund_with_a_cut_tag_names_its_line(shop, imp_uid):
    """KakaoPay kept nothing of the reason: the new line is recognised by its arithmetic, and must
    be recognised again later."""

    def cut(one):
        lines = tuple(replace(line, reason="") for line in one.cancellations)
        return replace(one, history=lines)

    shop.client.answered = shop.client.seen = cut
    refund = ask_back(shop)
    shop.refund_protocol.run_once(refund.id, 1)
    done = now_is(shop, refund)
    assert done.state is RefundState.CONFIRMED
    assert (
        done.cancellation_id
        == shop.client.get_payment(payment_ref(imp_uid)).cancellations[0].cancellation_id
    )


def test_refund_above_the_remaining_balance_is_recorded(shop, imp_uid):
    refund = ask_back(shop)
    shop.books.console_cancel(imp_uid, 6500)
    shop.refund_protocol.run_once(refund.id, 1)
    assert now_is(shop, refund).state is RefundState.REFUSED
    (named,) = shop.unresolved_money_service.mismatches()
    assert (named.kind, named.imp_uid) == (MismatchKind.CANCELS_DIFFER, imp_uid)


def test_a_line_that_was_recorded_as_another_s_is_counted_once(shop, imp_uid):
    """A review assigns it to this refund after all: the item is cancelled, and the money is in the
    ledger already."""
    refund = ask_back(shop)
    shop.books.console_cancel(imp_uid, 5000)
    with shop.store.transaction() as uow:
        reported = shop.client.get_payment(payment_ref(imp_uid))
        record_external_cancellations(uow, uow.payments.get(imp_uid), reported, shop.clock.now())
        line = reported.cancellations[0].cancellation_id
        recorder = shop.refund_protocol._completion
        recorder.record_confirmed(
            uow, uow.refunds.get(refund.id), line, reported, actor=Actor.person()
        )
        uow.commit()
    assert shop.ledger_balance() == 5000
    assert shop.portone_balance() == 5000


def test_each_send_has_a_number_and_a_key_of_its_own(shop, imp_uid):
    """The first send was lost on its way, so the second is another one to the provider, too."""
    refund = ask_back(shop)
    shop.client.aimed["cancel"] = deque([Fault.LOST_BEFORE])
    shop.refund_protocol.run_once(refund.id, 1)
    assert now_is(shop, refund).state is RefundState.UNKNOWN
    shop.clock.advance(seconds=21 * 60)
    shop.refund_protocol.run_once(refund.id, 2)
    assert now_is(shop, refund).state is RefundState.CONFIRMED
    assert [(one.tag, one.send_number) for one in shop.client.sent] == [
        (refund.tag, 1),
        (refund.tag, 2),
    ]
    assert len({one.idempotency_key for one in shop.client.sent}) == 2
