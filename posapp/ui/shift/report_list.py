"""List of the Z reports, the newest first, each with its addendum below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QStackedLayout, QWidget

from posapp.domain.report_content import ReportContent, unchanged_report
from posapp.domain.z_addenda import AddendumContent, ZAddendum, unchanged_addendum
from posapp.domain.z_reports import ZReport
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.printing.addendum_paper import AnyReport, finding_count
from posapp.ui.printing.report_paper import actor_text
from posapp.ui.widgets import boxes
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.roles import Frame
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.two_line_table import TwoLineTable


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A Z report in the list, or an addendum.

    Attributes:
        addendum: number of the addendum; 0: it is the report.
        content: ``None``: somebody changed what was stored.
        awaits: of a Z report: its addendum is still to come.
    """

    z_no: int
    content: AnyReport | None
    addendum: int = 0
    awaits: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """Its identity: the number of the report, and that of the addendum or 0."""
        return self.z_no, self.addendum


def listed(
    reports: Sequence[ZReport], addenda: Sequence[ZAddendum] = ()
) -> tuple[ListedReport, ...]:
    """Return reports as they are listed, the newest first, and below each its addendum."""
    of_report = {one.z_no: one for one in addenda}
    rows: list[ListedReport] = []
    for one in reversed(reports):
        content, added = unchanged_report(one), of_report.get(one.z_no)
        end = content.end if content is not None else None
        awaits = end is not None and end.is_uncompared and added is None
        rows.append(ListedReport(one.z_no, content, awaits=awaits))
        if added is not None:
            rows.append(ListedReport(one.z_no, unchanged_addendum(added), added.number))
    return tuple(rows)


class ReportList(QWidget):
    """Enter opens a report."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        bind = texts.bind
        columns = (
            Column(bind("shift.report_number")),
            Column(bind("shift.business_day"), stretches=True),
            Column(bind("shift.net"), is_right=True),
            Column(bind("shift.over_short"), is_right=True),
        )
        self.rows = RowsModel(texts, columns, lambda one: one.key, self._cells, lambda: None, self)
        self.table = TwoLineTable(theme, self.rows)
        self.table.setObjectName("zReports")
        bind("shift.reports").show_in(self.table, QWidget.setAccessibleName)
        self.empty = EmptyState(theme)
        self.empty.say(bind("shift.reports_none"), bind("shift.reports_none_why"))
        card = Frame("card")
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        boxes.column(pages, on=card, margins=8)
        boxes.column(card, on=self)
        self.setFocusProxy(self.table)

    @property
    def current(self) -> ListedReport | None:
        """Return the current report, or ``None``."""
        row = self.table.current
        return row if isinstance(row, ListedReport) else None

    def show_reports(self, reports: Sequence[ListedReport]) -> None:
        """Show reports."""
        self.rows.show(reports, has_more=False)
        self._pages.setCurrentIndex(0 if reports else 1)
        if reports and self.table.place < 0:
            self.table.select(0)

    def _cells(self, one: ListedReport) -> tuple[Cell, ...]:
        texts, content = self._texts, one.content
        if one.addendum:
            return self._addendum_cells(one)
        number = Cell(texts("shift.report_z", number=one.z_no))
        if not isinstance(content, ReportContent) or content.end is None:
            return number, Cell(texts("shift.report_unreadable"), "", "error"), Cell(""), Cell("")
        end = content.end
        closed = texts(
            "shift.closed_line",
            time=texts.when(end.closed_at),
            name=actor_text(texts, end.closed_by, content.staff_names),
        )
        if one.awaits:
            number = Cell(number.first, texts("shift.addendum_awaited"), "warning")
        sales = texts("shift.times", count=content.figures.sales)
        over = Cell(texts.won(end.over_short), "", "warning" if end.over_short else "")
        return (
            *(number, Cell(f"{content.business_date:%Y-%m-%d}", closed)),
            *(Cell(texts.won(content.figures.net), sales), over),
        )

    def _addendum_cells(self, one: ListedReport) -> tuple[Cell, ...]:
        texts, content = self._texts, one.content
        below = texts("shift.report_z", number=one.z_no)
        number = Cell(texts("shift.addendum", number=one.addendum), below)
        if not isinstance(content, AddendumContent):
            return number, Cell(texts("shift.report_unreadable"), "", "error"), Cell(""), Cell("")
        compared = texts("shift.compared", time=texts.when(content.compared_at))
        found = Cell(finding_count(texts, content), compared, "warning" if content.found else "")
        return number, found, Cell(""), Cell("")
