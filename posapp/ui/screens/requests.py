"""The request desk: a seller's exchange and refund requests (docs/specification.md 2.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.people import User
from posapp.domain.requests import Decision
from posapp.services.ports.machine import Clock
from posapp.services.ports.requests import RequestSearch
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.models.requests import RequestTable
from posapp.ui.models.requests_asked import Asked
from posapp.ui.models.requests_pages import SIZES, RequestPages
from posapp.ui.models.requests_saved import FilterShelf, SavedFilter
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.request_parts.decision_flow import DecisionFlow
from posapp.ui.screens.request_parts.desk_sheet import DeskSheet
from posapp.ui.screens.request_parts.export_errand import ExportRequests
from posapp.ui.screens.request_parts.export_flow import ExportFlow
from posapp.ui.screens.request_parts.filter_words import page_words, why_empty
from posapp.ui.screens.request_parts.row_painter import APPROVE, REJECT, UNDO
from posapp.ui.screens.request_parts.saving_filters import SavingFilters
from posapp.ui.screens.request_parts.turning import Turning
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce

if TYPE_CHECKING:
    from posapp.services.request_desk import RequestDesk

_TOGETHER_MS = 80
"""Refunds that move on within so short a time are read again in one go."""


class RequestsScreen(QWidget):
    """Finds requests, decides them, and shows that the money followed.

    The focus begins in the table; every deed has a key, shown on its button. Reading, counting,
    deciding and exporting happen in the background.
    """

    home_requested = Signal()
    """Back to payment home."""

    order_requested = Signal(object)
    """The page of an order: its id."""

    told = Signal(str)
    """An outcome while this screen is not shown; for a toast."""

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        runner: TaskRunner,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._runner = texts, runner
        self._desk: RequestDesk | None = None
        self._wanted: int | None = None
        self.seller: User | None = None
        self._behind = False
        self.model = RequestTable(texts, clock, self)
        self.pages = RequestPages(runner, clock, self)
        self.sheet = DeskSheet(self.model, texts, theme)
        self.deeds = DecisionFlow(self.sheet, self.model, texts, runner, clock, self)
        self.export = ExportFlow(self.sheet, self.pages, texts, runner, clock, self)
        self.turning = Turning(self.sheet, self.pages, texts, self)
        self.saving = SavingFilters(self.sheet, self.pages, texts, runner, self)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_TOGETHER_MS)
        self._again.timeout.connect(self._read_again)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.sheet)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._connect()
        self._add_keys()
        texts.changed.connect(self._write)
        self._write()

    @property
    def why_stay(self) -> str:
        """Why a scan may not open another order now: a message id, or empty."""
        return "scan.while_working" if self.deeds.deciding.is_busy else ""

    def attach(
        self,
        desk: RequestDesk,
        search: RequestSearch,
        shelf: FilterShelf,
        export: ExportRequests,
    ) -> None:
        """The services stand; whose desk was asked for before is opened now."""
        self._desk = desk
        self.pages.attach(search)
        self.deeds.attach(desk)
        self.saving.attach(shelf)
        self.export.attach(export)
        if self._wanted is not None:
            self._open()

    def open(self, seller_id: int) -> None:
        """Show a seller's requests: page 0, 5 rows, no filter. ``seller_id`` as typed."""
        self._wanted = seller_id
        self.seller = None
        self.deeds.open(seller_id)
        self.pages.close()
        self.sheet.banner.clear()
        self.sheet.show_desk(True)
        self.sheet.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.model.show_page(())
        self.sheet.filters.panel.hide()
        self.sheet.filters.show_asked(Asked())
        self._write()
        self._open()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """PortOne can be reached or not."""
        self.model.set_online(online)

    @Slot(bool)
    def set_behind(self, behind: bool) -> None:
        """The file is an older copy that is still being compared: nothing can be decided."""
        self._behind = behind
        self.model.set_behind(behind)
        self._write_chosen()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """A refund moved on in the background: its row is read again."""
        shown_here = any(row.refund_id == refund_id for row in self.model.rows)
        wanted = shown_here or self.pages.asked.money is not None
        if self.seller is not None and wanted and not self._again.isActive():
            self._again.start()  # running already, it is left to end: many may follow each other

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus belongs to the table; a focus proxy would take everything that stands before
        the table out of the tab chain."""
        super().focusInEvent(event)
        self.sheet.view.setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        """Read afresh: what waited a minute ago may be decided by now."""
        super().showEvent(event)
        if self.seller is not None:
            self.pages.reload()

    def _open(self) -> None:
        desk, seller_id = self._desk, self._wanted
        if desk is not None and seller_id is not None:
            self._runner.run(lambda: desk.open(seller_id), self._opened, owner=self, key="open")

    def _opened(self, outcome: Outcome[User]) -> None:
        if outcome.value is None:
            error = outcome.error or RuntimeError()
            self.sheet.banner.trouble(error, "words.back", self.home_requested.emit)
            self.sheet.show_desk(False)
            return
        self.seller = outcome.value
        self._write()
        self.pages.open(self.seller.id, Asked(), SIZES[0])

    def _connect(self) -> None:
        sheet, pages = self.sheet, self.pages
        pages.arrived.connect(self._arrived)
        pages.counted.connect(self._counted)
        sheet.filters.asked_for.connect(pages.ask)
        sheet.filters.left.connect(lambda: sheet.view.setFocus())
        sheet.search.picked.connect(lambda: sheet.view.setFocus())
        sheet.view.painted.connect(self._write_page)
        sheet.view.painted.connect(pages.count)
        sheet.view.opened.connect(self._open_order)
        sheet.view.pressed_deed.connect(self._row_pressed)
        sheet.view.selectionModel().currentChanged.connect(lambda *_: self._write_chosen())
        sheet.approve.clicked.connect(lambda: self.deeds.start(Decision.APPROVE))
        sheet.reject.clicked.connect(lambda: self.deeds.start(Decision.REJECT))
        sheet.more.clicked.connect(sheet.filters.toggle_panel)
        sheet.saved.clicked.connect(self.saving.ask)
        sheet.export.clicked.connect(self._export)
        self.saving.chosen.connect(self._use_saved)
        self.deeds.stale.connect(self._again.start)
        self.deeds.told.connect(self.told)
        self.deeds.deciding.changed.connect(self._write_chosen)
        self.model.ticked.connect(self._write_chosen)
        self.model.dataChanged.connect(lambda *_: self._write_chosen())

    def _add_keys(self) -> None:
        for key, deed in (
            ("F2", self.sheet.to_the_search),
            ("F5", self.pages.reload),
            ("Ctrl+Z", self.deeds.undo_newest),
        ):
            QShortcut(key, self).activated.connect(deed)

    def _arrived(self, again: bool) -> None:
        view = self.sheet.view
        row = view.row
        if again:
            self.model.merge_page(self.pages.rows)
            if view.row < 0:
                view.select(max(row, 0))
        else:
            self.model.show_page(self.pages.rows)
            view.select(0)
        empty = self.model.rowCount() == 0
        self.sheet.show_empty(empty)
        if empty:
            self._write_page()
            self.pages.count()
        else:
            view.expect_page()  # the rows first: where they stand among all follows a frame later
        self.deeds.watch_time()
        if not again:
            said = (
                self.sheet.empty.accessibleName() if empty else page_words(self._texts, self.pages)
            )
            announce(self.sheet.pager, said)

    def _counted(self) -> None:
        self.sheet.filters.bar.show_counts(self.pages.state_counts)
        self._write_page()

    def _read_again(self) -> None:
        if self.isVisible() and self.seller is not None:
            self.pages.reload()

    def _open_order(self, at: int) -> None:
        row = self.model.row_at(at)
        if row is not None:
            self.order_requested.emit(row.order_id)

    def _row_pressed(self, deed: str, at: int) -> None:
        row = self.model.row_at(at)
        if row is None:
            return
        if deed == UNDO:
            self.deeds.undo((row.id,))
        elif deed in (APPROVE, REJECT):
            decision = Decision.APPROVE if deed == APPROVE else Decision.REJECT
            self.deeds.start_with(decision, (row,))

    def _export(self) -> None:
        if self.seller is not None:
            self.export.ask(self.seller.id)

    def _use_saved(self, saved: SavedFilter) -> None:
        self.sheet.banner.clear()
        self.sheet.filters.show_asked(saved.asked)
        self.pages.asked = saved.asked
        self.turning.set_size(saved.size)

    def _write(self) -> None:
        seller = self.seller
        name = "" if seller is None else shown(seller.name, 40)
        self.sheet.seller.setText(
            "" if seller is None else self._texts("requests.of_seller", name=name, id=seller.id)
        )
        self._write_page()

    def _write_page(self) -> None:
        self.sheet.pager.show_pages(self.pages)
        known = self.seller is not None
        why = why_empty(self._texts, self.pages.asked) if known else ""
        self.sheet.empty.set_words(self._texts("requests.empty"), why)
        self._write_chosen()

    def _write_chosen(self) -> None:
        texts, targets = self._texts, self.deeds.targets
        able = bool(targets) and not self.deeds.deciding.is_busy and not self._behind
        self.sheet.approve.setEnabled(able)
        self.sheet.reject.setEnabled(able)
        ticked = len(self.model.ticked_rows)
        self.sheet.chosen.setText(
            texts("requests.ticked", count=ticked) if ticked else texts("requests.keys")
        )
