"""All filters of the request table with one state, and the panel of the less frequent ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from posapp.domain.codes import typed_number
from posapp.domain.errors import ErrorCode, UserError
from posapp.services.ports.requests import RefundProgress
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.core.time_input import parse_time, typed_form
from posapp.ui.requests.filter_bar import FilterBar, FilterChips
from posapp.ui.requests.request_filter_state import LONGEST_TEXT, Period, RequestFilterState
from posapp.ui.requests.table_layout import UNIT
from posapp.ui.widgets.debounced_field import DebouncedField
from posapp.ui.widgets.flow_layout import FlowLayout
from posapp.ui.widgets.roles import Frame
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.segmented_control import SegmentedControl

MONEY = (
    None,
    RefundProgress.WAITING,
    RefundProgress.CHECKING,
    RefundProgress.REFUNDED,
    RefundProgress.NEEDS_REVIEW,
    RefundProgress.REFUSED,
)
"""Refund progress filters; ``None``: any."""


class FilterPanel(Frame):
    """Each field takes effect once typing pauses. The panel lies over the table and moves nothing.

    Invalid input shows an error below its field and filters nothing. Esc closes the panel.
    """

    filters_changed = Signal(object)
    """The filters changed. Carries a ``RequestFilterState``."""

    closed = Signal()
    """Esc was pressed in the panel."""

    laid_out = Signal()
    """A text or a part changed, and with it perhaps the height that the panel needs."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("popover", parent)
        self._texts = texts
        self._filters = RequestFilterState()
        self.since, self.until = DebouncedField("requestSince"), DebouncedField("requestUntil")
        self.buyer, self.number = DebouncedField("requestBuyer"), DebouncedField("requestNumber")
        self.money = SegmentedControl(theme, MONEY)
        self.order = SegmentedControl(theme, (False, True))
        for field in (self.since, self.until):
            field.typed.connect(self._times_typed)
        self.buyer.typed.connect(self._buyer_typed)
        self.number.typed.connect(self._number_typed)
        self.money.chosen.connect(lambda key: self._ask(replace(self._filters, money=key)))
        self.order.chosen.connect(lambda key: self._ask(replace(self._filters, oldest_first=key)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for at, field in enumerate((self.since, self.until, self.buyer, self.number)):
            grid.addWidget(field, 0, at)
            grid.setColumnStretch(at, 1)
        choices = QWidget()
        self._choices = FlowLayout(choices)
        self._choices.addWidget(self.money)
        self._choices.addWidget(self.order)
        self.chips = FilterChips(texts, theme)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addLayout(grid)
        column.addWidget(choices)
        column.addWidget(self.chips)
        self.setFocusProxy(self.since)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def show_filters(self, filters: RequestFilterState) -> None:
        """Show the current filters; a field being edited keeps its text."""
        before, self._filters = self._filters, filters
        if (before.since, before.until) != (filters.since, filters.until):
            self._show_time(self.since, filters.since, to_the_end=False)
            self._show_time(self.until, filters.until, to_the_end=True)
        if before.buyer != filters.buyer:
            self.buyer.show_text(filters.buyer)
        if before.number != filters.number:
            self.number.show_text("" if filters.number is None else str(filters.number))
            self.number.set_wrong("")
        self.money.choose(filters.money)
        self.order.choose(filters.oldest_first)
        self._update_enabled()

    def has(self, widget: QWidget) -> bool:
        """Return whether a widget was taken."""
        return widget.parentWidget() in (self, self._choices.parentWidget())

    def take(self, bar: QWidget, sizes: QWidget) -> None:
        """Add the filters in daily use, and the choice of the page size."""
        self._column.insertWidget(0, bar)
        self._choices.addWidget(sizes)

    def event(self, event: QEvent) -> bool:
        """Claim Esc before the window uses it to go back, and say that a part needs other room."""
        if event.type() is QEvent.Type.LayoutRequest:
            was_taken = super().event(event)
            self.laid_out.emit()
            return was_taken
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the panel on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _show_time(self, field: DebouncedField, at: datetime | None, *, to_the_end: bool) -> None:
        try:
            if parse_time(field.text, to_the_end=to_the_end) == at:
                return  # keep the typed format while the user edits it
        except ValueError:
            pass
        field.show_text("" if at is None else typed_form(at, to_the_end=to_the_end))

    def _ask(self, filters: RequestFilterState) -> None:
        if filters != self._filters:
            self._filters = filters
            self.filters_changed.emit(filters)

    def _times_typed(self) -> None:
        try:
            since = parse_time(self.since.text, to_the_end=False) if self.since.text else None
            until = parse_time(self.until.text, to_the_end=True) if self.until.text else None
        except ValueError:
            self._update_enabled()
            return
        self._ask(self._filters.with_range(since, until))
        self._update_enabled()

    def _buyer_typed(self) -> None:
        self._ask(replace(self._filters, buyer=self.buyer.text))

    def _number_typed(self) -> None:
        number = typed_number(self.number.text)
        if number is None and self.number.text:
            self.number.set_wrong(self._texts.error(UserError(ErrorCode.BAD_ID)))
            return
        self.number.set_wrong("")
        self._ask(replace(self._filters, number=number))

    def _update_enabled(self) -> None:
        texts = self._texts
        for field, to_the_end in ((self.since, False), (self.until, True)):
            wrong = ""
            try:
                if field.text:
                    parse_time(field.text, to_the_end=to_the_end)
            except ValueError:
                wrong = texts("requests.wrong_time")
            if not wrong and to_the_end and self._filters.is_upside_down:
                wrong = texts("requests.before_since")
            field.set_wrong(wrong)

    def _retranslate(self) -> None:
        texts = self._texts
        for name in ("since", "until", "buyer", "number"):
            field: DebouncedField = getattr(self, name)
            field.set_text(texts(f"requests.field_{name}"), texts(f"requests.field_{name}_hint"))
        text = [texts("requests.money_any")]
        text += [texts(f"requests.money_{state.value}") for state in MONEY if state]
        self.money.set_text(texts("requests.money"), text)
        self.order.set_text(
            texts("requests.sorted"), (texts("requests.newest"), texts("requests.oldest"))
        )
        self.setAccessibleName(texts("requests.more_filters"))
        if self._filters.period is Period.TYPED:
            self._update_enabled()


class FilterPanelGroup(QObject):
    """Keeps bar, panel, chips and search field on the same filters, whichever changed them.

    The widgets are created here and placed by the layout of the desk.
    """

    filters_changed = Signal(object)
    """The user changed the filters. Carries the new ``RequestFilterState``."""

    left = Signal()
    """The focus returns to the table."""

    shown = Signal()
    """Other filters are shown, or the panel was opened or closed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.filters = RequestFilterState()
        self.search = SearchField(theme)
        self.search.setObjectName("requestSearch")
        self.search.setMaxLength(LONGEST_TEXT)
        self.bar = FilterBar(texts, theme)
        self.panel = FilterPanel(texts, theme, parent)
        self.panel.hide()
        self.chips = self.panel.chips
        self.search.searched.connect(lambda text: self._ask(replace(self.filters, text=text)))
        self.bar.filters_changed.connect(self._ask)
        self.bar.typed_times_wanted.connect(self.open_panel)
        self.panel.filters_changed.connect(self._ask)
        self.panel.closed.connect(self.close_panel)
        self.chips.cleared.connect(lambda name: self._ask(self.filters.cleared(name)))
        self.chips.all_cleared.connect(self.clear)
        self.chips.emptied.connect(self.left)

    def show_filters(self, filters: RequestFilterState) -> None:
        """Show these filters without a signal."""
        self.filters = filters
        self.bar.show_filters(filters)
        self.panel.show_filters(filters)
        self.chips.show_filters(filters)
        if self.search.typed != filters.text and not self.search.is_pausing:
            self.search.show_text(filters.text)
        self.shown.emit()

    def clear(self) -> None:
        """Clear all filters."""
        self.search.clear()
        self.search.flush()
        self._ask(RequestFilterState())
        self.left.emit()

    def open_panel(self) -> None:
        """Show the panel and focus what is read first in it."""
        self._set_open(True)
        kind = self.bar.kind
        first = kind.chosen_segment if self.panel.isAncestorOf(kind) else self.panel.since.line
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_panel(self) -> None:
        """Hide the panel; its filters stay active."""
        if not self.panel.isHidden():
            self._set_open(False)
            self.left.emit()

    def toggle_panel(self) -> None:
        """Show or hide the panel."""
        if self.panel.isHidden():
            self.open_panel()
        else:
            self.close_panel()

    def _set_open(self, is_open: bool) -> None:
        self.panel.setVisible(is_open)
        self.shown.emit()

    def _ask(self, filters: RequestFilterState) -> None:
        if filters == self.filters:
            return
        self.show_filters(filters)
        self.filters_changed.emit(filters)
