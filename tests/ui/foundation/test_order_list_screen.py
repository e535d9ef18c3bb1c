"""The list of orders in every state: searched while one types, by pages, never by a stale
answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import ItemStatus, OrderState
from posapp.services.orders.order_history import OrderHistory
from posapp.services.ports.order_search import OrderFilter, OrderPage, OrderSummary
from posapp.services.session import Session
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.periods import Period
from posapp.ui.orders.order_list_filter import OrderListFilter
from posapp.ui.orders.order_list_model import PAGE, OrderListModel, OrderReading
from posapp.ui.orders.order_list_screen import OrderListScreen
from posapp.ui.shell.main_window import SMALLEST
from posapp.ui.widgets import action_guard
from posapp.ui.widgets.rows_model import RowsModel
from posapp.ui.widgets.table import ROW_HEIGHT
from tests.ui.cancel.shop_records import (
    ITEMS,
    FakeCancelling,
    FakeHistories,
    FakeRest,
    history,
    order_of,
    refund,
)
from tests.ui.conftest import NOON
from tests.ui.geometry import problems

NAMES = ("김서연", "이도윤", "박하은")


def order_rows(count: int) -> list[OrderSummary]:
    """``count`` unpaid orders, newest first, numbered downwards; two of each minute."""
    return [
        OrderSummary(
            order_id=5000 - n,
            buyer_id=n % 3 + 1,
            buyer_name=NAMES[n % 3],
            buyer_phone="01012345678",
            name=f"아메리카노 외 {n}건",
            item_count=n + 1,
            total=Won(1000 * (n + 1)),
            created_at=NOON - timedelta(minutes=n // 2),
            state=OrderState.WAITING_FOR_PAYMENT,
            cancelled_count=0,
            cancelled_total=ZERO,
            items=ITEMS[:2],
        )
        for n in range(count)
    ]


STATES = {
    None: frozenset(OrderState),
    OrderSegment.OPEN: {OrderState.WAITING_FOR_PAYMENT},
    OrderSegment.PAID: {OrderState.PAID},
    OrderSegment.DELIVERY: {OrderState.IN_DELIVERY, OrderState.DELIVERED},
    OrderSegment.CANCELLED: {OrderState.CANCELLED},
}


class FakeOrderSearch:
    """Orders in memory, read like the real ones: newest first, by keyset."""

    def __init__(self, rows: list[OrderSummary]) -> None:
        self.rows = rows
        self.requested: list[OrderFilter] = []
        self.counted: list[OrderFilter] = []
        self.problem: Exception | None = None

    def page(
        self, filter: OrderFilter, size: int, after: tuple[datetime, int] | None = None
    ) -> OrderPage:
        self.requested.append(filter)
        if self.problem is not None:
            raise self.problem
        matching = [row for row in self.found(filter) if row.state in STATES[filter.segment]]
        found = [row for row in matching if not after or (row.created_at, row.order_id) < after]
        named = next((row for row in matching if filter.text == str(row.order_id)), None)
        return OrderPage(
            tuple(found[:size]), more=len(found) > size, named=None if after else named
        )

    def counts(self, filter: OrderFilter, cap: int) -> dict[OrderSegment | None, int]:
        self.counted.append(filter)
        found = self.found(filter)
        return {
            one: min(sum(row.state in states for row in found), cap + 1)
            for one, states in STATES.items()
        }

    def found(self, filter: OrderFilter) -> list[OrderSummary]:
        text = filter.text
        return [
            row
            for row in self.rows
            if (text in row.buyer_name or text in row.name or text in str(row.order_id))
            and (filter.since is None or row.created_at >= filter.since)
            and (filter.until is None or row.created_at <= filter.until)
        ]


SINCE_MIDNIGHT = datetime(2026, 11, 22, 15, tzinfo=UTC)
ALL = OrderListFilter(chosen=Period.ALL)


def texted(text: str) -> OrderListFilter:
    return OrderListFilter(text)


@pytest.fixture
def orders() -> FakeOrderSearch:
    """The orders behind ``model``, none until a test adds some."""
    return FakeOrderSearch([])


@pytest.fixture
def model(texts, instant, orders) -> OrderListModel:
    made = OrderListModel(texts, instant, orders, lambda: NOON)
    made.tester = QAbstractItemModelTester(
        made, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return made


def _text(model: OrderListModel, row: int) -> list[tuple[str, str, str]]:
    cells = [model.index(row, at).data(RowsModel.CellRole) for at in range(model.columnCount())]
    return [(cell.first, cell.second, cell.tone) for cell in cells]


def test_a_row_as_written_by_the_shop(model, orders):
    orders.rows = order_rows(3)
    model.search(ALL)
    assert _text(model, 0) == [
        ("5000", "오늘 12:00", ""),
        ("결제대기", "", "busy"),
        ("김서연", "010-****-5678", ""),
        ("아메리카노 외 0건", "", ""),
        ("1,000원", "", ""),
    ]


def test_pages_follow_each_other_without_gap_or_repetition(model, orders):
    orders.rows = order_rows(2 * PAGE + 7)
    model.search(ALL)
    assert model.rowCount() == PAGE and not model.is_complete
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        str(row.order_id) for row in orders.rows
    ]
    assert len(orders.requested) == 3 and model.is_complete


def test_a_full_last_page_is_the_end(model, orders):
    orders.rows = order_rows(PAGE)
    model.search(ALL)
    assert (model.rowCount(), model.is_complete) == (PAGE, True)
    assert not model.canFetchMore(QModelIndex())


def test_an_older_search_that_answers_late_is_dropped(texts, held):
    model = OrderListModel(texts, held, FakeOrderSearch(order_rows(30)), lambda: NOON)
    model.search(texted("김"))
    model.search(texted("박"))
    older, _, newer, _ = held.held
    newer()
    assert {model.row_at(row).buyer_name for row in range(model.rowCount())} == {"박하은"}
    older()
    assert {model.row_at(row).buyer_name for row in range(model.rowCount())} == {"박하은"}


def test_a_page_of_an_older_search_is_not_added_to_a_newer_one(texts, held):
    model = OrderListModel(texts, held, FakeOrderSearch(order_rows(4 * PAGE)), lambda: NOON)
    model.search(ALL)
    held.held.pop(0)()
    model.fetchMore(QModelIndex())
    model.search(texted("박"))
    _, page, first, _ = held.held
    first()
    rows = model.rowCount()
    page()
    assert model.rowCount() == rows


def test_one_page_is_requested_at_a_time(texts, held):
    model = OrderListModel(texts, held, FakeOrderSearch(order_rows(4 * PAGE)), lambda: NOON)
    model.search(ALL)
    held.held.pop(0)()
    held.held.clear()
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert len(held.held) == 1


def test_rows_stay_while_the_next_search_is_under_way(texts, held):
    model = OrderListModel(texts, held, FakeOrderSearch(order_rows(10)), lambda: NOON)
    model.search(ALL)
    held.held.pop(0)()
    model.search(texted("박"))
    assert model.rowCount() == 10 and model.reading is OrderReading.LOADING


def test_roles_without_an_answer_get_none_at_once(model, orders):
    orders.rows = order_rows(1)
    model.search(ALL)
    answered = {role for role in Qt.ItemDataRole if model.index(0, 0).data(role) is not None}
    roles = Qt.ItemDataRole
    assert answered == {roles.DisplayRole, roles.ToolTipRole, roles.AccessibleTextRole}


def test_the_language_changes_rows_and_headings(model, orders, texts):
    orders.rows = order_rows(1)
    model.search(ALL)
    texts.set_language("en")
    assert _text(model, 0)[0] == ("5000", "Today 12:00", "")
    assert _text(model, 0)[4] == ("₩1,000", "", "")
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Order"


def test_names_from_outside_stay_on_one_line_and_plain(model, orders):
    row = order_rows(1)[0]
    nasty = replace(
        row, buyer_name="김\n\x00서연\u202e", buyer_phone="", name="<b>" + "가" * 10_000
    )
    orders.rows = [nasty]
    model.search(ALL)
    text = _text(model, 0)
    assert text[2][0] == "김  서연 "
    assert text[3][0].startswith("<b>가") and len(text[3][0]) <= 120


def test_the_named_order_is_first_and_comes_once(model, orders):
    """A text that is part of many numbers, and the number of an old order."""
    orders.rows = [replace(row, order_id=row.order_id + 70_000) for row in order_rows(2 * PAGE)]
    old = replace(orders.rows[-1], order_id=7, created_at=NOON - timedelta(days=400))
    orders.rows.append(old)
    model.search(texted("7"))
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    numbers = [row.order_id for row in model.rows]
    assert numbers[0] == model.named == 7
    assert sorted(numbers) == sorted(row.order_id for row in orders.rows)


def test_a_partly_cancelled_order_says_how_much(model, orders):
    row = order_rows(1)[0]
    orders.rows = [
        replace(row, cancelled_count=1, cancelled_total=Won(2500)),
        replace(row, order_id=1, state=OrderState.CANCELLED, item_count=0, total=ZERO,
                cancelled_count=1, cancelled_total=Won(2500)),
        replace(row, order_id=2, is_claimed=True),
    ]  # fmt: skip
    model.search(ALL)
    assert _text(model, 0)[1] == ("결제대기", "취소 2,500원", "busy")
    assert _text(model, 1)[1] == ("취소", "", "error")
    assert _text(model, 1)[4][0] == "2,500원", "what it came to"
    assert _text(model, 2)[1] == ("결제 확인 중", "", "busy")


def test_changed_records_change_rows_in_their_places(model, orders):
    orders.rows = order_rows(3)
    model.search(ALL)
    new = replace(orders.rows[0], order_id=6000)
    orders.rows = [new, replace(orders.rows[0], state=OrderState.PAID), *orders.rows[1:]]
    model.update_rows()
    assert [row.order_id for row in model.rows] == [5000, 4999, 4998], "none came under the hand"
    assert _text(model, 0)[1] == ("결제완료", "", "success")


@pytest.mark.parametrize(
    ("filters", "since", "until"),
    [
        (OrderListFilter(), datetime(2026, 11, 22, 15, tzinfo=UTC), None),
        (OrderListFilter("라떼"), None, None),
        (OrderListFilter(segment=OrderSegment.PAID), datetime(2026, 11, 22, 15, tzinfo=UTC), None),
        (ALL.with_period(Period.WEEK), datetime(2026, 11, 16, 15, tzinfo=UTC), None),
        (ALL.with_period(Period.MONTH), datetime(2026, 10, 24, 15, tzinfo=UTC), None),
        (OrderListFilter("라", None, Period.TODAY), SINCE_MIDNIGHT, None),
        (OrderListFilter("", None, Period.TYPED, NOON, NOON), NOON, NOON),
        (OrderListFilter("", None, Period.ALL, NOON, NOON), None, None),
    ],
)  # fmt: skip
def test_a_period_is_of_days_in_seoul(filters, since, until):
    """NOON is noon in Seoul, of the 23rd; a day there begins at 15:00 UTC."""
    wanted = filters.filter_at(NOON)
    assert (wanted.since, wanted.until) == (since, until)


def _type(screen: OrderListScreen, text: str) -> None:
    """Type Hangul sign by sign, as an input method does; QTest's own keys are Latin only."""
    for sign in text:
        screen.search.insert(sign)


