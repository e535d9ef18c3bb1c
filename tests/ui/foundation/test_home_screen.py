"""The first page: typed at once, before other parts are ready, with the work that waits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.money import Won
from posapp.domain.orders import OrderState
from posapp.services.orders.today_figures import TodayFigures
from posapp.services.orders.work_counts import WorkCount, WorkCounts
from posapp.services.ports.order_search import OrderSummary
from posapp.services.ports.records import MoneyTotal
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.home.home_screen import HomeScreen
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import COUNTER_SIZES


@dataclass
class Session:
    actor: Actor = field(default_factory=Actor.person)

    @property
    def own_actor(self) -> Actor:
        return self.actor


FIGURES = TodayFigures(MoneyTotal(12, Won(1_234_000)), MoneyTotal(1, Won(7_600)))


@dataclass
class Figures:
    """Today's figures; ``None`` for who may not see them."""

    found: TodayFigures | None = None
    asked: list[Actor] = field(default_factory=list)

    def read(self, actor: Actor) -> TodayFigures | None:
        self.asked.append(actor)
        return self.found


@dataclass
class Services:
    """What home takes of the services, with counts that a test sets."""

    counts: WorkCounts = field(
        default_factory=lambda: WorkCounts(*(WorkCount(number) for number in (4, 3, 5, 0, 0)))
    )
    problem: Exception | None = None
    reads: int = 0
    session: Session = field(default_factory=Session)

    recent_orders: tuple[OrderSummary, ...] = ()

    @property
    def order_summary_service(self) -> Services:
        return self

    def recent(self, limit: int) -> tuple[OrderSummary, ...]:
        return self.recent_orders[:limit]

    today_figures_service: Figures = field(default_factory=Figures)

    @property
    def work_count_service(self) -> Services:
        return self

    def read(self, actor: Actor) -> WorkCounts:
        assert actor == self.session.own_actor
        self.reads += 1
        if self.problem is not None:
            raise self.problem
        return self.counts


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def home(qtbot, texts, theme, instant) -> HomeScreen:
    made = HomeScreen(texts, theme, instant)
    qtbot.addWidget(made)
    made.resize(1024, 448)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.search.hasFocus)
    return made


@pytest.fixture
def searched(home) -> list[str]:
    received: list[str] = []
    home.search_requested.connect(received.append)
    return received


@pytest.fixture
def gone(home) -> list[tuple[str, object]]:
    received: list[tuple[str, object]] = []
    home.go_requested.connect(lambda page, arguments: received.append((page, arguments)))
    return received


def shown(home: HomeScreen) -> dict[str, str]:
    return {name: row._number.text() for name, row in home.rows.items() if row.isVisible()}


def type_and_enter(qtbot, home: HomeScreen, text: str) -> None:
    qtbot.keyClicks(home.search, text)
    qtbot.keyClick(home.search, Qt.Key.Key_Return)


def test_enter_searches_for_what_was_typed(qtbot, home, searched, services):
    home.attach(services)
    type_and_enter(qtbot, home, " 1200 ")
    assert searched == ["1200"] and not home.busy.is_busy


def test_enter_on_an_empty_search_does_nothing(qtbot, home, searched, services):
    home.attach(services)
    for text in ("", "   "):
        home.search.setText(text)
        qtbot.keyClick(home.search, Qt.Key.Key_Return)
    assert searched == []


def test_enter_pressed_too_early_takes_effect_once_when_ready(qtbot, home, searched, services):
    type_and_enter(qtbot, home, "1200")
    qtbot.keyClick(home.search, Qt.Key.Key_Return)
    assert searched == [] and home.busy.is_busy
    home.attach(services)
    assert searched == ["1200"] and not home.busy.is_busy
    home.attach(services)
    assert searched == ["1200"]


def test_text_typed_before_the_services_are_ready_is_kept(qtbot, home, searched, services):
    qtbot.keyClicks(home.search, "12")
    home.attach(services)
    assert searched == [] and home.search.text() == "12"
    type_and_enter(qtbot, home, "00")
    assert searched == ["1200"]


