"""Decisions: their cost, their result, undoing them; all of it by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.requests import Decision, RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress, RequestFilter
from posapp.ui.requests.request_filter_state import Period, RequestFilterState
from posapp.ui.requests.request_row_text import ACT, STATE
from posapp.ui.requests.row_painter import APPROVE, REJECT
from tests.ui.requests.conftest import painted_row
from tests.ui.requests.desk_records import SELLER, FakeExport, row

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def text_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_approval_shows_its_amount_before_confirming(desk) -> None:
    desk.key(KEY.Key_F7)
    text = text_of(desk.question())
    for part in ("24,000원", "핸드드립 서버 600ml", "이도윤 (11)", "2001 (주문 1000)", "환불"):
        assert part in text
    assert desk.desk.requested("decide") == []
    desk.decline()
    assert desk.desk.requested("decide") == []


def test_an_approved_refund_is_reported_and_its_row_moves_at_once(desk) -> None:
    desk.key(KEY.Key_F7)
    desk.agree()
    assert desk.desk.requested("decide") == [("decide", 1, Decision.APPROVE, "")]
    line = desk.screen.model.line_at(0)
    assert (line.primary[STATE], line.secondary[STATE]) == ("승인", "환불 대기")
    bar, offer = desk.screen.view.result, desk.window.status_bar.undo
    assert bar.isVisible() and offer.isVisible()
    assert bar.message == "성공적으로 처리되었습니다. 주문상품번호 2001 환불 승인"
    assert offer.message == "2001 승인"
    assert offer.button.text() == "되돌리기 (5초)"


def test_an_exchange_costs_goods_and_no_money(desk) -> None:
    desk.screen.view.view.select(3)
    desk.key(KEY.Key_F7)
    assert "환불되는 금액은 없으며" in text_of(desk.question())
    desk.agree()
    assert desk.screen.model.row_at(3).money is RefundProgress.NONE


def test_a_refusal_has_to_have_a_note(desk) -> None:
    desk.key(KEY.Key_F8)
    question = desk.question()
    assert not question.yes.isEnabled()
    desk.key(KEY.Key_F8)
    assert question.notice.text() == "거부 사유를 선택하거나 적어 주세요."
    desk.tab_to(question.note.line)
    desk.type("   ")
    desk.key(KEY.Key_Return)
    assert not question.yes.isEnabled() and question.note.line.hasFocus()
    desk.key(KEY.Key_F8)
    assert desk.desk.requested("decide") == []
    question.note.clear()
    question.no.setFocus()
    desk.agree("사용 흔적")
    assert desk.desk.requested("decide") == [("decide", 1, Decision.REJECT, "사용 흔적")]
    assert desk.screen.model.row_at(0).state is RequestState.CANCEL


def test_approving_takes_two_keys(desk) -> None:
    desk.key(KEY.Key_F7)
    question = desk.question()
    assert question.yes.text() == "24,000원 환불 승인" and question.yes.key == "F7"
    desk.wait(question.can_agree)
    desk.key(KEY.Key_F8)
    assert desk.desk.requested("decide") == [] and question.isVisible()
    desk.key(KEY.Key_F7)
    assert desk.desk.requested("decide") == [("decide", 1, Decision.APPROVE, "")]


def test_rejecting_takes_three_keys(desk) -> None:
    desk.key(KEY.Key_F8)
    question = desk.question()
    desk.wait(lambda: question._guard.was_painted)
    assert [chip.text() for chip in question.note.chips][1] == "2 신청 기간 지남"
    desk.key(KEY.Key_2)
    assert question.note.chips[1].isChecked() and question.no.hasFocus()
    desk.key(KEY.Key_F7)
    assert desk.desk.requested("decide") == []
    desk.key(KEY.Key_F8)
    assert desk.desk.requested("decide") == [("decide", 1, Decision.REJECT, "신청 기간 지남")]


def test_digits_in_the_note_are_text(desk) -> None:
    desk.key(KEY.Key_F8)
    question = desk.question()
    desk.tab_to(question.note.line)
    desk.type("2 days late")
    assert question.message == "2 days late"
    desk.decline()


def test_enter_on_a_fresh_decision_changes_nothing(desk) -> None:
    desk.key(KEY.Key_F7)
    question = desk.question()
    desk.wait(question.can_agree)
    desk.key(KEY.Key_Return)
    desk.back_at_the_table()
    assert desk.desk.requested("decide") == []


@pytest.mark.parametrize(("action", "decision"), [(APPROVE, "승인"), (REJECT, "거부")])
def test_the_buttons_in_the_row_ask_about_that_row(desk, action, decision) -> None:
    view = desk.screen.view.view
    cell = view.visualRect(desk.screen.model.index(2, ACT))
    spots = [
        QPoint(x, cell.center().y())
        for x in range(cell.left(), cell.right(), 4)
        if view.painter_of_rows.action_at(2, cell, QPoint(x, cell.center().y())) == action
    ]
    assert len(spots) * 4 >= 48
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spots[5])
    question = desk.question()
    assert decision in question.windowTitle()
    assert "2003" in text_of(question)
    desk.decline()


def test_a_done_row_offers_nothing(desk) -> None:
    desk.screen.view.view.select(4)
    assert not desk.screen.view.approve.isEnabled()
    assert desk.screen.model.index(4, ACT).data() == "처리완료"
    desk.key(KEY.Key_F7)
    assert desk.desk.requested("cost") == []


def test_first_actor_and_time_are_shown_and_the_row_is_reloaded(desk) -> None:
    desk.desk.refusals[1] = UserError(
        ErrorCode.REQUEST_DONE, who="seller:8", when="2026-11-25T05:29:00+00:00"
    )
    desk.key(KEY.Key_F7)
    question = desk.press_yes("확인")
    assert question.isVisible() and question.message == "확인"
    assert question.notice.text() == (
        "처리 중 오류가 발생했습니다: 이미 처리된 요청입니다. (판매자 8, 오늘 14:29)"
    )
    assert not desk.screen.view.banner.isVisible()
    desk.decline()
    pages = len(desk.desk.requested("page"))
    desk.process_events()
    assert len(desk.desk.requested("page")) == pages + 1


def test_whoever_decided_first_is_shown_by_their_name(desk) -> None:
    at = "2026-11-25T05:29:00+00:00"
    desk.desk.refusals[1] = UserError(
        ErrorCode.REQUEST_DONE, who="staff:2:seller:8", when=at, name="김하나"
    )
    desk.key(KEY.Key_F7)
    assert "(김하나 님, 오늘 14:29)" in desk.press_yes("확인").notice.text()
    desk.decline()


def test_an_unknown_request_is_reported_before_anything_is_queried(desk) -> None:
    desk.desk.rows = desk.desk.rows[1:]
    desk.key(KEY.Key_F7)
    assert desk.screen.view.banner.message == (
        "처리 중 오류가 발생했습니다: 신청을 찾지 못했습니다."
    )
    desk.process_events()
    assert desk.ids() == [2, 3, 4, 5, 6]


def test_many_are_decided_at_once_with_a_result_for_each(desk) -> None:
    desk.desk.refusals[2] = UserError(ErrorCode.OUT_OF_STOCK, product="종이 필터")
    desk.key(KEY.Key_A, CONTROL)
    assert desk.screen.view.chosen.text() == "4건 선택 · 65,000원"
    desk.key(KEY.Key_F7)
    text = text_of(desk.question())
    assert "65,000원" in text
    assert "1건 · 새 상품 발송" in text
    desk.agree()
    assert [call[1] for call in desk.desk.requested("decide")] == [1, 2, 3, 4]
    banner = desk.screen.view.banner.message
    assert "3건을 처리했습니다. 1건은 처리하지 못했습니다." in banner
    assert (
        "주문상품번호 2002: 처리 중 오류가 발생했습니다: 종이 필터의 재고가 부족합니다." in banner
    )
    model = desk.screen.model
    assert [model.row_at(at).state for at in range(4)] == [
        RequestState.OK,
        RequestState.WAIT,
        RequestState.OK,
        RequestState.OK,
    ]
    assert model.line_at(1).secondary[STATE] == "처리하지 못함"
    assert [one.id for one in model.ticked_rows] == [2]
    desk.key(KEY.Key_Z, CONTROL)
    assert [call[1] for call in desk.desk.requested("undo")][:1] == [1]


def test_many_can_be_taken_back_together(desk) -> None:
    desk.key(KEY.Key_A, CONTROL)
    desk.key(KEY.Key_F7)
    desk.agree()
    desk.screen.view.view.select(4)
    desk.key(KEY.Key_Z, CONTROL)
    assert [call[1] for call in desk.desk.requested("undo")] == [1, 2, 3, 4]
    assert all(one.state is RequestState.WAIT for one in desk.screen.model.rows[:4])
    assert "다시 대기 중입니다" in desk.screen.view.result.message
    assert not desk.window.status_bar.undo.isVisible()


def test_a_decision_can_be_taken_back_from_another_page(desk) -> None:
    desk.key(KEY.Key_F7)
    desk.agree()
    desk.key(KEY.Key_PageDown)
    desk.key(KEY.Key_Z, CONTROL)
    assert desk.desk.requested("undo") == [("undo", 1)]
    assert "주문상품번호 2001" in desk.screen.view.result.text_label.text()


def test_the_next_waiting_row_is_current_after_a_decision(desk) -> None:
    view = desk.screen.view.view
    view.select(2)
    desk.key(KEY.Key_F7)
    desk.agree()
    assert view.row == 3
    desk.key(KEY.Key_F8)
    desk.agree("사용 흔적")
    assert view.row == 0  # the last row of the page is done, so the first that waits
    desk.key(KEY.Key_A, CONTROL)
    desk.key(KEY.Key_F7)
    desk.agree()
    assert view.row == 0  # none is left


def test_a_row_that_could_not_be_decided_stays_current_with_its_reason(desk) -> None:
    desk.desk.refusals[1] = UserError(ErrorCode.OUT_OF_STOCK, product="종이 필터")
    desk.key(KEY.Key_F7)
    desk.press_yes()
    desk.decline()
    view = desk.screen.view.view
    assert view.row == 0
    assert "종이 필터의 재고가 부족합니다." in desk.screen.model.line_at(0).message
    shown = [text.text.text() for text in painted_row(desk, 0).texts]
    assert "처리 중 오류가 발생했습니다: 종이 필터의 재고가 부족합니다." in shown
    assert view.rowHeight(0) > view.rowHeight(1)


def test_the_newest_decision_is_undone_wherever_the_cursor_is(desk) -> None:
    for _ in range(2):
        desk.key(KEY.Key_F7)
        desk.agree()
    desk.screen.view.view.select(0)
    desk.key(KEY.Key_Z, CONTROL)
    desk.key(KEY.Key_Z, CONTROL)
    assert desk.desk.requested("undo") == [("undo", 2), ("undo", 1)]


def test_the_offer_ends_with_its_seconds_and_the_page_is_read_again(desk) -> None:
    desk.key(KEY.Key_F7)
    desk.agree()
    bar, undo = desk.window.status_bar.undo, desk.screen.decisions.undoable
    desk.clock.advance(seconds=3)
    undo.tick()
    assert "2초" in bar.button.text()
    desk.clock.advance(seconds=2)
    pages = len(desk.desk.requested("page"))
    undo.tick()
    assert not bar.isVisible()
    desk.process_events()
    assert len(desk.desk.requested("page")) == pages + 1
    desk.key(KEY.Key_Z, CONTROL)
    assert desk.desk.requested("undo") == []


def test_a_message_stays_beside_the_offer_of_an_older_action(desk, tmp_path) -> None:
    desk.key(KEY.Key_F7)
    desk.agree()
    bar, offer = desk.screen.view.result, desk.window.status_bar.undo
    desk.screen.export.start(Actor.seller(SELLER.id), tmp_path / "desk.csv")
    desk.clock.advance(seconds=1)
    desk.screen.decisions.undoable.tick()
    assert "desk.csv에 저장했습니다." in bar.message
    assert "4초" in offer.button.text() and offer.isVisible()
    desk.clock.advance(seconds=4)
    desk.screen.decisions.undoable.tick()
    assert "desk.csv에 저장했습니다." in bar.message
    assert not offer.isVisible()
    bar._timer.timeout.emit()
    assert not bar.isVisible()


def test_a_decision_is_taken_back_once_however_often_the_key_is_pressed(desk, held) -> None:
    desk.key(KEY.Key_F7)
    desk.agree()
    desk.screen.decisions._runner = held
    desk.key(KEY.Key_Z, CONTROL)
    desk.key(KEY.Key_Z, CONTROL)
    assert len(held.held) == 1


def test_too_late_is_reported(desk) -> None:
    desk.key(KEY.Key_F7)
    desk.agree()
    desk.clock.advance(seconds=5)
    desk.screen.decisions.undo((1,))
    assert desk.screen.view.banner.message == (
        "처리 중 오류가 발생했습니다: 처리를 되돌릴 수 있는 시간이 지났습니다."
    )


def test_the_row_that_was_decided_stays_under_a_filter_until_it_counts(desk) -> None:
    desk.screen.view.filters.bar.state.segments[1].click()
    desk.screen.view.view.setFocus()
    desk.key(KEY.Key_F7)
    desk.agree()
    desk.key(KEY.Key_F5)
    assert desk.ids()[0] == 1
    desk.clock.advance(seconds=5)
    desk.screen.decisions.undoable.tick()
    desk.process_events()
    assert 1 not in desk.ids()


def test_nothing_is_decided_twice_while_the_first_is_under_way(make_desk, held) -> None:
    desk = make_desk(runner=held)
    for _ in range(2):
        held.held.pop(0)()
    desk.wait(lambda: len(held.held) == 2)
    held.held.clear()
    desk.key(KEY.Key_F7)
    desk.key(KEY.Key_F7)
    assert len(held.held) == 1
    held.held.pop()()
    question = desk.press_yes()
    assert question.is_busy and not question.can_agree()
    desk.key(KEY.Key_F7)
    assert len(held.held) == 1
    desk.decline()  # what was begun goes on
    assert not desk.screen.view.approve.isEnabled()
    desk.key(KEY.Key_F7)
    assert len(held.held) == 1
    held.held.pop()()
    assert desk.screen.model.row_at(0).state is RequestState.OK


def test_offline_approval_is_shown_as_not_yet_refunded(desk) -> None:
    desk.screen.set_online(False)
    desk.key(KEY.Key_F7)
    desk.agree()
    assert desk.screen.model.line_at(0).secondary[STATE] == "환불 접수 (아직 환불되지 않음)"


def test_an_outcome_after_leaving_is_notified_in_passing(make_desk, held, qtbot) -> None:
    desk = make_desk(runner=held)
    for _ in range(2):
        held.held.pop(0)()
    held.held.clear()
    desk.key(KEY.Key_F7)
    held.held.pop()()
    desk.press_yes()
    desk.decline()
    desk.window.show_screen("home")
    with qtbot.waitSignal(desk.screen.notified) as reported:
        held.held.pop()()
    assert reported.args == ["성공적으로 처리되었습니다."]


def test_rows_are_copied_as_a_sheet_reads_them(desk) -> None:
    desk.key(KEY.Key_C, CONTROL)
    (line,) = QApplication.clipboard().text().split("\n")
    assert line.split("\t") == [
        *("2026-11-25 13:49", "11", "이도윤", "2001", "1000", "환불"),
        *("배송 중에 파손되었어요", "핸드드립 서버 600ml", "24000", "대기"),
    ]
    assert desk.screen.view.result.text_label.text() == "1건을 복사했습니다."
    desk.screen.model.set_checked(1, True)
    desk.screen.model.set_checked(2, True)
    desk.key(KEY.Key_C, CONTROL)
    lines = QApplication.clipboard().text().split("\n")
    assert [line.split("\t")[3] for line in lines] == ["2002", "2003"]


def test_what_is_selected_in_a_field_is_copied_from_there(desk) -> None:
    desk.key(KEY.Key_F2)
    desk.type("abc")
    desk.key(KEY.Key_A, CONTROL)
    desk.key(KEY.Key_C, CONTROL)
    assert QApplication.clipboard().text() == "abc"


def test_copied_text_starts_no_formula(desk) -> None:
    desk.desk.rows = [
        row(1, reason='=HYPERLINK("http://x")\tb', buyer_name="+1"),
        *desk.desk.rows[1:],
    ]
    desk.key(KEY.Key_F5)
    desk.key(KEY.Key_C, CONTROL)
    cells = QApplication.clipboard().text().split("\t")
    assert len(cells) == 10
    assert not [cell for cell in cells if cell[:1] in "=+@"]


def save_in(desk, folder: Path) -> None:
    """Take the name that is offered, by Enter."""
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    QApplication.activeModalWidget().setDirectory(str(folder))
    desk.key(KEY.Key_Return)


def test_an_export_can_be_stopped(desk, tmp_path) -> None:
    def stop(step: int) -> None:
        if step == 2:
            desk.screen.view.exporting.button.click()

    desk.export.before_step = stop
    desk.key(KEY.Key_E, CONTROL)
    save_in(desk, tmp_path)
    assert desk.screen.view.banner.message == "내보내기를 취소했습니다. 파일은 남지 않았습니다."
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_is_reported(desk, tmp_path) -> None:
    desk.export.trouble = EnvironmentProblem(EnvironmentCode.DISK_FULL)
    desk.screen.export.start(Actor.seller(SELLER.id), tmp_path / "a.xlsx")
    assert desk.screen.view.banner.message.startswith("처리 중 오류가 발생했습니다: 저장 공간이")
    assert not desk.screen.view.exporting.isVisible()


def test_an_export_shows_how_far_it_is(make_desk, held, tmp_path) -> None:
    desk = make_desk(runner=held)
    for wanted in (1, 1, 2):
        desk.wait(lambda count=wanted: len(held.held) == count)
        for _ in range(wanted):
            held.held.pop(0)()
    desk.screen.export.start(Actor.seller(SELLER.id), tmp_path / "a.csv")
    assert desk.screen.view.exporting.isVisible()
    desk.screen.export._written = 21
    desk.screen.export._timer.timeout.emit()
    assert desk.screen.view.exporting.text_label.text() == "저장 중… 63건 중 21건"
    assert desk.screen.view.exporting.line.value() == 333
    held.held.pop()()
    assert not desk.screen.view.exporting.isVisible()


def test_an_export_goes_to_the_shops_folder_which_is_named_and_opened(
    make_desk, tmp_path, file_manager
) -> None:
    exports = tmp_path / "shop" / "exports"
    desk = make_desk(exports=exports)
    desk.key(KEY.Key_E, CONTROL)
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    desk.key(KEY.Key_Return)
    assert [one.name for one in exports.iterdir()] == ["교환환불신청-2026-11-25.xlsx"]
    bar = desk.screen.view.result
    assert bar.text_label.text().replace("\u200b", "") == (
        f"30건을 교환환불신청-2026-11-25.xlsx에 저장했습니다. 폴더: {exports}"
    )
    desk.window.activateWindow()  # as a window manager does when a dialog ends
    bar.folder_button.setFocus()  # as Tab does; it has no key of its own
    desk.key(KEY.Key_Return)
    assert file_manager.opened == [exports]
    bar._timer.timeout.emit()
    assert not bar.isVisible() and not bar.folder_button.isVisible()


def test_another_folder_that_was_chosen_is_the_one_named(make_desk, tmp_path, file_manager) -> None:
    elsewhere = tmp_path / "USB"
    elsewhere.mkdir()
    desk = make_desk(exports=tmp_path / "exports")
    desk.key(KEY.Key_E, CONTROL)
    save_in(desk, elsewhere)
    bar = desk.screen.view.result
    assert bar.text_label.text().replace("\u200b", "").endswith(f"폴더: {elsewhere}")
    bar.folder_button.click()
    assert file_manager.opened == [elsewhere]


def test_a_folder_that_is_gone_is_reported_where_it_was_offered(
    desk, tmp_path, file_manager
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    desk.screen.export.start(Actor.seller(SELLER.id), gone / "a.xlsx")
    for left in gone.iterdir():
        left.unlink()
    gone.rmdir()
    bar = desk.screen.view.result
    bar.folder_button.click()
    assert bar.text_label.text().replace("\u200b", "") == f"폴더를 열지 못했습니다: {gone}"
    assert not bar.folder_button.isVisible() and file_manager.opened == []


def test_a_decision_after_an_export_offers_no_folder(desk, tmp_path) -> None:
    desk.screen.export.start(Actor.seller(SELLER.id), tmp_path / "a.xlsx")
    bar = desk.screen.view.result
    assert bar.folder_button.isVisible()
    desk.key(KEY.Key_F7)
    desk.agree()
    assert not bar.folder_button.isVisible()


def test_name_without_extension_gets_the_chosen_one(desk, tmp_path) -> None:
    desk.key(KEY.Key_E, CONTROL)
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog = QApplication.activeModalWidget()
    paths = []
    dialog.path_chosen.connect(paths.append)
    dialog._take_ending("CSV (*.csv)")
    dialog._choose(str(tmp_path / "신청"))
    assert paths == [tmp_path / "신청.csv"]
    dialog.reject()


def test_a_morning_at_the_desk_by_keyboard_alone(desk, tmp_path) -> None:
    """대기 + 환불 + this week, three approved, one refused with a note, one undone, exported."""
    layout = desk.screen.view
    bar = layout.filters.bar
    desk.tab_to(bar.kind.segments[0])
    desk.key(KEY.Key_Right)
    desk.tab_to(bar.state.segments[0])
    desk.key(KEY.Key_Right)
    desk.tab_to(bar.period.segments[0])
    desk.key(KEY.Key_Right)
    desk.key(KEY.Key_Right)
    assert layout.filters.filters == RequestFilterState(
        kind=RequestKind.REFUND, state=RequestState.WAIT, period=Period.WEEK
    )
    assert desk.ids() == [1, 2, 3, 13, 14]
    desk.tab_to(layout.view)

    for _ in range(3):
        desk.key(KEY.Key_Space)
        desk.key(KEY.Key_Down)
    desk.key(KEY.Key_F7)
    assert "65,000원" in text_of(desk.question())
    desk.agree()
    assert [desk.desk.get(one).state for one in (1, 2, 3)] == [RequestState.OK] * 3

    assert layout.view.row == 3
    desk.key(KEY.Key_F8)
    desk.agree("유통기한이 지난 뒤의 신청입니다")
    assert desk.desk.get(13).state is RequestState.CANCEL
    assert desk.desk.get(13).note == "유통기한이 지난 뒤의 신청입니다"
    assert layout.view.row == 4

    desk.key(KEY.Key_Z, CONTROL)
    assert desk.desk.requested("undo") == [("undo", 13)]
    assert desk.desk.get(13).state is RequestState.WAIT

    desk.clock.advance(seconds=5)
    desk.screen.decisions.undoable.tick()
    desk.process_events()
    assert desk.ids() == [13, 14, 15, 17, 18]

    desk.key(KEY.Key_E, CONTROL)
    save_in(desk, tmp_path)
    file = tmp_path / "교환환불신청-2026-11-25.xlsx"
    assert file.read_text(encoding="utf-8") == "whole"
    assert "30건을 교환환불신청-2026-11-25.xlsx에 저장했습니다." in layout.result.text_label.text()
    requested: RequestFilter = desk.export.calls[0][1]
    assert (requested.kind, requested.state) == (RequestKind.REFUND, RequestState.WAIT)
    assert requested.since is not None
    assert isinstance(desk.export, FakeExport)
