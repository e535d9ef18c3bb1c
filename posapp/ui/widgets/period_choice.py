"""Choice of a period: segments, and two fields for typed times while that one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.periods import Period
from posapp.ui.core.theme import Theme
from posapp.ui.core.time_input import parse_time
from posapp.ui.widgets import boxes
from posapp.ui.widgets.debounced_field import DebouncedField
from posapp.ui.widgets.segmented_control import SegmentedControl

_GAP = 16


class PeriodChoice(QObject):
    """The owner places ``segments`` and ``times``.

    Args:
        name: begins the object names of the fields.
        periods: those to choose from.
    """

    chosen = Signal(object)
    """A person chose a period. Carries the ``Period``."""

    typed = Signal(object, object)
    """Both typed times are times, or empty. Carries the first and the last instant (UTC), or
    ``None`` each."""

    def __init__(
        self, texts: Translator, theme: Theme, name: str, periods: Sequence[Period], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._texts, self._periods = texts, tuple(periods)
        self.segments = SegmentedControl(theme, self._periods)
        self.segments.chosen.connect(self._choose)
        self.since, self.until = DebouncedField(f"{name}Since"), DebouncedField(f"{name}Until")
        for field in (self.since, self.until):
            field.typed.connect(self._times_typed)
        self.times = QWidget(parent)
        boxes.row((self.since, 1), (self.until, 1), on=self.times, gap=_GAP)
        self.times.hide()
        texts.changed.connect(self._write)
        self._write()

    @property
    def period(self) -> Period:
        """Return the chosen period."""
        return Period(str(self.segments.key))

    def show_period(self, period: Period) -> None:
        """Show what is chosen."""
        self.segments.choose(period)
        self.times.setVisible(period is Period.TYPED)

    def next_period(self) -> None:
        """Choose the period after the chosen one; after the last, the first."""
        at = self._periods.index(self.period) + 1
        self._choose(self._periods[at % len(self._periods)])

    def clear(self) -> None:
        """Empty the fields."""
        for field in (self.since, self.until):
            field.forget()
            field.set_wrong("")

    def _choose(self, key: object) -> None:
        period = Period(str(key))
        self.show_period(period)
        self.chosen.emit(period)
        if period is Period.TYPED:
            self.since.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _times_typed(self) -> None:
        texts = self._texts
        since, wrong_since = _typed(self.since, to_the_end=False)
        until, wrong_until = _typed(self.until, to_the_end=True)
        is_upside_down = since is not None and until is not None and since > until
        wrong = texts("periods.wrong_time")
        self.since.set_wrong(wrong if wrong_since else "")
        before = texts("periods.before_since") if is_upside_down else ""
        self.until.set_wrong(wrong if wrong_until else before)
        if not wrong_since and not wrong_until:
            self.typed.emit(since, until)

    def _write(self) -> None:
        texts = self._texts
        names = [texts(f"periods.{period.value}") for period in self._periods]
        self.segments.set_text(texts("periods.period"), names)
        self.since.set_text(texts("periods.since"), texts("periods.time_hint"))
        self.until.set_text(texts("periods.until"), texts("periods.time_hint"))


def _typed(field: DebouncedField, *, to_the_end: bool) -> tuple[datetime | None, bool]:
    """Return the typed time, or ``None``, and whether it is wrong."""
    if not field.text:
        return None, False
    try:
        return parse_time(field.text, to_the_end=to_the_end), False
    except ValueError:
        return None, True