UNPAID = tuple(replace(one, status=ItemStatus.WAITING_FOR_PAYMENT) for one in ITEMS[:2])


def unpaid_history(*items) -> OrderHistory:
    return replace(history(), order=order_of(*(items or UNPAID)), refunds=(), payments=())


@pytest.fixture
def source() -> FakeOrderSearch:
    return FakeOrderSearch(order_rows(200))


@pytest.fixture
def screen(qtbot, texts, theme, instant, source, histories, service) -> OrderListScreen:
    return _shown(qtbot, texts, theme, instant, source, histories, service)


@pytest.fixture
def histories() -> FakeHistories:
    return FakeHistories(found=unpaid_history())


@pytest.fixture
def service() -> FakeCancelling:
    return FakeCancelling(cancelled=replace(UNPAID[0], status=ItemStatus.CANCEL))


def _shown(qtbot, texts, theme, runner, source, histories=None, service=None) -> OrderListScreen:
    made = OrderListScreen(
        *(texts, theme, runner, source),
        *(histories or FakeHistories(), service or FakeCancelling(), FakeRest(), Session()),
        now=lambda: NOON,
    )
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus()
    return made


@pytest.fixture
def picked(screen) -> list[tuple[int, int]]:
    received: list[tuple[int, int]] = []

    def take(page: str, arguments: dict) -> None:
        assert page == "pay"
        received.append((int(arguments["actor"].user_id), arguments["order_id"]))
        assert arguments["actor"].kind is ActorKind.BUYER

    screen.go_requested.connect(take)
    return received


