"""Each kind of fault, as a client sees it, and its effect on the books."""

import json
import socket
import threading
from urllib.parse import urlsplit

import pytest
import requests

from posapp.sandbox import UnknownFault
from posapp.sandbox.fault_kinds import KINDS

CANCEL = {"method": "POST", "path": "/payments/cancel"}
HUNG_UP = requests.exceptions.ConnectionError


def raw_cancel(sandbox, till, paid):
    """Send a cancel over a bare socket and read until the end; ConnectionResetError on RST."""
    body = json.dumps({"imp_uid": paid, "amount": 1_000}).encode()
    head = (
        "POST /payments/cancel HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: {till.token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", urlsplit(sandbox.api).port), timeout=5) as client:
        client.sendall(head.encode() + body)
        received = b""
        while more := client.recv(65536):
            received += more
    return received


def test_drop_before_does_nothing(till, sandbox, paid):
    sandbox.faults.add("drop_before", **CANCEL)
    assert raw_cancel(sandbox, till, paid) == b""
    with pytest.raises(HUNG_UP):
        till.cancel(imp_uid=paid, amount=1_000)
    assert sandbox.books.balance(paid) == 12_000


def test_drop_after_acts_without_an_answer(till, sandbox, paid):
    sandbox.faults.add("drop_after", **CANCEL)
    assert raw_cancel(sandbox, till, paid) == b""
    assert sandbox.books.balance(paid) == 11_000


@pytest.mark.parametrize(("act", "balance"), [(False, 12_000), (True, 11_000)])
def test_reset_is_a_reset(till, sandbox, paid, act, balance):
    sandbox.faults.add("reset", act=act, **CANCEL)
    with pytest.raises(ConnectionResetError):
        raw_cancel(sandbox, till, paid)
    assert sandbox.books.balance(paid) == balance


@pytest.mark.parametrize("count", [0, 1, 15, 40, 150, 400])
def test_cut_after_so_many_bytes(till, sandbox, paid, count):
    sandbox.faults.add("cut", bytes=count, **CANCEL)
    received = raw_cancel(sandbox, till, paid)
    assert len(received) == count
    assert b"HTTP/1.1 200 OK\r\n".startswith(received[:17])
    assert sandbox.books.balance(paid) == 11_000


def test_a_cut_behind_the_end_is_the_whole_answer(till, sandbox, paid):
    sandbox.faults.add("cut", bytes=10**6, **CANCEL)
    head, _, body = raw_cancel(sandbox, till, paid).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body)["response"]["cancel_amount"] == 1_000


@pytest.mark.parametrize(("after", "balance"), [(False, 12_000), (True, 11_000)])
def test_delay_outlasts_the_reader(till, sandbox, paid, after, balance):
    sandbox.faults.add("delay", seconds=600, after=after, **CANCEL)
    with pytest.raises(requests.exceptions.ReadTimeout):
        fields = {"imp_uid": paid, "amount": 1_000}
        till.call("POST", "/payments/cancel", json=fields, timeout=0.2)
    assert sandbox.books.balance(paid) == balance


def test_drip_is_slower_than_a_whole_deadline(till, sandbox, paid):
    sandbox.faults.add("drip", bytes_per_second=2_000, chunk=10, **CANCEL)
    fields = {"imp_uid": paid, "amount": 1_000}
    answer = till.call("POST", "/payments/cancel", json=fields, stream=True, timeout=1)
    first = next(answer.iter_content(10))
    assert len(first) <= 10
    answer.close()
    assert sandbox.books.balance(paid) == 11_000


def test_a_drip_arrives_whole_in_the_end(till, sandbox):
    sandbox.faults.add("drip", bytes_per_second=100_000, chunk=50, path="/users/pg")
    assert till.get("/users/pg").json()["code"] == 0


def test_a_drip_of_nothing_holds_the_connection(till, sandbox):
    sandbox.faults.add("drip", bytes_per_second=0)
    with pytest.raises(requests.exceptions.ReadTimeout):
        till.call("GET", "/users/pg", timeout=0.1)