def test_if_the_services_cannot_be_built_the_enter_is_forgotten(qtbot, home, searched, services):
    type_and_enter(qtbot, home, "1200")
    home.show_error(EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT))
    assert searched == [] and not home.busy.is_busy
    assert "손상" in home.banner.message and home.search.text() == "1200"
    home.attach(services)
    assert searched == [], "an Enter from before the problem must not come back"
    qtbot.keyClick(home.search, Qt.Key.Key_Return)
    assert searched == ["1200"] and home.banner.message == ""


def test_an_unknown_number_is_named_and_leaves_an_empty_field_in_focus(qtbot, home, services):
    home.attach(services)
    type_and_enter(qtbot, home, "9999999")
    home.by_number.setFocus()
    home.show_unknown("9999999")
    assert "9999999" in home.refusal.text()
    assert home.search.text() == "" and QApplication.focusWidget() is home.search
    type_and_enter(qtbot, home, "12")
    assert home.refusal.text() == "", "another search begins"
    home.show_unknown("12")
    home.clear()
    assert home.refusal.text() == ""


def test_esc_empties_the_search(qtbot, home):
    qtbot.keyClicks(home.search, "12")
    qtbot.keyClick(home.search, Qt.Key.Key_Escape)
    assert home.search.text() == ""


def test_the_work_is_counted_for_the_acting_user_as_soon_as_possible(home, services):
    assert set(shown(home).values()) == {""}, "nothing is known, and no 0 is claimed"
    services.session.actor = Actor.seller(7)
    home.attach(services)
    assert shown(home) == {"to_pay": "4", "requests": "3", "to_ship": "5", "open_money": "0"}
    assert home.rows["to_pay"].accessibleName() == "결제 대기 4"


def test_more_than_can_be_counted_is_shown_as_at_least_that(home, services):
    services.counts = WorkCounts(*[WorkCount(999, is_capped=True)] * 5)
    home.attach(services)
    assert set(shown(home).values()) == {"999+"}


def test_several_changes_of_the_records_are_counted_together(qtbot, home, services):
    home.attach(services)
    before = services.reads
    services.counts = WorkCounts(*[WorkCount(1)] * 5)
    for _ in range(20):
        home.status_changed()
        home.attempt_changed(1)
        home.refund_changed(1)
    assert services.reads == before
    qtbot.waitUntil(lambda: services.reads == before + 1)
    assert set(shown(home).values()) == {"1"}


def test_a_hidden_page_counts_nothing_and_counts_when_it_is_shown(qtbot, home, services):
    home.attach(services)
    home.hide()
    before = services.reads
    home.status_changed()
    qtbot.waitUntil(lambda: not home._again.isActive())
    assert services.reads == before
    services.counts = WorkCounts(*[WorkCount(2)] * 5)
    home.show()
    assert set(shown(home).values()) == {"2"}


def test_counts_stay_when_the_records_cannot_be_read(home, services):
    home.attach(services)
    services.problem = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    home.hide()
    home.show()
    assert shown(home)["to_pay"] == "4" and home.banner.message == ""


def test_each_row_leads_to_its_list(home, services, gone):
    """Before the services are here too: the window remembers the page."""
    for name in ("to_pay", "requests", "to_ship", "open_money"):
        home.rows[name].click()
    home.by_number.click()
    assert [page for page, _ in gone] == ["orders", "requests", "deliveries", "open_money", "cards"]


def test_the_texts_follow_the_language(home, services, texts):
    home.attach(services)
    texts.set_language("en")
    assert home.rows["to_pay"].accessibleName() == f"{texts('home.to_pay')} 4"
    assert home.search.placeholderText() == texts("home.search_hint")
    assert home.by_number.text() == texts("home.cards")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", COUNTER_SIZES)
