"""The newest orders on the first page, in any state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from posapp.services.ports.order_search import OrderSummary
from posapp.ui.core.i18n import Translator
from posapp.ui.core.order_name import order_name
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import of_order
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import ElidedLabel, Frame, Label

SHOWN = 12
"""Orders read and shown at most; a low page shows fewer."""

_HEIGHT, _GAP = 56, 4
_FRAME = 72
"""Height in pixels of what surrounds the rows."""

_NUMBER_WIDTH = 72
"""Least width in pixels of an order's number."""

_LONGEST = 60


class RecentRow(Button):
    """Number, state, buyer and amount of one order; a press opens it."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__("row", "")
        self._texts = texts
        self.summary: OrderSummary | None = None
        self.setMinimumHeight(_HEIGHT)
        self._order_number, self._who = Label("count"), ElidedLabel("muted")
        self._state = StatusBadge(theme)
        self._order_amount = Label("count")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self._order_number)
        row.addWidget(self._state)
        row.addWidget(self._who, 1)
        row.addWidget(self._order_amount)

    @property
    def number_width(self) -> int:
        """Return the width in pixels of the order's number."""
        self._order_number.ensurePolished()
        return self._order_number.sizeHint().width()

    def set_number_width(self, width: int) -> None:
        """Set the width in pixels of the number, so that those of all rows are one column."""
        self._order_number.setFixedWidth(width)

    def show_order(self, summary: OrderSummary) -> None:
        """Show an order; of a cancelled one, what it came to."""
        self.summary, texts = summary, self._texts
        status = of_order(texts, summary)
        amount = texts.won(summary.amount)
        who = display_text(summary.buyer_name, _LONGEST)
        what = display_text(order_name(texts, summary.name, summary.named_count), _LONGEST)
        self._order_number.setText(str(summary.order_id))
        self._state.show_state(status.tone, status.label)
        both = " · ".join(part for part in (who, what) if part)
        self._who.set_whole(both)
        self._order_amount.setText(amount)
        self.setAccessibleName(f"{summary.order_id}, {status.label}, {both}, {amount}")


class RecentOrders(Frame):
    """One row an order, newest first; arrows move, Enter opens."""

    picked = Signal(object)
    """An order was pressed. Carries its ``OrderSummary``."""

    left = Signal()
    """The arrow up was pressed in the first row."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__("card")
        self._texts = texts
        self._orders: tuple[OrderSummary, ...] = ()
        self._room = SHOWN
        self._heading = Label("heading", text=texts.bind("home.recent"))
        self._heading.setContentsMargins(12, 0, 0, 4)
        self._empty = Label("muted", text=texts.bind("home.recent_none"))
        self._empty.setContentsMargins(12, 8, 0, 0)
        self.rows = [RecentRow(texts, theme) for _ in range(SHOWN)]
        inside = QVBoxLayout(self)
        inside.setContentsMargins(12, 16, 12, 12)
        inside.setSpacing(_GAP)
        inside.addWidget(self._heading)
        inside.addWidget(self._empty)
        for row in self.rows:
            row.hide()
            row.installEventFilter(self)
            row.clicked.connect(lambda _=False, one=row: self.picked.emit(one.summary))
            inside.addWidget(row)
        inside.addStretch(1)
        texts.changed.connect(self._show)

    def show_orders(self, orders: Sequence[OrderSummary]) -> None:
        """Show the newest orders."""
        self._orders = tuple(orders)
        self._show()

    def fit(self, height: int) -> None:
        """Show as many rows as a height in pixels has room for."""
        self._room = max(0, min(SHOWN, (height - _FRAME) // (_HEIGHT + _GAP)))
        self.setVisible(self._room > 0)
        self._show()

    @property
    def _shown(self) -> tuple[OrderSummary, ...]:
        return self._orders[: self._room]

    def focus_first(self) -> None:
        """Focus the first row, if there is one."""
        if self._shown:
            self.rows[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move between the rows by the arrow keys."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        at = next((at for at, row in enumerate(self.rows) if row is watched), -1)
        if step is None or at < 0:
            return False
        if at + step < 0:
            self.left.emit()
        else:
            self.rows[min(at + step, len(self._shown) - 1)].setFocus()
        return True

    def _show(self) -> None:
        self._empty.setVisible(not self._shown)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(self._shown))
            if at < len(self._shown):
                row.show_order(self._shown[at])
        shown = self.rows[: len(self._shown)]
        widest = max((row.number_width for row in shown), default=0)
        for row in shown:
            row.set_number_width(max(_NUMBER_WIDTH, widest))
