"""One item on the page of its order."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.refunds import Refund
from posapp.services.cancelling_rest import was_refused_as_part
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts import standing
from posapp.ui.screens.order_parts.choice import Choice
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.order_parts.standing import Standing
from posapp.ui.screens.order_parts.strong import StrongLabel
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import Sign, StatusBadge
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Frame, Label

_NAME = 70
_NAME_RUN = 18
_SIGN = 20


class ItemRow(Frame):
    """A tick, the item, how it stands, and below it what came of the last deed or refund."""

    ticked = Signal()
    cancel_pressed = Signal(object)
    """This item alone: its id."""

    slip_pressed = Signal(object)
    """The slip of its last refund: the refund's id."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self._texts = texts
        self._item: OrderItem | None = None
        self._refund: Refund | None = None
        self._busy = self._in_doubt = False
        self.tick = Choice(theme)
        self.tick.toggled.connect(lambda _: self.ticked.emit())
        self.name = StrongLabel()
        self.details = Label("caption", wraps=True)
        self.amount = MoneyLabel(texts)
        self.badge = StatusBadge(theme)
        self.cancel = Button("secondary")
        self.cancel.clicked.connect(self._cancel_pressed)
        self._sign = Sign(theme, _SIGN)
        self.result = Label("body", wraps=True)
        self.slip = Button("quiet")
        self.slip.clicked.connect(self._slip_pressed)
        self._below = QWidget()
        self._lay_out()

    @property
    def item(self) -> OrderItem | None:
        """The item that it shows."""
        return self._item

    @property
    def is_ticked(self) -> bool:
        """It is chosen, and can be cancelled."""
        return self.tick.isChecked() and self.tick.isEnabled()

    def show_item(
        self,
        item: OrderItem,
        refund: Refund | None,
        result: Standing | None,
        *,
        online: bool,
        in_doubt: bool = False,
    ) -> None:
        """Show the item as it is now.

        Args:
            refund: its last one.
            result: what came of the last deed with it on this page.
            in_doubt: nothing may be done with it before its money is certain.
        """
        texts = self._texts
        self._item, self._refund, self._in_doubt = item, refund, in_doubt
        name = shown(item.name, _NAME, run=_NAME_RUN)
        self.name.setText(name)
        number = texts("order_page.item_number", item=item.id)
        count = texts("order_page.item_count", price=texts.won(item.price), count=item.count)
        self.details.setText(f"{number} · {count}")
        self.amount.set_amount(item.total)
        now = standing.of_item(texts, item.status)
        if in_doubt and item.status is not ItemStatus.CANCEL:
            now = Standing("warning", texts("order_page.in_doubt", state=now.word))
        self.badge.show_state(now.tone, now.word)
        self.tick.set_words("", name=texts("order_page.tick", name=name))
        self.cancel.set_words(
            texts("order_page.cancel_one"), name=texts("order_page.cancel_one_name", name=name)
        )
        self.slip.set_words(texts("order_page.slip"))
        self._show_below(refund, result, online=online, is_left=item.is_paid)
        self._weigh()
        self.setAccessibleName(f"{name}. {texts.won(item.total)}. {now.word}")

    def set_busy(self, busy: bool) -> None:
        """While something is under way nothing else can be chosen."""
        self._busy = busy
        self._weigh()

    def _show_below(
        self, refund: Refund | None, result: Standing | None, *, online: bool, is_left: bool
    ) -> None:
        said = result
        if said is None and refund is not None:
            said = standing.of_refund(self._texts, refund, online=online)
            if is_left and was_refused_as_part(refund):
                said = Standing(said.tone, self._texts("order_page.refused_as_part"))
        self._below.setVisible(said is not None)
        self.slip.setVisible(refund is not None)
        if said is not None:
            self._sign.set_tone(said.tone)
            self.result.setText(said.word)

    def _weigh(self) -> None:
        item, refund = self._item, self._refund
        stopped = item is None or item.status is ItemStatus.CANCEL
        returning = refund is not None and refund.is_open
        able = not (stopped or returning or self._busy or self._in_doubt)
        if stopped or returning or self._in_doubt:
            self.tick.setChecked(False)
        self.tick.setEnabled(able)
        self.cancel.setEnabled(able)
        self.cancel.setVisible(not (stopped or returning))

    def _cancel_pressed(self) -> None:
        if self._item is not None:
            self.cancel_pressed.emit(self._item.id)

    def _slip_pressed(self) -> None:
        if self._refund is not None:
            self.slip_pressed.emit(self._refund.id)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addWidget(self.details)
        money = QVBoxLayout()
        money.setSpacing(4)
        money.addWidget(self.amount, 0, Qt.AlignmentFlag.AlignRight)
        money.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignRight)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.tick)
        first.addLayout(words, 1)
        first.addLayout(money)
        first.addWidget(self.cancel)
        below = QHBoxLayout(self._below)
        below.setContentsMargins(56, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self.result, 1)
        below.addWidget(self.slip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        column.addLayout(first)
        column.addWidget(self._below)
