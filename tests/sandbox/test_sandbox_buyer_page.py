import re

import pytest
import requests

from posapp.sandbox import EntryRefusal, PaymentNotAllowed

MINUTE = 60


@pytest.fixture
def phone():
    with requests.Session() as session:
        session.trust_env = False
        yield session


def press(phone, page, action, **fields):
    """Press the button of this action as a browser would."""
    form = re.search(rf'<form[^>]*action="(/[^"]+/{action})">(.*?)</form>', page.text, re.S)
    assert form, f"no {action} on the page"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[2]))
    base = re.match(r"http://[^/]+", page.url)[0]
    return phone.post(base + form[1], data={**hidden, **fields}, timeout=5)


def test_opening_shows_the_order_and_makes_a_ready_payment(till, phone):
    page = phone.get(till.link("m-1", 1_234_000), timeout=5)
    assert page.status_code == 200
    for text in (
        "연습 카페",
        "아메리카노 외 2건",
        "1,234,000원",
        "m-1",
        "결제하기",
        "닫기",
        "실패",
    ):
        assert text in page.text
    payment = till.payment("m-1")
    assert (payment["status"], payment["paid_at"]) == ("ready", 0)
    assert payment["user_agent"].startswith("python-requests")


def test_reload_keeps_the_try_and_another_phone_begins_one(till, phone, sandbox):
    url = till.link("m-1")
    phone.get(url, timeout=5)
    phone.get(url, timeout=5)
    assert len(sandbox.books.tries("m-1")) == 1
    requests.get(url, timeout=5)
    assert len(sandbox.books.tries("m-1")) == 2


def test_a_request_of_the_address_is_no_buyer(till, sandbox):
    requests.head(till.link("m-1"), timeout=5)
    assert sandbox.books.payments() == []


def test_paying(till, phone, clock):
    page = phone.get(till.link("m-1"), timeout=5)
    clock.move(20)
    done = press(phone, page, "pay")
    assert "결제가 완료되었습니다" in done.text
    assert "12,000원" in done.text
    payment = till.payment("m-1")
    assert (payment["status"], payment["paid_at"]) == ("paid", int(clock()))
    receipt = phone.get(payment["receipt_url"], timeout=5)
    assert "결제 영수증" in receipt.text
    assert "12,000원" in receipt.text


def test_reloading_the_result_does_not_pay_again(till, phone, sandbox):
    url = till.link("m-1")
    done = press(phone, phone.get(url, timeout=5), "pay")
    for address in (done.url, url):
        assert "결제가 완료되었습니다" in phone.get(address, timeout=5).text
    assert sandbox.books.captured_total() == 12_000


def test_failing_and_trying_again(till, phone, sandbox):
    url = till.link("m-1")
    failed = press(phone, phone.get(url, timeout=5), "fail")
    assert "잔액이 부족합니다." in failed.text
    assert till.payment("m-1")["fail_reason"] == "잔액이 부족합니다."
    assert f'href="/{url[-8:]}"' in failed.text
    press(phone, phone.get(url, timeout=5), "pay")
    assert [each.status for each in sandbox.books.tries("m-1")] == ["failed", "paid"]


def test_closing_the_page(till, phone):
    closed = press(phone, phone.get(till.link("m-1"), timeout=5), "close")
    assert "[결제포기] 사용자가 결제를 취소하셨습니다" in closed.text
    payment = till.payment("m-1")
    assert payment["status"] == "failed"
    assert payment["fail_reason"] == "[결제포기] 사용자가 결제를 취소하셨습니다"


def test_paying_another_amount(till, phone):
    page = phone.get(till.link("m-1"), timeout=5)
    for wrong in ("", "x", "0", "-5", "1.5", "999999999", "１２"):
        assert 'role="alert"' in press(phone, page, "other", amount=wrong).text
    assert till.payment("m-1")["status"] == "ready"
    press(phone, page, "other", amount="11000")
    payment = till.payment("m-1")
    assert (payment["status"], payment["amount"]) == ("paid", 11_000)


@pytest.mark.parametrize("how", ["closed", "expired"])
def test_buyer_on_the_page_may_finish_for_fifteen_minutes(till, phone, clock, how):
    url = till.link("m-1", life=300)
    page = phone.get(url, timeout=5)
    if how == "closed":
        till.close(url)
    else:
        clock.move(300)
    clock.move(15 * MINUTE - 1)
    assert "결제가 완료되었습니다" in press(phone, page, "pay").text


def test_after_fifteen_minutes_no_buyer_can_pay(till, phone, clock, sandbox):
    url = till.link("m-1")
    page = phone.get(url, timeout=5)
    till.close(url)
    clock.move(15 * MINUTE)
    for action in ("pay", "late"):
        late = press(phone, page, action)
        assert late.status_code == 410
        assert "결제 시간이 초과되었습니다" in late.text
    assert sandbox.books.captured_total() == 0
    assert till.sign_in()
    assert till.payment("m-1")["status"] == "ready"