def test_the_page_is_complete_at_every_size(qtbot, home, services, texts, theme, size, language):
    """Nothing is cut, covered or too small to touch, with two messages at once."""
    texts.set_language(language)
    window = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(window)
    window.add_screen("home", home)
    services.counts = WorkCounts(*[WorkCount(999, is_capped=True)] * 6)
    home.attach(services)
    home.show_unknown("9" * 20)
    home.show_error(EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT))
    window.resize(*size)
    window.show()
    QApplication.processEvents()
    pressed = [*home.rows.values(), home.by_number]
    checked = [home.search, home.refusal, home.banner, *pressed]
    places = [place_of(one, home) for one in checked]
    for one, place in zip(checked, places, strict=True):
        assert home.rect().contains(place), (one.objectName(), place)
        wrapped = one.heightForWidth(one.width()) if one.hasHeightForWidth() else 0
        least = wrapped if wrapped > 0 else one.minimumSizeHint().height()
        assert one.height() >= least, one.objectName()
    for one in pressed:
        assert one.height() >= theme.size("target")
    for at, one in enumerate(places):
        assert not any(one.intersects(other) for other in places[at + 1 :]), at
    for label in home.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.width() >= label.sizeHint().width(), label.text()


def place_of(one: QWidget, root: QWidget) -> QRect:
    return QRect(one.mapTo(root, QPoint(0, 0)), one.size())


def orders(count: int) -> tuple[OrderSummary, ...]:
    at = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    states = list(OrderState)
    return tuple(
        OrderSummary(
            *(1200 - n, at, states[n % len(states)], "크루아상 외 4건", 5, Won(58_600), 1),
            *(Won(7_600), 101, "문성민", "010-0000-0854"),
        )
        for n in range(count)
    )


def test_the_newest_orders_are_walked_by_arrows_and_opened_by_enter(qtbot, home):
    home.resize(1366, 600)
    home.attach(Services(recent_orders=orders(8)))
    picked = []
    home.order_picked.connect(picked.append)
    home.search.setFocus()
    qtbot.keyClick(home.search, Qt.Key.Key_Down)
    shown = [row for row in home.side.recent.rows if row.isVisible()]
    assert shown[0].hasFocus() and shown[0].summary.order_id == 1200
    qtbot.keyClick(shown[0], Qt.Key.Key_Down)
    assert shown[1].hasFocus()
    qtbot.keyClick(shown[1], Qt.Key.Key_Return)
    assert [one.order_id for one in picked] == [1199]
    for row in reversed(shown[:2]):
        qtbot.keyClick(row, Qt.Key.Key_Up)
    assert home.search.hasFocus()


def test_a_cancelled_order_shows_what_it_came_to(home):
    home.resize(1366, 600)
    home.attach(Services(recent_orders=orders(5)))
    row = home.side.recent.rows[4]
    assert row.summary.state is OrderState.CANCELLED
    assert row.accessibleName() == "1196, 취소, 문성민 · 크루아상 외 4건, 7,600원"


@pytest.mark.parametrize("size", COUNTER_SIZES)
def test_as_many_orders_as_there_is_room_for_whole(qtbot, home, size):
    home.attach(Services(recent_orders=orders(12)))
    home.resize(size[0], size[1] - 160)
    QApplication.processEvents()
    shown = [row for row in home.side.recent.rows if row.isVisible()]
    for row in shown:
        corner = row.mapTo(home, QPoint(0, row.height()))
        assert corner.y() <= home.height()
    assert bool(shown) == (size[1] > 600)


def test_what_keeps_the_shop_from_selling_is_said_and_leads_to_the_settings(qtbot, home):
    home.show_start_problem(EnvironmentProblem(EnvironmentCode.SECRET_MISSING, "imp_key@host"))
    assert "키 보관함에 없습니다" in home.banner.message
    home.clear()
    assert home.banner.isVisible(), "it stays for the next customer"
    with qtbot.waitSignal(home.go_requested) as led:
        home.banner._button.click()
    assert led.args[0] == "settings"


def test_notices_of_the_start_are_said_first_and_until_each_is_closed(home):
    taken = []
    home.show_start_notice(lambda: "복원했습니다.")
    home.show_start_notice(lambda: "클라우드 폴더입니다.")
    home.show_start_problem(EnvironmentProblem(EnvironmentCode.SECRET_MISSING, "imp_key@host"))
    home.show_offer(lambda: "결제해 보세요.", "words.close", lambda: taken.append(1))
    assert home.banner.message == "복원했습니다."
    home.banner._button.click()
    assert home.banner.message == "클라우드 폴더입니다."
    home.clear()
    assert home.banner.message == "클라우드 폴더입니다.", "it stays for the next customer"
    home.banner._button.click()
    assert "키 보관함에 없습니다" in home.banner.message
    assert taken == []


