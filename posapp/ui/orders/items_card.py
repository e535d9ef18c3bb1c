"""Card with the items of an order, and the cancellation of the ticked ones."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.actors import Actor
from posapp.domain.cancellation import MAX_REASON_LENGTH
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.refunds import Refund
from posapp.services.orders.order_history import OrderHistory
from posapp.ui.core.i18n import Translator
from posapp.ui.core.status_text import StatusText
from posapp.ui.core.theme import Theme
from posapp.ui.orders.actor_picker import ActorPicker
from posapp.ui.orders.item_row import ItemRow
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Frame, Label


class ItemsCard(Card):
    """Check boxes, the actor, the reason, and one button for all ticked items."""

    batch_pressed = Signal()
    cancel_pressed = Signal(object)
    """Cancel one item alone. Carries its id."""

    slip_pressed = Signal(object)
    """Show the slip of a refund. Carries its id."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=24)
        self._texts, self._theme = texts, theme
        self._rows: dict[int, ItemRow] = {}
        self._busy = False
        panel = Frame("panel")
        self._column = QVBoxLayout(panel)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setProperty("role", "panel")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(panel)
        self.picker = ActorPicker(texts, theme)
        self.picker.changed.connect(self._update_enabled)
        self.line = QLineEdit()
        self.line.setObjectName("batchReason")
        self.line.setMaxLength(MAX_REASON_LENGTH)
        self.button = Button("danger", "F8")
        self.button.setObjectName("batchButton")
        self.button.clicked.connect(self.batch_pressed)
        self.doubt = Label("notice", wraps=True)
        self.doubt.hide()
        self._doubt: ErrorCode | None = None
        self._action_bar = QWidget()
        buttons = QVBoxLayout(self._action_bar)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(12)
        buttons.addWidget(self.picker)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        buttons.addLayout(row)
        edge = Frame("hairline")
        edge.setFixedHeight(1)
        self.body.setSpacing(12)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(edge)
        self.body.addWidget(self._action_bar)
        self.body.addWidget(self.doubt)

    @property
    def rows(self) -> tuple[ItemRow, ...]:
        """Return the rows of the items, in the order's sequence."""
        return tuple(self._rows.values())

    @property
    def actor(self) -> Actor | None:
        """Return the actor, once known."""
        return self.picker.actor

    @property
    def reason(self) -> str:
        """Return the reason as typed."""
        return self.line.text()

    def ticked(self) -> tuple[OrderItem, ...]:
        """Return the ticked items as displayed."""
        return tuple(row.item for row in self.rows if row.is_ticked and row.item is not None)

    def show_history(
        self, history: OrderHistory, results: Mapping[int, StatusText], *, online: bool
    ) -> None:
        """Show the current items; ticks and the focus stay."""
        items = history.order.items
        if tuple(self._rows) != tuple(item.id for item in items):
            self._make_rows(items)
        last: dict[int, Refund] = {}
        for refund in history.refunds:
            last.update(dict.fromkeys(refund.item_ids, refund))
        for item in items:
            row = self._rows[item.id]
            row.show_item(
                item,
                last.get(item.id),
                results.get(item.id),
                online=online,
                in_doubt=history.doubt is not None,
            )
        is_living = any(item.status is not ItemStatus.CANCEL for item in items)
        self._doubt = history.doubt if is_living else None
        self._action_bar.setVisible(is_living and self._doubt is None)
        self.doubt.setVisible(self._doubt is not None)
        self.write()

    def set_busy(self, busy: bool) -> None:
        """Disable the rows while an action runs."""
        self._busy = busy
        for row in self.rows:
            row.set_busy(busy)
        self._update_enabled()

    def focus_first(self) -> None:
        """Focus the first item that can be cancelled."""
        for row in self.rows:
            if row.tick.isEnabled():
                row.tick.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def write(self) -> None:
        """Set all texts except those of the rows."""
        texts = self._texts
        self.set_text(texts("order_page.items"))
        self.doubt.setText(texts.error(UserError(self._doubt)) if self._doubt else "")
        self.line.setPlaceholderText(texts("cancel.reason_hint"))
        self.line.setAccessibleName(texts("cancel.reason"))
        self._update_enabled()

    def _make_rows(self, items: tuple[OrderItem, ...]) -> None:
        for old in self._rows.values():
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = {}
        for at, item in enumerate(items):
            row = ItemRow(self._texts, self._theme)
            row.ticked.connect(self._update_enabled)
            row.cancel_pressed.connect(self.cancel_pressed)
            row.slip_pressed.connect(self.slip_pressed)
            self._column.insertWidget(at, row)
            self._rows[item.id] = row

    def _update_enabled(self) -> None:
        texts, count = self._texts, len(self.ticked())
        text = "order_page.cancel_ticked_count" if count else "order_page.cancel_ticked"
        why = "" if count else texts("order_page.tick_first")
        self.button.set_text(texts(text, count=count), description=why)
        able = not self._busy and self.actor is not None
        self.button.setEnabled(able and count > 0)
        self.line.setEnabled(not self._busy)
        for row in self.rows:
            row.cancel.setEnabled(row.tick.isEnabled() and able)
