import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.sandbox.behaviour import Behaviour
from posapp.sandbox.cancelling import CancelOrder, cancelled
from posapp.sandbox.envelopes import ApiRefusal
from posapp.sandbox.records import Payment, Status

TWICE = "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다)."


def test_an_amount_is_registered_once_read_and_changed(till):
    first = till.post("/payments/prepare", merchant_uid="m-1", amount=12_000, currency="KRW")
    wanted = {"merchant_uid": "m-1", "amount": 12_000, "currency": "KRW"}
    assert first.json() == {"code": 0, "message": None, "response": wanted}
    again = till.post("/payments/prepare", merchant_uid="m-1", amount=12_000)
    assert (again.status_code, again.json()["code"], again.json()["message"]) == (200, 1, TWICE)
    assert till.get("/payments/prepare/m-1").json()["response"] == wanted
    changed = {"merchant_uid": "m-1", "amount": 9_000}
    assert till.call("PUT", "/payments/prepare", data=changed).json()["code"] == 0
    assert till.get("/payments/prepare/m-1").json()["response"]["amount"] == 9_000


def test_unregistered_amount_is_reported_as_documented(till):
    """404 for changing it, and no 404 for reading it (V1 schema)."""
    read = till.get("/payments/prepare/m-9")
    assert (read.status_code, read.json()["code"], read.json()["response"]) == (200, -1, None)
    put = till.call("PUT", "/payments/prepare", json={"merchant_uid": "m-9", "amount": 1})
    assert put.status_code == 404


@pytest.mark.parametrize("amount", [None, -1, 1.5, "x", True, [], "1" * 9999])
def test_a_registered_amount_is_whole_won(till, amount):
    answer = till.post("/payments/prepare", merchant_uid="m-1", amount=amount)
    assert (answer.status_code, answer.json()["code"]) == (200, -1)
    assert till.get("/payments/prepare/m-1").json()["code"] == -1


@pytest.mark.parametrize("amount", ["7e3", "7000.0", "70.00e2", " 7000"])
def test_a_whole_amount_however_it_is_written(till, amount):
    body = f'{{"merchant_uid": "m-1", "amount": {amount}}}'
    headers = {"Content-Type": "application/json"}
    answer = till.call("POST", "/payments/prepare", data=body, headers=headers)
    assert answer.json()["response"]["amount"] == 7_000


def test_a_full_cancel_by_imp_uid(till, sandbox, paid, clock):
    clock.move(60)
    answer = till.cancel(imp_uid=paid, amount=12_000, checksum=12_000, reason="[RF-1] 변심")
    assert answer["code"] == 0
    payment = answer["response"]
    assert (payment["status"], payment["cancel_amount"]) == ("cancelled", 12_000)
    (entry,) = payment["cancel_history"]
    assert (entry["amount"], entry["reason"]) == (12_000, "[RF-1] 변심")
    assert entry["cancelled_at"] == payment["cancelled_at"] == int(clock())
    assert len(entry["cancellation_id"]) == 20
    assert payment["cancel_reason"] == "[RF-1] 변심"
    assert sandbox.books.balance(paid) == 0
    assert till.session.get(entry["receipt_url"], timeout=5).status_code == 200


@pytest.mark.parametrize("amount", [{}, {"amount": 0}, {"amount": None}, {"amount": "0"}])
def test_a_missing_or_zero_amount_cancels_everything_left(till, sandbox, paid, amount):
    assert till.cancel(imp_uid=paid, amount=2_000)["code"] == 0
    assert till.cancel(imp_uid=paid, **amount)["response"]["cancel_amount"] == 12_000
    assert sandbox.books.balance(paid) == 0


def test_partial_cancels_add_up(till, sandbox, paid):
    first = till.cancel(imp_uid=paid, amount=5_000, checksum=12_000)["response"]
    assert (first["status"], first["cancel_amount"]) == ("paid", 5_000)
    second = till.cancel(merchant_uid="m-1", amount="4000", checksum="7000")["response"]
    assert second["cancel_amount"] == 9_000
    assert [each["amount"] for each in second["cancel_history"]] == [5_000, 4_000]
    assert sandbox.books.balance(paid) == 3_000
    ids = {each["cancellation_id"] for each in second["cancel_history"]}
    assert len(ids) == 2


def test_the_status_after_a_partial_cancel_can_be_dialled(till, sandbox, paid):
    sandbox.faults.conduct.partial_status = "cancelled"
    first = till.cancel(imp_uid=paid, amount=5_000)["response"]
    assert first["status"] == "cancelled"
    assert till.cancel(imp_uid=paid, amount=1_000)["code"] == 0


