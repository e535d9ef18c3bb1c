import pytest

NOT_FOUND = {"code": -1, "message": "존재하지 않는 결제정보입니다.", "response": None}
DAY = 24 * 60 * 60


def test_nothing_is_found_before_the_link_was_opened(till, sandbox):
    till.link("m-1")
    answer = till.find("m-1")
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    sandbox.books.open("m-1")
    assert till.payment("m-1")["status"] == "ready"


def test_unknown_numbers_are_404_with_the_envelope(till):
    for path in ("/payments/imp_0", "/payments/find/x", "/payments/findAll/x"):
        answer = till.get(path)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_an_unknown_call_is_404_with_an_envelope(till):
    answer = till.call("PUT", "/users/nobody")
    assert answer.status_code == 404
    assert answer.json()["code"] == -1


def test_a_paid_payment_has_the_values_of_real_ones(till, paid, clock):
    payment = till.payment("m-1")
    assert payment["imp_uid"] == paid
    assert payment["status"] == "paid"
    assert (payment["amount"], payment["cancel_amount"]) == (12_000, 0)
    assert payment["paid_at"] == int(clock())
    assert (payment["failed_at"], payment["cancelled_at"]) == (0, 0)
    assert (payment["pg_provider"], payment["emb_pg_provider"]) == ("kakaopay", None)
    assert (payment["pg_id"], payment["pay_method"]) == ("TC0ONETIME", "point")
    assert (payment["currency"], payment["sandbox"]) == ("KRW", True)
    assert payment["cancel_history"] == []
    assert payment["receipt_url"].startswith("http://127.0.0.1")


def test_payments_of_a_test_channel_need_include_sandbox(till, paid):
    assert till.get(f"/payments/{paid}").json() == NOT_FOUND
    assert till.get(f"/payments/{paid}", include_sandbox="false").status_code == 404
    shown = till.get(f"/payments/{paid}", include_sandbox="true")
    assert shown.json()["response"]["imp_uid"] == paid


def test_payments_of_a_live_channel_do_not(till, sandbox):
    sandbox.faults.conduct.sandbox = False
    till.link("m-2")
    payment = sandbox.books.pay("m-2")
    shown = till.get(f"/payments/{payment.imp_uid}").json()["response"]
    assert (shown["sandbox"], shown["pg_id"]) == (False, "CA00000001")


def test_several_tries_share_a_number(till, sandbox, clock):
    till.link("m-1")
    failed = sandbox.books.fail("m-1")
    clock.move(5)
    paid = sandbox.books.pay("m-1")
    assert till.payment("m-1")["imp_uid"] == paid.imp_uid
    oldest = till.get("/payments/find/m-1", sorting="started").json()["response"]
    assert oldest["imp_uid"] == failed.imp_uid
    assert oldest["fail_reason"] == "잔액이 부족합니다."
    only = till.get("/payments/find/m-1/failed").json()["response"]
    assert only["imp_uid"] == failed.imp_uid
    assert till.get("/payments/find/m-1/cancelled").status_code == 404
    # find documents no 400, findAll does.
    assert till.get("/payments/find/m-1/nonsense").status_code == 404
    refused = till.get("/payments/find/m-1", sorting="nonsense")
    assert (refused.status_code, refused.json()["code"]) == (200, -1)
    assert till.get("/payments/findAll/m-1/nonsense").status_code == 400
    assert till.get("/payments/findAll/m-1", sorting="nonsense").status_code == 400
    every = till.get("/payments/findAll/m-1").json()["response"]
    assert [each["imp_uid"] for each in every["list"]] == [paid.imp_uid, failed.imp_uid]
    assert (every["total"], every["previous"], every["next"]) == (2, 0, 0)


def test_tries_of_the_same_second_keep_their_order(till, sandbox):
    till.link("m-1")
    tries = [sandbox.books.fail("m-1").imp_uid for _ in range(4)]
    every = till.get("/payments/findAll/m-1", sorting="started").json()["response"]["list"]
    assert [each["imp_uid"] for each in every] == tries
    newest = till.get("/payments/findAll/m-1", sorting="-updated").json()["response"]["list"]
    assert [each["imp_uid"] for each in newest] == tries[::-1]