def test_it_is_busy_until_the_first_page_arrives(qtbot, texts, theme, held, source):
    screen = _shown(qtbot, texts, theme, held, source)
    assert screen.model.rowCount() == 0 and screen.busy.is_busy
    held.held.pop(0)()
    assert screen.model.rowCount() >= PAGE and not screen.busy.is_busy


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_button_is_squeezed_while_the_list_is_read_on_the_smallest_window(
    qtbot, texts, theme, held, source, language
):
    texts.set_language(language)
    screen = _shown(qtbot, texts, theme, held, source)
    screen.resize(*SMALLEST)
    held.held.pop(0)()
    screen.search.setText("김서연")
    screen.search.flush()
    QApplication.processEvents()
    assert screen.busy.is_busy and screen.busy.isVisible()
    assert problems(screen) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_an_order_cannot_be_paid_now_is_whole_on_the_smallest_window(
    qtbot, texts, theme, instant, source, language
):
    texts.set_language(language)
    source.rows = [replace(source.rows[0], is_claimed=True)]
    screen = _shown(qtbot, texts, theme, instant, source)
    screen.resize(*SMALLEST)
    QApplication.processEvents()
    why = screen.view.why_not
    longest = max(map(why.fontMetrics().horizontalAdvance, why.text().split()))
    assert why.text() and not screen.view.pay.isEnabled()
    assert why.contentsRect().width() >= longest
    assert problems(screen) == []


