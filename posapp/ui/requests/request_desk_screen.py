"""Request desk: a seller's exchange and refund requests (docs/specification.md 2.6)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent, QGuiApplication, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.money import ZERO
from posapp.domain.requests import Decision, RequestKind, RequestState
from posapp.domain.users import User
from posapp.services.ports.requests import RequestSearch
from posapp.services.ports.system import Clock
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.requests.decision_flow import DecisionFlow
from posapp.ui.requests.desk_layout import DeskLayout
from posapp.ui.requests.export_flow import ExportFlow, ExportRequests
from posapp.ui.requests.page_address import FIT, SIZES
from posapp.ui.requests.pager import PageNavigation, page_text
from posapp.ui.requests.request_filter_state import RequestFilterState, why_empty
from posapp.ui.requests.request_pager import RequestPager
from posapp.ui.requests.request_row_text import copied_line
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.request_table_view import LATER_MS, single_shot
from posapp.ui.requests.row_painter import APPROVE, REJECT, UNDO
from posapp.ui.requests.saved_filters import SavedFilter, SavedFilterStore
from posapp.ui.requests.saved_filters_dialog import SavedFiltersController
from posapp.ui.shell.routes import ORDER, REQUESTS, ROUTE
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.seller_picker import SellerPicker
from posapp.ui.widgets.undo import UndoStack

if TYPE_CHECKING:
    from posapp.services.requests.decide_request import RequestDecisionService
    from posapp.services.staff.refund_approvals import RefundApprovals

_TOGETHER_MS = 80
"""Delay in milliseconds that combines several refund changes into one reload."""

_NEWS_MS = 1_000
"""Delay in milliseconds that combines changes of any records into one reload."""

_LONGEST_NAME = 20
"""Letters of the shop's name beside the title."""