def test_ended_links_admit_no_new_buyer(till, clock, sandbox):
    url = till.link("m-1")
    till.close(url)
    closed = requests.get(url, timeout=5)
    assert (closed.status_code, "종료된 결제입니다" in closed.text) == (410, True)
    other = till.link("m-2")
    clock.move(300)
    expired = requests.get(other, timeout=5)
    assert (expired.status_code, "결제 시간이 지났습니다" in expired.text) == (410, True)
    assert sandbox.books.payments() == []
    unknown = requests.get(sandbox.api + "/00000000", timeout=5)
    assert (unknown.status_code, "없는 결제 링크" in unknown.text) == (404, True)


def test_paying_late_as_an_earlier_visitor(till, phone, clock):
    url = till.link("m-1")
    till.close(url)
    clock.move(10 * MINUTE)
    done = press(phone, phone.get(url, timeout=5), "late")
    assert "결제가 완료되었습니다" in done.text
    payment = till.payment("m-1")
    assert payment["started_at"] < payment["paid_at"] - 9 * MINUTE
    clock.move(5 * MINUTE)
    assert 'id="late"' not in requests.get(url, timeout=5).text


def test_paying_twice(till, phone, sandbox):
    url = till.link("m-1")
    done = press(phone, phone.get(url, timeout=5), "pay")
    press(phone, done, "again")
    both = till.get("/payments/findAll/m-1/paid").json()["response"]
    assert both["total"] == 2
    assert sandbox.books.captured_total() == 24_000
    stranger = requests.get(url, timeout=5)
    assert (stranger.status_code, "이미 결제된 주문입니다" in stranger.text) == (409, True)


def test_paying_twice_with_one_button(till, phone, sandbox):
    press(phone, phone.get(till.link("m-1"), timeout=5), "again")
    assert [each.status for each in sandbox.books.tries("m-1")] == ["paid", "paid"]


def test_two_phones_inside_can_both_pay(till, phone, sandbox):
    url = till.link("m-1")
    first, second = phone.get(url, timeout=5), requests.get(url, timeout=5)
    press(phone, first, "pay")
    press(requests, second, "pay")
    assert sandbox.books.captured_total() == 24_000


def test_a_registered_amount_changed_later_keeps_the_window_shut(till):
    till.post("/payments/prepare", merchant_uid="m-1", amount=12_000)
    url = till.link("m-1")
    till.call("PUT", "/payments/prepare", json={"merchant_uid": "m-1", "amount": 1_000})
    assert requests.get(url, timeout=5).status_code == 409
    assert till.find("m-1").status_code == 404


def test_names_are_shown_as_text(till, phone):
    evil = "<script>alert(1)</script>\"'&"
    page = phone.get(till.link("m-1", title=evil, name=evil, buyer_name=evil), timeout=5)
    pages = [page, press(phone, page, "pay")]
    pages.append(phone.get(till.payment("m-1")["receipt_url"], timeout=5))
    pages.append(till.get("/sandbox/books"))
    for each in pages:
        assert "<script" not in each.text
        assert "&lt;script&gt;" in each.text


def test_the_pages_load_nothing_from_other_hosts(till, phone):
    page = phone.get(till.link("m-1"), timeout=5)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "http" not in re.sub(r"<!DOCTYPE[^>]*>", "", page.text)
    style = phone.get(till.sandbox.api + "/pages.css", timeout=5)
    assert style.headers["Content-Type"].startswith("text/css")
    assert "url(" not in style.text


def test_another_links_try_cannot_be_used(till, phone, sandbox):
    one, two = till.link("m-1"), till.link("m-2")
    phone.get(one, timeout=5)
    mine = sandbox.books.tries("m-1")[0].imp_uid
    answer = requests.post(two + "/pay", data={"imp_uid": mine}, timeout=5)
    assert answer.status_code == 404
    assert requests.post(two + "/pay", timeout=5).status_code == 404
    assert sandbox.books.captured_total() == 0


def test_no_foreign_page_presses_the_buttons(till, phone, sandbox):
    url = till.link("m-1")
    phone.get(url, timeout=5)
    foreign = {"Origin": "http://evil.example"}
    assert phone.post(url + "/pay", headers=foreign, timeout=5).status_code == 403
    own = {"Origin": sandbox.api}
    assert phone.post(url + "/pay", headers=own, timeout=5).status_code == 200


def test_the_actions_in_process(till, sandbox, clock):
    books = sandbox.books
    till.link("m-1")
    assert books.open("m-1").status == "ready"
    assert books.close_page("m-1").fail_reason.startswith("[결제포기]")
    assert books.pay("m-1", 500).amount == 500
    with pytest.raises(PaymentNotAllowed) as turned_away:
        books.pay("m-1")
    assert turned_away.value.why is EntryRefusal.PAID
    books.pay("m-1", again=True)
    clock.move(3600)
    with pytest.raises(PaymentNotAllowed) as turned_away:
        books.pay("m-1", again=True)
    assert turned_away.value.why is EntryRefusal.EXPIRED
    assert books.pay("m-1", late=True).paid_at == int(clock())
    assert books.captured_total() == 500 + 12_000 + 12_000
    with pytest.raises(PaymentNotAllowed):
        books.open("unknown")
