"""The request desk in its window: searching, turning pages, guards, and messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress
from posapp.ui.requests.page_address import FIT
from posapp.ui.requests.request_filter_state import Period, RequestFilterState
from posapp.ui.requests.request_row_text import REASON
from posapp.ui.requests.saved_filters import SavedFilter, read_saved, saved_text
from posapp.ui.requests.saved_filters_dialog import SavedFiltersDialog
from tests.ui.requests.desk_records import SELLER, done, row, story

KEY = Qt.Key


def test_it_begins_with_page_0_and_5_rows_newest_first(desk) -> None:
    assert desk.ids() == [1, 2, 3, 4, 5]
    assert desk.screen.pages.number == 0
    assert desk.screen.view.view.hasFocus()
    assert desk.screen.view.view.row == 0


def test_rows_are_painted_before_anything_is_counted(make_desk, held) -> None:
    desk = make_desk(runner=held)
    held.held.pop(0)()  # the seller
    held.held.pop(0)()  # the page
    assert desk.ids() == [1, 2, 3, 4, 5]
    assert desk.desk.requested("count", "state_counts") == []
    assert desk.screen.view.pager.count.text() == "세고 있습니다…"
    desk.wait(lambda: len(held.held) == 2)
    for _ in range(2):
        held.held.pop(0)()
    assert desk.screen.view.pager.count.text() == "63건"
    text = [segment.text() for segment in desk.screen.view.filters.bar.state.segments]
    assert text == ["전체", "대기 55", "취소 2", "승인 6"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (ErrorCode.USER_UNKNOWN, "가입되지 않은 회원입니다."),
        (ErrorCode.NOT_A_SELLER, "판매자가 아닙니다. 먼저 판매자 신청을 해주세요."),
    ],
)
def test_user_without_a_desk_is_refused_and_led_home(make_desk, qtbot, code, text) -> None:
    desk = make_desk(seller=UserError(code))
    assert desk.screen.view.banner.message == text
    assert desk.desk.requested("page") == []
    assert not desk.screen.view.view.isVisible()
    with qtbot.waitSignal(desk.screen.home_requested):
        desk.screen.view.banner.acted.emit()
    desk.desk.seller = SELLER
    desk.screen.open(Actor.seller(SELLER.id))
    assert desk.screen.view.view.isVisible()
    assert len(desk.ids()) == 5


def test_pages_are_turned_by_keys(desk) -> None:
    desk.key(KEY.Key_PageDown)
    assert (desk.screen.pages.number, desk.ids()) == (1, [6, 7, 8, 9, 10])
    desk.key(KEY.Key_PageDown)
    desk.key(KEY.Key_PageUp)
    assert (desk.screen.pages.number, desk.ids()) == (1, [6, 7, 8, 9, 10])
    desk.key(KEY.Key_End)
    assert (desk.screen.pages.number, desk.ids()) == (12, [61, 62, 63])
    desk.key(KEY.Key_PageDown)
    assert desk.screen.pages.number == 12
    desk.key(KEY.Key_PageUp)
    assert (desk.screen.pages.number, desk.ids()) == (11, [56, 57, 58, 59, 60])
    desk.key(KEY.Key_Home)
    desk.key(KEY.Key_PageUp)
    assert (desk.screen.pages.number, desk.ids()[0]) == (0, 1)


def test_the_last_page_before_the_count_is_set_right_after_it(make_desk, held) -> None:
    desk = make_desk(runner=held)
    for _ in range(2):
        held.held.pop(0)()
    desk.screen.pages.last()
    held.held.pop(0)()
    assert (desk.screen.pages.number, desk.ids()) == (None, [59, 60, 61, 62, 63])

    def counted() -> bool:
        while held.held:
            held.held.pop(0)()
        return desk.ids() == [61, 62, 63]

    desk.wait(counted)
    assert (desk.screen.pages.number, desk.ids()) == (12, [61, 62, 63])


def test_page_is_opened_by_its_number(desk) -> None:
    desk.key(KEY.Key_G, Qt.KeyboardModifier.ControlModifier)
    desk.type("3")
    desk.key(KEY.Key_Return)
    assert (desk.screen.pages.number, desk.ids()) == (2, [11, 12, 13, 14, 15])
    assert desk.screen.view.view.hasFocus()


def test_a_page_beyond_the_end_is_reported_and_the_last_one_shown(desk) -> None:
    desk.screen.turning.show_page(998)
    assert desk.screen.view.banner.message == "999쪽은 없어 마지막 쪽을 보여 드립니다."
    desk.wait(lambda: desk.ids() == [61, 62, 63])
    desk.screen.turning.show_page(10**30)
    desk.wait(lambda: desk.ids() == [61, 62, 63])


@pytest.mark.parametrize("typed", ["0", "-1", "둘", "1.5", "%", "' OR 1=1"])
def test_invalid_page_is_explained(desk, typed) -> None:
    desk.key(KEY.Key_G, Qt.KeyboardModifier.ControlModifier)
    desk.type(typed)
    desk.key(KEY.Key_Return)
    assert desk.screen.view.banner.message == "쪽 번호는 1부터 시작하는 숫자로 적어 주세요."
    assert desk.ids() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("size", "rows"), [(0, 5), (-3, 5), (1_000_000, 63), (10, 10)])
def test_sizes_that_cannot_be_are_reported_and_brought_into_bounds(desk, size, rows) -> None:
    desk.key(KEY.Key_PageDown)
    desk.screen.turning.set_size(size)
    assert (desk.screen.pages.number, len(desk.ids())) == (0, rows)
    assert bool(desk.screen.view.banner.message) == (size != 10)


def test_changed_filter_or_size_shows_page_0(desk) -> None:
    layout = desk.screen.view
    desk.key(KEY.Key_PageDown)
    layout.pager.sizes.segments[1].click()
    assert (desk.screen.pages.number, desk.screen.pages.size) == (0, 10)
    desk.key(KEY.Key_PageDown)
    layout.filters.bar.kind.segments[1].click()
    assert desk.screen.pages.number == 0
    assert all(one.kind is RequestKind.REFUND for one in desk.screen.model.rows)


def test_counts_of_the_states_follow_the_other_filters(desk) -> None:
    """C12: "대기 7" never stands beside "4건"."""
    bar, pager = desk.screen.view.filters.bar, desk.screen.view.pager

    def shown() -> list[str]:
        return [segment.text() for segment in bar.state.segments]

    desk.wait(lambda: shown() == ["전체", "대기 55", "취소 2", "승인 6"])
    bar.kind.segments[2].click()
    exchanges = [row for row in desk.desk.rows if row.kind is RequestKind.EXCHANGE]
    waiting = sum(row.state is RequestState.WAIT for row in exchanges)
    desk.wait(lambda: shown()[1] == f"대기 {waiting}")
    bar.state.segments[1].click()
    desk.wait(lambda: pager.count.text() == f"{waiting}건")
    assert shown()[1] == f"대기 {waiting}"
    counted = len(desk.desk.requested("state_counts"))
    bar.state.segments[3].click()  # the counts depend on the other filters only
    desk.wait(lambda: desk.screen.pages.total == len(exchanges) - waiting)
    assert len(desk.desk.requested("state_counts")) == counted
    bar.kind.segments[0].click()
    desk.wait(lambda: shown()[1] == "대기 55")


def test_a_count_moves_no_control(desk) -> None:
    bar = desk.screen.view.filters.bar
    desk.wait(lambda: bar.state.segments[1].text() == "대기 55")
    place = bar.period.geometry()
    desk.desk.rows = [row(number) for number in range(1, 400)]
    desk.key(KEY.Key_F5)
    desk.wait(lambda: bar.state.segments[1].text() == "대기 399")
    QApplication.processEvents()
    assert bar.period.geometry() == place


def test_the_page_size_can_follow_the_height(desk) -> None:
    layout = desk.screen.view
    layout.pager.sizes.segments[-1].click()
    assert (desk.screen.turning.size, desk.screen.pages.number) == (FIT, 0)
    fits = layout.view.fitting_rows
    assert len(desk.ids()) == fits > 5
    desk.window.resize(1366, 1000)
    desk.wait(lambda: layout.view.fitting_rows > fits)
    desk.wait(lambda: len(desk.ids()) == layout.view.fitting_rows)
    assert layout.pager.sizes.key is FIT
    layout.pager.sizes.segments[0].click()
    desk.window.resize(1366, 768)
    QApplication.processEvents()
    assert (desk.screen.turning.size, len(desk.ids())) == (5, 5)


def test_messages_and_the_filter_panel_move_no_row(desk) -> None:
    layout = desk.screen.view
    layout.pager.sizes.segments[-1].click()
    layout.view.setFocus()
    QApplication.processEvents()
    places = [layout.view.rowViewportPosition(at) for at in range(len(desk.ids()))]
    top = layout.view.mapTo(desk.window, layout.view.rect().topLeft())
    for show in (layout.filters.open_panel, lambda: layout.result.say(lambda: "저장했습니다.")):
        show()
        for _ in range(3):
            QApplication.processEvents()
        assert layout.view.mapTo(desk.window, layout.view.rect().topLeft()) == top
        assert [layout.view.rowViewportPosition(at) for at in range(len(desk.ids()))] == places
    assert desk.screen.pages.size == len(places)


def test_the_panel_closes_when_the_table_gets_the_focus(desk) -> None:
    desk.key(KEY.Key_F3)
    panel = desk.screen.view.filters.panel
    assert panel.isVisible()
    cell = desk.screen.view.view.visualRect(desk.screen.model.index(4, REASON))
    QTest.mouseClick(desk.screen.view.view.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    assert not panel.isVisible()
    assert desk.screen.view.view.hasFocus()


def test_as_a_work_list_it_begins_with_what_waits_as_many_as_fit(desk) -> None:
    desk.screen.open(Actor.seller(SELLER.id), work_list=True)
    QApplication.processEvents()
    rows = desk.screen.model.rows
    assert all(one.state is RequestState.WAIT for one in rows)
    assert len(rows) == desk.screen.view.view.fitting_rows > 5
    assert desk.screen.view.filters.bar.state.key is RequestState.WAIT
    desk.wait(lambda: desk.screen.view.pager.sizes.key is FIT)
    assert desk.screen.view.view.row == 0


def test_a_work_list_opened_again_keeps_its_filters_page_and_row(desk) -> None:
    actor = Actor.seller(SELLER.id)
    desk.screen.open(actor, work_list=True)
    desk.screen.view.filters.bar.kind.segments[1].click()
    desk.key(KEY.Key_PageDown)
    desk.screen.view.view.select(2)
    before = (desk.ids(), desk.screen.pages.number, desk.screen.view.view.row)
    desk.window.show_screen("home")
    desk.screen.open(actor, work_list=True)
    desk.window.show_screen("requests")
    assert (desk.ids(), desk.screen.pages.number, desk.screen.view.view.row) == before
    assert desk.screen.view.filters.filters.kind is RequestKind.REFUND
    desk.screen.open(actor)
    assert desk.ids() == [1, 2, 3, 4, 5]
    assert desk.screen.view.filters.filters == RequestFilterState()
    desk.screen.open(Actor.seller(8), work_list=True)
    assert desk.screen.view.filters.filters == RequestFilterState(state=RequestState.WAIT)


def test_the_tab_shows_the_last_sellers_work_list(desk) -> None:
    desk.window.show_screen("home")
    desk.window.show_screen("requests")
    assert desk.screen.turning.size is FIT
    assert desk.screen.view.filters.filters == RequestFilterState(state=RequestState.WAIT)
    assert desk.screen.view.view.hasFocus()


def test_it_begins_on_the_first_row_that_waits(make_desk) -> None:
    desk = make_desk(rows=[done(1), done(2), row(3), row(4)])
    assert desk.screen.view.view.row == 2
    desk.key(KEY.Key_F5)
    assert desk.screen.view.view.row == 2


def test_filters_are_joined_seen_as_chips_and_cleared_one_by_one(desk) -> None:
    filters = desk.screen.view.filters
    filters.bar.kind.segments[1].click()
    filters.bar.state.segments[1].click()
    filters.bar.period.segments[2].click()
    filters.search.setText("배송")
    filters.search.flush()
    assert filters.chips.captions == ("환불", "대기", "이번 주", "‘배송’")
    rows = desk.screen.model.rows
    assert rows
    assert all(
        one.kind is RequestKind.REFUND and one.state is RequestState.WAIT and "배송" in one.reason
        for one in rows
    )
    assert desk.screen.view.more.text() == "필터"  # all of them are on view
    desk.key(KEY.Key_F3)
    desk.tab_to(filters.chips.chips[0])
    desk.key(KEY.Key_Delete)
    assert filters.chips.captions == ("대기", "이번 주", "‘배송’")
    assert filters.chips.chips[0].hasFocus()
    filters.chips.clear_all.click()
    assert filters.filters == RequestFilterState()
    assert filters.search.text() == ""
    assert desk.ids() == [1, 2, 3, 4, 5]
    assert desk.screen.view.view.hasFocus()


def test_filters_that_are_not_on_view_are_counted(desk) -> None:
    filters = desk.screen.view.filters
    filters.bar.state.segments[1].click()
    filters.panel.order.segments[1].click()
    assert desk.screen.view.more.text() == "필터 (1)"
    desk.window.resize(1024, 768)
    desk.wait(lambda: desk.screen.view.more.text() == "필터 (2)")
    desk.wait(desk.screen.view.more.isVisible)
    assert not filters.bar.isVisible()
    desk.key(KEY.Key_F3)
    desk.wait(filters.bar.isVisible)
    assert filters.panel.isAncestorOf(desk.screen.view.pager.sizes)
    desk.window.resize(1366, 768)
    desk.wait(lambda: desk.screen.view.more.text() == "필터 (1)")
    desk.wait(filters.bar.isVisible)
    assert not filters.panel.isAncestorOf(desk.screen.view.pager.sizes)


def test_times_upside_down_are_reported_and_nothing_is_searched(desk) -> None:
    desk.key(KEY.Key_F3)
    panel = desk.screen.view.filters.panel
    assert panel.since.line.hasFocus()
    desk.type("2026-11-25")
    desk.key(KEY.Key_Tab)
    requested = len(desk.desk.requested("page"))
    desk.type("2026-11-20 08:30")
    desk.key(KEY.Key_Return)
    assert panel.until.message == "시작보다 이릅니다."
    assert desk.screen.view.is_empty
    empty = desk.screen.view.empty
    assert empty.message == "표시할 항목이 없습니다."
    assert "시작이 끝보다 늦습니다." in empty.accessibleName()
    assert len(desk.desk.requested("page")) <= requested + 1  # the requests before the second time
    desk.key(KEY.Key_Escape)
    assert not panel.isVisible()
    assert desk.screen.view.view.hasFocus() or desk.screen.view.is_empty


def test_a_time_that_cannot_be_read_narrows_nothing(desk) -> None:
    desk.key(KEY.Key_F3)
    panel = desk.screen.view.filters.panel
    desk.type("yesterday'; --")
    desk.key(KEY.Key_Return)
    assert panel.since.message
    assert desk.screen.view.filters.filters == RequestFilterState()


def test_buyer_number_and_money_are_filters_too(desk) -> None:
    desk.key(KEY.Key_F3)
    panel = desk.screen.view.filters.panel
    panel.buyer.line.setFocus()
    desk.type("김서연")
    desk.key(KEY.Key_Return)
    panel.money.segments[2].click()
    assert desk.ids() == [6]
    panel.number.line.setFocus()
    desk.type("20x")
    desk.key(KEY.Key_Return)
    assert panel.number.message == "번호는 숫자로 입력해 주세요."
    assert desk.ids() == [6]
    chips = desk.screen.view.filters.chips.captions
    assert chips == ("구매자 ‘김서연’", "확인 중")


def test_oldest_first_turns_the_order_round(desk) -> None:
    desk.screen.view.filters.panel.order.segments[1].click()
    assert desk.ids() == [63, 62, 61, 60, 59]


def test_empty_table_shows_a_reason(make_desk) -> None:
    desk = make_desk(rows=[])
    empty = desk.screen.view.empty
    assert desk.screen.view.is_empty
    assert empty.message == "표시할 항목이 없습니다."
    desk.screen.view.filters.bar.kind.segments[2].click()
    assert "교환" in empty.accessibleName()


def test_typing_asks_once_and_stale_answers_are_dropped(make_desk, held) -> None:
    desk = make_desk(runner=held)
    for _ in range(2):
        held.held.pop(0)()
    held.held.clear()
    search = desk.screen.view.search
    for text in ("배", "배송"):
        search.setText(text)
        search.flush()
    late, now = held.held
    now()
    found = desk.ids()
    late()
    assert desk.ids() == found
    assert all("배송" in one.reason for one in desk.screen.model.rows)


def test_trouble_is_reported_with_a_retry_and_the_rows_stay(desk) -> None:
    desk.desk.trouble = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    desk.key(KEY.Key_F5)
    assert desk.screen.view.banner.tone == "error"
    assert desk.ids() == [1, 2, 3, 4, 5]
    desk.desk.trouble = None
    desk.screen.view.banner.acted.emit()
    assert desk.screen.view.banner.message == ""


def test_money_moves_on_by_itself_under_the_cursor(desk) -> None:
    desk.screen.view.view.select(4)
    desk.desk.put(done(5, RefundProgress.REFUNDED))
    desk.screen.refund_changed(999)
    assert not desk.screen._again.isActive()
    desk.screen.refund_changed(505)
    desk.process_events()
    assert desk.screen.model.row_at(4).money is RefundProgress.REFUNDED
    assert desk.screen.view.view.row == 4


def test_constantly_changing_money_is_still_shown(desk, monkeypatch) -> None:
    desk.desk.put(done(5, RefundProgress.REFUNDED))
    desk.screen.refund_changed(505)
    begun: list[bool] = []
    monkeypatch.setattr(desk.screen._again, "start", lambda: begun.append(True))
    desk.screen.refund_changed(505)
    assert begun == []  # it would begin to wait again
    desk.process_events()
    assert desk.screen.model.row_at(4).money is RefundProgress.REFUNDED


def test_rows_that_were_removed_or_added_leave_the_cursor_on_its_request(desk) -> None:
    desk.screen.view.view.select(2)
    desk.desk.rows = [row(0, created_at=row(1).created_at + timedelta(minutes=1)), *story()]
    desk.desk.rows = [one for one in desk.desk.rows if one.id != 2]
    desk.key(KEY.Key_F5)
    assert desk.ids() == [0, 1, 3, 4, 5]
    assert desk.screen.model.row_at(desk.screen.view.view.row).id == 3


def test_previous_page_is_shown_when_the_last_one_disappears(desk) -> None:
    desk.key(KEY.Key_End)
    desk.desk.rows = desk.desk.rows[:60]
    desk.screen.turning.show_page(12)
    desk.wait(lambda: desk.screen.pages.number == 11)
    assert desk.ids() == [56, 57, 58, 59, 60]


def test_reload_does_not_undo_a_page_turn(make_desk, held) -> None:
    desk = make_desk(runner=held)
    for _ in range(2):
        held.held.pop(0)()
    held.held.clear()
    desk.screen.pages.next()
    desk.screen.pages.reload()
    while held.held:
        held.held.pop(0)()
    assert (desk.screen.pages.number, desk.ids()) == (1, [6, 7, 8, 9, 10])


def test_saved_filters_fit_a_small_window(make_desk) -> None:
    desk = make_desk(size=(800, 480))
    desk.key(KEY.Key_F4)
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), SavedFiltersDialog))
    shown = QApplication.activeModalWidget()
    assert desk.window.rect().contains(shown.rect())
    assert shown.rect().contains(shown.close_button.geometry())
    assert shown.table.height() >= 48


def test_enter_opens_the_order(desk, qtbot) -> None:
    with qtbot.waitSignal(desk.screen.go_requested) as reported:
        desk.key(KEY.Key_Return)
    assert reported.args == ["order", {"order_id": 1000}]


def test_saved_filters_are_kept_used_and_thrown_away(desk, qtbot) -> None:
    filters = desk.screen.view.filters
    filters.bar.kind.segments[1].click()
    filters.bar.period.segments[2].click()
    desk.key(KEY.Key_F4)
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), SavedFiltersDialog))
    assert QApplication.activeModalWidget().name.hasFocus()
    desk.type("이번 주 환불")
    desk.key(KEY.Key_Return)
    kept = saved_text((SavedFilter("이번 주 환불", filters.filters, 5),))
    assert desk.filter_store.text == kept
    desk.key(KEY.Key_Escape)
    desk.back_at_the_table()
    filters.clear()
    desk.key(KEY.Key_F4)
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), SavedFiltersDialog))
    desk.key(KEY.Key_Return)
    desk.back_at_the_table()
    assert filters.filters == RequestFilterState(kind=RequestKind.REFUND, period=Period.WEEK)
    assert filters.bar.kind.key is RequestKind.REFUND
    assert filters.bar.period.key is Period.WEEK
    assert all(one.kind is RequestKind.REFUND for one in desk.screen.model.rows)
    desk.key(KEY.Key_F4)
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), SavedFiltersDialog))
    desk.key(KEY.Key_Delete)
    assert desk.filter_store.text == "[]"
    desk.key(KEY.Key_Escape)


def test_a_saved_filter_can_follow_the_height(desk) -> None:
    desk.screen.view.pager.sizes.segments[-1].click()
    desk.key(KEY.Key_F4)
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), SavedFiltersDialog))
    desk.type("전부")
    desk.key(KEY.Key_Return)
    assert read_saved(desk.filter_store.text) == (SavedFilter("전부", RequestFilterState(), FIT),)
    desk.key(KEY.Key_Escape)
    desk.back_at_the_table()
    desk.screen.view.pager.sizes.segments[1].click()
    desk.key(KEY.Key_F4)
    desk.wait(lambda: isinstance(QApplication.activeModalWidget(), SavedFiltersDialog))
    desk.key(KEY.Key_Return)
    desk.back_at_the_table()
    assert desk.screen.turning.size is FIT
    assert len(desk.ids()) == desk.screen.view.view.fitting_rows


def test_a_filter_store_that_cannot_be_read_is_reported(desk) -> None:
    desk.filter_store.trouble = EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, "filters.json")
    desk.key(KEY.Key_F4)
    assert "filters.json" in desk.screen.view.banner.message


def test_every_control_has_an_accessible_name(desk) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLineEdit, QTableView

    desk.key(KEY.Key_F3)
    controls = [
        one
        for kind in (QAbstractButton, QLineEdit, QTableView)
        for one in desk.screen.findChildren(kind)
        if one.isVisible() and type(one).__name__ != "QTableCornerButton"
    ]
    assert len(controls) > 20
    nameless = [
        one
        for one in controls
        if not one.accessibleName() and one.metaObject().className()[0] != "Q"
    ]
    assert nameless == []


def test_the_language_changes_while_it_is_up(desk, texts) -> None:
    desk.screen.view.filters.bar.kind.segments[1].click()
    texts.set_language("en")
    assert desk.screen.view.filters.bar.kind.segments[1].text() == "Refund"
    assert desk.screen.view.approve.text() == "Approve"
    texts.set_language("ko")


def test_the_head_has_one_order_of_actions_after_every_size(desk):
    def actions() -> list[str]:
        view = desk.screen.view
        parts = {"tools": view._tools, "export": view.export, "picker": view._picker}
        shown = {name: one for name, one in parts.items() if view._head_row.indexOf(one) >= 0}
        return sorted(shown, key=lambda name: view._head_row.indexOf(shown[name]))

    before = actions()
    for size in ((1080, 1920), (1366, 768), (1024, 600), (1366, 768)):
        desk.window.resize(*size)
        QApplication.processEvents()
    assert actions() == before
