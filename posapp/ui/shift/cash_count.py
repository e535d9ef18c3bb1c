"""Count of the cash in the drawer by 권종: a row for each note and coin, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.domain.z_reports import DENOMINATIONS, MOST_PIECES
from posapp.ui.core.i18n import Translator
from posapp.ui.shift.won_text import typed_number
from posapp.ui.widgets import boxes
from posapp.ui.widgets.field import FieldLine
from posapp.ui.widgets.money import AmountLabel, MoneyLabel
from posapp.ui.widgets.roles import Label, set_role

_DIGITS = 6
"""Characters of the longest count, with its comma."""

_FIELD, _AMOUNT = 128, 132
"""Widths in pixels of a count, and of the longest amount."""

_ROW = 48
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Row:
    """Widgets of one denomination."""

    def __init__(self, texts: Translator, value: int) -> None:
        self.name = Label("body")
        self.line = FieldLine()
        self.line.setObjectName(f"count{value}")
        self.line.setMaxLength(_DIGITS)
        self.line.setProperty("lies", "low")
        self.line.setFixedWidth(_FIELD)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.amount = MoneyLabel(texts)
        self.amount.setAlignment(_RIGHT)
        self.amount.setMinimumWidth(_AMOUNT)
        self.name.setBuddy(self.line)

    @property
    def widgets(self) -> tuple[QWidget, QWidget, QWidget]:
        """Return the widgets from left to right."""
        return self.name, self.line, self.amount


class CashCount(QWidget):
    """Enter goes to the next row, and from the last one out of the count; amounts and the total
    follow what is typed. An empty row counts 0.

    Nothing here shows what is expected: whoever counts would find that.
    """

    changed = Signal()
    """Another count is typed."""

    counted = Signal()
    """Enter in the last row."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._rows = {value: _Row(texts, value) for value in DENOMINATIONS}
        self.total = AmountLabel(texts, role="title")
        self.total.setAlignment(_RIGHT)
        self.blind = Label("muted", wraps=True, text=texts.bind("shift.blind"))
        self.wrong = Label("field-error", wraps=True)
        self._headings = [
            tuple(Label("caption", self, text=texts.bind(f"shift.{name}")) for name in _COLUMNS)
            for _ in range(2)
        ]
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._is_low: bool | None = None
        name = Label("heading", text=texts.bind("shift.counted"))
        boxes.column(
            self._grid,
            boxes.row((self.blind, 1), (self.wrong, 1), name, self.total, gap=12),
            1,
            on=self,
            gap=0,
        )
        for row in self._rows.values():
            row.line.textChanged.connect(self._show)
            row.line.textChanged.connect(self.changed)
        texts.changed.connect(self._write)
        self.set_low(False)
        self._write()

    @property
    def lines(self) -> tuple[FieldLine, ...]:
        """Return the lines, the largest note first."""
        return tuple(row.line for row in self._rows.values())

    @property
    def counts(self) -> dict[int, int]:
        """Return what is typed, by the won of notes and coins; a wrong row is -1."""
        return {value: _count(row.line.text()) for value, row in self._rows.items()}

    @property
    def is_right(self) -> bool:
        """Return whether every row is a number of notes or coins."""
        return -1 not in self.counts.values()

    @property
    def won(self) -> int:
        """Return what was counted, in won; wrong rows count 0."""
        return sum(value * max(pieces, 0) for value, pieces in self.counts.items())

    def show_counts(self, counts: Mapping[int, int]) -> None:
        """Show counts; rows that are not among them are empty."""
        for value, row in self._rows.items():
            row.line.setText(str(counts[value]) if value in counts else "")

    def set_low(self, is_low: bool) -> None:
        """Arrange the rows in two columns where there is no height for all of them."""
        if is_low == self._is_low:
            return
        self._is_low = is_low
        while self._grid.takeAt(0) is not None:
            pass
        wide = 2 if is_low else 1
        for side in range(2):
            for at, heading in enumerate(self._headings[side]):
                heading.setVisible(side < wide)
                if side < wide:
                    heading.setAlignment(_RIGHT if at else Qt.AlignmentFlag.AlignLeft)
                    self._grid.addWidget(heading, 0, side * 4 + at)
        for place, row in enumerate(self._rows.values()):
            for at, widget in enumerate(row.widgets):
                self._grid.addWidget(widget, 1 + place // wide, place % wide * 4 + at)
        for at in range(8):
            self._grid.setColumnStretch(at, 1 if at % 4 == 2 and at < wide * 4 else 0)
        # A gap between the two halves.
        self._grid.setColumnMinimumWidth(3, 32 if is_low else 0)

    def focus_first(self) -> None:
        """Focus the first wrong row, or else the first one."""
        wrong = [row.line for row in self._rows.values() if _count(row.line.text()) < 0]
        (wrong or list(self.lines))[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next row by Enter or down, and back by up."""
        lines = self.lines
        at = next((place for place, line in enumerate(lines) if line.hasFocus()), -1)
        step = 1 if event.key() in (*_ENTER, Qt.Key.Key_Down) else -1
        if at < 0 or (step < 0 and event.key() != Qt.Key.Key_Up):
            super().keyPressEvent(event)
        elif event.key() in _ENTER and at == len(lines) - 1:
            if not event.isAutoRepeat():
                self.counted.emit()
        elif 0 <= at + step < len(lines):
            lines[at + step].setFocus(Qt.FocusReason.TabFocusReason)
            lines[at + step].selectAll()

    @Slot()
    def _show(self) -> None:
        for value, row in self._rows.items():
            pieces = _count(row.line.text())
            set_role(row.line, "wrong", pieces < 0)
            row.amount.set_amount(value * pieces if pieces >= 0 else None)
        self.total.set_amount(self.won)
        self.wrong.setText(f"✗ {self._texts('shift.count_wrong')}")
        self.wrong.setVisible(not self.is_right)
        self.blind.setVisible(self.is_right)

    @Slot()
    def _write(self) -> None:
        for value, row in self._rows.items():
            name = self._texts.won(value)
            row.name.setText(name)
            row.line.setAccessibleName(f"{name} {self._texts('shift.count')}")
        self._show()


_COLUMNS = ("denomination", "count", "sum")


def _count(text: str) -> int:
    """Return the typed count; 0 if there is none, -1 if it is none that can be."""
    if not text.strip():
        return 0
    number = typed_number(text)
    return number if number is not None and number <= MOST_PIECES else -1