def test_fast_typing_asks_once(qtbot, screen, source):
    source.requested.clear()
    _type(screen, "박하은")
    assert source.requested == []
    qtbot.waitUntil(lambda: bool(source.requested))
    assert {wanted.text for wanted in source.requested} == {"박하은"}


def test_arrows_move_and_enter_picks_while_the_search_keeps_the_focus(qtbot, screen, picked):
    assert screen.table.currentIndex().row() == 0
    qtbot.keyClick(screen.search, Qt.Key.Key_Down)
    qtbot.keyClick(screen.search, Qt.Key.Key_Down)
    qtbot.keyClick(screen.search, Qt.Key.Key_Up)
    assert screen.focusWidget() is screen.search
    qtbot.keyClick(screen.search, Qt.Key.Key_Return)
    assert picked == [(2, 4999)]


def test_a_scanned_number_with_its_enter_picks_that_order(qtbot, screen, source, picked):
    qtbot.keyClicks(screen.search, "4990")
    qtbot.keyClick(screen.search, Qt.Key.Key_Return)
    assert picked == [(source.rows[10].buyer_id, 4990)]


def test_enter_before_the_answer_picks_nothing_it_has_not_found(qtbot, screen, picked):
    """The row that was current under the old search must not be taken for the new one."""
    _type(screen, "박하은")
    qtbot.keyClick(screen.search, Qt.Key.Key_Return)
    assert picked == []
    qtbot.keyClick(screen.search, Qt.Key.Key_Return)
    assert picked == [(3, 4998)]


def test_scrolling_brings_further_pages(qtbot, screen):
    bar = screen.table.verticalScrollBar()

    def at_the_end() -> bool:
        bar.setValue(bar.maximum())
        return screen.model.rowCount() == 200

    assert screen.model.rowCount() < 200
    qtbot.waitUntil(at_the_end)
    assert screen.model.is_complete or screen.model.canFetchMore(QModelIndex())


def test_a_click_chooses_a_row_and_a_second_one_opens_it(qtbot, screen, picked):
    place = screen.table.visualRect(screen.model.index(3, 2)).center()
    at = screen.table.viewport()
    qtbot.mouseClick(at, Qt.MouseButton.LeftButton, pos=place)
    assert picked == [] and screen.current.order_id == 4997
    qtbot.mouseDClick(at, Qt.MouseButton.LeftButton, pos=place)
    assert picked == [(1, 4997)]


