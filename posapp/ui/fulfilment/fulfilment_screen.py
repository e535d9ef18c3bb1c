"""Items to ship or to hand over, one step at a time (docs/specification.md 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.actors import Actor
from posapp.domain.codes import typed_number
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import DELIVERY_STEPS, IN_FULFILMENT, ItemStatus, OrderItem
from posapp.domain.requests import UNDO
from posapp.services.ports.fulfilment_search import (
    FulfilmentCursor,
    FulfilmentFilter,
    FulfilmentPage,
    FulfilmentRow,
    FulfilmentSearch,
)
from posapp.services.ports.requests import LARGEST_PAGE
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.fulfilment.fulfilment_layout import STATES, FulfilmentLayout
from posapp.ui.shell.routes import ORDER
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.seller_picker import SellerPicker
from posapp.ui.widgets.undo import UndoStack

if TYPE_CHECKING:
    from posapp.services.orders.fulfilment import FulfilmentService

PAGE = 50
"""Rows of a page."""

MOST_COUNTED = 999

_Counts = dict[ItemStatus, int]


class FulfilmentScreen(Screen):
    """Lists what is to be shipped, the oldest first, and takes the next step of the current item.

    After a step the next row is current. A manager acts for the seller of each item.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: FulfilmentService,
        search: FulfilmentSearch,
        picker: SellerPicker,
        undo: UndoStack,
        parent: QWidget | None = None,
        *,
        session: Session | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._service, self._search, self.picker = service, search, picker
        self._session = session or Session()
        self._behind = self._is_moving = self._opens_found = False
        self._text = ""
        self.view = view = FulfilmentLayout(texts, theme, self._read_more)
        self.table, self.model, self.undo_stack = view.table, view.model, undo
        self.banner = view.banner
        picker.chosen.connect(self._begin)
        view.segments.chosen.connect(lambda _: self._begin())
        view.filter.clicked.connect(self._next_state)
        view.search.searched.connect(self._searched)
        view.search.picked.connect(self._open_found)
        view.search.moved.connect(self.table.select_by)
        self.banner.acted.connect(self.banner.clear)
        self.table.opened.connect(self._open_order)
        self.table.chosen.connect(self._show_current)
        view.step.clicked.connect(partial(self._move, service.advance))
        view.hand_over.clicked.connect(partial(self._move, service.hand_over))
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(view)
        self.setFocusProxy(self.table)
        texts.changed.connect(self._show_current)
        self._show_current()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        picker = SellerPicker(
            *(context.texts, context.runner, services.seller_list.read, services.session),
            offers_all=True,
        )
        return cls(
            *(context.texts, context.theme, context.runner, services.fulfilment_service),
            *(services.fulfilment_search, picker, context.undo),
            session=services.session,
        )

    @property
    def head_actions(self) -> QWidget:
        """Return the picker of the seller."""
        return self.picker

    @property
    def current(self) -> FulfilmentRow | None:
        """Return the current row, or ``None``."""
        row: FulfilmentRow | None = self.model.row_at(self.table.place)
        return row

    def open(self, actor: Actor, item_id: int | None = None) -> None:
        """Show a seller's items, or one of them."""
        self.picker.show_seller(actor.user_id)
        self._text = "" if item_id is None else str(item_id)
        self.view.search.show_text(self._text)
        self.view.segments.choose(None)
        self._begin()

    def enter(self) -> None:
        """Begin with an empty search, for the seller of the session."""
        was_searched, self._text = bool(self._text), ""
        self.view.search.show_text("")
        self.picker.begin()
        if was_searched:  # the page was shown with the last search
            self._begin()

    def staff_changed(self) -> None:
        """Begin anew for whoever signed in."""
        self.picker.forget()
        self.model.show((), has_more=False)
        self.view.segments.choose(None)
        if self.isVisible():
            self.enter()
            self._begin()

    def focus_search(self) -> bool:
        """Empty and focus the search."""
        self.view.search.clear()
        self.view.search.setFocus()
        return True

    def select_order(self, order_id: int) -> bool:
        """Select the first row of the order; ``False`` if none was read."""
        rows = self.model.rows
        at = next((at for at, row in enumerate(rows) if row.order_id == order_id), -1)
        if at >= 0:
            self.table.select(at)
            self.table.setFocus()
        return at >= 0

    def showEvent(self, event: QShowEvent) -> None:
        """Read again: items may be shipped by now."""
        super().showEvent(event)
        self._read_again()

    def status_changed(self) -> None:
        """Read again; the current row stays current."""
        if self.isVisible():
            self._read_again()

    @Slot(bool)
    def set_behind(self, behind: bool) -> None:
        """Disable steps while the file is an older copy that is still being reconciled."""
        self._behind = behind
        self._show_current()

    @property
    def _statuses(self) -> frozenset[ItemStatus]:
        state = self.view.segments.key
        return frozenset({state}) if isinstance(state, ItemStatus) else IN_FULFILMENT

    @property
    def _filter(self) -> FulfilmentFilter:
        number = typed_number(self._text) if self._text else None
        return FulfilmentFilter(self._statuses, number, "" if number else self._text)

    def _begin(self, *_: object) -> None:
        """Read another list, from its beginning."""
        self.table.select(0)
        self.table.scrollToTop()
        self._read(PAGE)

    def _read_again(self) -> None:
        self._read(min(max(PAGE, self.model.rowCount()), LARGEST_PAGE))

    def _read(self, size: int) -> None:
        search, seller, wanted = self._search, self.picker.seller_id, self._filter
        self._runner.run(
            lambda: search.page(seller, wanted, size), self._arrived, owner=self, key="page"
        )
        self._runner.run(
            lambda: search.status_counts(seller, wanted, MOST_COUNTED),
            self._counted,
            owner=self,
            key="counts",
        )

    def _read_more(self) -> None:
        last = self.model.row_at(self.model.rowCount() - 1)
        search, seller, wanted = self._search, self.picker.seller_id, self._filter
        after: FulfilmentCursor = last.ordered_at, last.item_id
        self._runner.run(
            lambda: search.page(seller, wanted, PAGE, after), self._added, owner=self, key="page"
        )

    def _arrived(self, outcome: TaskResult[FulfilmentPage]) -> None:
        if outcome.value is None:
            self._opens_found = False
            self.banner.show_error(outcome.error or RuntimeError(), button="words.close")
            return
        self.model.show(outcome.value.rows, has_more=outcome.value.more)
        if self.table.place < 0:
            self.table.select(0)
        self._show_empty()
        self._show_current()
        if self._opens_found:
            self._opens_found = False
            self._open_order()

    def _added(self, outcome: TaskResult[FulfilmentPage]) -> None:
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError(), button="words.close")
        else:
            self.model.add(outcome.value.rows, has_more=outcome.value.more)

    def _counted(self, outcome: TaskResult[_Counts]) -> None:
        if outcome.value is not None:
            self.view.show_counts(outcome.value, MOST_COUNTED)

    def _searched(self, text: str) -> None:
        self._text = text.strip()
        self._begin()

    def _open_found(self) -> None:
        """Open what the search finds, once it is read."""
        if self.view.search.is_pausing:
            self._opens_found = True
            self.view.search.flush()
        else:
            self._open_order()

    def _next_state(self) -> None:
        segments = self.view.segments
        segments.choose(STATES[(STATES.index(segments.key) + 1) % len(STATES)])
        self._begin()

    def _open_order(self) -> None:
        if self.current is not None:
            self.go_to(ORDER, order_id=self.current.order_id)

    def _move(self, act: Callable[[Actor, int], OrderItem]) -> None:
        row = self.current
        if row is None or self._is_moving:
            return
        self._is_moving = True
        self.banner.clear()
        actor, item_id = self._session.acting_for(Actor.seller(row.seller_id)), row.item_id
        self._runner.run(lambda: act(actor, item_id), partial(self._moved, row), owner=self)

    def _moved(self, before: FulfilmentRow, outcome: TaskResult[OrderItem]) -> None:
        self._is_moving = False
        item = outcome.value
        if item is None:
            self._fail(outcome.error)
            return
        self.undo_stack.offer(
            *(self, (before.item_id,), lambda: self.view.moved_text(before, item.status)),
            lambda _: self._undo(before),
            until=UNDO,
        )
        self._show_moved(before.item_id, item.status)
        self.item_changed.emit(item.order_id)
        self._read_again()

    def _show_moved(self, item_id: int, status: ItemStatus) -> None:
        """Show the step, and make the next row current."""
        at = self.model.place_of(item_id)
        if at < 0:
            return
        if status in self._statuses:
            self.model.replace(at, replace(self.model.row_at(at), status=status))
            self.table.select(at + 1)
        else:
            self.model.remove(at)
            self.table.select(at)
        self._show_empty()
        self._show_current()

    def _show_empty(self) -> None:
        is_empty = self.model.rowCount() == 0
        # A hidden list must not be where the window leads the focus.
        self.setFocusProxy(self.view.search if is_empty else self.table)
        self.view.show_empty(is_empty, self._text)

    def _undo(self, before: FulfilmentRow) -> None:
        service, actor = (
            self._service,
            self._session.acting_for(Actor.seller(before.seller_id)),
        )
        self._runner.run(
            lambda: service.undo_step(actor, before.item_id),
            partial(self._undone, before),
            owner=self,
        )

    def _undone(self, before: FulfilmentRow, outcome: TaskResult[OrderItem]) -> None:
        if outcome.value is None:
            self._fail(outcome.error)
            return
        self._show_undone(before)
        self.notified.emit(self.view.moved_text(before, before.status))
        self.item_changed.emit(before.order_id)
        self._read_again()

    def _show_undone(self, before: FulfilmentRow) -> None:
        """Show the row as it was, in its place, and make it current."""
        at = self.model.place_of(before.item_id)
        if at >= 0:
            self.model.replace(at, before)
        elif before.status in self._statuses:
            key = (before.ordered_at, before.item_id)
            rows = self.model.rows
            at = sum((row.ordered_at, row.item_id) < key for row in rows)
            self.model.insert(at, before)
        self._show_empty()
        self.table.select(at)
        self._show_current()

    def _fail(self, error: Exception | None) -> None:
        self.banner.show_error(error or RuntimeError(), button="words.close")
        self._read_again()

    def _show_current(self) -> None:
        row = self.current
        self.view.show_row(row, self._why_not(row))

    def _why_not(self, row: FulfilmentRow | None) -> str:
        """Return why the row cannot be moved on now, or empty."""
        if row is not None and self._behind:
            return self._texts("window.behind")
        if row is not None and row.hold is not None:
            return self._texts.error(UserError(row.hold))
        if row is not None and row.status not in DELIVERY_STEPS:
            return self._texts.error(UserError(ErrorCode.ITEM_STEP))
        return ""
