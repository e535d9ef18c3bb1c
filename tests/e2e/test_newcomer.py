"""A newcomer in the real window: from an empty folder to the first sale."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.services.refunds.trial_payment import TRIAL_NUMBER
from posapp.system.pin_hashing import ENTRY, PEPPER_BYTES
from tests.e2e.deadline import PATIENCE, eventually
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.program import ROOT, DrivenProgram, environment
from tests.e2e.sales import DONE, ORDER
from tests.e2e.screen import VirtualScreen
from tests.e2e.shop import PAID, TOTAL, merchant_uids, orders_file, read_books

LATTE = 4_500
"""Won of the second item of each order."""

MOST_INPUTS = 6
"""Presses from an empty folder to the QR of a practice sale."""


PIN = "284613"
PEPPER = {ENTRY: "7c" * PEPPER_BYTES}
"""The secret of PINs, which both programs find in their keyrings."""


class Newcomer(DrivenProgram):
    """``posapp run`` on a folder, and the keys that were pressed."""

    def __init__(
        self,
        home: Path,
        screen: VirtualScreen,
        variables: dict[str, str],
        keys: dict[str, str],
    ) -> None:
        self.home = home
        self.inputs = 0
        super().__init__(("run", "--home", str(home)), screen, home.parent, variables, keys)

    def type(self, *keys: str) -> None:
        """Press keys, and count them."""
        self.inputs += len(keys)
        super().type(*keys)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def screen() -> Iterator[VirtualScreen]:
    with VirtualScreen() as made:
        yield made


def code_on(newcomer: Newcomer) -> str:
    """Return the recovery code that is on the screen."""
    (code,) = {
        one.text for one in newcomer.shown() if re.fullmatch(r"([A-Z2-7]{4}-){5}.{4}", one.text)
    }
    return code


def give_back_an_item(till: Newcomer) -> None:
    """Find the order by its number, and refund its second item."""
    till.type("Escape")
    till.wait_to_be_at("homeSearch")
    till.type_order(ORDER)
    till.wait_to_press("결제취소")
    till.type("Down", "F8")
    till.wait_to_press(f"{LATTE:,}원 결제취소")
    till.move("Tab", 4)  # a press in the first 250 ms would count for nothing
    till.type("F8")
    till.wait_to_read("환불 전표")


def try_a_payment(newcomer: Newcomer, phone: Phone) -> None:
    """Take the offer of the first page by keys: 100 won are paid, and given back by themselves."""
    newcomer.wait_to_read_of("준비되었습니다. 테스트 결제를 해 볼까요?")
    newcomer.wait_to_press("100원 결제")
    newcomer.tab_to("100원 결제")
    newcomer.type("space")
    newcomer.wait_to_read("금액을 확인해 주세요.")
    newcomer.wait_to_press("결제")
    newcomer.type("Return")
    phone.open(newcomer.wait_for_code())
    phone.press("pay")
    phone.wait_to_read("결제가 완료되었습니다")
    newcomer.wait_to_read(DONE)


def paid_attempts(shop: Path) -> int:
    with closing(sqlite3.connect(f"file:{shop / 'posapp.db'}?mode=ro", uri=True)) as file:
        (count,) = file.execute("SELECT count(*) FROM attempts WHERE state = 'PAID'").fetchone()
    return int(count)


def test_an_empty_folder_leads_to_a_practice_sale(
    home: Path, screen: VirtualScreen, phone: Phone
) -> None:
    newcomer = Newcomer(home, screen, {}, {})
    try:
        newcomer.wait_to_read("언어와 화면")
        newcomer.type("Return")
        newcomer.wait_to_read("어떻게 시작할까요?")
        newcomer.type("Return")
        newcomer.wait_to_read("홈")
        eventually(lambda: (home / "demo" / "posapp.db").exists(), "no practice shop")
        newcomer.wait_to_read("결제 대기")
        before = paid_attempts(home / "demo")
        newcomer.type("F5")
        newcomer.wait_to_read("주문취소")
        newcomer.type("Return")
        newcomer.wait_to_read("금액을 확인해 주세요.")
        newcomer.wait_to_press("결제")
        newcomer.type("Return")
        phone.open(newcomer.wait_for_code())
        assert newcomer.inputs <= MOST_INPUTS
        phone.press("pay")
        phone.wait_to_read("결제가 완료되었습니다")
        newcomer.wait_to_read(DONE)
        assert paid_attempts(home / "demo") == before + 1
    finally:
        newcomer.end()


def test_an_empty_folder_is_connected_and_sells(
    home: Path, screen: VirtualScreen, phone: Phone, portone: PortOne
) -> None:
    """By keys alone; the keys of the account are typed, tested and found again by the shop, and its
    first manager writes the recovery code down and signs in."""
    given = portone.settings()
    addresses = ("POSAPP_API_BASE", "POSAPP_LINK_BASE", "POSAPP_LINK_HOSTS", "POSAPP_POLL_MS")
    variables = {name: given[name] for name in addresses}
    newcomer = Newcomer(home, screen, variables, PEPPER)
    try:
        newcomer.wait_to_read("언어와 화면")
        newcomer.type("Return")
        newcomer.wait_to_read("어떻게 시작할까요?")
        newcomer.type("Down", "Return")
        newcomer.wait_to_read("매장 정보")
        newcomer.type("Return")
        newcomer.wait_to_read("PortOne 연결")
        first, second = (portone.keys[name] for name in ("imp_key", "imp_secret"))
        newcomer.type(*first, "Tab", *second, "Tab", *given["POSAPP_USER_CODE"], "Return")
        newcomer.wait_to_read("카카오페이 채널")
        newcomer.wait_to_read("카카오페이")
        newcomer.type("Return")
        newcomer.wait_to_read("점장")
        newcomer.wait_to_be_at("manager_name")
        newcomer.type(*"kim", "Tab", *PIN, "Tab", *PIN, "Return")
        newcomer.wait_to_be_at("recovery_group_2")
        groups = code_on(newcomer).split("-")
        newcomer.type(*groups[1].lower(), "Tab", *groups[4].lower(), "Return")
        newcomer.wait_to_read("프린터와 화면")
        newcomer.wait_to_be_at("printer-")
        newcomer.type("Return")
        newcomer.wait_to_read("직원 선택")
        newcomer.wait_for_window()
        newcomer.wait_to_be_at("pin")
        newcomer.type(*PIN)
        newcomer.wait_to_read("홈")
        eventually(lambda: (home / "test" / "posapp.db").exists(), "no test shop")
        try_a_payment(newcomer, phone)
        (merchant_uid,) = merchant_uids(home / "test", TRIAL_NUMBER)
        eventually(
            lambda: read_books(home / "test", TRIAL_NUMBER).refunds == [("CONFIRMED", 100)],
            lambda: newcomer.reported("the test payment was not given back"),
        )
        assert portone.balance(merchant_uid) == 0
    finally:
        newcomer.end()
    file = orders_file(home.parent / "orders.json", 2)
    command = [sys.executable, "-m", "posapp", "import", "orders", str(file), "--sellers"]
    subprocess.run(
        [*command, "--home", str(home)],
        cwd=ROOT,
        env=environment(),
        check=True,
        timeout=PATIENCE,
        capture_output=True,
    )
    with VirtualScreen() as another:
        till = Newcomer(home, another, variables, {**portone.keys, **PEPPER})
        try:
            till.wait_for_window()
            till.wait_to_be_at("pin")
            till.type(*PIN)
            till.wait_to_read("홈")
            till.type_order(ORDER)
            till.wait_to_read("금액을 확인해 주세요.")
            till.wait_to_press("결제")
            till.type("Return")
            phone.open(till.wait_for_code())
            phone.press("pay")
            phone.wait_to_read("결제가 완료되었습니다")
            till.wait_to_read(DONE)
            assert read_books(home / "test", ORDER).items == PAID
            give_back_an_item(till)
            eventually(
                lambda: read_books(home / "test", ORDER).refunds == [("CONFIRMED", LATTE)],
                lambda: till.reported("the item was not refunded"),
            )
            (merchant_uid,) = merchant_uids(home / "test", ORDER)
            assert portone.balance(merchant_uid) == TOTAL - LATTE
        finally:
            till.end()
