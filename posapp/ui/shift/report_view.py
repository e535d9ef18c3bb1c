"""Figures of an X or a Z report, or of an addendum, in cards, side by side where there is room."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.printing.addendum_paper import AnyReport, sections_of
from posapp.ui.printing.report_paper import ReportSection
from posapp.ui.widgets import boxes
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import Frame, Label

_GAP, _MARGIN = 12, 16
_NARROW = 800
_WIDEST = 1_280
"""Width in pixels beyond which amounts would be too far from their names."""

_MOST = 7
"""Sections of a report."""

_IN_TWO = 4
"""Sections that two columns have room for."""

_WIDE = 1_100
"""Width in pixels from which there is room for a third column."""


class _SectionCard(Frame):
    """A title, and rows whose amounts end at one edge."""

    def __init__(self) -> None:
        super().__init__("card")
        self._title = Label("heading")
        self._rows = FactGrid(is_right=True)
        boxes.column(self._title, self._rows, on=self, gap=8, margins=_MARGIN)

    def show_section(self, section: ReportSection) -> None:
        """Show a section."""
        self._title.setText(section.title)
        strong = [row.name for row in section.rows if row.is_strong]
        self._rows.set_rows([(row.name, row.value) for row in section.rows], strong)


class ReportView(QWidget):
    """Shows a report; its scroll area has the focus, so that arrows scroll it."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self.content: AnyReport | None = None
        self._cards = [_SectionCard() for _ in range(_MOST)]
        inside = Frame("panel")
        self.area = FocusScrollArea(theme)
        self._sides = ResponsiveSplit(narrow_below=_NARROW, gap=_GAP, measured=self.area)
        self._columns = [QWidget() for _ in range(3)]
        self._boxes = [boxes.column(1, on=column, gap=_GAP) for column in self._columns]
        for column in self._columns:
            self._sides.add(column, above=0)
        self._arrange()
        self._sides.setMaximumWidth(_WIDEST)
        boxes.column(self._sides, 1, on=inside, margins=4)
        self.area.setWidget(inside)
        self.area.setObjectName("shiftReport")
        texts.bind("shift.reports").show_in(self.area, QWidget.setAccessibleName)
        boxes.column((self.area, 1), on=self)
        self.setFocusProxy(self.area)
        texts.changed.connect(self._write)

    def show_report(self, content: AnyReport) -> None:
        """Show a report from its top."""
        self.content = content
        self._write()
        self.area.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the last sections a column of their own where there is room."""
        super().resizeEvent(event)
        self._arrange()

    @property
    def sections(self) -> tuple[ReportSection, ...]:
        """Return what is shown."""
        return sections_of(self._texts, self.content) if self.content is not None else ()

    def _write(self) -> None:
        sections = self.sections
        for at, card in enumerate(self._cards):
            card.setVisible(at < len(sections))
            if at < len(sections):
                card.show_section(sections[at])
        self._arrange()

    def _arrange(self) -> None:
        count = len(self.sections)
        columns = 3 if self.width() >= _WIDE and count > _IN_TWO else 2
        each = 2 if count > columns else 1
        for at, card in enumerate(self._cards):
            column = self._boxes[min(at // each, columns - 1)]
            if column.indexOf(card) < 0:
                column.insertWidget(column.count() - 1, card)
        for at, one in enumerate(self._columns):
            one.setVisible(at < columns)
