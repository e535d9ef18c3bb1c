"""The forms in which the service may write the same facts, each a switch of the dial."""

import json

import pytest

from posapp.sandbox.behaviour import CHOICES, Behaviour

REASON = "변심: 환불 [RF-1a2b3c-7]"


def payment_after(till, **form):
    """The payment of ``m-1`` in this form, by number and in the list by status alike."""
    assert till.dial(conduct=form).status_code == 200
    found = till.payment("m-1")
    (line,) = till.get("/payments/status/all").json()["response"]["list"]
    assert line == found
    return found


@pytest.mark.parametrize(
    ("form", "cancelled", "part_shown_as", "shows_time"),
    [
        ("kept", 12_000, "paid", True),
        ("documented", 0, "paid", True),
        ("documented", 4_000, "paid", True),
        ("documented", 4_000, "cancelled", False),
        ("documented", 12_000, "paid", False),
    ],
)
def test_the_time_of_paying(till, sandbox, paid, clock, form, cancelled, part_shown_as, shows_time):
    """V1 schema: "결제완료가 아닐 경우 0"."""
    sandbox.faults.conduct.partial_status = part_shown_as
    if cancelled:
        sandbox.books.console_cancel(paid, cancelled)
    paid_at = payment_after(till, paid_time=form)["paid_at"]
    assert paid_at == (int(clock()) if shows_time else 0)
    assert sandbox.books.cancelled_total() == cancelled


def test_the_time_of_paying_may_be_null(till, paid):
    assert payment_after(till, paid_time="null")["paid_at"] is None


def test_a_partial_cancel_shows_neither_reason_nor_time(till, sandbox, paid, clock):
    after = till.cancel(imp_uid=paid, amount=1_000, reason="변심")["response"]
    assert after["status"] == "paid"
    assert (after["cancel_reason"], after["cancelled_at"]) == (None, 0)
    assert after["cancel_history"][0]["reason"] == "변심"
    kept = payment_after(till, cancel_fields="kept")
    assert (kept["cancel_reason"], kept["cancelled_at"]) == ("변심", int(clock()))


@pytest.mark.parametrize(("status", "amount"), [("cancelled", 1_000), ("paid", 12_000)])
def test_cancelled_payment_shows_both_amounts(till, sandbox, paid, clock, status, amount):
    sandbox.faults.conduct.partial_status = status
    after = till.cancel(imp_uid=paid, amount=amount, reason="변심")["response"]
    assert after["status"] == "cancelled"
    assert (after["cancel_reason"], after["cancelled_at"]) == ("변심", int(clock()))


def test_amounts_may_be_whole_floats(till, sandbox, paid):
    sandbox.books.console_cancel(paid, 5_000)
    till.post("/payments/prepare", merchant_uid="m-2", amount=7_000)
    till.dial(conduct={"amounts": "float"})
    for path in ("find/m-1", "status/all", "prepare/m-2"):
        text = till.get(f"/payments/{path}").text
        amounts = [part.split(",")[0].rstrip("}") for part in text.split('amount": ')[1:]]
        assert amounts, path
        assert all(each.endswith(".0") for each in amounts), path


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ({}, ("KRW", "kakaopay")),
        ({"currency_case": "lower"}, ("krw", "kakaopay")),
        ({"currency_case": "mixed", "provider_case": "mixed"}, ("Krw", "Kakaopay")),
        ({"provider_case": "upper"}, ("KRW", "KAKAOPAY")),
    ],
)
def test_names_have_no_case(till, paid, form, names):
    found = payment_after(till, **form)
    assert (found["currency"], found["pg_provider"]) == names


def test_every_optional_text_may_be_null(till, sandbox, paid):
    sandbox.books.console_cancel(paid, 5_000, REASON)
    found = payment_after(till, optional_texts="null")
    texts = {name for name, value in found.items() if isinstance(value, str)}
    assert texts == {"imp_uid", "merchant_uid", "currency", "status", "pg_tid"}
    (line,) = found["cancel_history"]
    assert line["reason"] == REASON
    assert line["receipt_url"] is None


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"reasons": "cut", "reason_limit": 14}, REASON[:14]),
        ({"reasons": "cut", "reason_limit": 0}, ""),
        ({"reasons": "cut", "reason_limit": 999}, REASON),
        ({"reasons": "dropped"}, ""),
        ({"reasons": "null"}, None),
        ({"reasons": "mangled"}, "변심? 환불 ?RF?1a2b3c?7?"),
    ],
)
def test_reasons_are_not_always_kept_whole(till, sandbox, paid, form, reason):
    sandbox.books.console_cancel(paid, 12_000, REASON)
    found = payment_after(till, **form)
    assert [each["reason"] for each in found["cancel_history"]] == [reason]
    assert found["cancel_reason"] == reason
    assert till.get("/sandbox/books.json").json()["payments"][0]["cancel_reason"] == REASON


