"""Layout of the page of shifts: one view at a time above one bar of buttons."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtWidgets import QStackedLayout, QWidget

from posapp.services.cash.shift_service import ShiftView
from posapp.ui.core.formats import seoul
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.printing.report_paper import actor_text
from posapp.ui.shift.closing_view import ClosingView, Step
from posapp.ui.shift.opening_form import OpeningForm
from posapp.ui.shift.report_list import ReportList
from posapp.ui.shift.report_view import ReportView
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.roles import Frame, Label

_MARGIN, _GAP = 24, 12
_OVERVIEW = 960
"""Most width in pixels of the facts of an open shift."""


class View(IntEnum):
    """What the page shows. ``NOTHING``: until the shift was read."""

    NOTHING = 0
    OPENING = 1
    OVERVIEW = 2
    CLOSING = 3
    REPORT = 4
    REPORTS = 5


class Overview(QWidget):
    """Facts of the open shift."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._shift: ShiftView | None = None
        card = Frame("card")
        card.setMaximumWidth(_OVERVIEW)
        self.state = Label("heading", text=texts.bind("shift.is_open"))
        self._facts = FactGrid()
        why = Label("muted", wraps=True, text=texts.bind("shift.is_open_why"))
        boxes.column(self.state, self._facts, why, on=card, gap=16, margins=_MARGIN)
        boxes.column(boxes.row(1, (card, 8), 1), 1, on=self, margins=(0, _MARGIN, 0, 0))
        texts.changed.connect(self._write)

    def show_shift(self, shift: ShiftView) -> None:
        """Show a shift."""
        self._shift = shift
        self._write()

    def _write(self) -> None:
        if self._shift is None:
            return
        texts, shift = self._texts, self._shift.shift
        self._facts.set_rows(
            (
                (texts("shift.business_day"), f"{shift.business_date:%Y-%m-%d}"),
                (texts("shift.opened_at"), texts.when(shift.opened_at)),
                (
                    texts("shift.opened_by"),
                    actor_text(texts, shift.opened_by, self._shift.staff_names),
                ),
                (texts("shift.float"), texts.won(shift.opening_float)),
            )
        )


class ShiftLayout(QWidget):
    """All widgets of the page and their texts, without logic."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        bind = texts.bind
        self.view = View.NOTHING
        self.is_closed = self.has_shift = False
        self.banner, self.long_open = Banner(texts, theme), Banner(texts, theme)
        self.opening, self.overview = OpeningForm(texts), Overview(texts)
        self.closing = ClosingView(texts, theme)
        self.report, self.reports = ReportView(texts, theme), ReportList(texts, theme)
        self.head = QWidget()
        self.reports_button = Button("quiet", "F4", text=bind("shift.reports"))
        self.charts = Button("quiet", "F5", text=bind("shift.charts"))
        self.interim = Button("quiet", "F3", text=bind("shift.x"))
        self.drawer = Button("quiet", "F6", text=bind("shift.drawer"))
        self.pay_in = Button("quiet", "F7", text=bind("shift.pay_in"))
        self.pay_out = Button("quiet", "F8", text=bind("shift.pay_out"))
        self.print = Button("secondary", "Ctrl+P", text=bind("shift.print"))
        self.open_report = Button("secondary", "Enter", text=bind("shift.report_open"))
        self.back = Button("secondary", "Esc")
        self.back.leave_key()  # it is the page's
        self.next = Button("primary", "Enter")
        self.next.setObjectName("shiftNext")
        self.close_button = Button("primary", "F8", text=bind("shift.close"))
        self.close_button.setObjectName("closeShift")
        self._bind = bind
        self._lay_out()
        self.show_view(View.NOTHING)

    def show_view(self, view: View, *, is_closed: bool = False) -> None:
        """Show a view with the buttons of what can be done in it.

        Args:
            is_closed: the report is that of the shift that was closed just now.
        """
        self.view, self.is_closed = view, is_closed
        self._views.setCurrentIndex(view)
        self.show_buttons()

    def show_buttons(self) -> None:
        """Show what can be done now."""
        view, step = self.view, self.closing.step
        is_last = view is View.CLOSING and step is Step.CLOSE
        has_shift = view in (View.OVERVIEW, View.CLOSING)
        self.interim.setVisible(self.has_shift)
        for button in (self.drawer, self.pay_in, self.pay_out):
            button.setVisible(has_shift and not is_last)
        self.close_button.setVisible(is_last)
        self.print.setVisible(view is View.REPORT)
        self.open_report.setVisible(view is View.REPORTS)
        leads = (has_shift and not is_last) or (view is View.REPORT and self.is_closed)
        self.next.setVisible(leads)
        if view is View.OVERVIEW:
            self.next.say(self._bind("shift.begin_closing"))
        elif view is View.REPORT:
            self.next.say(self._bind("shift.open"))
        else:
            self.next.say(self._bind("shift.next"))
        is_report = view in (View.REPORT, View.REPORTS) and not self.is_closed
        self.back.setVisible(view is View.CLOSING or is_report)
        self.back.say(self._bind("words.close" if is_report else "shift.previous"))

    def show_shift(self, shift: ShiftView | None, texts: Translator) -> None:
        """Show the facts of the open shift wherever they are; ``None``: there is none."""
        self.has_shift = shift is not None
        self.interim.setVisible(self.has_shift)
        if shift is None:
            return
        self.overview.show_shift(shift)
        one = shift.shift
        self.closing.day.setText(
            texts(
                "shift.opened_line",
                date=f"{one.business_date:%m-%d}",
                time=f"{seoul(one.opened_at):%H:%M}",
                name=actor_text(texts, one.opened_by, shift.staff_names),
            )
        )

    def first_focus(self) -> QWidget:
        """Return what has the focus when the current view begins."""
        closing = self.closing
        if self.view is View.OPENING:
            return self.opening.float.line
        if self.view is View.REPORTS:
            return self.reports.table if self.reports.rows.rowCount() else self.back
        if self.view is View.CLOSING and closing.step is Step.DIFFERENCE:
            return closing.reason.line if closing.is_over_or_short else self.next
        if self.view is View.CLOSING and closing.step is Step.CLOSE:
            return self.back
        if self.view is View.CLOSING and closing.step is Step.CHECK and closing.checks.left:
            return closing.checks.table
        if self.view is View.REPORT and not self.is_closed:
            return self.report.area
        return self.next

    def hasHeightForWidth(self) -> bool:
        """Return ``False``: views take what height there is, and scroll."""
        return False

    def _lay_out(self) -> None:
        boxes.row(self.interim, self.reports_button, self.charts, on=self.head, gap=8)
        views = QWidget()
        self._views = QStackedLayout(views)
        for view in (
            *(QWidget(), self.opening, self.overview),
            *(self.closing, self.report, self.reports),
        ):
            self._views.addWidget(view)
        bar = boxes.row(
            *(self.drawer, self.pay_in, self.pay_out, self.print, 1),
            *(self.back, self.open_report, self.next, self.close_button),
            gap=8,
        )
        boxes.column(
            *(self.banner, self.long_open, (views, 1), bar),
            on=self,
            gap=_GAP,
            margins=(_MARGIN, 0, _MARGIN, _GAP),
        )