def test_enter_opens_the_page_of_an_order_that_is_not_to_be_paid(qtbot, screen, source, heard):
    paid = replace(source.rows[0], state=OrderState.PAID)
    claimed = replace(source.rows[1], is_claimed=True)
    free = replace(source.rows[2], total=ZERO)
    source.rows = [paid, claimed, free, *source.rows[3:]]
    screen.view.reload.click()
    for _ in range(3):
        assert not screen.view.pay.isEnabled()
        qtbot.keyClick(screen.search, Qt.Key.Key_Return)
        qtbot.keyClick(screen.search, Qt.Key.Key_Down)
    assert heard == [("order", {"order_id": one}) for one in (5000, 4999, 4998)]
    assert screen.view.pay.isEnabled()


def test_the_period_is_today_until_a_text_is_searched_for(qtbot, screen, source):
    """Every day is searched then, and the choice shows it; a chosen period stays."""
    bar = screen.view.bar
    assert bar.periods.period is Period.TODAY
    assert source.requested[-1].since == datetime(2026, 11, 22, 15, tzinfo=UTC)
    _type(screen, "박하은")
    screen.search.flush()
    assert bar.periods.period is Period.ALL and source.requested[-1].since is None
    screen.search.clear()
    screen.search.flush()
    assert bar.periods.period is Period.TODAY
    screen.view.period.click()
    assert bar.periods.period is Period.WEEK
    _type(screen, "박하은")
    screen.search.flush()
    assert bar.periods.period is Period.WEEK and source.requested[-1].since is not None
    assert screen.focusWidget() is screen.search


def test_f3_chooses_the_next_state_and_counts_follow_the_other_filters(qtbot, screen, source):
    source.rows[0] = replace(source.rows[0], state=OrderState.PAID)
    bar = screen.view.bar
    screen.view.filter.click()
    assert bar.state.key is OrderSegment.OPEN and screen.current.order_id == 4999
    screen.view.filter.click()
    assert [row.order_id for row in screen.model.rows] == [5000]
    assert screen.subtitle == "1건"
    words = [one.text() for one in bar.state.segments]
    assert words == ["전체", "결제대기 199", "결제완료 1", "배송 0", "취소·환불 0"]
    _type(screen, "김서연")
    screen.search.flush()
    assert [one.text() for one in bar.state.segments][1:3] == ["결제대기 66", "결제완료 1"]


def test_typed_dates(qtbot, screen, source):
    bar = screen.view.bar
    bar.periods.segments.segments[-1].click()
    assert bar.periods.since.isVisible() and screen.focusWidget() is bar.periods.since.line
    qtbot.keyClicks(bar.periods.since.line, "2026-11-01")
    qtbot.keyClick(bar.periods.since.line, Qt.Key.Key_Return)
    assert source.requested[-1].since == datetime(2026, 10, 31, 15, tzinfo=UTC)
    qtbot.keyClicks(bar.periods.until.line, "2026-10")
    qtbot.keyClick(bar.periods.until.line, Qt.Key.Key_Return)
    assert bar.periods.until.message and source.requested[-1].until is None
    qtbot.keyClicks(bar.periods.until.line, "-31")
    qtbot.keyClick(bar.periods.until.line, Qt.Key.Key_Return)
    assert bar.periods.until.message == "종료일이 시작일보다 빠릅니다."
    bar.periods.until.forget("2026-11-30")
    bar.periods.until.typed.emit()
    assert bar.periods.until.message == ""


def test_a_count_on_home_leads_to_every_order_of_its_state(screen, source):
    screen.open(segment=OrderSegment.OPEN)
    assert screen.view.bar.state.key is OrderSegment.OPEN
    assert source.requested[-1] == OrderFilter(segment=OrderSegment.OPEN)


def test_the_preview_shows_the_current_order_where_there_is_room(qtbot, screen):
    preview = screen.view.preview
    assert not preview.isVisible()
    screen.resize(1366, 700)
    qtbot.waitUntil(preview.isVisible)
    name, amount = preview.lines[0]
    assert (name.toolTip(), amount.text()) == ("에티오피아 예가체프 200g 1개", "18,000원")
    assert preview.total.text() == "1,000원" and preview.lines[2][0].isHidden()


def test_on_a_low_screen_the_search_is_in_the_head(qtbot, screen):
    screen.resize(1024, 600)
    assert screen.view.head.isAncestorOf(screen.search)
    assert screen.focusWidget() is screen.search or screen.search.parent() is screen.view.head
    screen.resize(1024, 768)
    assert not screen.view.head.isAncestorOf(screen.search)