def test_a_paid_payment_may_be_shown_with_nothing(till, sandbox, paid):
    found = payment_after(till, zero_paid=True)
    assert (found["status"], found["amount"], found["cancel_amount"]) == ("paid", 0, 0)
    sandbox.books.console_cancel(paid, 1_000)
    assert till.payment("m-1")["amount"] == 12_000


def test_a_line_of_a_list_without_a_number(till, sandbox, paid):
    till.dial(conduct={"nameless": paid})
    (line,) = till.get("/payments/status/all").json()["response"]["list"]
    assert (line["imp_uid"], line["merchant_uid"]) == (paid, None)
    assert till.payment("m-1")["merchant_uid"] == "m-1"


@pytest.mark.parametrize("by", ["imp_uid", "merchant_uid"])
def test_payment_with_an_unreadable_amount(till, sandbox, paid, by):
    till.dial(conduct={"garbled": paid if by == "imp_uid" else "m-1"})
    sandbox.books.add_foreign("web-1")
    lines = till.get("/payments/status/all").json()["response"]["list"]
    assert {each["merchant_uid"]: each["amount"] for each in lines} == {"m-1": "?", "web-1": 1_000}


def test_another_systems_payments_share_the_account(till, sandbox, clock):
    answer = till.call(
        "POST", "/sandbox/payments", json={"merchant_uid": "web-7", "amount": 50_000}
    )
    assert answer.status_code == 201
    till.call("POST", "/sandbox/payments", json={"amount": 2_000})
    lines = till.get("/payments/status/paid", sorting="started").json()["response"]["list"]
    assert [(each["merchant_uid"], each["amount"]) for each in lines] == [
        ("web-7", 50_000),
        (None, 2_000),
    ]
    assert lines[0]["imp_uid"] == answer.json()["imp_uid"]
    for wrong in ({}, {"amount": -1}, {"amount": "x"}, []):
        assert till.call("POST", "/sandbox/payments", json=wrong).status_code == 400


@pytest.mark.parametrize(
    ("form", "message"),
    [(400, "page: 데이터 범위를 벗어났습니다."), (404, "존재하지 않는 결제정보입니다.")],
)
def test_an_empty_window_may_be_an_error(till, sandbox, form, message):
    till.dial(conduct={"empty_list": form})
    answer = till.get("/payments/status/all")
    assert answer.status_code == form
    assert answer.json() == {"code": -1, "message": message, "response": None}
    sandbox.books.add_foreign("web-1")
    assert till.get("/payments/status/all").json()["response"]["total"] == 1
    assert till.get("/payments/status/all", limit=0).status_code == 400


def test_the_books_report_true_values(till, sandbox, paid):
    sandbox.books.console_cancel(paid, 5_000, REASON)
    sandbox.faults.conduct.change(
        zero_paid=True,
        amounts="float",
        optional_texts="null",
        other_merchant_uid="x",
        garbled="m-1",
        nameless=paid,
    )
    (payment,) = till.get("/sandbox/books.json").json()["payments"]
    assert (payment["merchant_uid"], payment["pg_provider"]) == ("m-1", "kakaopay")
    assert json.dumps([payment["amount"], payment["balance"]]) == "[12000, 7000]"


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_a_setting_that_takes_only_some_values(till, sandbox, name):
    usual = getattr(Behaviour(), name)
    wrong = "nonsense" if isinstance(usual, str) else 418
    answer = till.dial(conduct={name: wrong})
    assert answer.status_code == 400
    assert name in answer.json()["error"]
    assert getattr(sandbox.faults.conduct, name) == usual
    for value in CHOICES[name]:
        assert till.dial(conduct={name: value}).json()["conduct"][name] == value
    assert till.get("/sandbox/faults").json()["choices"][name] == list(CHOICES[name])
    till.call("DELETE", "/sandbox/faults")
    assert getattr(sandbox.faults.conduct, name) == usual
