"""Cash receipts of the sandbox: issued once, read, cancelled whole, and what the dial changes."""

import pytest
import requests

from posapp.sandbox import Sandbox
from posapp.sandbox.receipt_book import CHANNEL

PATH = "/receipts/external/{}"
ORDER = {
    "channel_key": CHANNEL,
    "name": "단팥빵 외 1건",
    "amount": 35_200,
    "tax_free": 11_668,
    "identifier": "01012345678",
    "type": "person",
}


def issue(till, number="R1", **changes):
    fields = {name: value for name, value in {**ORDER, **changes}.items() if value is not None}
    return till.post(PATH.format(number), **fields)


def test_a_receipt_is_issued_read_and_cancelled(till, sandbox, clock):
    assert till.get(PATH.format("R1")).status_code == 404
    made = issue(till).json()["response"]
    assert (made["merchant_uid"], made["type"], made["amount"]) == ("R1", "person", 35_200)
    assert (made["vat"], made["cancelled_at"]) == (2_139, 0)
    assert len(made["apply_num"]) == 9
    assert till.get(PATH.format("R1")).json()["response"] == made
    clock.move(60)
    gone = till.call("DELETE", PATH.format("R1")).json()["response"]
    assert gone == {**made, "cancelled_at": int(clock())}
    assert till.get(PATH.format("R1")).json()["response"] == gone


def test_a_number_has_one_receipt_for_ever(till, sandbox):
    issue(till)
    again = issue(till, amount=1_000, tax_free=0)
    assert (again.status_code, again.json()["code"]) == (400, -1)
    till.call("DELETE", PATH.format("R1"))
    assert issue(till).status_code == 400
    assert till.call("DELETE", PATH.format("R1")).status_code == 400
    assert [each.amount for each in sandbox.receipts.all()] == [35_200]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"channel_key": None}, 400),
        ({"identifier": None}, 400),
        ({"name": None}, 400),
        ({"amount": None}, 400),
        ({"amount": 0}, 400),
        ({"amount": 1.5}, 400),
        ({"tax_free": 35_201}, 400),
        ({"type": "x"}, 400),
        ({"channel_key": "unknown"}, 400),
        ({"identifier": "no number"}, 500),
    ],
)
def test_a_bad_order_issues_nothing(till, sandbox, changes, status):
    assert issue(till, **changes).status_code == status
    assert sandbox.receipts.all() == []


def test_kakaopay_has_no_cash_receipts(till, sandbox):
    assert issue(till, channel_key=sandbox.channel_key).status_code == 501


def test_a_channel_without_the_contract_refuses(till, sandbox):
    sandbox.faults.conduct.change(receipt_contract=False)
    answer = issue(till)
    assert (answer.status_code, "미계약" in answer.json()["message"]) == (500, True)
    assert sandbox.receipts.all() == []


@pytest.mark.parametrize("status", [200, 400, 500, 501])
def test_the_dial_refuses_with_any_status(till, sandbox, status):
    sandbox.faults.conduct.change(refuse_receipt="점검 중", receipt_http=status)
    answer = issue(till)
    assert (answer.status_code, answer.json()["code"]) == (status, -1)
    sandbox.faults.conduct.change(refuse_receipt=None, refuse_receipt_cancel="점검 중")
    issue(till)
    assert till.call("DELETE", PATH.format("R1")).status_code == status
    assert sandbox.receipts.cancel("R1", console=True).cancelled_at


def test_the_dial_hides_what_was_issued_and_what_was_cancelled(till, sandbox):
    sandbox.faults.conduct.change(unseen_receipts=2, cancelled_receipts="gone")
    issue(till)
    read = [till.get(PATH.format("R1")).status_code for _ in range(3)]
    assert read == [404, 404, 200]
    till.call("DELETE", PATH.format("R1"))
    assert till.get(PATH.format("R1")).status_code == 404


def test_faults_of_the_dial_reach_receipts(till, sandbox):
    sandbox.faults.add("drop_after", method="POST", path=PATH.format("*"), uses=1)
    with pytest.raises(requests.ConnectionError):
        issue(till)
    assert till.get(PATH.format("R1")).json()["response"]["amount"] == 35_200
    sandbox.faults.add("lie", path=PATH.format("*"), fields={"amount": 1}, uses=1)
    assert till.get(PATH.format("R1")).json()["response"]["amount"] == 1


def test_a_number_with_a_slash_is_one_number(till, sandbox):
    assert issue(till, "a%2Fb").json()["response"]["merchant_uid"] == "a/b"


def test_receipts_are_kept_without_the_identity(till_for, tmp_path):
    with Sandbox(keep=tmp_path / "books.json") as first:
        made = issue(till_for(first)).json()["response"]
    text = (tmp_path / "books.json").read_text(encoding="utf-8")
    assert "1012345678" not in text
    with Sandbox(keep=tmp_path / "books.json") as second:
        till = till_for(second)
        assert till.get(PATH.format("R1")).json()["response"] == made


def test_the_console_shows_receipts(till):
    issue(till)
    page = till.call("GET", "/sandbox/books").text
    assert "단팥빵 외 1건" in page and "01012345678" not in page
    (shown,) = till.call("GET", "/sandbox/books.json").json()["receipts"]
    assert shown["merchant_uid"] == "R1"
