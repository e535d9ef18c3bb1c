"""docs/faults.md, rows 1-7, 10, 11, 13-16, 18-23, 27-29: a refund under each fault of its calls.

Each row has the same end: our ledger equals PortOne's books, the item is refunded once or not at
all, and the screen shows a true state meanwhile.
"""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    GatewayCause,
    InvalidAmount,
    UserError,
)
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.services.ports.gateway import RefundCommand
from tests.fakes.actors import STAFF
from tests.fakes.payments import refund_command
from tests.fakes.till import BUYER, SELLER, STOCK, Till
from tests.faults.mutants import BlindSender

CANCEL = "/payments/cancel"
ITEM, OTHER, THIRD = 100, 101, 102


def ask(till: Till, item: int = ITEM, amount: int = 5000):
    return till.cancellation_service.refund(Actor.buyer(BUYER), item, "단순 변심", amount)


def state(till: Till, refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def over(till: Till) -> None:
    """As long as a send without a clear answer may still be carried out."""
    till.pass_time(22 * 60, every=60)


def assert_refunded_once(till: Till, item: int = ITEM, amount: int = 5000) -> None:
    assert till.cancellation_service.get_refund(1).item.status is ItemStatus.CANCEL
    assert till.stock_of(item) == STOCK + 1
    assert till.books.balance(till.imp_uid) == 10_000 - amount
    with till.store.snapshot() as uow:
        confirmed = [
            row
            for row in uow.ledger.for_order(10)
            if row.entry.event in (LedgerEvent.REFUND_CONFIRMED, LedgerEvent.CANCELLED_EXTERNALLY)
        ]
    assert [row.entry.amount for row in confirmed] == [-amount]
    till.check_books()


def test_refund_is_made_once_and_cancels_the_item(paid):
    refund = ask(paid)
    assert state(paid, refund) is RefundState.APPROVED
    assert paid.order(10).items[0].status is ItemStatus.COMPLETE_PAYMENT
    paid.work(2)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_01_answer_lost_after_portone_acted(paid):
    paid.sandbox.faults.add("drip", path=CANCEL, uses=1, bytes_per_second=0.0)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(60, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_01_twin_without_reading_and_checksum_pays_back_twice(paid):
    paid.sandbox.faults.add("drop_after", path=CANCEL, uses=1)
    BlindSender(paid).cancel(paid.imp_uid, Won(5000))
    assert paid.books.balance(paid.imp_uid) == 0


def test_fault_02_request_lost_before_arrival(paid):
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(19 * 60, every=20)
    assert paid.cancellation_service.get_refund(refund.id).refund.send_count == 1, (
        "it may still be carried out"
    )
    over(paid)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.cancellation_service.get_refund(refund.id).refund.send_count == 2
    assert_refunded_once(paid)


@pytest.mark.parametrize("cut", [*range(0, 40), *range(40, 2400, 59)])
def test_fault_03_answer_cut(paid, cut):
    """Each byte of the head and steps through the body here; every byte at the client
    (tests/portone). Unclear is resolved, a whole answer counts; once in either case."""
    paid.sandbox.faults.add("cut", path=CANCEL, uses=1, bytes=cut)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) in (RefundState.UNKNOWN, RefundState.CONFIRMED)
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_06_send_is_carried_out_late_after_another_one(paid):
    """The checksum lets one of the two through; the other finds the tag."""
    paid.sandbox.faults.add("late_effect", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    over(paid)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.sandbox.faults.release() == 1
    paid.pass_time(20 * 60, every=60)
    assert_refunded_once(paid)


def test_fault_06_first_is_carried_out_before_the_second_is_sent(paid):
    paid.sandbox.faults.add("late_effect", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    paid.sandbox.faults.release()
    paid.pass_time(10, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.cancellation_service.get_refund(refund.id).refund.send_count == 1
    assert_refunded_once(paid)


def test_fault_06_twin_without_checksum_both_are_carried_out(paid):
    paid.sandbox.faults.add("late_effect", path=CANCEL, uses=1)
    BlindSender(paid).cancel(paid.imp_uid, Won(5000), tries=2)
    paid.sandbox.faults.release()
    assert paid.books.balance(paid.imp_uid) == 0


def test_fault_06_refusal_is_not_believed_while_a_send_may_arrive_late(paid):
    """First send under way for 15 minutes, KakaoPay refuses the second: not REFUSED yet."""
    paid.sandbox.faults.add("late_effect", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    paid.sandbox.faults.conduct.refuse_cancel = "점검 시간입니다"
    paid.pass_time(60, every=5)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.sandbox.faults.conduct.refuse_cancel = None
    paid.sandbox.faults.release()
    paid.pass_time(25 * 60, every=60)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_07_hours_later_it_is_still_one_refund(paid):
    """PortOne answers nothing for four hours; V1 has no key that could expire: it is read."""
    paid.sandbox.faults.add("drop_after", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    paid.sandbox.faults.add("status", status=503)
    paid.pass_time(4 * 3600, every=300)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.sandbox.faults.clear()
    paid.pass_time(180)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_10_cancelled_externally_before(paid):
    paid.books.console_cancel(paid.imp_uid, reason="전화 요청으로 취소")
    refund = ask(paid)
    paid.work(2)
    assert state(paid, refund) is RefundState.REFUSED
    with paid.store.snapshot() as uow:
        external = [one for one in uow.refunds.of_payment(paid.imp_uid) if one.item_id is None]
    assert [(one.amount, one.reason) for one in external] == [(10_000, "전화 요청으로 취소")]
    paid.check_books()


def test_fault_11_the_balance_changed_between_reading_and_sending(paid):
    """A console cancel occurs between the two: the checksum stops the send. After its explanation
    the refund continues automatically."""
    real, seen = paid.client.cancel, []

    def cancel(order: RefundCommand):
        if not seen:
            seen.append(order)
            paid.books.console_cancel(paid.imp_uid, 2000)
        return real(order)

    paid.gateway.cancel = cancel
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(600)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    paid.explain()
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 3000
    paid.check_books()


def test_fault_11_twin_without_checksum_the_send_is_made(paid):
    paid.books.console_cancel(paid.imp_uid, 2000)
    BlindSender(paid).cancel(paid.imp_uid, Won(8000))
    assert paid.books.balance(paid.imp_uid) == 0


def test_fault_13_refused_by_kakaopay_leaves_everything_as_it_was(paid):
    paid.sandbox.faults.conduct.refuse_cancel = "거래일로부터 1년이 지났습니다"
    refund = ask(paid)
    paid.work(2)
    reported = paid.cancellation_service.get_refund(refund.id)
    assert reported.refund.state is RefundState.REFUSED
    assert "거래일로부터 1년이 지났습니다" in reported.refund.gateway_message
    assert reported.item.status is ItemStatus.COMPLETE_PAYMENT
    assert paid.stock_of(ITEM) == STOCK
    assert paid.books.balance(paid.imp_uid) == 10_000
    paid.check_books()
    paid.sandbox.faults.clear()
    again = ask(paid)
    paid.work(2)
    assert state(paid, again) is RefundState.CONFIRMED
    paid.check_books()


@pytest.mark.parametrize("amount", [0, -1, 4999, 5001, 10_000])
def test_fault_14_only_the_items_amount_is_accepted(paid, amount):
    with pytest.raises((UserError, InvalidAmount)):
        ask(paid, ITEM, amount)
    assert paid.refund_states() == []
    assert paid.books.balance(paid.imp_uid) == 10_000


def test_fault_14_the_client_sends_no_amount_that_means_everything(paid):
    for amount, checksum in ((0, 1000), (-1, 1000), (1000, 0)):
        with pytest.raises((InvalidAmount, ValueError)):
            paid.client.cancel(refund_command(paid.imp_uid, Won(amount), Won(checksum), "사유"))
    assert paid.books.balance(paid.imp_uid) == 10_000


def test_fault_15_http_200_with_another_code_is_no_success(paid):
    paid.sandbox.faults.add(
        "envelope", path=CANCEL, uses=1, code=-1, message="결제취소에 실패하였습니다. 한도"
    )
    refund = ask(paid)
    paid.work(2)
    assert state(paid, refund) is RefundState.REFUSED
    paid.check_books()


def test_fault_15_a_code_that_hides_a_success_is_found_out(paid):
    """PortOne says no although it acted: the fresh reading decides, not the answer."""
    paid.sandbox.faults.add(
        "envelope", path=CANCEL, uses=1, code=-1, message="알 수 없음", act=True
    )
    refund = ask(paid)
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_16_token_over_in_the_middle(paid):
    paid.sandbox.faults.add(
        "status",
        path=CANCEL,
        uses=1,
        status=401,
        body={"code": -1, "message": "Unauthorized", "response": None},
    )
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.APPROVED
    paid.pass_time(10, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_18_a_revoked_secret_keeps_the_intent(paid):
    paid.sandbox.faults.conduct.keys_refused = True
    paid.clock.advance(minutes=31)
    refund = ask(paid)
    paid.pass_time(600)
    assert state(paid, refund) is RefundState.APPROVED
    assert paid.connectivity.online
    paid.sandbox.faults.clear()
    paid.pass_time(120)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


@pytest.mark.parametrize(
    "header", ["7", "999999", "-5", "Wed, 21 Oct 2099 07:28:00 GMT", "bald", ""]
)
@pytest.mark.parametrize("status", [429, 503])
def test_fault_19_asks_to_wait(paid, header, status):
    paid.sandbox.faults.add("too_many", path=CANCEL, uses=1, retry_after=header, status=status)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) in (RefundState.APPROVED, RefundState.UNKNOWN)
    paid.pass_time(360, every=20)
    over(paid)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


@pytest.mark.parametrize("status", [500, 502, 504, 418, 301])
@pytest.mark.parametrize("act", [False, True])
def test_fault_20_server_error_leaves_the_result_unclear(paid, status, act):
    paid.sandbox.faults.add("status", path=CANCEL, uses=1, status=status, act=act)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(30, every=5)
    over(paid)
    assert_refunded_once(paid)


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("garbage", {}),
        ("garbage", {"body": '{"code":0,"code":1,"message":null,"response":{}}'}),
        ("garbage", {"body": '{"code":0,"message":null,"response":{"amount":NaN}}'}),
        ("garbage", {"body": "null"}),
        ("garbage", {"body": "[]"}),
        ("too_big", {}),
        ("nested", {}),
        ("numbers_as_text", {}),
        ("nulls", {"lists": True}),
    ],
)
def test_fault_21_an_answer_that_cannot_be_believed(paid, kind, parameters):
    paid.sandbox.faults.add(kind, path=CANCEL, uses=1, **parameters)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) in (RefundState.UNKNOWN, RefundState.CONFIRMED)
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_22_unknown_fields_are_ignored_and_an_unknown_status_is_unclear(paid):
    paid.sandbox.faults.add("extra", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.CONFIRMED
    rule = paid.sandbox.faults.add("extra", path="/payments/imp_*", status="melted")
    second = ask(paid, OTHER, 3000)
    paid.work(1)
    assert state(paid, second) is RefundState.APPROVED
    assert paid.books.balance(paid.imp_uid) == 5000
    paid.sandbox.faults.remove(rule)
    paid.pass_time(120, every=5)
    assert state(paid, second) is RefundState.CONFIRMED
    paid.check_books()


@pytest.mark.parametrize(
    ("kind", "parameters"), [("html200", {}), ("redirect", {}), ("redirect", {"status": 307})]
)
def test_fault_23_captive_portal_is_reported_and_not_followed(paid, kind, parameters):
    paid.sandbox.faults.add(kind, **parameters)
    refund = ask(paid)
    paid.work(2)
    assert state(paid, refund) is RefundState.APPROVED
    assert not paid.connectivity.online
    assert paid.connectivity.cause is GatewayCause.PORTAL
    paid.sandbox.faults.clear()
    paid.pass_time(60, every=5)
    assert paid.connectivity.online
    assert_refunded_once(paid)


def test_fault_27_connection_torn_down_after_the_send(paid):
    for act in (True, False):
        paid.sandbox.faults.add("reset", path=CANCEL, uses=1, act=act)
        paid.sandbox.faults.add("reset", path=CANCEL, uses=1, act=act)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(120, every=5)
    assert_refunded_once(paid)


def test_fault_28_a_flapping_network_for_an_hour(paid):
    refund = ask(paid)
    for _ in range(600):
        rule = paid.sandbox.faults.add("drop_before", probability=0.7, seed=_)
        paid.clock.advance(seconds=3)
        paid.work(1)
        paid.sandbox.faults.remove(rule)
        paid.clock.advance(seconds=3)
    paid.pass_time(180)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_29_second_part_refused_over_vat_is_reported(paid):
    paid.sandbox.faults.conduct.refuse_second_partial = "부가세 단수 차이"
    first = ask(paid)
    paid.work(2)
    second = ask(paid, OTHER, 3000)
    paid.work(2)
    assert state(paid, first) is RefundState.CONFIRMED
    reported = paid.cancellation_service.get_refund(second.id).refund
    assert reported.state is RefundState.REFUSED
    assert "부가세 단수 차이" in reported.gateway_message
    paid.check_books()


def test_several_items_of_one_payment_go_one_after_the_other(paid):
    for item, amount in ((ITEM, 5000), (OTHER, 3000), (THIRD, 2000)):
        ask(paid, item, amount)
    assert paid.refund_states() == [RefundState.APPROVED] * 3
    paid.work(6)
    assert paid.refund_states() == [RefundState.CONFIRMED] * 3
    assert paid.books.balance(paid.imp_uid) == 0
    assert [line.amount for line in paid.books.payment(paid.imp_uid).cancellations] == [
        5000,
        3000,
        2000,
    ]
    paid.check_books()


def test_an_unclear_refund_holds_up_its_payment_and_no_other(paid):
    from tests.fakes.till import an_order

    with paid.store.transaction() as uow:
        uow.catalogue.add_products([])
        uow.catalogue.add_orders([an_order(20, (4000, 1))])
        uow.commit()
    other_payment = paid.paid_order(20)
    paid.sandbox.faults.add("drop_after", path=CANCEL, uses=1)
    first, second = ask(paid), ask(paid, OTHER, 3000)
    paid.work(1)
    third = paid.cancellation_service.refund(Actor.seller(SELLER), 200, "품절", 4000)
    paid.work(2)
    assert state(paid, first) is RefundState.UNKNOWN
    assert state(paid, second) is RefundState.APPROVED
    assert state(paid, third) is RefundState.CONFIRMED
    assert paid.books.balance(other_payment) == 0
    paid.pass_time(30, every=5)
    assert paid.refund_states() == [RefundState.CONFIRMED] * 3
    paid.check_books()


def test_the_status_after_a_partial_cancel_does_not_matter(paid):
    paid.sandbox.faults.conduct.partial_status = "cancelled"
    first, second = ask(paid), ask(paid, OTHER, 3000)
    paid.work(4)
    assert (state(paid, first), state(paid, second)) == (RefundState.CONFIRMED,) * 2
    paid.check_books()


def test_console_cancel_of_the_same_amount_needs_review(paid):
    """The answer is lost before the action, and the same amount is cancelled in the console: only
    staff can say whose money that was, and nothing more is sent."""
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    paid.books.console_cancel(paid.imp_uid, 5000)
    paid.pass_time(20 * 60)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert paid.books.balance(paid.imp_uid) == 5000


def test_a_lost_reason_counts_by_its_arithmetic(paid):
    """Does KakaoPay keep the reason whole? Not proven (docs/portone.md): a clear answer without our
    tag is enough when balance and history fit."""
    real = paid.client.cancel

    def cancel(order: RefundCommand):
        return real(
            refund_command(order.ref.provider_id, order.amount, order.expected_balance, "잘림")
        )

    paid.gateway.cancel = cancel
    refund = ask(paid)
    paid.work(2)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_69_pressed_twice_there_is_one_intent(paid):
    ask(paid)
    with pytest.raises(UserError) as refused:
        ask(paid)
    assert refused.value.code is ErrorCode.REFUND_IN_FLIGHT
    paid.work(2)
    assert_refunded_once(paid)


def test_fault_69_two_windows_at_once(paid, tmp_path):
    import threading

    barrier, ends = threading.Barrier(8), []

    def press():
        barrier.wait()
        try:
            ends.append(ask(paid))
        except UserError as error:
            ends.append(error.code)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(end, ErrorCode) for end in ends) == 7
    paid.work(2)
    assert_refunded_once(paid)


def test_payment_unknown_at_portone_needs_review(paid):
    paid.sandbox.faults.add(
        "envelope", path="/payments/imp_*", http=404, message="존재하지 않는 결제정보입니다."
    )
    refund = ask(paid)
    paid.pass_time(30 * 60)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert paid.books.balance(paid.imp_uid) == 10_000


def test_many_unanswered_sends_need_review_and_resume_on_request(paid):
    rule = paid.sandbox.faults.add("drop_before", path=CANCEL)
    refund = ask(paid)
    paid.pass_time(5 * 60 * 60, every=60)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    (row,) = paid.unresolved_money_service.refunds()
    assert row.refund.send_count >= 12
    paid.sandbox.faults.remove(rule)
    paid.unresolved_money_service.retry(STAFF, refund.id)
    over(paid)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_fault_62_a_keyring_that_is_locked_keeps_the_intent(paid):
    """Sales go on if they can; refunds wait, and are tried again."""
    real = paid.client.get_payment

    def locked(imp_uid):
        raise EnvironmentProblem(EnvironmentCode.KEYRING_SILENT)

    paid.gateway.get_payment = locked
    refund = ask(paid)
    paid.pass_time(300)
    assert state(paid, refund) is RefundState.APPROVED
    paid.gateway.get_payment = real
    paid.pass_time(120)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_refunded_once(paid)


def test_cancel_lines_without_a_number_are_each_counted_once(paid):
    """V1 answers hold nulls nearly anywhere: here in cancellation_id."""
    paid.sandbox.faults.add("nulls", path="/payments/*")
    for item, amount in ((ITEM, 5000), (OTHER, 3000)):
        ask(paid, item, amount)
        paid.pass_time(30, every=5)
    paid.books.console_cancel(paid.imp_uid, 500)
    third = ask(paid, THIRD, 2000)
    paid.pass_time(30, every=5)
    assert state(paid, third) is RefundState.REFUSED
    assert paid.books.balance(paid.imp_uid) == 1500
    paid.check_books()
