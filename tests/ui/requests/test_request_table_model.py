"""The model of a page: under Qt's own tester, with rows that come, go and change."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from posapp.domain.requests import MAX_REQUEST_TEXT_LENGTH, ClosedBy, RequestState
from posapp.services.ports.requests import RefundProgress
from posapp.ui.requests import request_table_model
from posapp.ui.requests.request_row_text import (
    ACT,
    BUYER,
    COLUMNS,
    CREATED,
    REASON,
    STATE,
    TICK,
    RowMessage,
)
from posapp.ui.requests.request_table_model import RequestTableModel
from tests.ui.requests.desk_records import NOW, FakeClock, done, row, story

DISPLAY = Qt.ItemDataRole.DisplayRole


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def model(texts, clock) -> RequestTableModel:
    made = RequestTableModel(texts, clock)
    made.tester = QAbstractItemModelTester(
        made, QAbstractItemModelTester.FailureReportingMode.Fatal, made
    )
    return made


def ids(model: RequestTableModel) -> list[int]:
    return [row.id for row in model.rows]


def test_model_passes_qts_tester_through_random_pages(model, clock) -> None:
    chance = random.Random(4)
    rows = story()
    for _ in range(60):
        page = sorted(chance.sample(rows, chance.randint(0, 12)), key=lambda one: one.id)
        if chance.random() < 0.3:
            model.show_page(page)
        else:
            model.merge_page(page)
        assert ids(model) == [one.id for one in page]
        if page:
            model.set_checked(0, chance.random() < 0.5)
            model.set_message(page[0].id, RowMessage("error", "x"))
        model.update_countdowns()


def test_a_merge_leaves_the_cursor_on_its_row(model) -> None:
    model.show_page([row(2), row(3), row(4)])
    cursor = QPersistentModelIndex(model.index(1, 0))
    model.merge_page([row(1), row(2), row(3, reason="바뀐 사유"), row(5)])
    assert ids(model) == [1, 2, 3, 5]
    assert cursor.row() == 2
    assert model.index(2, REASON).data() == "바뀐 사유"


def test_removed_row_removes_no_other(model) -> None:
    model.show_page([row(1), row(2), row(3)])
    cursor = QPersistentModelIndex(model.index(1, 0))
    model.merge_page([row(1), row(3)])
    assert ids(model) == [1, 3]
    assert not cursor.isValid()


def test_unchanged_rows_are_not_painted_again(model, qtbot) -> None:
    page = [row(1), row(2), done(5)]
    model.show_page(page)
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.merge_page(page)


def test_a_decided_row_stays_while_it_can_be_undone(model, clock) -> None:
    model.show_page([row(1), row(2)])
    until = clock.now() + timedelta(seconds=5)
    decided = row(
        1,
        state=RequestState.OK,
        ended_by=ClosedBy.SELLER,
        processed_at=NOW,
        undo_until=until,
        money=RefundProgress.WAITING,
    )
    model.update_row(decided)
    model.merge_page([row(2)])
    assert ids(model) == [1, 2]
    assert model.index(0, ACT).data() == "되돌리기 (5초)"
    clock.advance(seconds=3)
    assert model.update_countdowns()
    assert model.index(0, ACT).data() == "되돌리기 (2초)"
    clock.advance(seconds=2)
    assert not model.update_countdowns()
    assert model.index(0, ACT).data() == "처리완료"
    model.merge_page([row(2)])
    assert ids(model) == [2]


def test_row_with_unexplained_money_offers_no_decision(
    model,
) -> None:
    """Like all rows while an older copy is compared."""
    model.show_page([row(1, in_doubt=True), row(2)])
    text = [model.index(at, ACT).data() for at in range(2)]
    assert text == ["확인 중", ""]
    model.tick_all(True)
    assert [one.id for one in model.ticked_rows] == [2], "no tick that nobody sees"
    assert model.index(0, TICK).data(Qt.ItemDataRole.CheckStateRole) is None
    model.set_behind(True)
    assert [model.index(at, ACT).data() for at in range(2)] == ["확인 중"] * 2
    model.set_behind(False)
    model.merge_page([row(1), row(2, in_doubt=True)])
    assert [model.index(at, ACT).data() for at in range(2)] == ["", "확인 중"]
    assert model.ticked_rows == ()
    model.set_checked(0, True)
    assert [one.id for one in model.ticked_rows] == [1]


def test_only_waiting_rows_are_ticked_and_ticks_end_with_the_page(model, qtbot) -> None:
    model.show_page([row(1), done(5), row(2)])
    model.tick_all(True)
    assert [one.id for one in model.ticked_rows] == [1, 2]
    check = Qt.ItemDataRole.CheckStateRole
    assert model.index(0, TICK).data(check) is Qt.CheckState.Checked
    assert model.index(1, TICK).data(check) is None
    assert not model.setData(model.index(1, TICK), Qt.CheckState.Checked, check)
    assert model.setData(model.index(0, TICK), Qt.CheckState.Unchecked, check)
    with qtbot.waitSignal(model.ticked):
        model.show_page([row(2)])
    assert model.ticked_rows == ()


def test_tick_is_removed_when_another_user_decides_the_row(model) -> None:
    model.show_page([row(1), row(2)])
    model.tick_all(True)
    model.merge_page([done(1), row(2)])
    assert [one.id for one in model.ticked_rows] == [2]


def test_roles_that_it_has_nothing_for_are_none(model) -> None:
    model.show_page([row(1)])
    for role in (
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.FontRole,
        Qt.ItemDataRole.BackgroundRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.SizeHintRole,
    ):
        assert all(model.index(0, column).data(role) is None for column in range(len(COLUMNS)))
    assert model.data(QModelIndex(), DISPLAY) is None


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (RefundProgress.WAITING, "환불 대기"),
        (RefundProgress.CHECKING, "확인 중"),
        (RefundProgress.REFUNDED, "환불 완료"),
        (RefundProgress.NEEDS_REVIEW, "확인 필요"),
        (RefundProgress.REFUSED, "환불 거절"),
    ],
)
def test_where_the_money_is(model, money, text) -> None:
    model.show_page([done(5, money)])
    line = model.line_at(0)
    assert (line.primary[STATE], line.secondary[STATE]) == ("승인", text)


def test_offline_waiting_refund_is_shown_as_not_yet_refunded(model) -> None:
    model.show_page([done(5, RefundProgress.WAITING), done(6, RefundProgress.REFUNDED)])
    model.set_online(False)
    assert model.line_at(0).secondary[STATE] == "환불 접수 (아직 환불되지 않음)"
    assert model.line_at(1).secondary[STATE] == "환불 완료"
    model.set_online(True)
    assert model.line_at(0).secondary[STATE] == "환불 대기"


def test_a_refusal_and_a_withdrawal_are_distinguished(model) -> None:
    ended = {"state": RequestState.CANCEL, "undo_until": None}
    model.show_page(
        [
            done(1, RefundProgress.NONE, note="사용함", **ended),
            done(2, RefundProgress.NONE, ended_by=ClosedBy.BUYER, **ended),
        ]
    )
    assert [model.line_at(at).secondary[STATE] for at in (0, 1)] == ["반려", "철회"]
    assert model.line_at(0).secondary[ACT] == "사용함"


def test_foreign_text_is_cut_and_cannot_be_markup(model) -> None:
    model.show_page([row(1, reason="<b>x</b>" + "가" * 5000, buyer_name="a\u202eb\nc")])
    assert len(model.index(0, REASON).data()) <= MAX_REQUEST_TEXT_LENGTH
    assert model.line_at(0).secondary[BUYER] == "a b c"
    assert "<" not in model.index(0, REASON).data(Qt.ItemDataRole.ToolTipRole)


def test_a_tool_tip_has_the_whole_text_on_lines_of_its_own(model) -> None:
    reason = ("포장이 찢어지고 모서리가 깨졌어요. " * 30)[:500].strip()
    model.show_page([row(1, reason=reason, buyer_name="남" * 300)])
    tip = model.index(0, REASON).data(Qt.ItemDataRole.ToolTipRole)
    assert reason in tip.replace("\n", " ")
    assert max(map(len, tip.split("\n"))) <= 60
    for column in (BUYER, CREATED):  # a narrow table shows the buyer below the date
        assert "남" * 300 in model.index(0, column).data(Qt.ItemDataRole.ToolTipRole).replace(
            "\n", ""
        )


def test_why_an_action_failed_stays_below_the_row(model) -> None:
    model.show_page([row(1), row(2)])
    model.set_message(2, RowMessage("error", "재고가 부족합니다."))
    assert model.line_at(1).message == "재고가 부족합니다."
    assert "재고가 부족합니다." in model.spoken_at(1)
    model.set_message(2, None)
    assert model.line_at(1).message == ""


def test_the_language_changes_every_text(model, texts) -> None:
    model.show_page([row(1)])
    texts.set_language("en")
    assert model.line_at(0).primary[STATE] == "Waiting"
    assert model.headerData(STATE, Qt.Orientation.Horizontal, DISPLAY) == "State"


def test_columns_have_the_order_of_the_specification(model) -> None:
    text = [
        model.headerData(column, Qt.Orientation.Horizontal, DISPLAY)
        for column in range(len(COLUMNS))
    ]
    wanted = "신청날짜 구매자_번호 주문상품번호 교환/환불 사유 상태 처리_시간 처리".replace(
        "_", " "
    )
    shown = [label for label in text if label not in ("선택", "금액")]
    assert " ".join(shown) == wanted


def test_text_is_written_when_it_is_shown(texts, clock, monkeypatch) -> None:
    model = RequestTableModel(texts, clock)  # without its tester, who looks
    written: list[int] = []
    real = request_table_model.row_text

    def counted(texts, row, *args, **more):
        written.append(row.id)
        return real(texts, row, *args, **more)

    monkeypatch.setattr(request_table_model, "row_text", counted)
    model.show_page([row(3), row(4), done(6)])
    model.update_countdowns()
    model.set_online(False)
    assert written == []
    assert model.line_at(1).primary[STATE] == "대기"
    assert model.index(1, STATE).data() == "대기"
    assert written == [4]


def test_row_changed_before_the_first_read_is_reported(model, qtbot) -> None:
    model.show_page([row(1), row(2)])
    with qtbot.waitSignal(model.dataChanged) as reported:
        model.update_row(done(2))
    assert reported.args[0].row() == 1
    assert model.index(1, STATE).data() == "승인"
    with qtbot.assertNotEmitted(model.dataChanged):
        model.update_row(done(2))


def test_accessible_text_of_a_whole_row(model) -> None:
    model.show_page([row(1)])
    spoken = model.spoken_at(0)
    one = model.row_at(0)
    for text in (str(one.item_id), one.buyer_name, one.product_name, one.reason, "대기"):
        assert text in spoken
    assert model.index(0, TICK).data(Qt.ItemDataRole.AccessibleTextRole) == spoken
    assert model.spoken_at(1) == model.spoken_at(-1) == ""
