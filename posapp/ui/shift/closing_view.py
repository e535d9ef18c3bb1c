"""Steps of closing a shift: check, count, over or short, close."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.cash import LONGEST_REASON
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.shift.cash_count import CashCount
from posapp.ui.shift.check_list import CheckList
from posapp.ui.shift.drawer_acts import CashReason
from posapp.ui.widgets import boxes
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.roles import Frame, Label, set_role

_WIDE = 1_200
"""Width in pixels from which the check list is beside the count."""

_TALL = 900
"""Height in pixels from which it is below the count."""

_LOW = 560
"""Height in pixels below which the count has two columns."""

_COUNT = 608
"""Width in pixels of the count beside the check list: 76 units."""

_ANY = 16_777_215
"""``QWIDGETSIZE_MAX``: no limit."""

_GAP, _MARGIN = 12, 16


class Step(IntEnum):
    """One step of closing; each begins when the one before is done."""

    CHECK = 0
    COUNT = 1
    DIFFERENCE = 2
    CLOSE = 3


class ClosingView(QWidget):
    """Shows one step, and the check list beside or below the others where there is room.

    It has no logic of its own: its page says which step is shown, and with what.
    """

    resized = Signal()
    """``shows_checks`` may have changed: the check has a step of its own, or has none any more."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self.step = Step.CHECK
        self._shown: tuple[int, int] | None = None
        self._named = 0
        bind = texts.bind
        self._steps = [
            Label("muted", text=bind(f"shift.step_{name}"))
            for name in ("check", "count", "difference", "close")
        ]
        self.day = Label("muted")
        self.count = CashCount(texts)
        self.checks = CheckList(texts, theme)
        self.figures = FactGrid(is_right=True)
        self.difference = Label("body", wraps=True)
        self.reason = CashReason(
            texts, "overShortReason", "shift.over_short_hint", "shift.over_short_reason"
        )
        self.end = FactGrid(is_right=True)
        self._pages = {
            Step.CHECK: Frame("card"),
            Step.COUNT: Frame("card"),
            Step.DIFFERENCE: Frame("card"),
            Step.CLOSE: Frame("card"),
        }
        self._lay_out()
        texts.changed.connect(self._write)
        self.show_step(Step.CHECK)

    @property
    def shows_checks(self) -> bool:
        """Return whether the check list is there in every step."""
        return self._is_below or self._is_beside

    @property
    def _is_below(self) -> bool:
        return _TALL <= self._room.height() > self._room.width()

    @property
    def _is_beside(self) -> bool:
        return not self._is_below and self._room.width() >= _WIDE

    @property
    def _room(self) -> QSize:
        """Return the size that the page gives, before the view itself is shown for the first time,
        too."""
        around = self.parentWidget()
        return self.size() if around is None else around.size()

    @property
    def is_over_or_short(self) -> bool:
        """Return whether another amount was counted than is expected."""
        return self._shown is not None and self._shown[0] != self._shown[1]

    def show_step(self, step: Step) -> None:
        """Show a step."""
        self.step = step
        for at, label in enumerate(self._steps):
            set_role(label, "role", "heading" if at == step else "muted")
        self._fit()

    def show_expected(self, expected: int | None) -> None:
        """Show what is expected beside what was counted, in won; ``None``: not before the count."""
        self._shown = None if expected is None else (expected, self.count.won)
        self._write()

    def show_end(self, named: int) -> None:
        """Show what is closed, with how many matters were named."""
        self._named = named
        self._write_end()

    def _write_end(self) -> None:
        texts, named, counted = self._texts, self._named, self.count.won
        over = counted - self._shown[0] if self._shown is not None else 0
        reason = display_text(self.reason.line.text(), LONGEST_REASON) if over else ""
        self.end.set_rows(
            (
                (texts("shift.counted"), texts.won(counted)),
                (texts("shift.over_short"), texts.won(over)),
                (texts("shift.over_short_reason"), reason),
                (texts("shift.named_count"), texts("shift.times", count=named) if named else ""),
            )
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts for the room that there is."""
        super().resizeEvent(event)
        self._fit()
        self.resized.emit()

    def _lay_out(self) -> None:
        head = boxes.row(*self._steps, 1, self.day, gap=2 * _GAP)
        boxes.column(self.checks, on=self._pages[Step.CHECK], margins=_MARGIN)
        boxes.column(self.count, on=self._pages[Step.COUNT], margins=(_MARGIN, 8, _MARGIN, 8))
        boxes.column(
            *(self.figures, self.difference, self.reason, 1),
            on=self._pages[Step.DIFFERENCE],
            gap=_GAP,
            margins=_MARGIN,
        )
        why = Label("body", wraps=True, text=self._texts.bind("shift.close_why"))
        boxes.column(self.end, why, 1, on=self._pages[Step.CLOSE], gap=_GAP, margins=_MARGIN)
        self._left = QWidget()
        boxes.column(
            *((self._pages[step], 1) for step in (Step.COUNT, Step.DIFFERENCE, Step.CLOSE)),
            on=self._left,
            gap=0,
        )
        self._both = boxes.row((self._left, 1), (self._pages[Step.CHECK], 1), gap=_GAP)
        boxes.column(head, (self._both, 1), on=self, gap=8)

    def _fit(self) -> None:
        ways = self._both.Direction
        self._both.setDirection(ways.TopToBottom if self._is_below else ways.LeftToRight)
        is_both = self.shows_checks
        for step, page in self._pages.items():
            is_step = step is self.step or (
                is_both and step is Step.COUNT and self.step is Step.CHECK
            )
            page.setVisible(is_step or (is_both and step is Step.CHECK))
        self._left.setVisible(is_both or self.step is not Step.CHECK)
        self._left.setMaximumWidth(_COUNT if self._is_beside else _ANY)
        self._left.setMinimumWidth(_COUNT if self._is_beside else 0)
        self.count.set_low(not is_both and self._room.height() < _LOW)

    def _write(self) -> None:
        texts, shown = self._texts, self._shown
        self._write_end()
        self.reason.setVisible(self.is_over_or_short)
        if shown is None:
            self.figures.set_rows(())
            self.difference.clear()
            return
        expected, counted = shown
        over = counted - expected
        names = (texts("shift.counted"), texts("shift.expected"), texts("shift.over_short"))
        amounts = (texts.won(counted), texts.won(expected), texts.won(over))
        self.figures.set_rows(tuple(zip(names, amounts, strict=True)), strong=names[2:])
        message = "shift.exact" if not over else "shift.over" if over > 0 else "shift.short"
        self.difference.setText(texts(message, amount=texts.won(abs(over))))
