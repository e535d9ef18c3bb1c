"""The stand-in is faithful: the same actions, once over real HTTP and once without.

Two sandboxes share one clock; one listens and the other does not. Both get the same random actions
of till, buyers and console, faults included. Every answer and every error is equal, except for the
numbers that the books generate.
"""

from __future__ import annotations

import random
import re
from collections import deque
from datetime import timedelta

import pytest

from posapp.domain.errors import GatewayError
from posapp.domain.money import Won
from posapp.sandbox.envelopes import ApiRefusal
from posapp.sandbox.link_access import PaymentNotAllowed
from posapp.sandbox.server import Sandbox
from posapp.services.ports.checkout import CheckoutOrder
from posapp.services.ports.gateway import PaymentGateway, RefundCommand
from tests.fakes.books_gateway import LATEST, BooksGateway, Fault
from tests.fakes.payments import payment_ref, refund_command
from tests.fakes.till import Timeouts, gateway_over_http
from tests.fakes.world import FakeClock

ACTIONS = 250
NUMBERS = ("m-1", "m-2", "m-3")
AMOUNTS = (Won(1000), Won(2000), Won(5000))

PATHS = {
    "prepare": "/payments/prepare",
    "create_link": "/link-api/api/supplements/v1/link/payment",
    "close_link": "/link-api/api/supplements/v1/link/payment/*",
    "find": "/payments/find/*",
    "find_all": "/payments/findAll/*",
    "read": "/payments/imp_*",
    "cancel": "/payments/cancel",
}
"""Where the dial finds the exchanges of a call."""

UNAUTHORIZED = {"code": -1, "message": "Unauthorized", "response": None}
DIALLED = {
    Fault.LOST_BEFORE: ("drop_before", {}),
    Fault.LOST_AFTER: ("drop_after", {}),
    Fault.LATE: ("late_effect", {"after": float(LATEST)}),
    Fault.REFUSED: ("envelope", {"message": "결제취소에 실패하였습니다. 한도 초과"}),
    Fault.REFUSED_BUT_DONE: ("envelope", {"message": "알 수 없는 오류입니다.", "act": True}),
    Fault.SERVER_ERROR: ("status", {"status": 502}),
    Fault.SERVER_ERROR_BUT_DONE: ("status", {"status": 500, "act": True}),
    Fault.UNKNOWN_STATUS: ("extra", {"status": "melted", "fields": {}}),
    Fault.UNAUTHORIZED: ("status", {"status": 401, "body": UNAUTHORIZED}),
    Fault.TOO_MANY: ("too_many", {"retry_after": ""}),
}
"""The dial's words for the faults that it knows: HIDDEN is the stand-in's own, and that nothing
listens (NOT_CONNECTED) cannot be dialled."""


class World:
    """One sandbox, one gateway to it, and methods that take the same actions on either."""

    def __init__(self, sandbox: Sandbox, gateway: PaymentGateway) -> None:
        self.sandbox, self.books, self.gateway = sandbox, sandbox.books, gateway
        self._names: dict[str, str] = {}

    def fail_next(self, call: str, fault: Fault) -> None:
        if isinstance(self.gateway, BooksGateway):
            self.gateway.aimed[call] = deque([fault])
        else:
            kind, parameters = DIALLED[fault]
            self.sandbox.faults.add(kind, path=PATHS[call], uses=1, **parameters)

    def end_faults(self) -> None:
        """Remove faults that have not occurred; no call waits for them."""
        if isinstance(self.gateway, BooksGateway):
            self.gateway.aimed.clear()
        else:
            for rule in self.sandbox.faults.to_plain()["rules"]:
                self.sandbox.faults.remove(rule["id"])

    def release(self) -> None:
        """Release the kept calls. Their number is not reported: the dial also keeps readings, whose
        answers are lost."""
        self.sandbox.faults.release()

    def payment(self, at: int) -> str:
        """The number of the payment that began at this place, or an unknown number."""
        payments = self.books.payments()
        return payments[at].imp_uid if at < len(payments) else "imp_000000000000"

    def link(self, at: int) -> str:
        links = self.books.links()
        return self.books.link_address(links[at].link_id if at < len(links) else "deadbeef")

    def reported(self, action) -> str:
        """The result of an action as text that is equal on both sides."""
        try:
            reported = repr(action(self))
        except GatewayError as error:
            reported = repr((error.outcome, error.cause, error.code, error.text, error.retry_after))
        except (ApiRefusal, PaymentNotAllowed) as error:
            reported = repr(error)
        reported = re.sub(r"https?://[^/']+/(receipt/[^']*)?", self._url, reported)
        return re.sub(r"imp_\d{12}|\b[0-9A-F]{20}\b|\b[0-9a-f]{8}\b", self._name, reported)

    def _url(self, found: re.Match[str]) -> str:
        return "receipt" if found[1] else "base/"

    def _name(self, found: re.Match[str]) -> str:
        return self._names.setdefault(found[0], f"#{len(self._names)}")