def test_pages_from_one_and_next_zero_at_the_end(till, sandbox):
    till.link("m-1")
    for _ in range(5):
        sandbox.books.fail("m-1")
    pages = []
    page = 1
    while page:
        answer = till.get("/payments/findAll/m-1", page=page, limit=2).json()["response"]
        pages.append((answer["previous"], len(answer["list"]), answer["next"]))
        assert answer["total"] == 5
        page = answer["next"]
    assert pages == [(0, 2, 2), (1, 2, 3), (2, 1, 0)]


@pytest.mark.parametrize(
    "query", [{"page": 0}, {"page": 9}, {"limit": 0}, {"limit": 1001}, {"limit": "x"}]
)
def test_pages_out_of_range_are_400(till, paid, query):
    assert till.get("/payments/findAll/m-1", **query).status_code == 400
    assert till.get("/payments/status/all", **query).status_code == 400


def test_list_by_status_uses_the_time_of_the_status(till, sandbox, clock):
    till.link("m-1", life=100 * DAY)
    start = int(clock())
    sandbox.books.open("m-1")
    clock.move(10)
    sandbox.books.pay("m-1")
    clock.move(10)
    at = {"from": start + 5, "to": start + 15}
    assert till.get("/payments/status/paid", **at).json()["response"]["total"] == 1
    assert till.get("/payments/status/all", **at).json()["response"]["total"] == 1
    assert till.get("/payments/status/ready", **at).json()["response"]["total"] == 0
    before = {"from": start - 5, "to": start + 9}
    assert till.get("/payments/status/paid", **before).json()["response"]["total"] == 0
    nothing = till.get("/payments/status/failed").json()["response"]
    assert nothing == {"total": 0, "previous": 0, "next": 0, "list": []}


def test_the_window_is_ninety_days_at_most(till, paid, clock):
    now = int(clock())
    fine = {"from": now - 90 * DAY, "to": now}
    assert till.get("/payments/status/paid", **fine).json()["response"]["total"] == 1
    assert till.get("/payments/status/paid", **{**fine, "to": now + 1}).status_code == 400
    assert till.get("/payments/status/paid", **{"from": now, "to": now - 1}).status_code == 400
    clock.move(91 * DAY)
    till.sign_in()
    assert till.get("/payments/status/paid").json()["response"]["total"] == 0
    assert till.get("/payments/status/unknown").status_code == 400


def test_the_shops_channels_name_the_kakaopay_one(till, sandbox):
    channels = till.get("/users/pg").json()["response"]
    (kakao,) = [each for each in channels if each["pg_provider"] == "kakaopay"]
    assert kakao["channel_key"] == sandbox.channel_key
    assert (kakao["sandbox"], kakao["pg_id"], kakao["type"]) == (True, "TC0ONETIME", "payment")


def test_dialled_blindness_ends_after_so_many_readings(till, sandbox):
    sandbox.faults.conduct.unseen_finds = 2
    till.link("m-1")
    sandbox.books.pay("m-1")
    assert [till.find("m-1").status_code for _ in range(4)] == [404, 404, 200, 200]


def test_dialled_lies(till, sandbox):
    conduct = sandbox.faults.conduct
    conduct.change(other_merchant_uid="someone-else", currency="USD", pg_provider="tosspay")
    till.link("m-1")
    sandbox.books.pay("m-1")
    payment = till.payment("m-1")
    assert payment["merchant_uid"] == "someone-else"
    assert (payment["currency"], payment["pg_provider"]) == ("USD", "tosspay")


def test_the_clock_can_be_off(till, sandbox, clock):
    sandbox.faults.conduct.clock_offset = 3600
    assert till.sign_in()["now"] == int(clock()) + 3600
    till.link("m-1")
    sandbox.books.pay("m-1")
    assert till.payment("m-1")["paid_at"] == int(clock()) + 3600
