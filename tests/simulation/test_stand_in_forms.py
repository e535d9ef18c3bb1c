"""The stand-in answers like the real client in every wire form of the dial: a form in a simulation
is the one that HTTP would produce."""

from __future__ import annotations

from typing import Any

import pytest

from posapp.domain.money import Won
from posapp.sandbox.behaviour import CHOICES
from posapp.sandbox.server import Sandbox
from posapp.services.ports.checkout import CheckoutOrder
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.payments import payment_ref, refund_command
from tests.fakes.till import Timeouts, gateway_over_http
from tests.fakes.world import FakeClock
from tests.simulation.test_stand_in import World, page_of, view_state_of

ONE_AT_A_TIME = [
    {name: value} for name, values in CHOICES.items() if name != "refuse_http" for value in values
]
TOGETHER: list[dict[str, Any]] = [
    {"paid_time": "null", "amounts": "float", "currency_case": "lower", "provider_case": "upper"},
    {"partial_status": "cancelled", "cancel_fields": "kept", "optional_texts": "null"},
    {"reasons": "cut", "reason_limit": 3, "empty_list": 404},
    {"zero_paid": True},
    {"garbled": "m-1"},
]
REFUSALS: list[dict[str, Any]] = [
    {"refuse_text": text, "refuse_http": http, "refuse_code": code, "refused_lands": lands}
    for text in ("점검 중", "이미 전액취소된 주문입니다.", "[-9999] internal server error")
    for http, code, lands in (
        (200, -1, None),
        (200, 1, 60),
        (400, -1, 60),
        (403, -1, None),
        (404, -1, 60),
    )
]
PAID, OPEN = "m-1", "m-2"


def actions(conduct: dict[str, Any]):
    """A sale, two refunds, and every reading after each, all with the dial turned."""

    def turn(world: World) -> None:
        world.sandbox.faults.conduct.change(**conduct)

    def refund(world: World, amount: int):
        left = world.books.balance(world.payment(0))
        return world.gateway.cancel(
            refund_command(world.payment(0), Won(amount), Won(left), "[RF-1]")
        )

    readings = (
        lambda w: w.gateway.find_payment(PAID),
        lambda w: w.gateway.find_payments(PAID),
        lambda w: w.gateway.find_payments(OPEN),
        lambda w: w.gateway.get_payment(payment_ref(w.payment(0))),
        page_of,
        lambda w: w.gateway.channels(),
    )
    sale = CheckoutOrder(PAID, Won(5000), "가게", "빵", 300, "김하나", "010-1")
    steps = (
        turn,
        page_of,
        lambda w: w.gateway.prepare(PAID, Won(5000)),
        lambda w: w.gateway.prepare(PAID, Won(5000)),
        lambda w: w.gateway.create_link(sale),
        lambda w: w.books.pay(PAID).imp_uid,
        lambda w: refund(w, 2000),
        lambda w: w.books.console_cancel(w.payment(0), 500).cancel_amount,
        lambda w: refund(w, 1000),
        lambda w: w.books.add_foreign("", 900).imp_uid,
        lambda w: w.books.console_cancel(w.payment(0)).cancel_amount,
    )
    for step in steps:
        yield step
        yield from readings


@pytest.mark.parametrize("conduct", [*ONE_AT_A_TIME, *TOGETHER, *REFUSALS], ids=str)
def test_every_form_is_read_alike(conduct):
    clock = FakeClock()
    with Sandbox(clock=clock.unix, channel_key="channel-key-1") as listening:
        silent = Sandbox(clock=clock.unix, channel_key="channel-key-1")
        real = World(listening, gateway_over_http(listening, clock, Timeouts()))
        stand_in = World(silent, BooksGateway(silent))
        for number, action in enumerate(actions(conduct)):
            assert stand_in.reported(action) == real.reported(action), number
            if number % 8 == 7:
                clock.advance(seconds=30)
        assert [view_state_of(each) for each in real.books.payments()] == [
            view_state_of(each) for each in stand_in.books.payments()
        ]
        real.gateway.close()
