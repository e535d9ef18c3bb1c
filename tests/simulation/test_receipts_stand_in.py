"""The stand-in of cash receipts is faithful: the same calls, over real HTTP and without."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

import pytest

from posapp.domain.errors import GatewayError
from posapp.domain.money import Won
from posapp.domain.receipt_identity import IdentityKind, ReceiptIdentity
from posapp.sandbox.server import Sandbox
from posapp.services.ports.cash_receipts import IssueCommand, ReceiptIssuer
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.till import Timeouts, gateway_over_http
from tests.fakes.world import FakeClock
from tests.simulation.test_stand_in import DIALLED

PHONE = ReceiptIdentity(IdentityKind.PHONE, "01012345678")
PATH = "/receipts/external/*"
METHODS = {"receipt": "GET", "issue_receipt": "POST", "cancel_receipt": "DELETE"}
FAULTS = [fault for fault in DIALLED if fault is not Fault.UNKNOWN_STATUS]


def command(own_no: str, amount: int = 5_000) -> IssueCommand:
    return IssueCommand(own_no, Won(amount), Won(0), "빵", False, PHONE)


CALLS: dict[str, Callable[[ReceiptIssuer], object]] = {
    "receipt": lambda issuer: issuer.find("R1"),
    "issue_receipt": lambda issuer: issuer.issue(command("R2")),
    "cancel_receipt": lambda issuer: issuer.cancel("R1"),
}


@pytest.fixture
def pair() -> Iterator[tuple[Sandbox, Sandbox]]:
    clock = FakeClock()
    with Sandbox(clock=clock.unix) as listening:
        yield listening, Sandbox(clock=clock.unix)


def told(call: Callable[[], object]) -> object:
    """What a call says, without the numbers that the books generate."""
    try:
        found = call()
    except GatewayError as error:
        return error.outcome, error.cause, error.code, error.text
    return found and repr(found).partition("approval_no")[0]


def held(sandbox: Sandbox) -> list[tuple[object, ...]]:
    return [(each.merchant_uid, each.amount, each.cancelled_at) for each in sandbox.receipts.all()]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", [None, *FAULTS])
def test_the_same_answers_and_the_same_books(
    pair: tuple[Sandbox, Sandbox], call: str, fault: Fault | None
) -> None:
    listening, quiet = pair
    clock = FakeClock()
    real = gateway_over_http(listening, clock, Timeouts())
    stand_in = BooksGateway(quiet)
    try:
        for issuer in (real.cash_receipts, stand_in.cash_receipts):
            issuer.issue(command("R1"))
        if fault is not None:
            kind, parameters = DIALLED[fault]
            listening.faults.add(kind, method=METHODS[call], path=PATH, uses=1, **parameters)
            stand_in.aimed[call] = deque([fault])
        for make in (CALLS[call], CALLS["receipt"], CALLS[call]):
            answers = [
                told(lambda issuer=issuer, make=make: make(issuer))
                for issuer in (real.cash_receipts, stand_in.cash_receipts)
            ]
            assert answers[0] == answers[1]
            assert held(listening) == held(quiet)
        for sandbox in pair:
            sandbox.faults.release()
        assert held(listening) == held(quiet)
    finally:
        real.close()


@pytest.mark.parametrize(
    "conduct",
    [
        {"receipt_contract": False},
        {"refuse_receipt": "식별번호 오류 010-1234-5678"},
        {"refuse_receipt_cancel": "취소 가능 기간 경과"},
        {"cancelled_receipts": "gone"},
        {"unseen_receipts": 1},
    ],
)
def test_the_same_under_each_conduct(pair: tuple[Sandbox, Sandbox], conduct: dict) -> None:
    listening, quiet = pair
    real, stand_in = gateway_over_http(listening, FakeClock(), Timeouts()), BooksGateway(quiet)
    try:
        for sandbox in pair:
            sandbox.faults.conduct.change(**conduct)
        for make in (
            lambda issuer: issuer.issue(command("R1")),
            *(CALLS["receipt"],) * 2,
            CALLS["cancel_receipt"],
            CALLS["receipt"],
            CALLS["cancel_receipt"],
        ):
            answers = [
                told(lambda issuer=issuer, make=make: make(issuer))
                for issuer in (real.cash_receipts, stand_in.cash_receipts)
            ]
            assert answers[0] == answers[1]
        assert held(listening) == held(quiet)
    finally:
        real.close()
