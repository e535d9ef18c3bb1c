"""Generated requests, over HTTP, against the sandbox and PortOne's published V1 schema.

Statuses, bodies and nullability are as documented, in every form that the dial knows; each
difference is listed in ``v1_differences.py`` with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.sandbox import Sandbox
from posapp.sandbox.behaviour import CHOICES
from posapp.sandbox.receipt_book import CHANNEL, ReceiptOrder
from tests.portone.v1_schema import LIMITS, Operation, V1Schema
from tests.sandbox.v1_differences import BODIES, NOT_SERVED, STATUSES

SCHEMA = V1Schema()


def not_served(operation: Operation) -> str:
    """The row of ``NOT_SERVED`` that the call belongs to, or empty."""
    path = operation.path
    rows = (each for each in NOT_SERVED if path == each or path.startswith(each + "/"))
    return next(rows, "")


SERVED = [each for each in SCHEMA.operations() if not not_served(each)]
FORMS = {name: CHOICES[name] for name in sorted(CHOICES) if not name.endswith("_http")}
NUMBERS = ["ready-1", "failed-1", "paid-1", "part-1", "whole-1", "tries-1", "a/b"]
EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass
class Shop:
    """A sandbox with payments in every state, and a session that is signed in."""

    sandbox: Sandbox
    session: requests.Session
    imp_uids: list[str]

    def send(self, operation: Operation, sent: dict[str, Any]) -> requests.Response:
        path = operation.path
        for name, value in sent["path"].items():
            path = path.replace(f"{{{name}}}", quote(value, safe="").replace(".", "%2E"))
        query = urlencode(sent["query"], doseq=True)
        return self.session.request(
            operation.method,
            f"{self.sandbox.api}{path.removesuffix('/')}" + (f"?{query}" if query else ""),
            timeout=10,
            allow_redirects=False,
            **sent["body"],
        )

    def fill(self) -> None:
        books = self.sandbox.books
        for number in NUMBERS:
            if not books.prepared(number):
                requests.post(
                    self.sandbox.link_api + "/api/supplements/v1/link/payment",
                    json={"expired_at": books.now() + 10**6, "payment_info": self._info(number)},
                    timeout=10,
                ).raise_for_status()
        books.open("ready-1")
        books.fail("failed-1")
        books.fail("tries-1")
        for number in ("paid-1", "part-1", "whole-1", "tries-1", "a/b"):
            books.pay(number)
        books.console_cancel(books.tries("part-1")[-1].imp_uid, 3_000, "변심")
        books.console_cancel(books.tries("part-1")[-1].imp_uid, 2_000, "")
        books.console_cancel(books.tries("whole-1")[-1].imp_uid)
        self.sandbox.receipts.issue(ReceiptOrder("ready-1", CHANNEL, "빵", 500, 0, "", "1"))
        self.imp_uids = [each.imp_uid for each in books.payments()]

    def _info(self, number: str) -> str:
        return json.dumps(
            {
                "title": "연습",
                "user_code": self.sandbox.user_code,
                "amount": 12_000,
                "merchant_uid": number,
                "name": "커피",
                "currency": "KRW",
                # Longer than the schema lets them be: they are cut.
                "buyer_tel": "0" * 30,
                "buyer_name": "김" * 30,
                "buyer_email": "a" * 99,
                "buyer_addr": "길" * 200,
                "buyer_postcode": "1" * 12,
                "custom_data": "{}",
                "direct": {"channelKey": self.sandbox.channel_key, "pay_method": "kakaopay"},
            }
        )


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with Sandbox() as sandbox, requests.Session() as session:
        session.trust_env = False
        made = Shop(sandbox, session, [])
        keys = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
        answer = session.post(sandbox.api + "/users/getToken", json=keys, timeout=10).json()
        session.headers["Authorization"] = answer["response"]["access_token"]
        made.fill()
        yield made


@pytest.fixture(autouse=True)
def good_conduct(shop: Shop) -> Iterator[None]:
    yield
    shop.sandbox.faults.clear()


# What is generated: by the schema, and beside it.

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)


def of_schema(name: str, parameter: dict[str, Any], shop: Shop) -> st.SearchStrategy[Any]:
    """Values that the schema allows, known ones among them."""
    if parameter["type"] == "array":
        items = {"type": "string", **parameter.get("items", {})}
        return st.lists(of_schema(name.removesuffix("[]"), items, shop), max_size=4)
    if "enum" in parameter:
        return st.sampled_from(parameter["enum"])
    kinds = {
        "imp_uid": st.sampled_from(shop.imp_uids),
        "merchant_uid": st.sampled_from(NUMBERS),
        "payment_status": st.sampled_from(["", "ready", "paid", "cancelled", "failed"]),
        "channel_key": st.just(CHANNEL) | st.just(shop.sandbox.channel_key),
        "identifier": st.just("01012345678"),
        "imp_key": st.just(shop.sandbox.imp_key),
        "imp_secret": st.just(shop.sandbox.imp_secret),
        "from": st.integers(-(10**6), 10**6).map(lambda by: shop.sandbox.books.now() + by),
        "to": st.integers(-(10**6), 10**6).map(lambda by: shop.sandbox.books.now() + by),
    }
    match parameter["type"]:
        case "integer":
            plain = st.integers(int(parameter.get("minimum", 1)), int(parameter.get("maximum", 30)))
        case "number":
            plain = st.integers(0, 13_000) | st.integers(0, 13_000).map(float)
        case "boolean":
            plain = st.booleans()
        case _:
            plain = st.text(
                st.characters(exclude_categories=["Cs"]),
                min_size=1,
                max_size=int(parameter.get("maxLength", 60)),
            )
    return kinds[name] | plain if name in kinds else plain


@st.composite
def requests_of(draw: st.DrawFn, operation: Operation, shop: Shop, *, wild: bool) -> dict[str, Any]:
    """A request: as the schema allows it, or with values beside it."""
    parts: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "formData": {}}
    for name, parameter in operation.parameters.items():
        values = of_schema(name, parameter, shop)
        if parameter["in"] == "path":
            # An empty part would be another path; only the status of find may be left out.
            text = TEXTS.filter(bool)
            parts["path"][name] = str(draw(values | text if wild else values))
        elif parameter.get("required") or draw(st.booleans()):
            value = draw(values | ANY if wild else values)
            if parameter["in"] == "query" and isinstance(value, bool):
                value = str(value).lower()
            parts[parameter["in"]][name] = value
    if wild and parts["formData"] and draw(st.booleans()):
        parts["formData"].pop(draw(st.sampled_from(sorted(parts["formData"]))))
    body: dict[str, Any] = {}
    if operation.method in ("POST", "PUT"):
        as_json = draw(st.booleans())
        form = {name: "" if v is None else v for name, v in parts["formData"].items()}
        body = {"json": parts["formData"]} if as_json else {"data": form}
        if wild and draw(st.integers(0, 9)) == 0:
            body = {"data": draw(st.binary(max_size=40))}
    return {"path": parts["path"], "query": parts["query"], "body": body}


def differences(operation: Operation, answer: requests.Response) -> set[str]:
    """Parts of an answer outside the schema; invalid envelopes are never allowed."""
    body = answer.json()
    assert set(body) == {"code", "message", "response"}
    assert (body["code"] == 0) == (body["response"] is not None)
    assert body["code"] == 0 or isinstance(body["message"], str)
    assert body["code"] != 0 or answer.status_code in (200, 207)
    found = set(SCHEMA.problems(operation, answer.status_code, body))
    if answer.status_code not in operation.statuses:
        found.add(f"{operation.name} {answer.status_code}")
    return found


@pytest.mark.parametrize("wild", [False, True], ids=["as documented", "beside it"])
@pytest.mark.parametrize("operation", SERVED, ids=lambda each: each.name)
@EXAMPLES
@given(data=st.data())
def test_every_answer_is_as_documented(
    shop: Shop, operation: Operation, wild: bool, data: st.DataObject
) -> None:
    form = {name: data.draw(st.sampled_from(values), label=name) for name, values in FORMS.items()}
    if wild or data.draw(st.booleans(), label="good conduct"):
        form = {}
    sent = data.draw(requests_of(operation, shop, wild=wild), label="request")
    held = shop.sandbox.books.captured_total() - shop.sandbox.books.cancelled_total()
    try:
        shop.sandbox.faults.conduct.change(**form)
        answer = shop.send(operation, sent)
        assert differences(operation, answer) <= {*STATUSES, *BODIES}
        if not form:
            assert differences(operation, answer) == set()
    finally:
        shop.sandbox.faults.clear()
    books = shop.sandbox.books
    left = books.captured_total() - books.cancelled_total()
    assert left <= held
    if operation.name != "POST /payments/cancel" or answer.json()["code"] != 0:
        assert left == held
    if left < 40_000:
        shop.sandbox.books.add_foreign("paid-1", 12_000)


def test_intended_differences_are_exactly_the_listed_ones(shop: Shop) -> None:
    """Every row of the table happens; a row that nothing shows any more is struck."""
    found: set[str] = set()
    paid = shop.sandbox.books.add_foreign("m-9", 12_000).imp_uid
    shop.sandbox.receipts.issue(ReceiptOrder("r-9", CHANNEL, "빵", 500, 0, "", "1"))
    shop.sandbox.books.console_cancel(paid, 1_000, "변심")

    def ask(name: str, path: str = "", *, body: object = None, **conduct: Any) -> None:
        shop.sandbox.faults.conduct.change(**conduct)
        operation = SCHEMA.operation(name)
        sent: dict[str, Any] = {} if body is None else {"json": body}
        address = shop.sandbox.api + (path or operation.path)
        answer = shop.session.request(operation.method, address, timeout=10, **sent)
        found.update(differences(operation, answer))
        shop.sandbox.faults.clear()

    by_status = "GET /payments/status/{payment_status}"
    ask(by_status, "/payments/status/all?from=1&to=2", empty_list=404)
    ask(by_status, "/payments/status/all", reasons="null")
    ask(by_status, "/payments/status/all", nameless=paid)
    ask(by_status, "/payments/status/all", garbled=paid)
    one = f"/payments/{paid}?include_sandbox=true"
    ask("GET /payments/{imp_uid}", one, reasons="null")
    ask("GET /payments/{imp_uid}", one, garbled=paid)
    for status in CHOICES["receipt_http"]:
        body = {"channel_key": CHANNEL, "name": "빵", "amount": 500, "identifier": "1"}
        issue = "POST /receipts/external/{merchant_uid}"
        ask(issue, "/receipts/external/r", body=body, refuse_receipt="점검", receipt_http=status)
        revoke = "DELETE /receipts/external/{merchant_uid}"
        one = "/receipts/external/r-9"
        ask(revoke, one, refuse_receipt_cancel="점검", receipt_http=status)
    for status in CHOICES["refuse_http"]:
        body = {"imp_uid": paid, "amount": 1}
        ask("POST /payments/cancel", body=body, refuse_text="점검 중", refuse_http=status)
    token = shop.session.headers.pop("Authorization")
    ask("GET /users/pg")
    shop.session.headers["Authorization"] = token
    assert found == {*STATUSES, *BODIES}


def test_every_call_is_served_or_named_as_not(shop: Shop) -> None:
    missing = set()
    for operation in SCHEMA.operations():
        if operation in SERVED:
            continue
        path = operation.path
        for name in operation.parameters:
            path = path.replace(f"{{{name}}}", "x")
        answer = shop.session.request(operation.method, shop.sandbox.api + path, timeout=10)
        assert (answer.status_code, answer.json()["code"]) == (404, -1), operation.name
        missing.add(not_served(operation))
    assert missing == set(NOT_SERVED)
    assert len(SERVED) == 15


@pytest.mark.parametrize("operation", SERVED, ids=lambda each: each.name)
@pytest.mark.parametrize("token", ["", "Bearer x"])
def test_without_a_token_everything_is_401(shop: Shop, operation: Operation, token: str) -> None:
    if operation.path == "/users/getToken":
        return
    path = operation.path.format(merchant_uid="m", imp_uid="i", payment_status="paid")
    answer = requests.request(
        operation.method, shop.sandbox.api + path, headers={"Authorization": token}, timeout=10
    )
    body = {"code": -1, "message": "Unauthorized", "response": None}
    assert (answer.status_code, answer.json()) == (401, body)


# The schema itself, and how it is repaired.


def test_the_repairs_are_those_that_are_named() -> None:
    texts, nullable = list[str](), set[str]()

    def walk(part: Any) -> None:
        for each in part.values() if isinstance(part, dict) else part:
            if isinstance(each, dict | list):
                walk(each)
        if isinstance(part, dict):
            texts.extend(limit for limit in LIMITS if isinstance(part.get(limit), str))
            nullable.update({"nullable", "x-nullable"} & set(part))

    walk(SCHEMA.raw)
    assert len(texts) == 47
    undefined = {
        name: [each for each in part.get("required", []) if each not in part["properties"]]
        for name, part in SCHEMA.raw["definitions"].items()
        if "properties" in part
    }
    assert {name: names for name, names in undefined.items() if names} == {
        "PaymentPrepareAnnotation": ["total", "previous", "next"],
        # Of calls that are not served here.
        "BenepiaPointAnnotation": ["bank_holder"],
        "SucceededChannelAnnotation": ["update"],
        # Of lists that are empty for KakaoPay.
        "VbankDepositAnnotation": ["reason"],
    }
    assert nullable == set()


def test_every_field_of_a_payment_is_written(shop: Shop) -> None:
    named = set(SCHEMA.definitions["PaymentAnnotation"]["properties"])
    answer = shop.session.get(shop.sandbox.api + "/payments/find/paid-1", timeout=10)
    assert set(answer.json()["response"]) == named
    line = shop.session.get(shop.sandbox.api + "/payments/find/part-1", timeout=10)
    (first, *_) = line.json()["response"]["cancel_history"]
    assert set(first) == set(SCHEMA.definitions["PaymentCancelAnnotation"]["properties"])


def test_every_call_has_its_documented_refusals(shop: Shop) -> None:
    """The sandbox's own list of statuses (``documented.py``) is the schema's."""
    from posapp.sandbox.documented import STATUSES as OWN

    by_path = {
        "get_token": "POST /users/getToken",
        "channels": "GET /users/pg",
        "several": "GET /payments",
        "by_imp_uid": "GET /payments/{imp_uid}",
        "balance": "GET /payments/{imp_uid}/balance",
        "find": "GET /payments/find/{merchant_uid}/{payment_status}",
        "find_all": "GET /payments/findAll/{merchant_uid}/{payment_status}",
        "by_status": "GET /payments/status/{payment_status}",
        "prepare": "POST /payments/prepare",
        "change_prepared": "PUT /payments/prepare",
        "prepared": "GET /payments/prepare/{merchant_uid}",
        "cancel": "POST /payments/cancel",
        "receipt": "GET /receipts/external/{merchant_uid}",
        "issue_receipt": "POST /receipts/external/{merchant_uid}",
        "cancel_receipt": "DELETE /receipts/external/{merchant_uid}",
    }
    assert set(OWN) == set(by_path)
    assert {each.name for each in SERVED} == set(by_path.values())
    for call, statuses in OWN.items():
        assert set(statuses) <= SCHEMA.operation(by_path[call]).statuses
