"""Single guards of the wire that no wider test misses when they are weakened."""

from __future__ import annotations

import json

import pytest

from posapp.domain.errors import GatewayCause, GatewayOutcome, InvalidAmount
from posapp.domain.money import Won
from posapp.portone import payloads
from posapp.portone.client import PortOneGateway
from posapp.portone.outcome_table import CallKind, CallResult, Shape, Verdict, classify
from posapp.portone.refusals import REFUSALS, Purpose, known_refusal
from posapp.services.ports.checkout import CheckoutOrder
from tests.fakes.payments import payment_ref, refund_command
from tests.portone.expecting import ends_in
from tests.portone.toy_server import ToyServer, envelope, http, payment


def test_cancel_sends_amount_and_checksum_and_never_zero(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    """A missing amount or a 0 cancels everything, and a missing checksum skips the check."""
    toy.answers["/payments/cancel"] = envelope(payment(cancel_amount=5000))
    gateway.cancel(refund_command("imp_1", Won(5000), Won(12000), "품절 [RF-1-A]", "김하나"))
    (seen,) = toy.calls("/payments/cancel")
    assert seen.json() == {
        "imp_uid": "imp_1",
        "amount": 5000,
        "tax_free": 0,
        "checksum": 12000,
        "reason": "품절 [RF-1-A]",
        "refund_holder": "김하나",
    }
    for amount, checksum in ((0, 12000), (5000, 0), (-1, 12000)):
        with pytest.raises(InvalidAmount):
            gateway.cancel(refund_command("imp_1", Won(amount), Won(checksum), "x"))
    with pytest.raises(ValueError, match="larger than the balance"):
        gateway.cancel(refund_command("imp_1", Won(12001), Won(12000), "x"))
    assert len(toy.calls("/payments/cancel")) == 1


@pytest.mark.parametrize(
    ("value", "issued"), [(True, True), (False, False), (None, False), ("true", False), (1, False)]
)
def test_only_true_says_that_a_cash_receipt_is_issued(value: object, issued: bool) -> None:
    fields = {**payment(), "cash_receipt_issued": value}
    assert payloads.payment(fields).cash_receipt_issued is issued
    del fields["cash_receipt_issued"]
    assert not payloads.payment(fields).cash_receipt_issued


def test_nothing_is_registered_for_zero(toy: ToyServer, gateway: PortOneGateway) -> None:
    for amount in (0, -1):
        with pytest.raises(InvalidAmount):
            gateway.prepare("pos-1", Won(amount))
    assert toy.calls("/payments/prepare") == []


def test_no_link_is_made_for_zero(toy: ToyServer, gateway: PortOneGateway) -> None:
    for amount in (0, -1):
        with pytest.raises(InvalidAmount):
            gateway.create_link(CheckoutOrder("pos-1", Won(amount), "하나 베이커리", "단팥빵", 300))
    assert [seen.path for seen in toy.seen if "link" in seen.path] == []


def test_registered_under_another_number_is_not_registered(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    already = "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다)."
    toy.answers["/payments/prepare"] = envelope(None, 1, already)
    held = {"merchant_uid": "pos-2", "amount": 12000}
    toy.answers["/payments/prepare/pos-1"] = envelope(held)
    with ends_in(GatewayOutcome.REFUSED, GatewayCause.REFUSED):
        gateway.prepare("pos-1", Won(12000))
    toy.answers["/payments/prepare/pos-1"] = envelope({**held, "merchant_uid": "pos-1"})
    gateway.prepare("pos-1", Won(12000))


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "", "text/json"])
def test_only_json_content_type_is_json(toy: ToyServer, gateway: PortOneGateway, kind: str) -> None:
    answer = json.dumps({"code": 0, "message": None, "response": payment()})
    toy.answers["/payments/imp_1"] = http(answer, kind=kind)
    with ends_in(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE):
        gateway.get_payment(payment_ref("imp_1"))


def test_a_listed_text_with_another_number_is_another_text() -> None:
    """Blanks and points do not count in a comparison; digits do."""
    year = "결제취소에 실패하였습니다. 거래일로부터 1년이 지났습니다."
    assert known_refusal(Purpose.CANCEL, year) in REFUSALS[Purpose.CANCEL]
    for other in ("2", "11", ""):
        assert known_refusal(Purpose.CANCEL, year.replace("1", other)) is None


def test_unreadable_line_is_kept_with_its_text() -> None:
    """The records may know whose it is; if it were skipped, money of ours would be missing."""
    broken = payment(imp_uid="imp_2", merchant_uid="pos-2", amount="12000")
    read = payloads.page({"total": 2, "previous": 0, "next": 0, "list": [payment(), broken]})
    assert [one.imp_uid for one in read.payments] == ["imp_1"]
    unreadable = [(one.imp_uid, one.merchant_uid, one.why) for one in read.unreadable]
    assert unreadable == [("imp_2", "pos-2", "amount")]


def test_unlisted_answer_is_unclear() -> None:
    for action in CallKind:
        odd = CallResult(action, status=418, shape=Shape.OTHER)
        assert classify(odd).outcome is GatewayOutcome.UNKNOWN


def test_404_with_unlisted_text_is_not_an_empty_result() -> None:
    def said(message: str) -> Verdict:
        return classify(
            CallResult(CallKind.READ, status=404, shape=Shape.ENVELOPE, code=-1, message=message)
        )

    assert said("존재하지 않는 결제정보입니다.").cause is GatewayCause.NOT_FOUND
    for other in ("점검 중입니다.", "존재하지 않는 채널입니다.", ""):
        assert said(other).cause is not GatewayCause.NOT_FOUND


def test_an_account_without_the_shops_channel_is_another(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    def channel(key: str) -> dict[str, object]:
        return {"pg_provider": "kakaopay", "channel_key": key, "sandbox": True}

    toy.answers["/users/pg"] = envelope([channel("channel-key-1"), channel("channel-key-2")])
    assert gateway.is_own_account()
    toy.answers["/users/pg"] = envelope([channel("channel-key-of-another-shop")])
    assert not gateway.is_own_account()