def test_a_search_without_a_hit_keeps_the_focus(screen):
    for text, hits in (("없는 이름", 0), ("김서연", PAGE), ("없는 이름", 0)):
        screen.search.setText(text)
        screen.search.flush()
        assert screen.model.rowCount() == hits and screen.empty.isVisible() == (hits == 0)
        assert QApplication.focusWidget() is screen.search


def test_empty_list_shows_a_reason(qtbot, texts, theme, instant):
    screen = _shown(qtbot, texts, theme, instant, FakeOrderSearch([]))
    assert screen.empty.isVisible()
    assert screen.empty.message.startswith("오늘 주문이 없습니다.")
    screen.search.setText("라떼")
    screen.search.flush()
    assert "라떼" in screen.empty.message


def test_failure_shows_a_reason_and_a_retry(qtbot, texts, theme, instant, source):
    source.problem = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    screen = _shown(qtbot, texts, theme, instant, source)
    assert "데이터베이스" in screen.banner.message and not screen.busy.is_busy
    source.problem = None
    screen.banner.acted.emit()
    assert screen.banner.message == "" and screen.model.rowCount() >= PAGE


def test_esc_empties_the_search_first(qtbot, screen):
    screen.search.setText("박하은")
    qtbot.keyClick(screen.search, Qt.Key.Key_Escape)
    assert screen.search.text() == ""


def test_coming_back_reads_afresh(screen, source):
    screen.hide()
    source.rows = source.rows[5:]
    screen.show()
    assert screen.model.row_at(0).order_id == 4995


def test_coming_back_keeps_row_scroll_and_text(qtbot, screen, source):
    """The text is selected: digits or a scan replace it. Any other visit begins at the top."""
    screen.search.setText("아메")
    screen.search.flush()
    bar = screen.table.verticalScrollBar()
    screen.model.fetchMore(QModelIndex())
    screen.table.select(70)
    bar.setValue(68 * ROW_HEIGHT)
    before = bar.value()
    screen.hide()
    source.rows = [replace(source.rows[0], order_id=6000), *source.rows]
    screen.show()
    assert screen.current.order_id == 4930 and bar.value() == before
    assert screen.search.selectedText() == "아메"
    screen.hide()
    screen.enter()
    screen.show()
    assert screen.search.text() == "" and screen.current.order_id == 6000 and bar.value() == 0


def test_the_vertical_header_is_hidden_and_rows_are_large_enough(screen, theme):
    assert not screen.table.verticalHeader().isVisible()
    assert screen.table.rowHeight(0) >= theme.size("target")


@pytest.fixture
def at_once(monkeypatch) -> None:
    """Questions that accept an answer at once."""
    monkeypatch.setattr(action_guard, "GUARD_MS", 0)


@pytest.fixture
def heard(screen) -> list[object]:
    """What the page says and asks for."""
    seen: list[object] = []
    screen.notified.connect(seen.append)
    screen.item_changed.connect(lambda order: seen.append(("changed", order)))
    screen.go_requested.connect(lambda page, given: seen.append((page, given)))
    return seen


def press_cancel(qtbot, screen) -> list[CancelDialog]:
    qtbot.keyClick(screen.search, Qt.Key.Key_F8)
    return [one for one in screen.findChildren(CancelDialog) if one.isVisible()]


def test_f8_cancels_the_current_order_after_a_question(
    qtbot, screen, source, service, heard, at_once
):
    qtbot.keyClick(screen.search, Qt.Key.Key_Down)
    (question,) = press_cancel(qtbot, screen)
    assert service.calls == [] and question.plan.order_id == 4999
    assert question.plan.items == UNPAID
    qtbot.waitUntil(question.can_agree)
    source.rows = source.rows[:1] + source.rows[2:]
    qtbot.keyClick(question, Qt.Key.Key_F8)
    assert [call[:3] for call in service.actions()] == [
        ("cancel", Actor.seller(3), 2048),
        ("cancel", Actor.seller(3), 2049),
    ]
    assert heard == [("changed", 4999), "주문 4999번을 취소했습니다."]
    assert not question.isVisible() and screen.why_stay == ""
    assert screen.table.currentIndex().row() == 1, "the one below"


