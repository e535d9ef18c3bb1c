"""The page of sales: its periods, its bars and its table, walked by keys, and the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.services.orders.sales_report import SalesBar, SalesReport
from posapp.services.ports.records import MoneyTotal
from posapp.services.ports.sales_figures import ProductSales
from posapp.services.session import Session
from posapp.ui.charts.charts_screen import ChartsScreen
from posapp.ui.charts.figures_table import ChartKind
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.periods import Period
from posapp.ui.shell.routes import CHARTS, COUNTER_SIZES, ROUTE
from tests.fakes.world import FakeClock
from tests.ui.conftest import NOON
from tests.ui.geometry import problems

NONE = MoneyTotal(0, ZERO)


def total(count: int, won: int) -> MoneyTotal:
    return MoneyTotal(count, Won(won))


def report_of(sales: dict[int, int], refunds: dict[int, int] | None = None) -> SalesReport:
    """What was paid and refunded in hours of a day, all by KakaoPay."""
    back = refunds or {}
    hours = tuple(
        SalesBar(
            hour,
            total(1, sales[hour]) if hour in sales else NONE,
            total(1, back[hour]) if hour in back else NONE,
        )
        for hour in range(24)
    )
    paid = total(len(sales), sum(sales.values()))
    refunded = total(len(back), sum(back.values()))
    days = tuple(SalesBar(date(2026, 11, 1 + day), NONE, NONE) for day in range(30))
    products = tuple(
        ProductSales(number, f"상품 {number}", number, Won(100_000 - number))
        for number in range(1, 21)
    )
    tenders = (SalesBar("KAKAOPAY", paid, refunded), SalesBar("CASH", NONE, NONE))
    return SalesReport(hours, days, False, tenders, products, SalesBar("total", paid, refunded))


class FakeReports:
    """The service of the page."""

    def __init__(self) -> None:
        self.report = report_of({9: 12_000, 14: 58_600}, {14: 7_600})
        self.read_spans: list[tuple[datetime, datetime]] = []
        self.written: list[Path] = []
        self.error: Exception | None = None

    def read(self, actor: object, since: datetime, until: datetime) -> SalesReport:
        self.read_spans.append((since, until))
        if self.error is not None:
            raise self.error
        return self.report

    def export(self, actor, since, until, path: Path, labels, progress=lambda _: True) -> int:
        if self.error is not None:
            raise self.error
        path.write_text(labels.title)
        self.written.append(path)
        return 3


@pytest.fixture
def reports() -> FakeReports:
    return FakeReports()


@pytest.fixture
def page(qtbot, texts, theme, instant, reports, tmp_path) -> ChartsScreen:
    made = ChartsScreen(
        *(texts, theme, instant, reports, Session(), FakeClock(NOON)), exports=tmp_path
    )
    qtbot.addWidget(made)
    made.resize(1366, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.enter()
    made.chart.setFocus()
    return made


def test_a_visit_shows_today_by_hour(page: ChartsScreen, reports: FakeReports) -> None:
    midnight = datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert reports.read_spans == [(midnight, NOON)]
    assert page.total.text() == "결제 70,600원 · 환불 7,600원 · 합계 63,000원"
    assert len(page.chart._bars) == 24 and page.chart.hasFocus()
    bar = page.chart._bars[14]
    assert (bar.label, bar.value, bar.second) == ("14시", 58_600, 7_600)


def test_arrows_walk_and_the_table_follows(page: ChartsScreen) -> None:
    for key, place in (
        *((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 2), (Qt.Key.Key_Left, 1)),
        *((Qt.Key.Key_End, 23), (Qt.Key.Key_Right, 23), (Qt.Key.Key_Home, 0), (Qt.Key.Key_Up, 0)),
    ):
        QTest.keyClick(page.chart, key)
        assert (page.chart.place, page.figures.table.place) == (place, place)
    page.figures.table.select(14)
    assert page.chart.place == 14
    assert page.chart.accessibleDescription() == "14시: 51,000원"
    area = dict(page.chart._areas())[9]
    QTest.mouseClick(page.chart, Qt.MouseButton.LeftButton, pos=area.center().toPoint())
    assert page.figures.table.place == 9


@pytest.mark.parametrize("kind", list(ChartKind))
def test_each_kind_has_its_rows(page: ChartsScreen, kind: ChartKind) -> None:
    for _ in range(list(ChartKind).index(kind)):
        page.next_kind.click()
    assert page.kind.key == kind
    model = page.figures.table.model()
    counts = {"hour": 24, "day": 30, "product": 20, "tender": 2}
    assert model.rowCount() == len(page.chart._bars) == counts[kind]
    first = [model.index(0, column).data() for column in range(model.columnCount())]
    assert (
        first
        == {
            "hour": ["0시", "", "", "0원"],
            "day": ["11/1", "", "", "0원"],
            "product": ["상품 1", "1개", "99,999원"],
            "tender": ["카카오페이", "70,600원", "7,600원", "63,000원"],
        }[kind]
    )
    assert page._legend.isHidden() == (kind is ChartKind.PRODUCT)


def test_where_not_all_lying_bars_fit_the_chosen_one_is_seen(page: ChartsScreen) -> None:
    page.kind.segments[2].click()
    seen = [place for place, _ in page.chart._areas()]
    assert len(seen) < 20 and seen[0] == 0
    QTest.keyClick(page.chart, Qt.Key.Key_End)
    assert 19 in [place for place, _ in page.chart._areas()]


def test_periods_are_read_and_typed_ones_once_they_are_whole(
    page: ChartsScreen, reports: FakeReports
) -> None:
    page.next_period.click()
    assert reports.read_spans[-1] == (datetime(2026, 11, 16, 15, tzinfo=UTC), NOON)
    page.periods.segments.segments[3].click()
    read = len(reports.read_spans)
    assert page.periods.since.isVisible() and page.empty.isVisible()
    assert not page.export.isEnabled()
    QTest.keyClicks(page.periods.since.line, "2026-11-01")
    QTest.keyClick(page.periods.since.line, Qt.Key.Key_Return)
    assert reports.read_spans[read:] == [(datetime(2026, 10, 31, 15, tzinfo=UTC), NOON)]
    QTest.keyClicks(page.periods.until.line, "2026-10-01")
    QTest.keyClick(page.periods.until.line, Qt.Key.Key_Return)
    assert page.periods.until.message == "종료일이 시작일보다 빠릅니다."
    assert len(reports.read_spans) == read + 1 and page.empty.isVisible()
    page.enter()
    assert page.periods.period is Period.TODAY and not page.periods.since.isVisible()


def test_without_sales_it_says_so(page: ChartsScreen, reports: FakeReports, texts) -> None:
    reports.report = report_of({})
    page.again.click()
    assert page.empty.isVisible() and page.export.isEnabled()
    texts.set_language("en")
    assert page.total.text() == "Paid ₩0 · Refunded ₩0 · Net ₩0"


def test_what_cannot_be_read_is_said(page: ChartsScreen, reports: FakeReports) -> None:
    reports.error = UserError(ErrorCode.NOT_PERMITTED)
    page.again.click()
    assert page.banner.isVisible() and page.empty.isVisible() and page.total.text() == ""


def test_a_file_is_saved_beside_earlier_ones(
    page: ChartsScreen, reports: FakeReports, tmp_path: Path
) -> None:
    page.export.click()
    page.export.click()
    assert [path.name for path in reports.written] == [
        *("매출 2026-11-23.xlsx", "매출 2026-11-23-2.xlsx")
    ]
    assert "결제와 환불 3건을 매출 2026-11-23-2.xlsx에 저장했습니다" in page.saved.message
    reports.error = EnvironmentProblem(EnvironmentCode.DISK_FULL, "매출.xlsx")
    page.export.click()
    assert page.banner.isVisible() and page.export.isEnabled()


def test_another_person_sees_nothing_of_before(page: ChartsScreen, reports: FakeReports) -> None:
    reports.error = UserError(ErrorCode.NOT_PERMITTED)
    page.staff_changed()
    assert page.empty.isVisible() and page.total.text() == ""


def test_months_have_names_of_months(page: ChartsScreen, reports: FakeReports) -> None:
    reports.report = replace(reports.report, by_month=True)
    page.kind.segments[1].click()
    page.again.click()
    assert page.chart._bars[0].label == "2026년 11월"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(ChartKind))
def test_it_fits_every_size(page: ChartsScreen, texts, kind: ChartKind, language: str) -> None:
    texts.set_language(language)
    page.kind.segments[list(ChartKind).index(kind)].click()
    for width, height in COUNTER_SIZES:
        page.resize(width, height - 200)
        for _ in range(3):  # choices that wrap arrange what is below again
            QApplication.processEvents()
        assert problems(page) == []


def test_the_route_is_for_managers() -> None:
    assert {role.value for role in ROUTE[CHARTS].roles} == {"MANAGER"}
