"""A seller's morning by keyboard alone: find, approve, refuse, undo, export, and what moved."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.deadline import eventually
from tests.e2e.desk import (
    SELLER,
    Requested,
    balances,
    left_to_send,
    refunds_of,
    refunds_requested_this_week,
    shop_with_requests,
)
from tests.e2e.program import DrivenProgram
from tests.e2e.screen import VirtualScreen
from tests.e2e.shop import chain_is_whole

REQUESTED = 6
NOTE = "box is open"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shop_with_requests(home, REQUESTED)
    return home


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "person" / "Documents"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def demo(home: Path, documents: Path, tmp_path: Path) -> Iterator[DrivenProgram]:
    # Of no desktop: one that has a dialog for files of its own would show that one.
    person = {
        "POSAPP_START_SCREEN": "home",
        "HOME": str(documents.parent),
        "XDG_CURRENT_DESKTOP": "",
        "XDG_CONFIG_HOME": "",
    }
    with VirtualScreen("1440x900") as screen:  # the filters in daily use are on view
        program = DrivenProgram(("demo", "--home", str(home)), screen, tmp_path, person, {})
        yield program
        program.end()


def open_the_desk(demo: DrivenProgram) -> None:
    """From home by the cards to the seller's requests: 대기, 환불, 이번 주."""
    demo.wait_for_window()
    demo.wait_to_read("홈")
    demo.wait_to_read("미전송 없음")
    demo.open_cards()
    demo.tab_to("sellerId")
    demo.type(*str(SELLER), "Return")
    demo.wait_to_read("교환 및 환불 신청서")
    demo.wait_to_read_of("대기 ")  # its count: the first page is there
    for track, steps in (("교환/환불: ", 1), ("상태: ", 1), ("기간: ", 2)):
        demo.tab_to(track)
        demo.move("Right", steps)


def agree(demo: DrivenProgram, action: str, key: str, note: str = "") -> None:
    """Type the note into the question, if there is one, and press the key of its action."""
    demo.wait_to_read(action)
    if note:
        demo.tab_to("requestNote")
        demo.type(*["space" if one == " " else one for one in note])
    demo.wait_to_press(action)
    demo.type(key)


def test_find_approve_refuse_undo_and_export_by_keyboard(demo: DrivenProgram, home: Path) -> None:
    requested = [one for one in refunds_requested_this_week(home) if one.state == "WAIT"]
    assert len(requested) >= REQUESTED
    approved, refused, undone, left = requested[:3], requested[3], requested[4], requested[4:]
    back = {one.imp_uid: one.amount for one in approved}
    open_the_desk(demo)
    demo.wait_to_read(f"{len(requested)}건")
    before = balances(home)

    demo.tab_to("requestTable")
    demo.type("space", "Down", "space", "Down", "space")
    demo.wait_to_read_of("3건 선택")
    demo.type("F7")
    total = won(sum(one.amount for one in approved))
    demo.wait_to_read(f"신청 3건을 승인할까요? 환불 금액은 모두 {total}입니다.")
    demo.wait_to_read(total)
    agree(demo, f"{total} 환불 승인", "F7")
    demo.wait_to_read_of("성공적으로 처리되었습니다. 신청 3건 승인")
    demo.wait_to_read(f"{len(requested) - 3}건")
    eventually(
        lambda: taken(before, balances(home)) == back,
        lambda: demo.reported(f"went back: {taken(before, balances(home))}, and not {back}"),
    )

    demo.type("F8")  # the next waiting row is current after a decision
    demo.wait_to_read("이 신청을 거부할까요?")
    demo.wait_to_read_of(f"{refused.item_id} (주문 ")
    agree(demo, "1건 거부", "F8", NOTE)
    demo.wait_to_read_of(f"성공적으로 처리되었습니다. 주문상품번호 {refused.item_id} 환불 거부")
    demo.type("F7")
    demo.wait_to_read(f"{won(undone.amount)} 환불 신청을 승인할까요?")
    demo.wait_to_read_of(f"{undone.item_id} (주문 ")
    agree(demo, f"{won(undone.amount)} 환불 승인", "F7")
    demo.wait_to_read_of(f"성공적으로 처리되었습니다. 주문상품번호 {undone.item_id} 환불 승인")
    demo.type("Ctrl+z")
    demo.wait_to_read_of(f"되돌렸습니다. 주문상품번호 {undone.item_id}번은 다시 대기 중입니다.")

    demo.type("Ctrl+e")
    demo.wait_to_read_of("교환환불신청-")
    demo.type("Ctrl+a", *"desk.csv", "Return")
    demo.wait_to_read_of(f"{len(left)}건을 desk.csv에 저장했습니다.")
    with (home / "exports" / "desk.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(int(one["주문상품번호"]), int(one["금액"])) for one in lines] == [
        (one.item_id, one.amount) for one in left
    ]
    assert {(one["교환/환불"], one["상태"]) for one in lines} == {("환불", "대기")}

    now = {one.id: one for one in refunds_requested_this_week(home)}
    assert [outcome(now[one.id]) for one in approved] == [("OK", "", "CONFIRMED")] * 3
    assert outcome(now[refused.id]) == ("CANCEL", NOTE, None)
    assert [now[one.id] for one in left] == left
    assert refunds_of(home, undone.item_id) == [("REFUSED", 0)]  # taken back, and never sent
    assert refunds_of(home, refused.item_id) == []
    assert left_to_send(home) == 0
    assert taken(before, balances(home)) == back
    assert demo.close() == 0
    assert demo.trouble() == []
    assert chain_is_whole(home)


def outcome(requested: Requested) -> tuple[str, str, str | None]:
    return requested.state, requested.note, requested.refund


def won(amount: int) -> str:
    return f"{amount:,}원"


def taken(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """The won by which payments went down."""
    assert before.keys() == after.keys()
    return {
        imp_uid: balance - after[imp_uid]
        for imp_uid, balance in before.items()
        if after[imp_uid] != balance
    }