def test_another_checksum_and_nothing_happens(till, sandbox, paid):
    for checksum in (11_999, 0, 12_001):
        answer = till.cancel(imp_uid=paid, amount=1_000, checksum=checksum)
        assert (answer["code"], answer["response"]) == (1, None)
    assert sandbox.books.balance(paid) == 12_000


def test_too_much_or_less_than_nothing_is_refused(till, sandbox, paid):
    assert till.cancel(imp_uid=paid, amount=12_001)["code"] == 1
    assert till.cancel(imp_uid=paid, amount=-1)["code"] == 1
    for amount in (0.5, "1e999999", "1e99", "x"):
        assert till.cancel(imp_uid=paid, amount=amount)["code"] == -1
    assert sandbox.books.balance(paid) == 12_000


def test_unknown_unpaid_and_unnamed_payments_cannot_be_cancelled(till, sandbox):
    refused = {"code": 1, "message": "취소할 결제건이 존재하지 않습니다.", "response": None}
    till.link("m-1")
    ready = sandbox.books.open("m-1").imp_uid
    assert till.cancel(imp_uid="imp_0") == refused
    assert till.cancel(merchant_uid="m-1") == refused
    assert till.cancel(imp_uid=ready) == refused
    assert till.cancel(amount=1) == refused


def test_imp_uid_comes_before_merchant_uid(till, sandbox, paid):
    assert till.cancel(imp_uid="imp_0", merchant_uid="m-1")["code"] == 1
    assert sandbox.books.balance(paid) == 12_000


def test_a_second_full_cancel_is_refused(till, paid):
    till.cancel(imp_uid=paid)
    answer = till.cancel(imp_uid=paid)
    assert answer == {"code": 1, "message": "이미 전액취소된 주문입니다.", "response": None}


def test_kakaopay_refuses(till, sandbox, paid):
    till.dial(conduct={"refuse_cancel": "취소 가능 기간이 지났습니다."})
    answer = till.cancel(imp_uid=paid)
    assert answer["code"] == -1
    assert answer["message"] == "결제취소에 실패하였습니다. 취소 가능 기간이 지났습니다."
    assert sandbox.books.balance(paid) == 12_000


def test_the_second_partial_cancel_refused_over_vat_the_rest_not(till, sandbox, paid):
    sandbox.faults.conduct.refuse_second_partial = "부가세 금액이 올바르지 않습니다."
    assert till.cancel(imp_uid=paid, amount=1_000)["code"] == 0
    refused = till.cancel(imp_uid=paid, amount=1_000)
    assert (refused["code"], "부가세" in refused["message"]) == (-1, True)
    assert till.cancel(imp_uid=paid, amount=11_000)["code"] == 0


def test_a_form_encoded_cancel(till, paid):
    fields = {"imp_uid": paid, "amount": "3000", "checksum": "12000", "reason": "변심"}
    answer = till.call("POST", "/payments/cancel", data=fields).json()
    assert answer["response"]["cancel_amount"] == 3_000


def test_many_at_once_with_one_checksum_cancel_once(till, sandbox, paid):
    gate = threading.Barrier(8)
    codes = []

    def cancel() -> None:
        gate.wait()
        codes.append(till.cancel(imp_uid=paid, amount=5_000, checksum=12_000)["code"])

    threads = [threading.Thread(target=cancel) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(codes) == [0, 1, 1, 1, 1, 1, 1, 1]
    assert sandbox.books.balance(paid) == 7_000


@given(
    amount=st.integers(1, 10**9),
    orders=st.lists(
        st.tuples(st.one_of(st.none(), st.integers(-5, 10**9)), st.booleans()), max_size=6
    ),
)
def test_money_back_never_exceeds_money_taken(amount, orders):
    payment = Payment(
        "imp_1", "m-1", "커피", amount, 1, 1, status=Status.PAID, paid_at=2, pg_tid="T1"
    )
    for wanted, right in orders:
        checksum = payment.balance if right else payment.balance + 1
        order = CancelOrder(imp_uid="imp_1", amount=wanted, checksum=checksum)
        before = payment
        try:
            payment = cancelled(payment, order, Behaviour(), 3)
        except ApiRefusal:
            assert not right or before.balance == 0 or not 0 <= (wanted or 0) <= before.balance
            continue
        assert right
        assert payment.cancel_amount - before.cancel_amount == (wanted or before.balance)
        assert 0 <= payment.balance < before.balance
        assert (payment.status is Status.CANCELLED) == (payment.balance == 0)


def test_no_more_is_free_of_tax_than_was_paid(till, sandbox):
    till.link("m-9", amount=12_000, tax_free=10_000)
    payment = sandbox.books.pay("m-9", 4_000)
    assert (payment.tax_free, payment.tax_free_balance) == (4_000, 4_000)
