"""A payment's way: from the guards to the books, over real HTTP and a real file."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, GatewayError, GatewayOutcome, UserError
from posapp.domain.orders import ItemStatus
from posapp.domain.payment_ref import Tender
from posapp.domain.payments import AttemptState, PaymentDisposition
from posapp.domain.refunds import RefundState
from posapp.domain.verification import TAMPERED, PaymentProblem
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.ports.outbox import MismatchKind
from tests.fakes.actors import STAFF
from tests.fakes.till import BUYER, OTHER_BUYER, an_order, with_status

ORDER = an_order(10, (5000, 1), (1500, 2))


@pytest.fixture
def shop(till):
    till.stock_shop(ORDER)
    return till


def poll(till, seconds: int = 2):
    till.clock.advance(seconds=seconds)
    return till.work(2)


def test_a_paid_qr_completes_the_order(shop):
    summary = shop.payment_service.get_summary(Actor.buyer(BUYER), 10)
    assert (summary.order.total, summary.buyer.name) == (8000, "김하나")
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert progress.phase is PaymentPhase.SCAN
    assert progress.attempt.link_url.startswith(shop.sandbox.api)
    merchant_uid = progress.attempt.merchant_uid

    poll(shop)
    assert shop.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.SCAN
    shop.books.open(merchant_uid)
    poll(shop)
    assert shop.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.PAYING
    payment = shop.books.pay(merchant_uid)
    changes = poll(shop)
    assert ("attempt", progress.attempt.id) in {(one.subject, one.id) for one in changes}

    done = shop.payment_service.get_progress(progress.attempt.id)
    assert done.phase is PaymentPhase.DONE
    assert done.payment.imp_uid == payment.imp_uid
    assert done.payment.disposition is PaymentDisposition.ACCEPTED
    assert {item.status for item in shop.order(10).items} == {ItemStatus.COMPLETE_PAYMENT}
    shop.check_books()
    assert shop.ledger_balance() == 8000


def test_the_attempt_is_committed_before_the_first_call(shop):
    """With PortOne refusing everything there is still a record, and the order is as it was."""
    shop.sandbox.faults.add("status", status=500)
    with pytest.raises(GatewayError):
        shop.payment_service.start(Actor.buyer(BUYER), 10)
    with shop.store.snapshot() as uow:
        (attempt,) = uow.attempts.for_order(10)
    assert attempt.state is AttemptState.FAILED
    assert shop.order(10) == ORDER


def test_new_link_is_known_before_its_record_so_that_its_code_can_be_made(shop):
    seen: list[tuple[str, AttemptState]] = []

    def link_made(link: str) -> None:
        with shop.store.snapshot() as uow:
            (attempt,) = uow.attempts.for_order(10)
        seen.append((link, attempt.state))

    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10, link_made).attempt
    assert seen == [(attempt.link_url, AttemptState.CREATED)]
    shop.payment_service.start(Actor.buyer(BUYER), 10, link_made)  # the live one
    assert len(seen) == 1


def test_refused_link_is_not_made_known(shop):
    shop.sandbox.faults.add("status", status=500)
    seen: list[str] = []
    with pytest.raises(GatewayError):
        shop.payment_service.start(Actor.buyer(BUYER), 10, seen.append)
    assert seen == []


@pytest.mark.parametrize(
    ("user", "order", "code"),
    [(99, 10, "user404"), (BUYER, 99, "order404"), (OTHER_BUYER, 10, "order406")],
)
def test_guards_refuse_before_any_call(shop, user, order, code):
    with pytest.raises(UserError) as refused:
        shop.payment_service.start(Actor.buyer(user), order)
    assert refused.value.code.value == code
    with shop.store.snapshot() as uow:
        assert uow.attempts.for_order(order) == ()
    assert shop.books.links() == []


def test_an_order_without_an_amount_and_a_done_one_are_refused(till):
    till.stock_shop(
        with_status(an_order(11), ItemStatus.CANCEL),
        with_status(an_order(12), ItemStatus.SHIPPING),
        an_order(13, (99, 1)),
        an_order(14, (2_000_001, 1)),
    )
    for order, code in (
        (11, ErrorCode.ORDER_ZERO),
        (12, ErrorCode.ORDER_DONE),
        (13, ErrorCode.AMOUNT_LIMIT),
        (14, ErrorCode.AMOUNT_LIMIT),
    ):
        with pytest.raises(UserError) as refused:
            till.payment_service.start(Actor.buyer(BUYER), order)
        assert refused.value.code is code


def test_second_start_returns_the_same_qr(shop):
    first = shop.payment_service.start(Actor.buyer(BUYER), 10)
    second = shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert first.attempt.id == second.attempt.id
    assert len(shop.books.links()) == 1


def test_payment_of_another_amount_is_refunded_in_full(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    payment = shop.books.pay(progress.attempt.merchant_uid, 100)
    poll(shop)
    poll(shop)
    reported = shop.payment_service.get_progress(progress.attempt.id)
    assert (reported.phase, reported.problem) == (
        PaymentPhase.RETURNED,
        PaymentProblem.AMOUNT_DIFFERS,
    )
    assert shop.books.balance(payment.imp_uid) == 0
    (line,) = shop.books.payment(payment.imp_uid).cancellations
    assert line.reason.startswith(TAMPERED)
    assert shop.order(10) == ORDER
    shop.check_books()


def test_an_order_that_changed_meanwhile_is_not_paid_by_the_old_amount(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    with shop.store.transaction() as uow:
        from posapp.domain.orders import ItemTrigger

        uow.orders.save_items([ORDER.items[1].apply(ItemTrigger.ITEM_CANCELLED, reason="품절")])
        uow.commit()
    payment = shop.books.pay(progress.attempt.merchant_uid)
    poll(shop)
    poll(shop)
    reported = shop.payment_service.get_progress(progress.attempt.id)
    assert (reported.phase, reported.problem) == (
        PaymentPhase.RETURNED,
        PaymentProblem.ORDER_CHANGED,
    )
    assert shop.books.balance(payment.imp_uid) == 0
    shop.check_books()


def test_a_failed_try_is_reported_in_portones_text_and_the_order_waits(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.close_page(progress.attempt.merchant_uid)
    poll(shop)
    reported = shop.payment_service.get_progress(progress.attempt.id)
    assert reported.phase is PaymentPhase.FAILED
    assert reported.attempt.reason == "[결제포기] 사용자가 결제를 취소하셨습니다"
    assert shop.order(10) == ORDER
    again = shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert again.attempt.merchant_uid != progress.attempt.merchant_uid


def test_a_link_ends_with_its_attempt(shop):
    """No further buyer can open the link after a failure or a stop."""
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.fail(progress.attempt.merchant_uid)
    poll(shop)
    poll(shop)
    assert all(link.closed_at for link in shop.books.links())
    second = shop.payment_service.start(Actor.buyer(BUYER), 10)
    stopped = shop.payment_service.abandon(Actor.person(), second.attempt.id)
    assert stopped.phase is PaymentPhase.STOPPED
    assert all(link.closed_at for link in shop.books.links())


def test_payment_during_stop_counts(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.pay(progress.attempt.merchant_uid)
    assert (
        shop.payment_service.abandon(Actor.person(), progress.attempt.id).phase is PaymentPhase.DONE
    )
    shop.check_books()


def test_stop_without_network_is_unclear_and_resolved_later(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.open(progress.attempt.merchant_uid)
    shop.sandbox.faults.add("drop_before")
    assert (
        shop.payment_service.abandon(Actor.person(), progress.attempt.id).phase
        is PaymentPhase.CHECKING
    )
    with pytest.raises(UserError) as refused:
        shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert refused.value.code is ErrorCode.ATTEMPT_IN_PROGRESS
    shop.sandbox.faults.clear()
    poll(shop, 6)
    assert shop.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.STOPPED


def test_time_over_is_expired_and_still_watched(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.open(progress.attempt.merchant_uid)
    shop.pass_time(330)
    assert shop.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.EXPIRED
    shop.books.pay(progress.attempt.merchant_uid, late=True)
    shop.pass_time(960)
    assert shop.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.DONE
    shop.check_books()


def test_watching_ends_when_it_is_certain(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.payment_service.abandon(Actor.person(), progress.attempt.id)
    shop.pass_time(17 * 60)
    with shop.store.snapshot() as uow:
        assert uow.attempts.unconfirmed() == ()


def test_late_payment_of_an_order_paid_otherwise_is_refunded(shop):
    """docs/faults.md, rows 31 and 32: one order, two payments, the second is sent back."""
    first = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.open(first.attempt.merchant_uid)
    shop.payment_service.abandon(Actor.person(), first.attempt.id)
    second = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.pay(second.attempt.merchant_uid)
    poll(shop)
    late = shop.books.pay(first.attempt.merchant_uid, late=True)
    shop.pass_time(18 * 60)
    assert shop.payment_service.get_progress(second.attempt.id).phase is PaymentPhase.DONE
    reported = shop.payment_service.get_progress(first.attempt.id)
    assert (reported.phase, reported.problem) == (PaymentPhase.RETURNED, PaymentProblem.ORDER_PAID)
    assert shop.books.balance(late.imp_uid) == 0
    shop.check_books()
    assert shop.ledger_balance() == 8000


def test_second_payment_under_one_number_is_refunded(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.pay(progress.attempt.merchant_uid)
    shop.books.pay(progress.attempt.merchant_uid, again=True)
    shop.pass_time(20 * 60)
    assert shop.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.DONE
    assert sorted(shop.books.balance(one.imp_uid) for one in shop.books.payments()) == [0, 8000]
    shop.check_books()


def test_a_late_payment_closes_the_newer_qr(shop):
    first = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.open(first.attempt.merchant_uid)
    shop.payment_service.abandon(Actor.person(), first.attempt.id)
    second = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.pay(first.attempt.merchant_uid)
    shop.pass_time(120, every=2)
    assert shop.payment_service.get_progress(first.attempt.id).phase is PaymentPhase.DONE
    assert shop.payment_service.get_progress(second.attempt.id).phase is PaymentPhase.STOPPED
    assert all(link.closed_at for link in shop.books.links())
    shop.check_books()


@pytest.mark.parametrize(
    ("conduct", "value", "problem", "tender"),
    [
        ("currency", "USD", PaymentProblem.WRONG_CURRENCY, Tender.KAKAOPAY),
        ("pg_provider", "html5_inicis", PaymentProblem.NOT_KAKAOPAY, Tender.UNKNOWN),
        ("sandbox", False, PaymentProblem.LIVE_PAYMENT, Tender.KAKAOPAY),
    ],
)
def test_payment_that_fails_a_check_is_refunded(shop, conduct, value, problem, tender):
    setattr(shop.sandbox.faults.conduct, conduct, value)
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.pay(progress.attempt.merchant_uid)
    poll(shop)
    poll(shop)
    reported = shop.payment_service.get_progress(progress.attempt.id)
    assert (reported.phase, reported.problem) == (PaymentPhase.RETURNED, problem)
    assert shop.order(10) == ORDER
    with shop.store.snapshot() as uow:
        (payment,) = uow.payments.for_order(10)
    assert payment.tender is tender
    shop.check_books()


def test_a_return_that_kakaopay_refuses_stays_on_the_list(shop):
    shop.sandbox.faults.conduct.refuse_cancel = "한도 초과"
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    payment = shop.books.pay(progress.attempt.merchant_uid, 100)
    poll(shop)
    poll(shop)
    reported = shop.payment_service.get_progress(progress.attempt.id)
    assert reported.phase is PaymentPhase.RETURN_FAILED
    assert "한도 초과" in reported.refund.gateway_message
    (row,) = shop.unresolved_money_service.refunds()
    assert row.refund.state is RefundState.NEEDS_REVIEW
    shop.sandbox.faults.clear()
    shop.unresolved_money_service.retry(STAFF, row.refund.id)
    poll(shop)
    assert shop.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.RETURNED
    assert shop.books.balance(payment.imp_uid) == 0
    assert shop.unresolved_money_service.refunds() == ()
    shop.check_books()


def test_fault_34_a_qr_on_screen_is_found_again_after_a_start(shop, tmp_path):
    """The program that made it has ended: a payment made meanwhile is recorded once."""
    from tests.fakes.till import Till

    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.pay(progress.attempt.merchant_uid)
    again = Till(tmp_path / "posapp.db", shop.sandbox, shop.clock)
    assert [one.attempt.id for one in again.payment_service.list_live()] == [progress.attempt.id]
    again.work(3)
    assert again.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.DONE
    again.work(3)
    with again.store.snapshot() as uow:
        assert len(uow.payments.for_order(10)) == 1
    again.check_books()
    again.close()


def test_link_with_lost_answer_frees_the_order(shop):
    shop.sandbox.faults.add("drop_after", path="*/link/payment*")
    with pytest.raises(GatewayError) as lost:
        shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert lost.value.outcome is GatewayOutcome.UNKNOWN
    shop.sandbox.faults.clear()
    again = shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert again.phase is PaymentPhase.SCAN
    shop.pass_time(20 * 60)
    shop.check_books()


def test_a_payment_that_becomes_visible_late_is_found(shop):
    shop.sandbox.faults.conduct.unseen_finds = 3
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.pay(progress.attempt.merchant_uid)
    for _ in range(6):
        poll(shop, 6)
    assert shop.payment_service.get_progress(progress.attempt.id).phase is PaymentPhase.DONE
    shop.check_books()


def test_payment_of_another_merchant_uid_moves_no_money(shop):
    """A payment of another merchant_uid is not ours: it needs a review, and no money moves."""
    shop.sandbox.faults.add("lie", path="/payments/*", fields={"merchant_uid": "pos-other"})
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    payment = shop.books.pay(progress.attempt.merchant_uid)
    poll(shop)
    poll(shop)
    assert shop.order(10) == ORDER
    assert shop.books.balance(payment.imp_uid) == 8000
    named = {(one.kind, one.imp_uid) for one in shop.unresolved_money_service.mismatches()}
    assert named == {
        (MismatchKind.FOREIGN_PAYMENT, payment.imp_uid),
        (MismatchKind.ANOTHER_TILL, ""),  # the list shows a number of no till that is known
    }
