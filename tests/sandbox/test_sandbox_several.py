"""Several payments at once, balances, and numbers with a slash in them."""

from urllib.parse import quote

import pytest


def several(till, *imp_uids, numbers=()):
    query = [("imp_uid[]", each) for each in imp_uids]
    query += [("merchant_uid[]", each) for each in numbers]
    return till.call("GET", "/payments", params=query)


def test_several_payments_by_both_kinds_of_number(till, sandbox, paid):
    till.link("m-2", 5_000)
    other = sandbox.books.pay("m-2").imp_uid
    answer = several(till, paid, other, paid)
    assert answer.status_code == 200
    assert [each["imp_uid"] for each in answer.json()["response"]] == [paid, other]
    mixed = several(till, other, numbers=("m-1", "m-2"))
    assert [each["imp_uid"] for each in mixed.json()["response"]] == [other, paid]


def test_some_unknown_is_207_all_unknown_404(till, paid):
    answer = several(till, paid, "imp_0")
    assert (answer.status_code, answer.json()["code"]) == (207, 0)
    assert [each["imp_uid"] for each in answer.json()["response"]] == [paid]
    assert several(till, numbers=("m-1", "m-9")).status_code == 207
    for nothing in (several(till, "imp_0", numbers=("m-9",)), several(till)):
        assert nothing.status_code == 404
        assert nothing.json()["response"] is None


def test_a_hundred_at_most(till, paid):
    assert several(till, *[paid] * 100).status_code == 200
    refused = several(till, *[paid] * 100, numbers=("m-1",))
    assert (refused.status_code, refused.json()["code"]) == (200, -1)


def test_several_of_a_number_with_tries_is_the_newest(till, sandbox, clock):
    till.link("m-1")
    sandbox.books.fail("m-1")
    clock.move(1)
    newest = sandbox.books.open("m-1").imp_uid
    (only,) = several(till, numbers=("m-1",)).json()["response"]
    assert only["imp_uid"] == newest


def test_balance_is_the_remaining_amount(till, sandbox, paid):
    def balance():
        return till.get(f"/payments/{paid}/balance").json()["response"]

    assert balance()["primary"] == {"tax_free": 0, "supply": 10_909, "vat": 1_091, "service": 0}
    sandbox.books.console_cancel(paid, 1_000)
    left = balance()
    assert left["amount"] == 12_000
    assert left["primary"]["supply"] + left["primary"]["vat"] == 11_000
    assert left["histories"][-1]["primary"] == left["primary"]
    sandbox.books.console_cancel(paid)
    assert balance()["primary"] == {"tax_free": 0, "supply": 0, "vat": 0, "service": 0}


def test_the_balance_of_an_unknown_and_of_an_open_payment(till, sandbox):
    assert till.get("/payments/imp_0/balance").status_code == 404
    assert till.call("POST", "/payments/imp_0/balance").status_code == 405
    till.link("m-1")
    open_try = sandbox.books.open("m-1").imp_uid
    left = till.get(f"/payments/{open_try}/balance").json()["response"]
    assert (left["primary"]["supply"], left["histories"]) == (0, [])


@pytest.mark.parametrize(
    "number", ["a/b", "/", "a/paid", "a%2Fb", "100%", "주문 1/2", "a?b", "a;b", "."]
)
def test_a_number_may_hold_anything(till, sandbox, number):
    till.link(number, 3_000)
    imp_uid = sandbox.books.pay(number).imp_uid
    part = quote(number, safe="").replace(".", "%2E")
    for path in (f"find/{part}", f"find/{part}/paid"):
        found = till.get(f"/payments/{path}")
        assert found.json()["response"]["imp_uid"] == imp_uid, path
    for path in (f"findAll/{part}", f"findAll/{part}/paid"):
        found = till.get(f"/payments/{path}")
        assert [each["imp_uid"] for each in found.json()["response"]["list"]] == [imp_uid], path
    assert till.get(f"/payments/find/{part}/failed").status_code == 404
    till.post("/payments/prepare", merchant_uid=number, amount=1)
    assert till.get(f"/payments/prepare/{part}").json()["response"]["merchant_uid"] == number
    sandbox.faults.add("delay", seconds=0, path="/payments/*")
    assert till.get(f"/payments/find/{part}").json()["response"]["imp_uid"] == imp_uid


def test_a_bare_slash_is_between_two_parts(till, sandbox):
    till.link("a/b")
    sandbox.books.pay("a/b")
    assert till.get("/payments/find/a/b").status_code == 404
