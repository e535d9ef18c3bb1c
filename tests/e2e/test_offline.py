"""The network fails and returns: a decision made meanwhile is kept, shown, and carried out once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import another_till, tills_of
from tests.e2e.deadline import PATIENCE, eventually
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE
from tests.e2e.shop import BUYER, OF_THREE, chain_is_whole
from tests.e2e.test_refunding import LATTE, TOTAL
from tests.e2e.till import Till
from tests.faults.proxy import FaultProxy

KEPT = "환불 접수 (아직 환불되지 않음)"


@pytest.fixture
def network(portone: PortOne) -> Iterator[FaultProxy]:
    with FaultProxy(portone.reported["api"]) as proxy:
        yield proxy


@pytest.fixture
def open_container(
    tmp_path: Path, stocked: Path, portone: PortOne, network: FaultProxy
) -> Iterator[Callable[[], Till]]:
    home = another_till(stocked, tmp_path / "home")
    direct = portone.reported["api"]

    def through(base: str) -> str:
        return base.replace(direct.removesuffix("/"), network.base.removesuffix("/"))

    with tills_of(home, portone, portone.settings(through)) as opened:
        yield opened


def outbox(till: Till) -> list[tuple[str, int]]:
    """State of each entry, and how often its refund was sent."""
    file = f"{(till.home / 'posapp.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as connection:
        return connection.execute(
            "SELECT o.state, r.sends FROM outbox o JOIN refunds r ON r.id = o.refund_id"
        ).fetchall()


def agree_to_close(till: Till) -> None:
    """Click the action of the question until the till ends: its first moments count for nothing."""
    x, y, width, height = till.wait_to_press("프로그램 종료").place

    def ends() -> bool:
        till.screen.click(x + width // 2, y + height // 2)
        return till.process.poll() is not None

    eventually(ends, lambda: till.reported("it does not end"))


def test_refund_decided_offline_survives_a_restart_and_is_made_once(
    open_container: Callable[[], Till], portone: PortOne, network: FaultProxy, phone: Phone
) -> None:
    till = open_container()
    phone.open(till.show_code(OF_THREE))
    phone.press("pay")
    till.wait_to_read(DONE)
    merchant_uid = till.merchant_uid(OF_THREE)
    till.type("Escape")
    till.wait_to_read("미전송 없음")

    network.refuse()
    till.wait_to_read("홈")
    till.open_cards()
    till.type("Tab", "Tab", *str(BUYER), "Return", *str(LATTE), "Return")
    till.wait_to_press("4,500원 결제취소")
    till.type("F8")
    till.wait_to_read(KEPT)
    till.wait_to_read("연결 안 됨 · 대기 1건")

    till.type("F11")
    till.wait_to_read("전송 현황")
    till.screen.close_window()
    till.wait_to_read_of("미전송 환불 1건")
    agree_to_close(till)
    assert till.process.wait(PATIENCE) == 0
    assert outbox(till) == [("WAITING", 0)]
    assert portone.balance(merchant_uid) == TOTAL
    assert till.trouble() == []

    again = open_container()
    again.wait_to_read("연결 안 됨 · 대기 1건")
    assert outbox(again) == [("WAITING", 0)]
    network.listen_again()
    again.wait_to_read("미전송 없음")
    assert outbox(again) == [("SETTLED", 1)]
    assert portone.balance(merchant_uid) == TOTAL - 4_500
    books = again.books(OF_THREE)
    assert books.items == ["COMPLETE_PAYMENT", "CANCEL", "COMPLETE_PAYMENT"]
    assert books.refunds == [("CONFIRMED", 4_500)]
    assert again.close() == 0
    assert again.trouble() == []
    assert chain_is_whole(again.home)
