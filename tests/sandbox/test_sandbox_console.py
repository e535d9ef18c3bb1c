import requests

from posapp.sandbox.formats import seoul_time, won
from posapp.sandbox.pages import build_app


def test_the_books_as_json(till, sandbox, paid):
    sandbox.books.console_cancel(paid, 2_000)
    books = till.get("/sandbox/books.json").json()
    assert books["totals"] == {"captured": 12_000, "cancelled": 2_000, "balance": 10_000}
    (payment,) = books["payments"]
    assert (payment["imp_uid"], payment["balance"]) == (paid, 10_000)
    assert books["links"][0]["url"] == sandbox.books.link_urls["m-1"]


def test_the_books_as_a_page(till, sandbox, paid):
    sandbox.books.console_cancel(paid, 2_000, "변심")
    page = till.get("/sandbox/books").text
    for text in ("12,000원", "10,000원", "-2,000원", "변심", paid, "m-1", "열림"):
        assert text in page
    secret = {"X-Sandbox-Secret": sandbox.dial_secret}
    empty = requests.get(sandbox.api + "/sandbox/", headers=secret, timeout=5)
    assert empty.url.endswith("/sandbox/books")


def test_a_person_cancels_in_the_console(till, sandbox, paid):
    form = {"imp_uid": paid, "amount": "3000", "reason": "전화 문의"}
    page = till.call("POST", "/sandbox/cancel", data=form, allow_redirects=True)
    assert (page.status_code, "전화 문의" in page.text) == (200, True)
    till.call("POST", "/sandbox/cancel", data={"imp_uid": paid})
    history = till.payment("m-1")["cancel_history"]
    assert [each["amount"] for each in history] == [3_000, 9_000]
    assert history[1]["reason"] == "관리자 콘솔 취소"


def test_the_console_shows_the_reason_of_a_refusal(till, sandbox, paid):
    form = {"imp_uid": paid, "amount": "99999"}
    page = till.call("POST", "/sandbox/cancel", data=form)
    assert (page.status_code, "잔액보다 큽니다" in page.text) == (409, True)
    page = till.call("POST", "/sandbox/cancel", data={"amount": "x"})
    assert page.status_code == 409
    assert sandbox.books.balance(paid) == 12_000


def test_the_console_is_for_this_machine_only(sandbox, till):
    app = build_app(
        sandbox.books,
        sandbox.receipts,
        sandbox.tokens,
        sandbox.faults,
        user_code=sandbox.user_code,
        channel_key=sandbox.channel_key,
        base=sandbox.api,
        link_prefix="/link-api",
        door=sandbox.door,
    )
    external = {
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_X_SANDBOX_SECRET": sandbox.dial_secret,
    }
    for path in ("/sandbox/books", "/sandbox/faults", "/sandbox/books.json"):
        assert app.test_client().get(path, environ_base=external).status_code == 403
    assert app.test_client().get("/pages.css", environ_base=external).status_code == 200
    renamed = till.call("GET", "/sandbox/books", headers={"Host": "evil.example"})
    assert renamed.status_code == 403
    foreign = till.call("DELETE", "/sandbox/faults", headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403


def test_how_won_and_times_are_written():
    assert won(1_234_567) == "1,234,567원"
    assert seoul_time(0) == ""
    assert seoul_time(1_790_000_000) == "2026-09-21 23:13:20"
    assert seoul_time(10**15).startswith("9999")
