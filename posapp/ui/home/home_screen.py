"""First page: the search of orders, and the work that waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from posapp.domain.order_segments import OrderSegment
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.home.work_rows import WorkRow
from posapp.ui.shell.routes import (
    CARDS,
    CASH_RECEIPTS,
    DELIVERIES,
    OPEN_MONEY,
    ORDERS,
    REQUESTS,
    SALE,
)
from posapp.ui.shell.screen import Screen
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from posapp.services.container import Container
    from posapp.services.orders.today_figures import TodayFigures
    from posapp.services.orders.work_counts import WorkCounts
    from posapp.services.ports.order_search import OrderSummary
    from posapp.ui.home.home_side import HomeSide

_MARGIN = 24
_GAP, _LOW_GAP = 16, 8
_NARROW = 900
_LOW = 520
"""Height in pixels below which the rows stand in columns, for all of them to be seen."""

_USUAL_ROWS, _FULL = 4, 660
"""Rows that are there in most shops, and the height in pixels below which more of them need the
white space around, too."""

_ONLY_IF_ANY = frozenset({"receipts"})
"""Rows that are there only while something waits in them: most shops never have any."""

_SLOT = 24
"""Height in pixels of the message below the search; its place is kept, so that nothing shifts."""

_TOGETHER_MS = 500
"""Delay in milliseconds that combines several changes of the records into one count."""


class HomeScreen(Screen):
    """Search first, then what waits, each with the key that leads to it.

    It is painted before there are services: what is typed is kept, and Enter takes effect after
    ``attach``.
    """

    search_requested = Signal(str)
    """Open what a typed text or number finds best."""

    order_picked = Signal(object)
    """An order was picked from the newest ones. Carries its ``OrderSummary``."""

    def __init__(self, texts: Translator, theme: Theme, runner: TaskRunner) -> None:
        super().__init__(texts, theme, runner)
        self._read: Callable[[], WorkCounts] | None = None
        self._read_recent: Callable[[], tuple[OrderSummary, ...]] | None = None
        self._read_today: Callable[[], TodayFigures | None] | None = None
        self.side: HomeSide | None = None
        self._entered = False
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self._acted)
        self._notices: list[Callable[[], str]] = []
        self._problem: Exception | None = None
        self._offer: Callable[[], str] | None = None
        self._offer_button = ""
        self._take_offer: Callable[[], object] = lambda: None
        bind = texts.bind
        self.search = SearchField(theme)
        self.search.setObjectName("homeSearch")
        bind("home.search_hint").show_in(self.search, QLineEdit.setPlaceholderText)
        bind("home.search").show_in(self.search, QWidget.setAccessibleName)
        self.search.picked.connect(self._picked)
        self.refusal = Label("error")
        self.refusal.setFixedHeight(_SLOT)
        self._refusal: Callable[[], str] | None = None
        self.busy = BusyBar(theme)
        self.rows = {
            "to_pay": WorkRow("F5", "to_pay", ORDERS, segment=OrderSegment.OPEN),
            "requests": WorkRow("Ctrl+4", "requests", REQUESTS),
            "to_ship": WorkRow("Ctrl+5", "to_ship", DELIVERIES),
            "open_money": WorkRow("F12", "open_money", OPEN_MONEY),
            "receipts": WorkRow("", "receipts", CASH_RECEIPTS),
        }
        self._absent = set(_ONLY_IF_ANY)
        for row in self.rows.values():
            row.clicked.connect(partial(self.go_to, row.page, **row.arguments))
            bind(f"home.{row.name}").show_in(row, WorkRow.set_label)
        why = bind("home.cards_why")
        self.by_number = Button("secondary", "F3", text=bind("home.cards"), description=why)
        self.by_number.setObjectName("byNumber")
        self.by_number.clicked.connect(partial(self.go_to, CARDS))
        self.sale = Button("primary", "F4", text=bind("home.sale"))
        self.sale.setObjectName("sale")
        self.sale.clicked.connect(partial(self.go_to, SALE))
        self._heading = Label("heading", text=bind("home.work"))
        self._again = QTimer(self, singleShot=True, interval=_TOGETHER_MS)
        self._again.timeout.connect(self._count)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._grid = QGridLayout()
        self._page = QVBoxLayout(self)
        self._build_layout()
        texts.changed.connect(self._retranslate)
        self.setFocusProxy(self.search)

    def attach(self, services: Container) -> None:
        """Take the services, count the work, and process an Enter that was pressed before."""
        # Imported here and not above: it touches what the first window may not (``posapp.ui``).
        from posapp.ui.home.home_side import HomeSide
        from posapp.ui.home.recent_orders import SHOWN

        session = services.session
        self._read = lambda: services.work_count_service.read(session.own_actor)
        self._read_today = lambda: services.today_figures_service.read(session.own_actor)
        self._read_recent = lambda: services.order_summary_service.recent(SHOWN)
        self.side = HomeSide(self._texts, self._theme)
        self.side.recent.picked.connect(self.order_picked)
        self.side.recent.left.connect(self.search.setFocus)
        self.search.moved.connect(self._leave_search)
        self._columns.addWidget(self.side, 1)
        self._fit_side()
        self._count()
        self.busy.stop()
        if self._entered:
            self._entered = False
            self._picked()

    def show_pages(self, may_open: Callable[[str], bool]) -> None:
        """Show the rows that lead where whoever is at the till may go, and count anew."""
        self._absent = {name for name, row in self.rows.items() if not may_open(row.page)}
        self._absent |= _ONLY_IF_ANY
        self._arrange_rows()
        self._show_today(None)
        self._count()

    def show_error(self, error: Exception) -> None:
        """Show an error above the typed text; an Enter pressed early is forgotten."""
        self._entered = False
        self.busy.stop()
        self.banner.show_error(error, button="words.close")

    def show_start_notice(self, make: Callable[[], str]) -> None:
        """Show what was found at the start, above all else, until it is closed; several of them
        one after another."""
        self._notices.append(make)
        self._show_problem()

    def show_start_problem(self, error: Exception) -> None:
        """Show why no payment can be taken until a setting is changed, with the way there."""
        self._problem = error
        self._show_problem()

    def show_offer(
        self,
        make: Callable[[], str] | None,
        button: str = "",
        take: Callable[[], object] = lambda: None,
    ) -> None:
        """Show what a new shop can try, below anything that keeps it from selling; ``None``: no
        more."""
        was_shown = self._offer is not None
        self._offer, self._offer_button, self._take_offer = make, button, take
        if make is None and was_shown and self._problem is None:
            self.banner.clear()
        self._show_problem()

    def _show_problem(self) -> None:
        problem = self._problem
        if self._notices:
            self.banner.show_notice(self._notices[0], button="words.close")
        elif problem is not None:
            self.banner.show_failure(
                lambda: self._texts.error(problem), button="home.open_settings"
            )
        elif self._offer is not None:
            self.banner.show_notice(self._offer, button=self._offer_button)

    @Slot()
    def _acted(self) -> None:
        is_notice = self.banner.tone == "notice"
        self.banner.clear()
        if is_notice and self._notices:
            del self._notices[0]
            self._show_problem()
        elif is_notice and self._problem is None:
            self._take_offer()
        elif self._problem is not None:
            self.go_to("settings")
        else:
            self._show_problem()

    def show_unknown(self, text: str) -> None:
        """Show that nothing has this number, and empty the search for the next one."""
        texts = self._texts
        self._refuse(lambda: texts("home.unknown", text=text))

    def show_while_paying(self) -> None:
        """Show that no other order can be paid beside a live QR, and empty the search."""
        texts = self._texts
        self._refuse(lambda: texts("home.while_paying"))

    @property
    def begins_sale(self) -> bool:
        """Return ``True``: nothing of the page is left behind."""
        return True

    @property
    def is_untouched(self) -> bool:
        """Return whether nobody has typed anything."""
        return not self.search.typed

    def focus_search(self) -> bool:
        """Empty and focus the search."""
        self.search.show_text("")
        self.search.setFocus()
        return True

    def enter(self) -> None:
        """Begin with an empty search."""
        self._say_below(None)
        self.search.show_text("")

    def clear(self) -> None:
        """Reset the page for the next user. What keeps the shop from selling stays said."""
        self.banner.clear()
        self._show_problem()
        self._say_below(None)
        self.search.show_text("")

    def forget_typed(self) -> None:
        """Forget what is typed."""
        self.search.show_text("")

    def status_changed(self) -> None:
        """Count again soon."""
        if not self._again.isActive():
            self._again.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Count again, and let the counts end at one edge, whatever their keys are."""
        super().showEvent(event)
        widest = max(row.key_width for row in self.rows.values())
        for row in self.rows.values():
            row.align_count(widest)
        self._count()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns one above the other on a narrow or tall screen, and low rows in two."""
        super().resizeEvent(event)
        self._arrange_rows()
        self._fit_side()
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.LeftToRight if self._is_wide else ways.TopToBottom)

    @property
    def _is_wide(self) -> bool:
        return self.width() >= _NARROW and self.width() > self.height()

    @Slot()
    def _picked(self) -> None:
        text = self.search.text().strip()
        if not text:
            return
        self.banner.clear()
        self._say_below(None)
        if self._read is None:
            self._entered = True
            self.busy.start(self._texts("home.waiting"))
        else:
            self.search_requested.emit(text)

    @Slot()
    def _count(self) -> None:
        if self._read is not None and self._read_recent is not None and self.isVisible():
            self._runner.run(self._read, self._counted, owner=self, key="counts")
            self._runner.run(self._read_recent, self._recent_read, owner=self, key="recent")
        if self._read_today is not None and self.isVisible():
            self._runner.run(self._read_today, self._today_read, owner=self, key="today")

    def _recent_read(self, outcome: TaskResult[tuple[OrderSummary, ...]]) -> None:
        if outcome.value is not None and self.side is not None:
            self.side.recent.show_orders(outcome.value)

    def _today_read(self, outcome: TaskResult[TodayFigures | None]) -> None:
        if outcome.error is None:
            self._show_today(outcome.value)

    def _show_today(self, figures: TodayFigures | None) -> None:
        if self.side is not None:
            self.side.show_figures(figures)

    @Slot(int)
    def _leave_search(self, by: int) -> None:
        if by > 0 and self.side is not None and self.side.recent.isVisible():
            self.side.recent.focus_first()

    def _fit_side(self) -> None:
        if self.side is not None:
            self.side.fit(self.height(), is_wide=self._is_wide)

    def _counted(self, outcome: TaskResult[WorkCounts]) -> None:
        counts = outcome.value
        if counts is None:
            return
        for row, count in (
            ("to_pay", counts.to_pay),
            ("requests", counts.requests_waiting),
            ("to_ship", counts.to_ship),
            ("open_money", counts.unresolved),
            ("receipts", counts.receipts),
        ):
            self.rows[row].show_count(count.number, more=count.is_capped)
            if row in _ONLY_IF_ANY and (count.number > 0) == (row in self._absent):
                self._absent ^= {row}
                self._arrange_rows()

    def _build_layout(self) -> None:
        work = Frame("card")
        self._work = inside = boxes.column(on=work, gap=4)
        self._heading.setContentsMargins(12, 0, 0, 4)
        inside.addWidget(self._heading)
        inside.addLayout(self._grid)
        inside.addStretch(1)
        self._grid.setSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._arrange(1, is_low=False)
        self._columns.setSpacing(_GAP)
        self._columns.addWidget(work, 1)
        buttons = boxes.row(self.sale, self.by_number, (self.busy, 1))
        searching = boxes.column(self.search, self.refusal, gap=0)
        self._page.setContentsMargins(_MARGIN, 8, _MARGIN, _GAP)
        self._page.addLayout(searching)
        self._page.addWidget(self.banner)
        self._page.addLayout(self._columns)
        self._page.addStretch(1)
        self._page.addLayout(buttons)

    def _arrange_rows(self) -> None:
        is_full = len(self.rows) - len(self._absent) > _USUAL_ROWS
        if self.height() < _LOW:
            self._arrange(3 if is_full else 2, is_low=True)
        else:
            self._arrange(1, is_low=is_full and self.height() < _FULL)

    def _arrange(self, columns: int, *, is_low: bool) -> None:
        """Show the rows that are there in so many columns, which are read downwards.

        Args:
            is_low: white space gives way.
        """
        rows = [row for name, row in self.rows.items() if name not in self._absent]
        length = max(1, -(-len(rows) // columns))
        for row in self.rows.values():
            self._grid.removeWidget(row)
        for number, row in enumerate(rows):
            self._grid.addWidget(row, number % length, number // length)
        for name, row in self.rows.items():
            row.setVisible(name not in self._absent)
        for column in (1, 2):
            self._grid.setColumnStretch(column, 1 if columns > column else 0)
        self._page.setSpacing(_LOW_GAP if is_low else _GAP)
        self._work.setContentsMargins(12, 4 if is_low else 16, 12, 4 if is_low else 12)

    def _refuse(self, make: Callable[[], str]) -> None:
        self.focus_search()
        self._say_below(make)
        announce(self.refusal, self.refusal.text(), urgent=True)

    def _say_below(self, make: Callable[[], str] | None) -> None:
        """Show a text below the search that follows the language, or none."""
        self._refusal = make
        self.refusal.setText(make() if make is not None else "")

    def _retranslate(self) -> None:
        self._say_below(self._refusal)
        if self.busy.is_busy:
            self.busy.start(self._texts("home.waiting"))