@pytest.mark.parametrize("act", [False, True])
def test_status_with_a_body(till, sandbox, paid, act):
    sandbox.faults.add("status", status=502, body={"type": "PG_PROVIDER"}, act=act, **CANCEL)
    answer = till.post("/payments/cancel", imp_uid=paid, amount=1_000)
    assert (answer.status_code, answer.json()) == (502, {"type": "PG_PROVIDER"})
    assert sandbox.books.balance(paid) == (11_000 if act else 12_000)


def test_status_with_text_and_an_odd_number(till, sandbox):
    sandbox.faults.add("status", status=599, body="뭐", content_type="text/plain", retry_after=3)
    answer = till.get("/users/pg")
    assert (answer.status_code, answer.content.decode()) == (599, "뭐")
    assert answer.headers["Retry-After"] == "3"


@pytest.mark.parametrize(
    "text", ["5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999", "-1", "soon", ""]
)
def test_too_many_with_any_retry_after(till, sandbox, paid, text):
    sandbox.faults.add("too_many", retry_after=text, **CANCEL)
    answer = till.post("/payments/cancel", imp_uid=paid)
    assert (answer.status_code, answer.headers.get("Retry-After", "")) == (429, text)
    assert sandbox.books.balance(paid) == 12_000


def test_a_captive_portal(till, sandbox):
    sandbox.faults.add("html200", path="/users/pg")
    sandbox.faults.add("redirect", path="/payments/*")
    page = till.get("/users/pg")
    assert (page.status_code, page.headers["Content-Type"][:9]) == (200, "text/html")
    external = till.get("/payments/imp_1")
    assert external.status_code == 302
    assert external.headers["Location"] == "http://portal.invalid/login"


def test_another_envelope(till, sandbox, paid):
    sandbox.faults.add("envelope", code=7, message="점검 중", **CANCEL)
    answer = till.cancel(imp_uid=paid)
    assert answer == {"code": 7, "message": "점검 중", "response": None}
    sandbox.faults.clear()
    sandbox.faults.add("envelope", http=401, message="Unauthorized", uses=1)
    assert [till.get("/users/pg").status_code for _ in range(2)] == [401, 200]
    assert sandbox.books.balance(paid) == 12_000


@pytest.mark.parametrize("body", [None, '{"code": NaN}', '{"code":0,"code":1}', "null", ""])
def test_garbage(till, sandbox, paid, body):
    sandbox.faults.add("garbage", **({} if body is None else {"body": body}), **CANCEL)
    answer = till.post("/payments/cancel", imp_uid=paid, amount=1_000)
    assert (answer.status_code, "json" in answer.headers["Content-Type"]) == (200, True)
    if body is None:
        with pytest.raises(ValueError):
            answer.json()
    assert sandbox.books.balance(paid) == 11_000


def test_too_big_and_nested(till, sandbox):
    big = sandbox.faults.add("too_big", bytes=3_000_000)
    answer = till.get("/users/pg")
    assert len(answer.content) == 3_000_000
    assert answer.json()["code"] == 0
    sandbox.faults.remove(big)
    sandbox.faults.add("nested", depth=50_000)
    text = till.get("/users/pg").text
    assert text.count("[") == text.count("]") == 50_000


def test_nulls_omit_required_fields(till, sandbox, paid):
    till.cancel(imp_uid=paid, amount=1_000, reason="[RF-1]")
    rule = sandbox.faults.add("nulls")
    payment = till.payment("m-1")
    assert (payment["merchant_uid"], payment["amount"]) == ("m-1", 12_000)
    assert payment["pg_provider"] == "kakaopay"
    assert payment["paid_at"] is None
    assert payment["name"] is None
    assert payment["cancel_history"][0]["reason"] == "[RF-1]"
    assert payment["cancel_history"][0]["receipt_url"] is None
    sandbox.faults.remove(rule)
    sandbox.faults.add("nulls", lists=True)
    assert till.payment("m-1")["cancel_history"] is None


