"""Page of what was sold: bars by hour, day, product or tender, and a table beside them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtWidgets import QStackedLayout, QWidget

from posapp.services.orders.sales_report import (
    LONGEST,
    MovementLabels,
    SalesReport,
    SalesReportService,
)
from posapp.services.ports.system import Clock
from posapp.services.session import Session
from posapp.ui.charts.bar_chart import BarChart
from posapp.ui.charts.figures_table import LYING, ChartKind, FiguresTable, RowTexts, rows_of
from posapp.ui.core.formats import grouped, seoul
from posapp.ui.core.i18n import Translator
from posapp.ui.core.periods import Period, period_begin
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.save_folder import first_folder, folder_text, free_path
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.screen import Screen
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.flow_layout import FlowPanel
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.period_choice import PeriodChoice
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.saved_bar import SavedBar
from posapp.ui.widgets.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from posapp.ui.shell.screen import ScreenContext

PERIODS = (Period.TODAY, Period.WEEK, Period.MONTH, Period.TYPED)
_TENDERS = ("KAKAOPAY", "UNKNOWN", "CASH")
_NARROW = 900
_MARGIN, _GAP = 24, 12


class ChartsScreen(Screen):
    """Reads the report of a period in the background, and saves its payments and refunds as a file.

    Args:
        exports: the shop's folder of exported files.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        report: SalesReportService,
        session: Session,
        clock: Clock,
        *,
        exports: Path | None = None,
    ) -> None:
        super().__init__(texts, theme, runner)
        self._service, self._session, self._clock = report, session, clock
        self._exports = exports
        self._report: SalesReport | None = None
        self._times: tuple[datetime | None, datetime | None] = (None, None)
        self._row_texts = RowTexts(texts)
        self.kind = SegmentedControl(theme, tuple(ChartKind))
        self.kind.setObjectName("chartKind")
        names = [texts.bind(f"charts.by_{kind}") for kind in ChartKind]
        self.kind.say(texts.bind("charts.kind"), names)
        self.periods = PeriodChoice(texts, theme, "charts", PERIODS, self)
        self.chart = BarChart(theme)
        self.chart.setObjectName("chart")
        texts.bind("charts.title").show_in(self.chart, QWidget.setAccessibleName)
        self.figures = FiguresTable(texts, theme, self._row_texts)
        self.banner, self.saved = Banner(texts, theme), SavedBar(texts, theme)
        self.empty = EmptyState(theme)
        self.empty.say(texts.bind("charts.empty"), texts.bind("charts.empty_why"))
        self.next_kind = Button("quiet", "F3", text=texts.bind("charts.kind"))
        self.next_period = Button("quiet", "F4", text=texts.bind("periods.period"))
        self.again = Button("quiet", "F5", text=texts.bind("charts.reload"))
        self.export = Button("quiet", "Ctrl+E", text=texts.bind("charts.export"))
        self.total = Label("body", wraps=True)
        self._actions = QWidget()
        self._build_layout()
        self._connect()
        texts.changed.connect(self._write)
        self.setFocusProxy(self.kind.segments[0])

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.sales_report, services.session, context.clock),
            exports=context.exports,
        )

    @property
    def head_actions(self) -> QWidget:
        """Return the actions in the head."""
        return self._actions

    def enter(self) -> None:
        """Show today's figures by hour."""
        self.clear()
        self._read()

    def clear(self) -> None:
        """Forget the period and what was read."""
        self.kind.choose(ChartKind.HOUR)
        self.periods.clear()
        self.periods.show_period(Period.TODAY)
        self._times = (None, None)
        self.banner.clear()
        self.saved.clear()
        self._show(None)

    def staff_changed(self) -> None:
        """Forget what another person may see."""
        self.clear()
        if self.isVisible():
            self._read()

    def _build_layout(self) -> None:
        boxes.row(
            *(self.next_kind, self.next_period, self.again, self.export), on=self._actions, gap=8
        )
        choices = FlowPanel()
        choices.add(self.kind)
        choices.add(self.periods.segments)
        left, right = Frame("card"), Frame("card")
        self._legend = Label("caption", wraps=True, text=self._texts.bind("charts.legend"))
        boxes.column((self.chart, 1), self._legend, on=left, gap=8, margins=12)
        boxes.column(self.figures, on=right, margins=(8, 0, 8, 4))
        self._beside = ResponsiveSplit(narrow_below=_NARROW)
        self._beside.add(left, 1)
        self._beside.add(right, 1)
        ground = QWidget()
        self._pages = QStackedLayout(ground)
        self._pages.addWidget(self._beside)
        self._pages.addWidget(self.empty)
        boxes.column(
            *(choices, self.periods.times, self.total, self.banner, (ground, 1), self.saved),
            on=self,
            gap=_GAP,
            margins=(_MARGIN, 0, _MARGIN, _GAP),
        )

    def _connect(self) -> None:
        self.kind.chosen.connect(lambda _: self._show(self._report))
        self.periods.chosen.connect(lambda _: self._read())
        self.periods.typed.connect(self._take_times)
        self.chart.chosen.connect(self._walked)
        for table in self.figures.tables:
            table.chosen.connect(partial(self._follow, table))
        self.next_kind.clicked.connect(self._choose_next_kind)
        self.next_period.clicked.connect(self.periods.next_period)
        self.again.clicked.connect(self._read)
        self.export.clicked.connect(self._export)
        self.banner.acted.connect(self.banner.clear)

    # Reading

    def _span(self) -> tuple[datetime, datetime] | None:
        """Return the time of the report; ``None``: it is not typed yet, or too long."""
        now = self._clock.now()
        begin = period_begin(self.periods.period, now)
        since, until = (begin, now) if begin is not None else self._times
        until = until or now
        if since is None or not since <= until <= since + LONGEST:
            return None
        return since, until

    def _take_times(self, since: datetime | None, until: datetime | None) -> None:
        self._times = since, until
        self._read()

    def _read(self) -> None:
        span = self._span()
        if span is None:
            self._show(None)
            return
        actor = self._session.own_actor
        work = partial(self._service.read, actor, *span)
        self._runner.run(work, self._arrived, owner=self, key="report")

    def _arrived(self, outcome: TaskResult[SalesReport]) -> None:
        if outcome.error is not None:
            self.banner.show_error(outcome.error)
            self._show(None)
            return
        self.banner.clear()
        self._show(outcome.value)
        announce(self, self.total.text())

    # Showing

    @property
    def _kind(self) -> ChartKind:
        return ChartKind(str(self.kind.key))

    def _show(self, report: SalesReport | None) -> None:
        self._report = report
        self.export.setEnabled(report is not None)
        self._row_texts.by_month = report is not None and report.by_month
        rows = rows_of(report, self._kind) if report is not None else ()
        self._pages.setCurrentIndex(0 if rows else 1)
        self.figures.show_rows(self._kind, rows)
        self._legend.setVisible(self._kind is not ChartKind.PRODUCT)
        self._write()
        self.figures.table.select(max(self.chart.place, 0))

    def _write(self) -> None:
        texts, report = self._texts, self._report
        rows = rows_of(report, self._kind) if report is not None else ()
        bars = [self._row_texts.bar(row) for row in rows]
        self.chart.show_bars(bars, lies=self._kind in LYING)
        total = report.total if report is not None else None
        said = ""
        if total is not None:
            said = texts(
                "charts.total",
                paid=texts.won(total.paid.amount),
                refunded=texts.won(total.refunded.amount),
                net=texts.won(total.net),
            )
        self.total.setText(said)
        self.total.setVisible(bool(said))

    def _walked(self, place: int) -> None:
        self.figures.table.select(place)
        announce(self.chart, self.chart.accessibleDescription())

    def _follow(self, table: QWidget) -> None:
        if table is self.figures.table:
            self.chart.choose(self.figures.table.place)

    def _choose_next_kind(self) -> None:
        kinds = self.kind.keys
        self.kind.choose(kinds[(kinds.index(self.kind.key) + 1) % len(kinds)])
        self._show(self._report)

    # The file

    def _export(self) -> None:
        span = self._span()
        if span is None or self._report is None:
            return
        texts = self._texts
        days = [f"{seoul(at):%Y-%m-%d}" for at in span]
        name = texts("charts.file_name", days=" ~ ".join(dict.fromkeys(days)))
        path = free_path(Path(first_folder(self._exports)), f"{name}.xlsx")
        labels = MovementLabels(
            texts("charts.sheet"),
            tuple(texts("charts.headings").split("|")),
            texts("charts.paid"),
            texts("charts.refunded"),
            {one: texts(f"charts.tender_{one}") for one in _TENDERS},
        )
        self.export.set_busy(True)
        work = partial(self._service.export, self._session.own_actor, *span, path, labels)
        self._runner.run(work, partial(self._exported, path), owner=self, key="export")

    def _exported(self, path: Path, outcome: TaskResult[int]) -> None:
        self.export.set_busy(False)
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError())
            return
        texts, count = self._texts, grouped(outcome.value)
        name, folder = display_text(path.name, 60), folder_text(path.parent)
        self.saved.show_saved(
            texts.bind("charts.exported", count=count, name=name, folder=folder), path.parent
        )
