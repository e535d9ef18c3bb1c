"""Panel of the less frequent filters: typed times, buyer, number, refund progress, order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from posapp.domain.errors import UserError
from posapp.domain.users import parse_id
from posapp.services.ports.requests import RefundProgress
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.core.time_input import parse_time, typed_form
from posapp.ui.requests.request_filter_state import Period, RequestFilterState
from posapp.ui.widgets.debounced_field import DebouncedField
from posapp.ui.widgets.flow_layout import FlowLayout
from posapp.ui.widgets.roles import Frame
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
    """Each field takes effect once typing pauses.

    Invalid input shows an error below its field and filters nothing. Esc closes the panel.
    """

    filters_changed = Signal(object)
    """The filters changed. Carries a ``RequestFilterState``."""

    closed = Signal()
    """Esc was pressed in the panel."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
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
        row = FlowLayout(choices)
        row.addWidget(self.money)
        row.addWidget(self.order)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(4)
        column.addLayout(grid)
        column.addWidget(choices)
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

    def event(self, event: QEvent) -> bool:
        """Claim Esc before the window uses it to go back."""
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
        try:
            number = parse_id(self.number.text) if self.number.text else None
        except UserError as error:
            self.number.set_wrong(self._texts.error(error))
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
