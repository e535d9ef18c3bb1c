"""Refusals of any text, and what the service does after it refused."""

import pytest

from posapp.sandbox.cancelling import CancelOrder

CANCEL = {"method": "POST", "path": "/payments/cancel"}
TEXTS = [
    "일시적인 오류가 발생하였습니다. 잠시 후 다시 시도해 주세요",
    "[-9999] internal server error",
    "결과를 확인할 수 없습니다",
    "점검 중",
    "알 수 없는 오류",
]


@pytest.mark.parametrize("text", TEXTS)
def test_refusal_of_any_text_is_carried_out_later(till, sandbox, paid, clock, text):
    till.dial(kind="late_refusal", message=text, code=-7, after=60, uses=1, **CANCEL)
    answer = till.post("/payments/cancel", imp_uid=paid, amount=5_000, checksum=12_000, reason="가")
    assert answer.status_code == 200
    assert answer.json() == {"code": -7, "message": text, "response": None}
    clock.move(59)
    assert till.payment("m-1")["cancel_amount"] == 0
    clock.move(1)
    after = till.payment("m-1")
    assert after["cancel_amount"] == 5_000
    assert [each["reason"] for each in after["cancel_history"]] == ["가"]


@pytest.mark.parametrize("http", [400, 403, 404])
def test_error_in_an_envelope_is_carried_out_later(till, sandbox, paid, http):
    till.dial(kind="late_refusal", http=http, uses=1, **CANCEL)
    answer = till.post("/payments/cancel", imp_uid=paid, amount=5_000)
    assert (answer.status_code, answer.json()["code"]) == (http, -1)
    assert sandbox.books.balance(paid) == 12_000
    assert sandbox.faults.release() == 1
    assert sandbox.books.balance(paid) == 7_000


def test_a_late_refusal_that_no_longer_fits_does_nothing(till, sandbox, paid):
    sandbox.faults.add("late_refusal", uses=1, **CANCEL)
    till.post("/payments/cancel", imp_uid=paid, amount=5_000, checksum=12_000)
    sandbox.books.console_cancel(paid, 10_000)
    sandbox.faults.release()
    assert sandbox.books.balance(paid) == 2_000


@pytest.mark.parametrize("http", [200, 400, 403, 404])
@pytest.mark.parametrize("text", TEXTS)
def test_conduct_that_refuses_and_never_carries_out(till, sandbox, paid, clock, text, http):
    till.dial(conduct={"refuse_text": text, "refuse_code": -3, "refuse_http": http})
    answer = till.post("/payments/cancel", imp_uid=paid, amount=1_000)
    assert answer.status_code == http
    assert answer.json() == {"code": -3, "message": text, "response": None}
    clock.move(10**6)
    till.sign_in()
    assert till.payment("m-1")["cancel_amount"] == 0


@pytest.mark.parametrize(
    "conduct",
    [
        {"refuse_text": "점검 중", "refuse_http": 404},
        {"refuse_cancel": "한도 초과"},
    ],
)
def test_conduct_that_refuses_and_carries_out_later(till, sandbox, paid, clock, conduct):
    till.dial(conduct={**conduct, "refused_lands": 60})
    till.post("/payments/cancel", imp_uid=paid, amount=5_000, checksum=12_000, reason="가")
    # KakaoPay carries out what PortOne compared on arrival.
    sandbox.faults.conduct.refuse_cancel = None
    sandbox.books.console_cancel(paid, 2_000)
    clock.move(60)
    assert till.payment("m-1")["cancel_history"][-1]["reason"] == "가"
    assert sandbox.books.balance(paid) == 5_000


def test_refusal_of_portone_is_never_carried_out(till, sandbox, paid, clock):
    sandbox.faults.conduct.change(refuse_text="점검 중", refused_lands=1)
    assert till.cancel(imp_uid=paid, amount=1_000, checksum=1)["code"] == 1
    assert till.cancel(imp_uid=paid, amount=12_001)["code"] == 1
    clock.move(10)
    assert till.payment("m-1")["cancel_amount"] == 0


def test_late_cancel_without_balance_has_no_effect(sandbox, paid):
    sandbox.books.cancel_later(CancelOrder(imp_uid=paid, amount=5_000), None)
    sandbox.books.console_cancel(paid)
    assert sandbox.faults.release() == 1
    assert sandbox.books.cancelled_total() == 12_000


def test_late_refusals_are_forgotten_with_the_dial(till, sandbox, paid, clock):
    sandbox.faults.conduct.change(refuse_text="점검 중", refused_lands=1)
    till.post("/payments/cancel", imp_uid=paid, amount=1_000)
    till.call("DELETE", "/sandbox/faults")
    clock.move(10)
    assert till.payment("m-1")["cancel_amount"] == 0


def test_the_console_is_not_struck_by_refusals_of_the_api(till, sandbox, paid):
    sandbox.faults.conduct.refuse_text = "점검 중"
    sandbox.books.console_cancel(paid, 1_000, "")
    assert sandbox.books.balance(paid) == 11_000


def test_the_console_cancels_the_very_item_of_a_waiting_refund(till, sandbox, paid):
    """docs/faults.md, rows 83 and 84: without a tag, with any reason or none, part and whole."""
    till.call("POST", "/sandbox/cancel", data={"imp_uid": paid, "amount": "5000", "reason": ""})
    sandbox.books.console_cancel(paid, 3_000, "고객 변심")
    sandbox.books.console_cancel(paid, None, "전액")
    history = till.payment("m-1")["cancel_history"]
    assert [(each["amount"], each["reason"]) for each in history] == [
        (5_000, ""),
        (3_000, "고객 변심"),
        (4_000, "전액"),
    ]
    assert till.payment("m-1")["status"] == "cancelled"


@pytest.mark.parametrize(
    "conduct",
    [
        {"refuse_http": 500},
        {"refuse_http": "200"},
        {"refused_lands": -1},
        {"refused_lands": True},
        {"refuse_text": 3},
    ],
)
def test_wrong_settings_are_named_and_change_nothing(till, sandbox, conduct):
    answer = till.dial(conduct={**conduct, "refuse_cancel": "x"})
    assert answer.status_code == 400
    assert next(iter(conduct)) in answer.json()["error"]
    assert sandbox.faults.conduct.refuse_cancel is None
