"""Payment links: what is sent, and which addresses may become a QR."""

from __future__ import annotations

import json
from typing import Any

import pytest

from posapp.domain.errors import GatewayCause, GatewayOutcome
from posapp.domain.money import Won
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import LinkMode
from posapp.services.ports.checkout import CheckoutOrder
from tests.portone.conftest import FakeClock, GatewayMaker
from tests.portone.expecting import ends_in
from tests.portone.toy_server import ToyServer, http, token

MAKE = "/api/supplements/v1/link/payment"
ORDER = CheckoutOrder("pos-1", Won(12000), "달빛 상점", "아메리카노 외 2건", 300, "김하늘", "")


def made(toy: ToyServer, url: Any) -> None:
    toy.answers[MAKE] = http({"shortenedUrl": url})


def test_payment_info_is_a_json_text_and_the_end_counts_from_portones_now(
    toy: ToyServer, gateway: PortOneGateway, clock: FakeClock
) -> None:
    made(toy, "https://impay.link/91e8f8cc")
    toy.answers["/users/getToken"] = token(now=1_500_000_000)
    gateway.server_now()
    clock.ms += 20_000
    assert gateway.create_link(ORDER).url == "https://impay.link/91e8f8cc"
    seen = toy.calls(MAKE)[0]
    assert seen.method == "POST"
    assert "authorization" not in seen.headers
    assert seen.json()["expired_at"] == 1_500_000_000 + 20 + 300
    info = json.loads(seen.json()["payment_info"])
    assert info == {
        "title": "달빛 상점",
        "user_code": "imp00000000",
        "amount": 12000,
        "tax_free": 0,
        "merchant_uid": "pos-1",
        "name": "아메리카노 외 2건",
        "currency": "KRW",
        "buyer_tel": "",
        "buyer_name": "김하늘",
        "direct": {"channelKey": "channel-key-1", "pay_method": "kakaopay"},
    }


def test_with_buttons_the_way_is_in_a_list(toy: ToyServer, make_gateway: GatewayMaker) -> None:
    made(toy, "https://impay.link/91e8f8cc")
    make_gateway(toy.base, link_mode=LinkMode.BUTTONS, pay_method="card").create_link(ORDER)
    info = json.loads(toy.calls(MAKE)[0].json()["payment_info"])
    assert "direct" not in info
    assert info["pay_methods"] == [
        {"channelKey": "channel-key-1", "pay_method": "card", "label": "카카오페이"}
    ]


def test_names_are_one_line_and_at_most_40_characters(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    made(toy, "https://impay.link/91e8f8cc")
    gateway.create_link(CheckoutOrder("pos-1", Won(1), "a\nb", "가" * 50 + "\u202e", 300))
    info = json.loads(toy.calls(MAKE)[0].json()["payment_info"])
    assert (info["title"], info["name"]) == ("a b", "가" * 40)


@pytest.mark.parametrize(
    "url",
    [
        "http://impay.link/91e8f8cc",
        "https://impay.link.evil.example/91e8f8cc",
        "https://evil.example/impay.link/91e8f8cc",
        "https://evil.example/91e8f8cc?impay.link",
        "https://evil.example#https://impay.link/91e8f8cc",
        "https://impay.link@evil.example/91e8f8cc",
        "https://impay.link:443@evil.example/x",
        "https://evil.example\\@impay.link/91e8f8cc",
        "https://impay.link\\.evil.example/91e8f8cc",
        "https://impay.link:8443/91e8f8cc",
        "https://impay.link./91e8f8cc",
        "https://xn--impay-link.example/91e8f8cc",
        "https://impay。link/91e8f8cc",
        "https://ımpay.link/91e8f8cc",
        "https:///impay.link/91e8f8cc",
        "https:impay.link/91e8f8cc",
        "//impay.link/91e8f8cc",
        "javascript:alert(1)//impay.link/x",
        " https://impay.link/91e8f8cc",
        "https://impay.link/91e8f8cc\n",
        "https://impay.link/91e8f8cc\u0000",
        "https://impay.link/",
        "https://impay.link",
        "https://impay.link/..",
        "https://impay.link/a b",
        "https://impay.link/" + "a" * 300,
        "http://127.0.0.1/91e8f8cc",
        "",
    ],
)
def test_a_link_that_leads_to_another_host_is_refused(
    toy: ToyServer, gateway: PortOneGateway, url: str
) -> None:
    made(toy, url)
    with ends_in(GatewayOutcome.REFUSED, GatewayCause.SETTINGS):
        gateway.create_link(ORDER)
    with ends_in(GatewayOutcome.REFUSED, GatewayCause.SETTINGS):
        gateway.close_link(url)
    assert len(toy.calls(MAKE)) == 1


def test_a_sandbox_is_allowed_by_its_whole_origin(
    toy: ToyServer, make_gateway: GatewayMaker
) -> None:
    gateway = make_gateway(toy.base, link_hosts=(toy.base,))
    made(toy, f"{toy.base}/abc")
    assert gateway.create_link(ORDER).url == f"{toy.base}/abc"
    made(toy, "http://127.0.0.1:1/abc")
    with ends_in(GatewayOutcome.REFUSED, GatewayCause.SETTINGS):
        gateway.create_link(ORDER)


@pytest.mark.parametrize("value", [None, 5, ["https://impay.link/a"], {}])
def test_an_answer_without_a_link_is_not_believed(
    toy: ToyServer, gateway: PortOneGateway, value: Any
) -> None:
    made(toy, value)
    with ends_in(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE):
        gateway.create_link(ORDER)


def test_missing_settings_send_nothing(toy: ToyServer, make_gateway: GatewayMaker) -> None:
    for missing in ("user_code", "channel_key"):
        with ends_in(GatewayOutcome.REFUSED, GatewayCause.SETTINGS):
            make_gateway(toy.base, **{missing: ""}).create_link(ORDER)
    assert toy.calls(MAKE) == []


def test_a_refused_link_carries_portones_text(toy: ToyServer, gateway: PortOneGateway) -> None:
    toy.answers[MAKE] = http({"code": -1, "message": "expired_at: 안 됩니다"}, 400)
    with ends_in(GatewayOutcome.REFUSED, GatewayCause.REFUSED) as caught:
        gateway.create_link(ORDER)
    assert caught.value.text == "expired_at: 안 됩니다"


def test_closing_puts_the_link_off_and_an_unknown_one_is_off_already(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    path = f"{MAKE}/91e8f8cc"
    toy.answers[path] = http({"shortenedUrl": "https://impay.link/91e8f8cc"})
    gateway.close_link("https://impay.link/91e8f8cc")
    assert [each.method for each in toy.calls(path)] == ["PUT"]
    toy.answers[path] = http({"code": -1, "message": "?"}, 404)
    gateway.close_link("https://impay.link/91e8f8cc")
    toy.answers[path] = http("<html>log in</html>", 200, "text/html")
    with ends_in(GatewayOutcome.UNKNOWN, GatewayCause.PORTAL):
        gateway.close_link("https://impay.link/91e8f8cc")