def test_extra_fields_and_an_unknown_status(till, sandbox, paid):
    sandbox.faults.add("extra", status="half_paid")
    answer = till.find("m-1").json()
    assert "brand_new" in answer
    assert answer["response"]["brand_new"] == {"deep": [1, None, "new"]}
    assert answer["response"]["status"] == "half_paid"


def test_lies_and_numbers_as_texts(till, sandbox, paid):
    lie = sandbox.faults.add("lie", fields={"amount": 11_999, "sandbox": False})
    payment = till.payment("m-1")
    assert (payment["amount"], payment["sandbox"]) == (11_999, False)
    sandbox.faults.remove(lie)
    sandbox.faults.add("numbers_as_text")
    payment = till.payment("m-1")
    assert (payment["amount"], payment["sandbox"]) == ("12000", True)


def test_late_effect_occurs_when_released(till, sandbox, paid):
    sandbox.faults.add("late_effect", uses=1, **CANCEL)
    with pytest.raises(HUNG_UP):
        till.cancel(imp_uid=paid, amount=1_000, checksum=12_000)
    assert sandbox.books.balance(paid) == 12_000
    assert len(till.get("/sandbox/faults").json()["late"]) == 1
    assert till.post("/sandbox/faults/release").json() == {"landed": 1}
    assert sandbox.books.balance(paid) == 11_000
    assert sandbox.faults.release() == 0


def test_late_effect_occurs_by_the_clock_after_its_token_expired(till, sandbox, paid, clock):
    sandbox.faults.add("late_effect", after=3600, uses=1, **CANCEL)
    with pytest.raises(HUNG_UP):
        till.cancel(imp_uid=paid, amount=1_000)
    clock.move(3599)
    till.sign_in()
    assert till.payment("m-1")["cancel_amount"] == 0
    clock.move(1)
    assert till.payment("m-1")["cancel_amount"] == 1_000


def test_of_a_late_cancel_and_a_second_one_the_checksum_lets_one_through(till, sandbox, paid):
    sandbox.faults.add("late_effect", uses=1, **CANCEL)
    with pytest.raises(HUNG_UP):
        till.cancel(imp_uid=paid, amount=1_000, checksum=12_000)
    assert till.cancel(imp_uid=paid, amount=1_000, checksum=12_000)["code"] == 0
    assert sandbox.faults.release() == 1
    assert sandbox.books.balance(paid) == 11_000


def test_a_held_connection_is_answered_when_released(till, sandbox, paid):
    sandbox.faults.add("late_effect", hold=True, **CANCEL)
    answers = []
    held = threading.Thread(target=lambda: answers.append(till.cancel(imp_uid=paid, amount=1_000)))
    held.start()
    while not sandbox.faults.release():
        assert held.is_alive()
    held.join()
    assert answers[0]["response"]["cancel_amount"] == 1_000


def test_stopping_lets_go_of_everybody(till, sandbox, paid):
    sandbox.faults.add("late_effect", hold=True, **CANCEL)
    sandbox.faults.add("delay", seconds=600, path="/users/pg")
    broken = []

    def call(method, path):
        try:
            till.call(method, path, json={"imp_uid": paid}, timeout=20)
        except HUNG_UP:
            broken.append(path)

    calls = [("POST", "/payments/cancel"), ("GET", "/users/pg")]
    threads = [threading.Thread(target=call, args=each) for each in calls]
    for each in threads:
        each.start()
    rules = sandbox.faults.to_plain
    while [each["fired"] for each in rules()["rules"]] != [1, 1] or not rules()["late"]:
        pass
    sandbox.stop()
    for each in threads:
        each.join()
    assert sorted(broken) == ["/payments/cancel", "/users/pg"]
    assert sandbox.books.balance(paid) == 12_000


# The dial itself.


