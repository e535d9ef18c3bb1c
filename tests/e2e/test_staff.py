"""Staff at the till: refunds above the limits, approved by a second person's PIN, with PortOne's
stand-in over HTTP."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.app.opened_staff import opened_staff
from posapp.domain.actors import Actor
from posapp.domain.permissions import StaffRole
from posapp.system.paths import Home
from posapp.system.pin_hashing import ENTRY, PEPPER_BYTES
from tests.e2e.conftest import another_till
from tests.e2e.deadline import eventually
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE
from tests.e2e.screen import VirtualScreen
from tests.e2e.shop import BUYER, OF_THREE, SELLER, chain_is_whole
from tests.e2e.till import Till
from tests.fakes.till import CHEAP
from tests.fakes.world import FakeSecrets

MANAGER, CASHIER, OWN_SELLER, SECOND = 1, 2, 3, 4
PINS = {MANAGER: "270936", CASHIER: "2709", OWN_SELLER: "449719", SECOND: "847617"}
PEPPER = {ENTRY: "7c" * PEPPER_BYTES}
LIMITS = {
    "POSAPP_REFUND_WITHOUT_PIN": "0",
    "POSAPP_REFUND_WITH_PIN": "5000",
    "POSAPP_REFUND_SECOND_PERSON": "10000",
}
BREAD, LATTE, BEANS = OF_THREE * 10, OF_THREE * 10 + 1, OF_THREE * 10 + 2
"""Items of 6,400, 4,500 and 14,000 won: a second person, the own PIN, a manager."""

TOTAL = 24_900
REFUNDED = "결제가 성공적으로 취소되었습니다"


@pytest.fixture
def home(tmp_path: Path, stocked: Path) -> Path:
    """A shop with a manager, a cashier, and two sellers of the items."""
    home = another_till(stocked, tmp_path / "home")
    with opened_staff(Home(home), None, FakeSecrets(**PEPPER), CHEAP) as (directory, _):
        directory.set_up(Actor.person(), "이서준", PINS[MANAGER])
        boss = Actor.staff(MANAGER)
        directory.add(boss, "박지우", StaffRole.CASHIER, PINS[CASHIER])
        directory.add(boss, "김하나", StaffRole.SELLER, PINS[OWN_SELLER], SELLER)
        directory.add(boss, "최다온", StaffRole.SELLER, PINS[SECOND], SELLER)
    return home


@pytest.fixture
def till(home: Path, portone: PortOne) -> Iterator[Till]:
    with VirtualScreen() as screen:
        settings = {**portone.settings(), **LIMITS}
        made = Till(home, portone, screen, home.parent, settings, PEPPER)
        try:
            made.wait_for_window()
            yield made
        finally:
            made.end()


def sign_in(till: Till, who: int, page: str = "홈") -> None:
    till.wait_to_read("직원 선택")
    till.type(str(who))
    till.wait_to_be_at("pin")
    till.type(*PINS[who])
    till.wait_to_read(page)


def change_to(till: Till, who: int, page: str) -> None:
    """Quick switch: the name at the top locks, then a digit and the PIN."""
    till.click(next(one.text for one in till.shown() if " · " in one.text and one.place[1] < 64))
    sign_in(till, who, page)


def pay(till: Till, phone: Phone) -> str:
    """Sell the order of three; return its number at PortOne."""
    phone.open(till.show_code(OF_THREE))
    phone.press("pay")
    till.wait_to_read(DONE)
    till.type("Escape")
    return till.merchant_uid(OF_THREE)


def open_item(till: Till, item_id: int) -> None:
    """From home to the card of buyers, and the form of the item."""
    till.wait_to_read("홈")
    till.open_cards()
    till.type("Tab", "Tab", *str(BUYER), "Return", *str(item_id), "Return")


def approve(till: Till, approver: str, pin: str) -> None:
    till.click(approver)
    till.tab_to("approvalPin")
    till.type(*pin, "Return")


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{(home / 'posapp.db').as_uri()}?mode=ro", uri=True)) as file:
        return file.execute(query).fetchall()


REFUND = "SELECT amount, asked_by, approved_by FROM refunds ORDER BY id"
EVENT = "SELECT event, staff_id, actor FROM staff_events ORDER BY seq DESC LIMIT 1"


def test_a_second_person_approves_and_the_records_name_both(
    till: Till, portone: PortOne, phone: Phone
) -> None:
    sign_in(till, OWN_SELLER)
    merchant_uid = pay(till, phone)
    open_item(till, BREAD)
    till.wait_to_read("다른 직원의 승인이 필요합니다.")
    names = [one.text for one in till.shown()]
    assert {"이서준 · 점장", "최다온 · 판매자"} <= set(names)
    assert "박지우 · 점원" not in names, "a cashier has no right to approve"
    assert names.count("김하나 · 판매자") == 1, "at the top: nobody approves their own"
    approve(till, "최다온 · 판매자", PINS[OWN_SELLER])
    till.wait_to_read("결제 취소 중 오류가 발생했습니다: PIN이 맞지 않습니다. (pin401_1)")
    assert rows(till.home, REFUND) == [] and portone.balance(merchant_uid) == TOTAL
    till.wait_to_be_at("approvalPin")
    till.type(*PINS[SECOND], "Return")
    till.wait_to_read(REFUNDED)
    assert portone.balance(merchant_uid) == TOTAL - 6_400
    asked = f"staff:{OWN_SELLER}:buyer:{BUYER}"
    assert rows(till.home, REFUND) == [(6_400, asked, f"staff:{SECOND}")]
    assert rows(
        till.home, "SELECT amount, asked_by, approved_by, used_at IS NOT NULL FROM approvals"
    ) == [(6_400, OWN_SELLER, SECOND, 1)]
    actors = rows(till.home, "SELECT DISTINCT actor FROM ledger WHERE actor LIKE 'staff:%'")
    assert (f"staff:{SECOND}",) in actors, "the ledger's entry is of whoever approved"
    till.type("F3")
    people = (f"요청: 직원 김하나 (구매자 {BUYER})", "승인: 직원 최다온")
    eventually(
        lambda: any(all(one in text.text for one in people) for text in till.shown()),
        lambda: till.reported("the history does not name both"),
    )
    assert till.close() == 0
    assert till.trouble() == []
    assert chain_is_whole(till.home)


def test_the_own_pin_is_enough_below_and_a_manager_is_needed_above(
    till: Till, portone: PortOne, phone: Phone
) -> None:
    sign_in(till, OWN_SELLER)
    merchant_uid = pay(till, phone)
    open_item(till, LATTE)
    till.wait_to_read("환불하려면 PIN을 다시 입력해 주세요.")
    till.wait_to_be_at("approvalPin")
    till.type(*PINS[OWN_SELLER], "Return")
    till.wait_to_read(REFUNDED)
    till.type("Escape")
    open_item(till, BEANS)
    till.wait_to_read("점장의 승인이 필요합니다.")
    assert "최다온 · 판매자" not in [one.text for one in till.shown()]
    till.wait_to_be_at("approvalPin")
    till.type(*PINS[MANAGER], "Return")
    till.wait_to_read(REFUNDED)
    assert portone.balance(merchant_uid) == TOTAL - 4_500 - 14_000
    asked = f"staff:{OWN_SELLER}:buyer:{BUYER}"
    assert rows(till.home, REFUND) == [
        (4_500, asked, asked),
        (14_000, asked, f"staff:{MANAGER}"),
    ]
    assert till.close() == 0
    assert till.trouble() == []


def test_a_cashier_sees_what_is_missing_and_hands_over(
    till: Till, portone: PortOne, phone: Phone
) -> None:
    """A cashier sells; a refund of any amount needs somebody with the right; whoever takes over
    refunds alone within the limit."""
    sign_in(till, CASHIER)
    assert not till.reads("4 신청") and not till.reads("5 배송")
    merchant_uid = pay(till, phone)
    open_item(till, LATTE)
    till.wait_to_read("다른 직원의 승인이 필요합니다.")
    till.wait_to_press("4,500원 결제취소")
    till.type("F8")
    till.wait_to_read(
        "결제 취소 중 오류가 발생했습니다: 다른 직원의 승인이 필요합니다. (approval403_1)"
    )
    assert rows(till.home, REFUND) == []
    change_to(till, OWN_SELLER, "주문/결제 취소")
    till.type("Escape")
    till.wait_to_read("번호를 입력하거나 스캔해 주세요.")
    till.type("Escape")
    open_item(till, LATTE)
    till.wait_to_read("환불하려면 PIN을 다시 입력해 주세요.")
    till.wait_to_be_at("approvalPin")
    till.type(*PINS[OWN_SELLER], "Return")
    till.wait_to_read(REFUNDED)
    assert portone.balance(merchant_uid) == TOTAL - 4_500
    eventually(lambda: rows(till.home, REFUND), "no refund")
    ((_, asked, _),) = rows(till.home, REFUND)
    assert asked == f"staff:{OWN_SELLER}:buyer:{BUYER}"
    assert till.close() == 0
