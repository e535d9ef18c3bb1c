"""The filters that are not needed every day: typed times, buyer, number, money, order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from posapp.domain.errors import UserError
from posapp.domain.people import parse_id
from posapp.services.ports.requests import MoneyState
from posapp.ui.i18n import Texts
from posapp.ui.models.requests_asked import Asked, Period
from posapp.ui.screens.request_parts.flow import FlowLayout
from posapp.ui.screens.request_parts.segments import Segments
from posapp.ui.screens.request_parts.typed_field import TypedField
from posapp.ui.screens.request_parts.typed_time import read_time, typed_form
from posapp.ui.theme import Theme
from posapp.ui.widgets.roles import Frame

MONEY = (
    None,
    MoneyState.WAITING,
    MoneyState.CHECKING,
    MoneyState.REFUNDED,
    MoneyState.NEEDS_PERSON,
    MoneyState.REFUSED,
)
"""Money states that can be looked for; ``None``: any."""


class FilterPanel(Frame):
    """Every field acts by itself, once typing pauses. What cannot be read is said below its field
    and narrows nothing. Esc puts the panel away."""

    asked_for = Signal(object)
    """Other filters: an ``Asked``."""

    closed = Signal()
    """Esc was pressed in it."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self._texts = texts
        self._asked = Asked()
        self.since, self.until = TypedField("requestSince"), TypedField("requestUntil")
        self.buyer, self.number = TypedField("requestBuyer"), TypedField("requestNumber")
        self.money = Segments(theme, MONEY)
        self.order = Segments(theme, (False, True))
        for field in (self.since, self.until):
            field.typed.connect(self._times_typed)
        self.buyer.typed.connect(self._buyer_typed)
        self.number.typed.connect(self._number_typed)
        self.money.chosen.connect(lambda key: self._ask(replace(self._asked, money=key)))
        self.order.chosen.connect(lambda key: self._ask(replace(self._asked, oldest_first=key)))
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
        texts.changed.connect(self._write)
        self._write()

    def show_asked(self, asked: Asked) -> None:
        """Show the filters as they are now; a field in which somebody types keeps its text."""
        before, self._asked = self._asked, asked
        if (before.since, before.until) != (asked.since, asked.until):
            self._show_time(self.since, asked.since, to_the_end=False)
            self._show_time(self.until, asked.until, to_the_end=True)
        if before.buyer != asked.buyer:
            self.buyer.show_text(asked.buyer)
        if before.number != asked.number:
            self.number.show_text("" if asked.number is None else str(asked.number))
            self.number.set_wrong("")
        self.money.choose(asked.money)
        self.order.choose(asked.oldest_first)
        self._weigh()

    def event(self, event: QEvent) -> bool:
        """Claim Esc before the window takes it as the way back."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the panel away."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _show_time(self, field: TypedField, at: datetime | None, *, to_the_end: bool) -> None:
        try:
            if read_time(field.text, to_the_end=to_the_end) == at:
                return  # in the typist's own form, which is not to change under the fingers
        except ValueError:
            pass
        field.show_text("" if at is None else typed_form(at, to_the_end=to_the_end))

    def _ask(self, asked: Asked) -> None:
        if asked != self._asked:
            self._asked = asked
            self.asked_for.emit(asked)

    def _times_typed(self) -> None:
        try:
            since = read_time(self.since.text, to_the_end=False) if self.since.text else None
            until = read_time(self.until.text, to_the_end=True) if self.until.text else None
        except ValueError:
            self._weigh()
            return
        self._ask(self._asked.between(since, until))
        self._weigh()

    def _buyer_typed(self) -> None:
        self._ask(replace(self._asked, buyer=self.buyer.text))

    def _number_typed(self) -> None:
        try:
            number = parse_id(self.number.text) if self.number.text else None
        except UserError as error:
            self.number.set_wrong(self._texts.error(error))
            return
        self.number.set_wrong("")
        self._ask(replace(self._asked, number=number))

    def _weigh(self) -> None:
        texts = self._texts
        for field, to_the_end in ((self.since, False), (self.until, True)):
            wrong = ""
            try:
                if field.text:
                    read_time(field.text, to_the_end=to_the_end)
            except ValueError:
                wrong = texts("requests.wrong_time")
            if not wrong and to_the_end and self._asked.is_upside_down:
                wrong = texts("requests.before_since")
            field.set_wrong(wrong)

    def _write(self) -> None:
        texts = self._texts
        for name in ("since", "until", "buyer", "number"):
            field: TypedField = getattr(self, name)
            field.set_words(texts(f"requests.field_{name}"), texts(f"requests.field_{name}_hint"))
        words = [texts("requests.money_any")]
        words += [texts(f"requests.money_{state.value}") for state in MONEY if state]
        self.money.set_words(texts("requests.money"), words)
        self.order.set_words(
            texts("requests.sorted"), (texts("requests.newest"), texts("requests.oldest"))
        )
        self.setAccessibleName(texts("requests.more_filters"))
        if self._asked.period is Period.TYPED:
            self._weigh()
