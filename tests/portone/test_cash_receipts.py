"""Cash receipts: the real client against the sandbox, and answers that are bent."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from posapp.domain.cash_receipts import ReportedReceipt
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome, InvalidAmount
from posapp.domain.money import Won
from posapp.domain.receipt_identity import IdentityKind, ReceiptIdentity
from posapp.portone.cash_receipts import PortOneReceipts
from posapp.portone.client import PortOneGateway
from posapp.sandbox import Sandbox
from posapp.sandbox.receipt_book import CHANNEL
from posapp.services.ports.cash_receipts import IssueCommand, ReceiptIssuer
from tests.portone import v1_schema
from tests.portone.conftest import FakeSecrets, GatewayMaker
from tests.portone.toy_server import ToyServer, envelope

PHONE = ReceiptIdentity(IdentityKind.PHONE, "01012345678")
COMMAND = IssueCommand("CR1", Won(35_200), Won(11_668), "단팥빵 외 2건", False, PHONE)
PATH = "/receipts/external/*"


@contextmanager
def ends(outcome: GatewayOutcome) -> Iterator[pytest.ExceptionInfo[GatewayError]]:
    with pytest.raises(GatewayError) as caught:
        yield caught
    assert caught.value.outcome is outcome


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def portone(sandbox: Sandbox, secrets: FakeSecrets, make_gateway: GatewayMaker) -> PortOneGateway:
    secrets.values = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
    return make_gateway(sandbox.api, receipt_channel_key=CHANNEL)


@pytest.fixture
def receipts(portone: PortOneGateway) -> PortOneReceipts:
    return portone.cash_receipts


def test_a_receipt_is_issued_found_and_cancelled(
    sandbox: Sandbox, receipts: PortOneReceipts
) -> None:
    issuer: ReceiptIssuer = receipts
    assert issuer.has_channel
    assert issuer.find("CR1") is None
    issued = issuer.issue(COMMAND)
    assert (issued.own_no, issued.amount, issued.is_company) == ("CR1", 35_200, False)
    assert not issued.is_cancelled
    assert issuer.find("CR1") == issued
    (held,) = sandbox.receipts.all()
    assert (held.tax_free, held.vat, held.identifier) == (11_668, 2_139, "…5678")
    after = issuer.cancel("CR1")
    assert after.is_cancelled and after.approval_no == issued.approval_no
    assert issuer.find("CR1") == after


def test_an_expense_of_a_business(sandbox: Sandbox, receipts: PortOneReceipts) -> None:
    business = ReceiptIdentity(IdentityKind.BUSINESS, "2208162517")
    command = replace(COMMAND, is_company=True, identity=business)
    assert receipts.issue(command).is_company


@pytest.mark.parametrize(
    ("conduct", "outcome"),
    [
        ({"receipt_contract": False}, GatewayOutcome.REFUSED),
        ({"refuse_receipt": "식별번호 오류"}, GatewayOutcome.REFUSED),
        ({"refuse_receipt": "일시 장애"}, GatewayOutcome.UNKNOWN),
        ({"refuse_receipt": "식별번호 오류", "receipt_http": 200}, GatewayOutcome.UNKNOWN),
    ],
)
def test_only_listed_refusals_are_refusals(
    sandbox: Sandbox, receipts: PortOneReceipts, conduct: dict[str, Any], outcome: GatewayOutcome
) -> None:
    sandbox.faults.conduct.change(**conduct)
    with ends(outcome):
        receipts.issue(COMMAND)
    assert sandbox.receipts.all() == []


def test_the_same_number_twice_is_unknown_and_issues_once(
    sandbox: Sandbox, receipts: PortOneReceipts
) -> None:
    receipts.issue(COMMAND)
    with ends(GatewayOutcome.UNKNOWN):
        receipts.issue(COMMAND)
    assert len(sandbox.receipts.all()) == 1


@pytest.mark.parametrize(
    ("fault", "parameters", "outcome", "made"),
    [
        ("drop_after", {}, GatewayOutcome.UNKNOWN, 1),
        ("drop_before", {}, GatewayOutcome.UNKNOWN, 0),
        ("status", {"status": 500, "act": True}, GatewayOutcome.UNKNOWN, 1),
        ("status", {"status": 503}, GatewayOutcome.UNKNOWN, 0),
        ("garbage", {}, GatewayOutcome.UNKNOWN, 1),
        ("html200", {}, GatewayOutcome.UNKNOWN, 0),
        ("too_many", {}, GatewayOutcome.RETRY_SAFE, 0),
        ("cut", {"bytes": 40}, GatewayOutcome.UNKNOWN, 1),
        ("lie", {"fields": {"merchant_uid": "CR2"}}, GatewayOutcome.UNKNOWN, 1),
        ("lie", {"fields": {"amount": "?"}}, GatewayOutcome.UNKNOWN, 1),
        ("lie", {"fields": {"apply_num": ""}}, GatewayOutcome.UNKNOWN, 1),
        ("lie", {"fields": {"type": "robot"}}, GatewayOutcome.UNKNOWN, 1),
        ("numbers_as_text", {}, GatewayOutcome.UNKNOWN, 1),
        ("late_refusal", {"http": 500, "message": "장애"}, GatewayOutcome.UNKNOWN, 0),
    ],
)
def test_faults_of_issuing(
    sandbox: Sandbox,
    receipts: PortOneReceipts,
    fault: str,
    parameters: dict[str, Any],
    outcome: GatewayOutcome,
    made: int,
) -> None:
    sandbox.faults.add(fault, method="POST", path=PATH, uses=1, **parameters)
    with ends(outcome):
        receipts.issue(COMMAND)
    assert len(sandbox.receipts.all()) == made


@pytest.mark.parametrize("fault", ["drop_after", "garbage", "nested"])
def test_faults_of_cancelling(sandbox: Sandbox, receipts: PortOneReceipts, fault: str) -> None:
    receipts.issue(COMMAND)
    sandbox.faults.add(fault, method="DELETE", path=PATH, uses=1)
    with ends(GatewayOutcome.UNKNOWN):
        receipts.cancel("CR1")
    found = receipts.find("CR1")
    assert found is not None and found.is_cancelled


def test_nulls_where_the_schema_allows_them(sandbox: Sandbox, receipts: PortOneReceipts) -> None:
    sandbox.faults.add("nulls", path=PATH)
    sandbox.faults.add("extra", path=PATH)
    issued = receipts.issue(COMMAND)
    assert receipts.find("CR1") == issued


def test_a_reading_of_another_number_is_not_believed(
    sandbox: Sandbox, receipts: PortOneReceipts
) -> None:
    receipts.issue(COMMAND)
    sandbox.faults.add("lie", path=PATH, fields={"merchant_uid": "CR2"}, uses=1)
    with ends(GatewayOutcome.UNKNOWN):
        receipts.find("CR1")


def test_a_refused_token_sends_nothing_again(
    sandbox: Sandbox, receipts: PortOneReceipts, portone: PortOneGateway
) -> None:
    portone.channels()
    sandbox.faults.add(
        "envelope", method="POST", path=PATH, uses=1, http=401, code=-1, message="Unauthorized"
    )
    with ends(GatewayOutcome.RETRY_SAFE):
        receipts.issue(COMMAND)
    assert sandbox.receipts.all() == []


def test_another_channel_is_refused_before_anything_is_sent(
    sandbox: Sandbox, secrets: FakeSecrets, make_gateway: GatewayMaker
) -> None:
    secrets.values = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
    for key in (sandbox.channel_key, "unknown"):
        with ends(GatewayOutcome.REFUSED) as refused:
            make_gateway(sandbox.api, receipt_channel_key=key).cash_receipts.issue(COMMAND)
        assert refused.value.cause is GatewayCause.SETTINGS
    assert not make_gateway(sandbox.api).cash_receipts.has_channel


def test_an_unclear_list_of_channels_sent_nothing(
    sandbox: Sandbox, receipts: PortOneReceipts
) -> None:
    sandbox.faults.add("drop_after", path="/users/pg", uses=1)
    with ends(GatewayOutcome.RETRY_SAFE):
        receipts.issue(COMMAND)


@pytest.mark.parametrize(
    ("provider", "wanted"),
    [
        ("kcp", set()),
        ("ksnet", {"product_type", "buyer_name"}),
        ("smartro_v2", {"buyer_name", "buyer_tel"}),
        ("welcome", {"buyer_tel", "corp_reg_no", "pay_method"}),
    ],
)
def test_each_company_gets_what_it_wants_and_the_schema_knows(
    toy: ToyServer, make_gateway: GatewayMaker, provider: str, wanted: set[str]
) -> None:
    channel = {"pg_provider": provider, "channel_key": "c", "sandbox": True, "type": "payment"}
    answer = {
        **{"merchant_uid": "CR1", "apply_num": "123456789", "type": "person"},
        **{"amount": 35_200, "vat": 2_139, "applied_at": 1_790_000_000},
    }
    toy.answers["/users/pg"] = envelope([channel])
    toy.answers["/receipts/external/CR1"] = envelope(answer)
    gateway = make_gateway(toy.base, receipt_channel_key="c", receipt_business="2208162517")
    issued = gateway.cash_receipts.issue(COMMAND)
    assert issued == gateway.cash_receipts.find("CR1")
    at = datetime.fromtimestamp(1_790_000_000, UTC)
    assert issued == ReportedReceipt("CR1", "123456789", Won(35_200), False, at)
    (sent,) = [one for one in toy.calls("/receipts/external/CR1") if one.method == "POST"]
    plain = {"channel_key", "name", "amount", "tax_free", "identifier", "identifier_type", "type"}
    assert set(sent.json()) == plain | wanted
    body = {"code": 0, "message": None, "response": answer}
    v1_schema.V1Schema().check(sent, json.dumps(body).encode())


def test_an_amount_of_zero_is_never_sent(receipts: PortOneReceipts) -> None:
    with pytest.raises(InvalidAmount):
        receipts.issue(replace(COMMAND, amount=Won(0)))


def test_the_number_is_in_no_log_and_no_error(
    sandbox: Sandbox, receipts: PortOneReceipts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = "식별번호 오류: 010-1234-5678 (01012345678)"
    sandbox.faults.conduct.change(refuse_receipt=text)
    with pytest.raises(GatewayError) as refused:
        receipts.issue(COMMAND)
    told = f"{refused.value!r} {refused.value.text} {COMMAND!r} {caplog.text}"
    assert "1234" not in told
    assert "식별번호 오류" in refused.value.text


def test_a_channel_of_the_other_mode_is_refused(toy: ToyServer, make_gateway: GatewayMaker) -> None:
    channel = {"pg_provider": "kcp", "channel_key": "c", "sandbox": False, "type": "payment"}
    toy.answers["/users/pg"] = envelope([channel])
    with ends(GatewayOutcome.REFUSED):
        make_gateway(toy.base, receipt_channel_key="c").cash_receipts.issue(COMMAND)
    assert toy.calls("/receipts/external/CR1") == []