def test_rules_choose_by_method_path_count_and_number(till, sandbox):
    sandbox.faults.add("status", method="get", path="/users/*", nth=2)
    sandbox.faults.add("status", status=503, path="/payments/*", uses=2)
    assert [till.get("/users/pg").status_code for _ in range(4)] == [200, 500, 200, 200]
    assert [till.get("/payments/x").status_code for _ in range(4)] == [503, 503, 404, 404]
    assert till.post("/users/getToken").status_code == 401


def test_chance_is_repeatable_by_its_seed(till, sandbox):
    def run(seed):
        sandbox.faults.clear()
        sandbox.faults.add("status", probability=0.5, seed=seed)
        return [till.get("/users/pg").status_code for _ in range(20)]

    first = run(7)
    assert set(first) == {200, 500}
    assert run(7) == first
    assert run(8) != first


def test_faults_compose(till, sandbox):
    sandbox.faults.add("too_big", bytes=5_000)
    sandbox.faults.add("cut", bytes=3_000)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        till.get("/users/pg")


def test_the_phone_page_has_faults_too(till, sandbox):
    url = till.link("m-1")
    sandbox.faults.add("drop_after", method="POST", path="/*/pay")
    phone = requests.Session()
    phone.get(url, timeout=5)
    with phone, pytest.raises(HUNG_UP):
        phone.post(url + "/pay", timeout=5)
    assert sandbox.books.captured_total() == 12_000


def test_the_dial_over_http(till, sandbox):
    made = till.dial(kind="status", path="/users/pg", status=418)
    assert made.status_code == 201
    assert till.get("/users/pg").status_code == 418
    shown = till.get("/sandbox/faults").json()
    (rule,) = shown["rules"]
    assert (rule["id"], rule["kind"], rule["fired"]) == (made.json()["id"], "status", 1)
    assert rule["parameters"]["status"] == 418
    assert set(shown["kinds"]) == set(KINDS)
    assert all(each["summary"] for each in shown["kinds"].values())
    assert till.call("DELETE", f"/sandbox/faults/{rule['id']}").json() == {"removed": True}
    assert till.call("DELETE", f"/sandbox/faults/{rule['id']}").status_code == 404
    till.dial(conduct={"sandbox": False, "refuse_cancel": "x"})
    till.dial(kind="drop_before")
    assert till.call("DELETE", "/sandbox/faults").status_code == 200
    shown = till.get("/sandbox/faults").json()
    assert (shown["rules"], shown["conduct"]["sandbox"]) == ([], True)
    assert shown["conduct"]["refuse_cancel"] is None


@pytest.mark.parametrize(
    "setting",
    [
        {"kind": "unknown"},
        {},
        {"kind": "cut", "bytes": "x"},
        {"kind": "cut", "bytes": -1},
        {"kind": "cut", "bytes": True},
        {"kind": "cut", "colour": "red"},
        {"kind": "status", "nth": 0},
        {"kind": "status", "uses": "x"},
        {"kind": "status", "probability": 2},
        {"kind": ["status"]},
        {"kind": "status", "method": 5},
        {"kind": "status", "path": 5},
        {"kind": "late_effect", "after": "x"},
        {"kind": "delay", "seconds": 1e300},
        {"kind": "redirect", "location": "x\r\nSet-Cookie: a=b"},
        {"conduct": {"colour": "red"}},
        {"conduct": {"partial_status": "half"}},
        {"conduct": {"clock_offset": "x"}},
        {"conduct": {"unseen_finds": True}},
        {"conduct": 5},
        {"conduct": {}, "kind": "status"},
    ],
)
def test_wrong_settings_are_refused_and_change_nothing(till, sandbox, setting):
    before = sandbox.faults.to_plain()
    assert till.dial(**setting).status_code == 400
    assert sandbox.faults.to_plain() == before


def test_an_unknown_kind_in_process(sandbox):
    with pytest.raises(UnknownFault):
        sandbox.faults.add("nonsense")