def test_closed_notice_takes_no_offer(home):
    taken = []
    home.show_start_notice(lambda: "클라우드 폴더입니다.")
    home.show_offer(lambda: "결제해 보세요.", "words.close", lambda: taken.append(1))
    home.banner._button.click()
    assert (home.banner.message, taken) == ("결제해 보세요.", [])
    home.banner._button.click()
    assert taken == [1]


def test_todays_figures_are_shown_to_who_may_see_them(home, services, texts):
    home.resize(1366, 600)
    services.today_figures_service.found = FIGURES
    home.attach(services)
    card = home.side.today
    assert card.isVisible()
    assert services.today_figures_service.asked[-1] == services.session.own_actor
    labels = [one.text() for one in card.findChildren(QLabel)]
    assert labels == [
        *("오늘", "결제 12건", "1,234,000원", "환불 1건", "-7,600원", "순매출", "1,226,400원")
    ]
    texts.set_language("en")
    assert "Paid: 12" in [one.text() for one in card.findChildren(QLabel)]


def test_todays_figures_are_gone_before_another_person_is_known(home, services, monkeypatch):
    home.resize(1366, 600)
    services.today_figures_service.found = FIGURES
    home.attach(services)
    held = []
    monkeypatch.setattr(home._runner, "run", lambda work, done, **_: held.append((work, done)))
    home.show_pages(lambda page: True)
    assert not home.side.today.isVisible(), "hidden until it is known who asks"
    services.today_figures_service.found = None
    for work, done in held:
        done(TaskResult(work()))
    assert not home.side.today.isVisible()


def test_todays_figures_give_way_on_a_low_page(home, services):
    services.today_figures_service.found = FIGURES
    home.attach(services)
    assert not home.side.today.isVisible()
    home.resize(1366, 600)
    QApplication.processEvents()
    assert home.side.today.isVisible()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", COUNTER_SIZES)
def test_figures_and_orders_are_whole_at_every_size(home, services, texts, size, language):
    texts.set_language(language)
    most = MoneyTotal(99_999, Won(99_999_999_999))
    services.today_figures_service.found = TodayFigures(MoneyTotal(), most)
    services.recent_orders = orders(12)
    home.attach(services)
    home.resize(size[0], size[1] - 160)
    QApplication.processEvents()
    card = home.side.today
    assert card.isVisible() == (size[1] > 600)
    shown = [row for row in home.side.recent.rows if row.isVisible()]
    for one in (card, *shown) if card.isVisible() else ():
        assert home.rect().contains(place_of(one, home))
    for label in card.findChildren(QLabel) if card.isVisible() else ():
        assert label.width() >= label.sizeHint().width(), label.text()
    places = [place_of(one, home) for one in (card, *shown) if one.isVisible()]
    for at, one in enumerate(places):
        assert not any(one.intersects(other) for other in places[at + 1 :]), at


@pytest.mark.parametrize("size", [(1024, 448), (1366, 700)])
def test_cash_receipts_have_a_row_only_while_some_wait(qtbot, home, services, size):
    home.resize(*size)
    home.attach(services)
    QApplication.processEvents()
    row, before = home.rows["receipts"], shown(home)
    assert "receipts" not in before
    for waiting in (2, 0):
        services.counts = replace(services.counts, receipts=WorkCount(waiting))
        home.status_changed()
        qtbot.waitUntil(lambda n=waiting: row.isVisible() is (n > 0))
        assert shown(home) == ({**before, "receipts": "2"} if waiting else before)
        places = [place_of(one, home) for one in home.rows.values() if one.isVisible()]
        for at, one in enumerate(places):
            assert not any(one.intersects(other) for other in places[at + 1 :]), at


def test_the_counts_end_at_one_edge_whatever_their_keys_are(home, services):
    home.resize(1366, 700)
    services.counts = WorkCounts(*[WorkCount(3)] * 6)
    home.attach(services)
    QApplication.processEvents()
    assert home.rows["receipts"].isVisible() and not home.rows["receipts"].key
    ends = {
        row._number.mapTo(home, QPoint(row._number.contentsRect().right(), 0)).x()
        for row in home.rows.values()
    }
    assert len(ends) == 1