def test_f8_reads_the_current_order(qtbot, screen, histories):
    qtbot.keyClick(screen.search, Qt.Key.Key_Down)
    press_cancel(qtbot, screen)
    assert histories.requested == [4999]


def test_no_leaves_the_order_and_the_search_has_the_focus_again(
    qtbot, screen, service, heard, at_once
):
    (question,) = press_cancel(qtbot, screen)
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert service.calls == [] and heard == []
    assert screen.focusWidget() is screen.search


def test_f8_asks_about_all_that_is_left_of_a_paid_order(
    qtbot, screen, histories, service, heard, at_once
):
    """But for items whose money is on its way back; its page shows how far the refunds are."""
    returning = refund(of=ITEMS[0])
    histories.found = replace(history(), order=order_of(*ITEMS), refunds=(returning,))
    service.kept = refund(of=ITEMS[1])
    (question,) = press_cancel(qtbot, screen)
    assert question.plan.items == ITEMS[1:] and question.plan.amount == 33_000
    qtbot.waitUntil(question.can_agree)
    qtbot.keyClick(question, Qt.Key.Key_F8)
    assert [call[0] for call in service.actions()] == ["refund", "refund"]
    assert heard == [("changed", 5000), ("order", {"order_id": 5000})]


@pytest.mark.parametrize("why", ["cancelled", "returning"])
def test_an_order_of_which_nothing_can_be_cancelled_is_not_asked_about(
    qtbot, screen, histories, heard, why
):
    over = tuple(replace(one, status=ItemStatus.CANCEL) for one in ITEMS)
    histories.found = {
        "cancelled": replace(history(), order=order_of(*over)),
        "returning": replace(
            history(), order=order_of(*ITEMS), refunds=tuple(refund(of=one) for one in ITEMS)
        ),
    }[why]
    assert press_cancel(qtbot, screen) == []
    assert heard == [("order", {"order_id": 5000})]


def test_an_order_that_cannot_be_read_is_reported(qtbot, screen, histories, service):
    histories.found = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    assert press_cancel(qtbot, screen) == []
    assert screen.banner.tone == "error" and service.calls == []


def test_a_refusal_of_all_items_stays_in_the_dialog(qtbot, screen, service, heard, at_once):
    service.cancelled = UserError(ErrorCode.ITEM_CANCELLED)
    (question,) = press_cancel(qtbot, screen)
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    assert question.isVisible() and "이미 취소된 상품입니다" in question.notice.text()
    assert heard == []


def test_after_a_refusal_of_one_item_the_orders_page_shows_what_is_left(
    qtbot, screen, service, heard, at_once
):
    answers = [service.cancelled, UserError(ErrorCode.ITEM_CANCELLED)]

    def answer_in_turn() -> None:
        service.cancelled = answers.pop(0)

    service.before_answer = answer_in_turn
    (question,) = press_cancel(qtbot, screen)
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    assert not question.isVisible()
    assert heard == [
        ("changed", 5000),
        "이미 취소된 상품입니다",
        ("order", {"order_id": 5000}),
    ]


def test_f8_waits_for_the_rows_of_what_was_typed(qtbot, screen, histories):
    """The row that was current under the old search may be another order."""
    _type(screen, "박하은")
    assert screen.search.is_pausing
    assert press_cancel(qtbot, screen) == [] and histories.requested == []


def test_presses_while_an_order_is_read_read_it_once(
    qtbot, texts, theme, held, source, histories, service
):
    screen = _shown(qtbot, texts, theme, held, source, histories, service)
    held.held.pop()()
    for _ in range(3):
        qtbot.keyClick(screen.search, Qt.Key.Key_F8)
    assert len(held.held) == 1


def test_no_question_appears_on_the_next_page(
    qtbot, texts, theme, held, source, histories, service
):
    screen = _shown(qtbot, texts, theme, held, source, histories, service)
    held.held.pop()()
    qtbot.keyClick(screen.search, Qt.Key.Key_F8)
    screen.hide()
    held.held.pop()()
    assert screen.findChildren(CancelDialog) == []


def test_without_orders_f8_does_nothing(qtbot, screen, source, histories):
    source.rows = []
    screen.model.search(ALL)
    assert press_cancel(qtbot, screen) == [] and histories.requested == []
