import json
import re

import pytest


def test_a_link_is_eight_hexadecimal_digits_on_this_host(till, sandbox):
    url = till.link("m-1")
    assert re.fullmatch(re.escape(sandbox.api) + r"/[0-9a-f]{8}", url)
    assert sandbox.books.link_urls == {"m-1": url}


def test_pay_methods_instead_of_direct(till, sandbox):
    ways = [{"channelKey": sandbox.channel_key, "pay_method": "kakaopay", "label": "카카오페이"}]
    assert till.link("m-1", direct=None, pay_methods=ways)


def _send(till, life=300, **changed):
    info = {k: v for k, v in {**till.info("m-1"), **changed}.items() if v is not ...}
    expired_at = till.sandbox.books.now() + life
    return till.send_link({"payment_info": json.dumps(info), "expired_at": expired_at})


@pytest.mark.parametrize(
    "name", ["title", "user_code", "amount", "merchant_uid", "name", "currency", "buyer_tel"]
)
def test_each_needed_field(till, name):
    answer = _send(till, **{name: ...})
    assert answer.status_code == 400
    assert name in answer.json()["message"]


@pytest.mark.parametrize(
    "changed",
    [
        {"title": ""},
        {"user_code": "imp00000000"},
        {"amount": 0},
        {"amount": -5},
        {"amount": 10.5},
        {"amount": "x"},
        {"merchant_uid": "m" * 41},
        {"name": "가" * 41},
        {"direct": ...},
        {"direct": {"channelKey": "channel-key-other", "pay_method": "kakaopay"}},
        {"direct": {"channelKey": "x"}},
        {"direct": ..., "pay_methods": []},
        {"life": 0},
        {"life": -1},
    ],
)
def test_wrong_fields_are_refused(till, sandbox, changed):
    answer = _send(till, **changed)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message"}
    assert sandbox.books.links() == []


def test_payment_info_is_a_json_text_in_a_string(till, sandbox):
    expired_at = sandbox.books.now() + 300
    for info in (till.info("m-1"), None, "{", "[]", '"x"'):
        answer = till.send_link({"payment_info": info, "expired_at": expired_at})
        assert answer.status_code == 400
    assert till.send_link([1]).status_code == 400
    assert till.send_link({"payment_info": json.dumps(till.info("m-1"))}).status_code == 400


def test_another_amount_than_the_registered_one_is_refused(till, sandbox):
    till.post("/payments/prepare", merchant_uid="m-1", amount=12_000, currency="KRW")
    assert _send(till, amount=11_999).status_code == 400
    assert _send(till, currency="USD").status_code == 400
    assert _send(till).status_code == 200


def test_closing_a_link(till, sandbox, clock):
    url = till.link("m-1")
    assert till.close(url).json() == {"shortenedUrl": url}
    closed_at = sandbox.books.links()[0].closed_at
    assert closed_at == int(clock())
    clock.move(10)
    assert till.close(url).status_code == 200
    assert sandbox.books.links()[0].closed_at == closed_at
    assert till.close("x/00000000").status_code == 404