def an_action(chance: random.Random):
    """A call of the till, with what it is called."""
    number, amount = chance.choice(NUMBERS), chance.choice(AMOUNTS)
    at = chance.randrange(7)
    order = CheckoutOrder(number, amount, "가게", "빵", chance.choice((60, 300)), "김하나", "010-1")
    checksum = Won(chance.choice((1000, 2000, 3000, 4000, 5000)))
    part = min(checksum, chance.choice((*AMOUNTS, Won(500))))
    return chance.choice(
        (
            ("prepare", lambda w: w.gateway.prepare(number, amount)),
            ("create_link", lambda w: w.gateway.create_link(order)),
            ("create_link", lambda w: w.gateway.create_link(order)),
            ("close_link", lambda w: w.gateway.close_link(w.link(at))),
            ("find", lambda w: w.gateway.find_payment(number)),
            ("find_all", lambda w: w.gateway.find_payments(number)),
            ("read", lambda w: w.gateway.get_payment(payment_ref(w.payment(at)))),
            *[("cancel", lambda w: w.gateway.cancel(ordered(w, at, part, checksum)))] * 3,
            ("cancel", lambda w: w.gateway.cancel(ordered(w, at, part, balance_or(w, at, part)))),
            ("channels", lambda w: w.gateway.channels()),
            ("server_now", lambda w: w.gateway.server_now()),
            ("list_payments", page_of),
        )
    )


def ordered(world: World, at: int, amount: Won, checksum: Won) -> RefundCommand:
    return refund_command(world.payment(at), amount, checksum, "변심 [RF-1]", "김하나")


def balance_or(world: World, at: int, least: Won) -> Won:
    payment = world.books.payment(world.payment(at))
    return max(least, Won(payment.balance if payment else 0))


def page_of(world: World):
    until = world.gateway.server_now()
    return world.gateway.list_payments(until - timedelta(days=1), until)


def a_happening(chance: random.Random):
    """Something that buyers or the console do."""
    number, at = chance.choice(NUMBERS), chance.randrange(7)
    again = chance.random() < 0.3
    part = chance.choice((None, 500, 1000))
    return chance.choice(
        (
            lambda w: w.books.open(number, again=again).imp_uid,
            lambda w: w.books.pay(number, again=again).imp_uid,
            lambda w: w.books.pay(number, 1500).imp_uid,
            lambda w: w.books.fail(number).imp_uid,
            lambda w: w.books.console_cancel(w.payment(at), part).cancel_amount,
            lambda w: w.release(),
        )
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_stand_in_answers_as_the_real_client_does_over_http(seed):
    chance, clock = random.Random(seed), FakeClock()
    outcomes = set()
    with Sandbox(clock=clock.unix, channel_key="channel-key-1") as listening:
        silent = Sandbox(clock=clock.unix, channel_key="channel-key-1")
        real = World(listening, gateway_over_http(listening, clock, Timeouts()))
        stand_in = World(silent, BooksGateway(silent))
        for _ in range(ACTIONS):
            if chance.random() < 0.3:
                name, fault, action = "happening", None, a_happening(chance)
            else:
                name, action = an_action(chance)
                fault = chance.choice(list(DIALLED)) if chance.random() < 0.3 else None
            if fault is not None and name in PATHS:
                real.fail_next(name, fault)
                stand_in.fail_next(name, fault)
            received = real.reported(action)
            assert stand_in.reported(action) == received, (name, fault)
            outcomes.add((name, received[:30]))
            real.end_faults()
            stand_in.end_faults()
            clock.advance(seconds=chance.choice((0, 1, 1, 2, 30, 30, 400)))
        assert [view_state_of(each) for each in real.books.payments()] == [
            view_state_of(each) for each in stand_in.books.payments()
        ]
        real.gateway.close()
    assert len(outcomes) > 25, "too little happened to say anything"


def view_state_of(payment) -> tuple:
    return (
        payment.merchant_uid,
        payment.status,
        payment.amount,
        [(each.amount, each.reason, each.cancelled_at) for each in payment.cancellations],
    )
