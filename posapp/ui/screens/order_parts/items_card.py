"""The items of an order, and what can be done with those that are ticked."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.cancelling import LONGEST_REASON, Side
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.refunds import Refund
from posapp.services.order_history import OrderHistory
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.screens.order_parts.actor_picker import ActorPicker
from posapp.ui.screens.order_parts.item_row import ItemRow
from posapp.ui.screens.order_parts.standing import Standing
from posapp.ui.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Frame, Label


class ItemsCard(Card):
    """Ticks, who acts, why, and one button for all that is ticked."""

    batch_pressed = Signal()
    cancel_pressed = Signal(object)
    """One item alone: its id."""

    slip_pressed = Signal(object)
    """The slip of a refund: its id."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=24)
        self._texts, self._theme = texts, theme
        self._rows: dict[int, ItemRow] = {}
        self._busy = False
        sheet = Frame("panel")
        self._column = QVBoxLayout(sheet)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setProperty("role", "panel")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(sheet)
        self.picker = ActorPicker(texts, theme)
        self.picker.changed.connect(self._weigh)
        self.line = QLineEdit()
        self.line.setObjectName("batchReason")
        self.line.setMaxLength(LONGEST_REASON)
        self.button = Button("danger", "F8")
        self.button.setObjectName("batchButton")
        self.button.clicked.connect(self.batch_pressed)
        HeldKeys(self.button, parent=self)
        self.doubt = Label("notice", wraps=True)
        self.doubt.hide()
        self._doubt: ErrorCode | None = None
        self._deeds = QWidget()
        deeds = QVBoxLayout(self._deeds)
        deeds.setContentsMargins(0, 0, 0, 0)
        deeds.setSpacing(12)
        deeds.addWidget(self.picker)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        deeds.addLayout(row)
        edge = Frame("hairline")
        edge.setFixedHeight(1)
        self.body.setSpacing(12)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(edge)
        self.body.addWidget(self._deeds)
        self.body.addWidget(self.doubt)

    @property
    def rows(self) -> tuple[ItemRow, ...]:
        """One for each item, in the order's order."""
        return tuple(self._rows.values())

    @property
    def actor(self) -> tuple[Side, int] | None:
        """Who acts, once that is known."""
        return self.picker.actor

    @property
    def reason(self) -> str:
        """As it is typed."""
        return self.line.text()

    def ticked(self) -> tuple[OrderItem, ...]:
        """The items that are chosen, as they are shown."""
        return tuple(row.item for row in self.rows if row.is_ticked and row.item is not None)

    def show_history(
        self, history: OrderHistory, results: Mapping[int, Standing], *, online: bool
    ) -> None:
        """Show the items as they are; ticks and the focus stay where they are."""
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
        self._deeds.setVisible(is_living and self._doubt is None)
        self.doubt.setVisible(self._doubt is not None)
        self.write()

    def set_busy(self, busy: bool) -> None:
        """A deed is under way."""
        self._busy = busy
        for row in self.rows:
            row.set_busy(busy)
        self._weigh()

    def focus_first(self) -> None:
        """Begin at the first item that can be cancelled, else where one can go on."""
        for row in self.rows:
            if row.tick.isEnabled():
                row.tick.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def write(self) -> None:
        """Set the words of everything but the rows."""
        texts = self._texts
        self.set_words(texts("order_page.items"))
        self.doubt.setText(texts.error(UserError(self._doubt)) if self._doubt else "")
        self.line.setPlaceholderText(texts("cancel.reason_hint"))
        self.line.setAccessibleName(texts("cancel.reason"))
        self._weigh()

    def _make_rows(self, items: tuple[OrderItem, ...]) -> None:
        for old in self._rows.values():
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = {}
        for at, item in enumerate(items):
            row = ItemRow(self._texts, self._theme)
            row.ticked.connect(self._weigh)
            row.cancel_pressed.connect(self.cancel_pressed)
            row.slip_pressed.connect(self.slip_pressed)
            self._column.insertWidget(at, row)
            self._rows[item.id] = row

    def _weigh(self) -> None:
        texts, count = self._texts, len(self.ticked())
        words = "order_page.cancel_ticked_count" if count else "order_page.cancel_ticked"
        why = "" if count else texts("order_page.tick_first")
        self.button.set_words(texts(words, count=count), description=why)
        able = not self._busy and self.actor is not None
        self.button.setEnabled(able and count > 0)
        self.line.setEnabled(not self._busy)
        for row in self.rows:
            row.cancel.setEnabled(row.tick.isEnabled() and able)