class RequestDeskScreen(Screen):
    """Finds requests, decides them, and shows the progress of their refunds.

    The focus starts in the table; every action has a key, shown on its button. Reading, counting,
    deciding and exporting run in the background.

    Args:
        exports: the shop's folder of exported files.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        desk: RequestDecisionService,
        search: RequestSearch,
        filter_store: SavedFilterStore,
        export: ExportRequests,
        clock: Clock,
        parent: QWidget | None = None,
        *,
        exports: Path | None = None,
        picker: SellerPicker | None = None,
        undo: UndoStack | None = None,
        session: Session | None = None,
        approvals: RefundApprovals | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._picker = picker
        self._session = session or Session()
        self._desk = desk
        self._actor: Actor | None = None
        self._work_list = self._is_first = False
        self.seller: User | None = None
        self._behind = False
        self.model = RequestTableModel(texts, clock, self)
        self.pages = RequestPager(runner, search, clock, self)
        self.view = DeskLayout(self.model, texts, theme)
        if picker is not None:
            picker.chosen.connect(self._open_work_list)
            self.view.add_picker(picker)
        self._is_crowded = False
        self.view.crowded.connect(self._crowd)
        self.decisions = DecisionFlow(
            *(self.view, self.model, texts, theme, runner, desk),
            *(undo or UndoStack(clock, self), self, self._session, approvals),
        )
        self.export = ExportFlow(
            self.view, self.pages, texts, runner, export, clock, self, exports=exports
        )
        view = self.view
        self.turning = PageNavigation(self.pages, view.view, view.pager, view.banner, texts, self)
        self.saving = SavedFiltersController(self.view, texts, runner, filter_store, self)
        self._again = single_shot(_TOGETHER_MS, self._read_again, self)
        self._news = single_shot(_NEWS_MS, self._read_again, self)
        self._to_new = False
        self._speech = single_shot(LATER_MS, self._speak, self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.view)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._connect()
        self._add_keys()
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner, services.decision_service),
            *(services.request_search, context.filter_store, services.export, context.clock),
            exports=context.exports,
            undo=context.undo,
            session=services.session,
            approvals=services.staff.approvals,
            picker=SellerPicker(
                context.texts, context.runner, services.seller_list.read, services.session
            ),
        )

    def enter(self) -> None:
        """Show the work list of the seller who was shown last, or ask for the seller."""
        if self._actor is not None and self.seller is not None:
            self.open(self._actor, work_list=True)
        if self._picker is None:
            return
        self._picker.begin()
        if self._actor is None:
            self.view.empty.set_text(
                self._texts("sellers.choose_first"), self._texts("sellers.choose_why")
            )
            self.view.show_empty(True)

    def staff_changed(self) -> None:
        """Close the desk of whoever was there before; their filters go with it."""
        if self._picker is None:
            return
        self.decisions.open(NOBODY)
        self._actor = self.seller = None
        self.pages.close()
        self.model.show_page(())
        self.view.banner.clear()
        self.view.filters.panel.hide()
        self._picker.forget()
        self._retranslate()
        if self.isVisible():
            self.enter()

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        return "scan.while_working" if self.decisions.is_busy else ""

    def open(self, actor: Actor, *, work_list: bool = False) -> None:
        """Show a seller's requests: page 0, 5 rows, no filter. The seller's number as typed.

        Args:
            work_list: show the waiting ones, as many as fit the height. Filters and page stay when
                the list is opened again by the same seller.
        """
        is_open = self.seller is not None and actor == self._actor
        if work_list and self._work_list and is_open:
            return
        self._actor, self._work_list = actor, work_list
        self.seller, self._is_first = None, True
        if self._picker is not None:
            self._picker.show_seller(actor.user_id)
        self.decisions.open(actor)
        self.pages.close()
        self.view.banner.clear()
        self.view.show_desk(True)
        self.view.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.model.show_page(())
        self.view.filters.panel.hide()
        self.view.filters.show_filters(self._first_filters)
        self._retranslate()
        desk = self._desk
        self._runner.run(lambda: desk.get_seller(actor), self._opened, owner=self, key="open")

    @property
    def head_actions(self) -> QWidget:
        """Return the search, the filters and the export, as far as the head has them."""
        return self.view.head

    def focus_search(self) -> bool:
        """Empty and focus the search."""
        self.view.to_the_search()
        return True

    def select_order(self, order_id: int) -> bool:
        """Select the first row of the order; ``False`` if none is on this page."""
        rows = self.model.rows
        at = next((at for at, row in enumerate(rows) if row.order_id == order_id), -1)
        if at < 0:
            return False
        self.view.view.select(at)
        self.view.view.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable."""
        self.model.set_online(online)

    @Slot(bool)
    def set_behind(self, behind: bool) -> None:
        """Disable decisions while the file is an older copy that is still being reconciled."""
        self._behind = behind
        self.model.set_behind(behind)
        self._write_chosen()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Reload the page if the refund may be on it."""
        shown_here = any(row.refund_id == refund_id for row in self.model.rows)
        wanted = shown_here or self.pages.filters.money is not None
        if self.seller is not None and wanted and not self._again.isActive():
            self._again.start()  # a running timer is not restarted, because many changes may follow

    def status_changed(self) -> None:
        """Reload the page soon: somebody may have made a request, or decided one."""
        if self.isVisible() and self.seller is not None and not self._news.isActive():
            self._news.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the table, or to what is in place of it: a message, or a choice.

        A focus proxy would remove all widgets before the table from the tab chain.
        """
        super().focusInEvent(event)
        view = self.view
        place: QWidget = view.view
        if self._actor is None and self._picker is not None:
            place = self._picker
        elif not view.is_desk and view.banner.isVisible():
            place = view.banner
        place.setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        """Reload the page: waiting requests may be decided by now."""
        super().showEvent(event)
        if self.seller is not None:
            self.pages.reload()

    def _open_work_list(self, seller_id: int) -> None:
        self.open(Actor.seller(seller_id), work_list=True)

    @property
    def _first_filters(self) -> RequestFilterState:
        return RequestFilterState(state=RequestState.WAIT if self._work_list else None)

    def _opened(self, outcome: TaskResult[User]) -> None:
        if outcome.value is None:
            error = outcome.error or RuntimeError()
            self.view.banner.trouble(error, "order_page.home", self.home_requested.emit)
            self.view.show_desk(False)
            return
        self.seller = outcome.value
        self._retranslate()
        size = self.turning.rows_of(FIT if self._work_list else SIZES[0])
        self.pages.open(self.seller.id, self._first_filters, size)

    def _connect(self) -> None:
        view, pages = self.view, self.pages
        pages.arrived.connect(self._arrived)
        pages.counted.connect(self._counted)
        view.filters.filters_changed.connect(pages.ask)
        view.filters.left.connect(lambda: view.view.setFocus())
        view.search.moved.connect(self.turning.move)
        view.search.picked.connect(lambda: view.view.setFocus())
        view.view.entered.connect(view.filters.close_panel)
        view.view.painted.connect(self._painted)
        view.view.opened.connect(self._open_order)
        view.view.pressed_action.connect(self._row_pressed)
        view.view.selectionModel().currentChanged.connect(lambda *_: self._write_chosen())
        view.approve.clicked.connect(lambda: self.decisions.start(Decision.APPROVE))
        view.reject.clicked.connect(lambda: self.decisions.start(Decision.REJECT))
        view.more.clicked.connect(view.filters.toggle_panel)
        view.saved.clicked.connect(lambda: self.saving.ask(pages.filters, self.turning.size))
        view.export.clicked.connect(self._export)
        view.new_rows.button.clicked.connect(self._reload)
        self.saving.chosen.connect(self._use_saved)
        self.decisions.stale.connect(self._again.start)
        self.decisions.notified.connect(self.notified)
        self.decisions.busy_changed.connect(self._write_chosen)
        self.model.ticked.connect(self._write_chosen)
        self.model.dataChanged.connect(lambda *_: self._write_chosen())

    def _add_keys(self) -> None:
        self._f5 = QShortcut("F5", self)
        self._f5.activated.connect(self._reload)
        QShortcut("Ctrl+C", self).activated.connect(self._copy)

    def _arrived(self, again: bool) -> None:
        view = self.view.view
        row = view.row
        if again:
            self.model.merge_page(self.pages.rows)
            if self._to_new and not self.pages.new_rows:
                self._to_new = False
                view.select(0)
            elif view.row < 0:
                view.select(max(row, 0))
        else:
            self.model.show_page(self.pages.rows)
            view.select(max(0, self.model.next_decidable(0)) if self._is_first else 0)
            self._is_first = False
            self._speech.start()
        self.view.new_rows.show_count(self.pages.new_rows)
        self._f5.setEnabled(not self.pages.new_rows)  # its button has the key then
        empty = self.model.rowCount() == 0
        self.view.show_empty(empty)
        if empty:
            self._write_page()
            self.pages.count()
        else:
            view.expect_page()  # the rows first: their number and the counts follow one frame later
        self.decisions.watch_time()

    def _speak(self) -> None:
        """Tell screen readers which page is on view."""
        empty, pager = self.view.empty, self.view.pager
        text = empty.accessibleName() if self.view.is_empty else page_text(self._texts, self.pages)
        announce(pager, text)

    def _painted(self) -> None:
        self._write_page()
        self.pages.count()

    def _counted(self) -> None:
        self.view.filters.bar.show_counts(self.pages.state_counts)
        self._write_page()

    def _read_again(self) -> None:
        if self.isVisible() and self.seller is not None:
            self.pages.reload(holds_back=True)

    def _reload(self) -> None:
        """Read the page again, and go to its first row if new ones came before it."""
        self._to_new = self.pages.new_rows > 0
        self.pages.reload()

    def _open_order(self, at: int) -> None:
        row = self.model.row_at(at)
        if row is not None:
            self.go_to(ORDER, order_id=row.order_id)

    def _row_pressed(self, action: str, at: int) -> None:
        row = self.model.row_at(at)
        if row is None:
            return
        if action == UNDO:
            self.decisions.undo((row.id,))
        elif action in (APPROVE, REJECT):
            decision = Decision.APPROVE if action == APPROVE else Decision.REJECT
            self.decisions.start_with(decision, (row,))

    def _copy(self) -> None:
        """Copy the ticked rows, else the current one."""
        texts, current = self._texts, self.model.row_at(self.view.view.row)
        rows = self.model.ticked_rows or ((current,) if current is not None else ())
        if rows:
            QGuiApplication.clipboard().setText("\n".join(copied_line(texts, row) for row in rows))
            self.view.result.say(lambda: texts("requests.copied", count=len(rows)))

    def _export(self) -> None:
        if self.seller is not None and self._actor is not None:
            self.export.ask(self._session.acting_for(self._actor))

    def _use_saved(self, saved: SavedFilter) -> None:
        self.view.banner.clear()
        self.view.filters.show_filters(saved.filters)
        self.pages.filters = saved.filters
        self.turning.set_size(saved.size)

    def _retranslate(self) -> None:
        seller = self.seller
        name = "" if seller is None else display_text(seller.name, _LONGEST_NAME)
        shop = "" if seller is None else self._texts("requests.of_seller", name=name, id=seller.id)
        title = self._texts(ROUTE[REQUESTS].name) if self._is_crowded else ""
        self.set_head(title=title, subtitle="" if self._is_crowded else shop)
        self._write_page()

    def _crowd(self, crowded: bool) -> None:
        """Shorten the title where the head has little room."""
        if crowded != self._is_crowded:
            self._is_crowded = crowded
            self._retranslate()

    def _write_page(self) -> None:
        self.view.pager.show_pages(self.pages, self.turning.size)
        known = self.seller is not None
        why = why_empty(self._texts, self.pages.filters) if known else ""
        self.view.empty.set_text(self._texts("requests.empty"), why)
        self._write_chosen()

    def _write_chosen(self) -> None:
        texts, targets = self._texts, self.decisions.targets
        able = bool(targets) and not self.decisions.is_busy and not self._behind
        self.view.approve.setEnabled(able)
        self.view.reject.setEnabled(able)
        rows = self.model.ticked_rows
        text = texts("requests.ticked", count=len(rows)) if rows else texts("requests.keys")
        refunds = [row.amount for row in rows if row.kind is RequestKind.REFUND]
        if refunds:
            amount = texts.won(sum(refunds, ZERO))
            text = texts("requests.ticked_sum", count=len(rows), amount=amount)
        self.view.chosen.setText(text)
