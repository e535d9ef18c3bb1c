"""The filters of every day: kind, state, period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.requests import RequestKind, RequestState
from posapp.ui.formats import grouped
from posapp.ui.i18n import Texts
from posapp.ui.models.requests_asked import Asked, Period
from posapp.ui.models.requests_pages import STATE_CAP
from posapp.ui.screens.request_parts.flow import FlowLayout
from posapp.ui.screens.request_parts.segments import Segments
from posapp.ui.theme import Theme

KINDS = (None, RequestKind.REFUND, RequestKind.EXCHANGE)
STATES = (None, RequestState.WAIT, RequestState.CANCEL, RequestState.OK)
PERIODS = (Period.ALL, Period.TODAY, Period.WEEK, Period.MONTH, Period.TYPED)


class FilterBar(QWidget):
    """Three tracks; the states say how many requests there are of each."""

    asked_for = Signal(object)
    """Other filters: an ``Asked``."""

    typed_times_wanted = Signal()
    """Times that are typed in the panel."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._asked = Asked()
        self._counts: Mapping[RequestState, int] = {}
        self.kind = Segments(theme, KINDS)
        self.state = Segments(theme, STATES)
        self.period = Segments(theme, PERIODS)
        self.kind.chosen.connect(lambda key: self._ask(replace(self._asked, kind=key)))
        self.state.chosen.connect(lambda key: self._ask(replace(self._asked, state=key)))
        self.period.chosen.connect(self._period_chosen)
        row = FlowLayout(self)
        for track in (self.kind, self.state, self.period):
            row.addWidget(track)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        texts.changed.connect(self._write)
        self._write()

    def show_asked(self, asked: Asked) -> None:
        """Show the filters as they are now."""
        self._asked = asked
        self.kind.choose(asked.kind)
        self.state.choose(asked.state)
        self.period.choose(asked.period)

    def show_counts(self, counts: Mapping[RequestState, int]) -> None:
        """Show how many requests there are of each state."""
        if dict(counts) != dict(self._counts):
            self._counts = dict(counts)
            self._write()

    def _period_chosen(self, period: Period) -> None:
        if period is Period.TYPED:
            self.period.choose(self._asked.period)  # nothing is narrowed before a time is typed
            self.typed_times_wanted.emit()
            return
        self._ask(self._asked.over(period))

    def _ask(self, asked: Asked) -> None:
        self._asked = asked
        self.asked_for.emit(asked)

    def _state_words(self, state: RequestState | None) -> str:
        if state is None:
            return self._texts("requests.any")
        word = self._texts(f"requests.state_{state.value}")
        if state not in self._counts:
            return word
        count = self._counts[state]
        more = "+" if count > STATE_CAP else ""
        return f"{word} {grouped(min(count, STATE_CAP))}{more}"

    def _write(self) -> None:
        texts = self._texts
        kinds = [
            texts(f"requests.kind_{kind.value}") if kind else texts("requests.any")
            for kind in KINDS
        ]
        self.kind.set_words(texts("requests.kind"), kinds)
        self.state.set_words(texts("requests.state"), [self._state_words(one) for one in STATES])
        periods = [texts(f"requests.period_{period.value}") for period in PERIODS]
        self.period.set_words(texts("requests.period"), periods)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
