"""Row of one item on the order page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.cash import CashRefund, CashRefundState
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.refunds import Refund
from posapp.services.refunds.cancel_remainder import was_refused_as_part
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import StatusText
from posapp.ui.core.theme import Theme
from posapp.ui.printing.refund_slip import cash_slip_place, slip_place
from posapp.ui.widgets import boxes
from posapp.ui.widgets.badge import Sign, StatusBadge
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import BoldLabel, Frame, Label, set_role

_NAME = 70
_NAME_RUN = 9
_SIGN = 20


class ItemRow(Frame):
    """A check box, the item, its status, and below it the result of the last action or refund."""

    ticked = Signal()
    slip_pressed = Signal(str)
    """Show the slip of its last refund. Carries its place among the papers."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__("row")
        self._texts = texts
        self._item: OrderItem | None = None
        self._refund: Refund | None = None
        self._busy = self._in_doubt = False
        self._slip_place = ""
        self.tick = CheckChip(theme)
        self.tick.toggled.connect(lambda _: self.ticked.emit())
        self.name = BoldLabel()
        self.details = Label("caption", wraps=True)
        self.amount = MoneyLabel(texts)
        self.badge = StatusBadge(theme)
        self._sign = Sign(theme, _SIGN)
        self.result = Label("body", wraps=True)
        self.slip = Button("quiet")
        self.slip.clicked.connect(self._slip_pressed)
        self._below = QWidget()
        self._build_layout()

    @property
    def item(self) -> OrderItem | None:
        """Return the displayed item."""
        return self._item

    @property
    def is_ticked(self) -> bool:
        """Return whether the item is ticked and can be cancelled."""
        return self.tick.isChecked() and self.tick.isEnabled()

    def show_item(
        self,
        item: OrderItem,
        refund: Refund | None,
        result: StatusText | None,
        *,
        online: bool,
        in_doubt: bool = False,
        cash: CashRefund | None = None,
        is_offered_in_cash: bool = False,
    ) -> None:
        """Show the item's current state.

        Args:
            refund: its last refund by QR.
            result: the result of the last action on it on this page.
            in_doubt: its actions are disabled until its money is certain.
            cash: its last refund in cash.
            is_offered_in_cash: KakaoPay refused its refund for good, and it can go back in cash.
        """
        texts = self._texts
        self._item, self._refund, self._in_doubt = item, refund, in_doubt
        name = display_text(item.name, _NAME, run=_NAME_RUN)
        self.name.setText(name)
        number = (
            texts("order_page.item_number", item=item.id)
            if item.part_of is None
            else texts("order_page.item_part", item=item.part_of)
        )
        count = texts("order_page.item_count", price=texts.won(item.price), count=item.count)
        self.details.setText(f"{number} · {count}")
        self.amount.set_amount(item.total)
        now = status_text.of_item(texts, item.status)
        if in_doubt and item.status is not ItemStatus.CANCEL:
            now = StatusText("warning", texts("order_page.in_doubt", state=now.label))
        self.badge.show_state(now.tone, now.label)
        self.tick.set_text("", name=texts("order_page.tick", name=name))
        self.slip.set_text(texts("order_page.slip"))
        if is_offered_in_cash and result is None:
            result = StatusText("error", texts("order_page.refused_for_good"))
        self._show_below(refund, cash, result, online=online, is_left=item.is_paid)
        self._update_enabled()
        self.setAccessibleName(f"{name}. {texts.won(item.total)}. {now.label}")

    def set_current(self, current: bool) -> None:
        """Mark the row that an action without ticks is about."""
        set_role(self, "current", current)

    def set_busy(self, busy: bool) -> None:
        """Disable the selection while an action runs."""
        self._busy = busy
        self._update_enabled()

    def _show_below(
        self,
        refund: Refund | None,
        cash: CashRefund | None,
        result: StatusText | None,
        *,
        online: bool,
        is_left: bool,
    ) -> None:
        is_out = cash is not None and cash.state is CashRefundState.PAID_OUT
        is_due = cash is not None and cash.state is CashRefundState.WAITING and not is_left
        self._slip_place = slip_place(refund.id) if refund is not None else ""
        if is_out and cash is not None:
            self._slip_place = cash_slip_place(cash.id)
        said = result
        if said is None and cash is not None and (is_out or is_due):
            said = status_text.of_cash_refund(self._texts, cash)
        if said is None and refund is not None:
            said = status_text.of_refund(self._texts, refund, online=online)
            if is_left and was_refused_as_part(refund):
                said = StatusText(said.tone, self._texts("order_page.refused_as_part"))
        self._below.setVisible(said is not None)
        self.slip.setVisible(bool(self._slip_place))
        if said is not None:
            self._sign.set_tone(said.tone)
            self.result.setText(said.label)

    def _update_enabled(self) -> None:
        item, refund = self._item, self._refund
        stopped = item is None or item.status is ItemStatus.CANCEL
        returning = refund is not None and refund.is_open
        able = not (stopped or returning or self._busy or self._in_doubt)
        if stopped or returning or self._in_doubt:
            self.tick.setChecked(False)
        self.tick.setEnabled(able)

    def _slip_pressed(self) -> None:
        if self._slip_place:
            self.slip_pressed.emit(self._slip_place)

    def _build_layout(self) -> None:
        text_column = boxes.column(self.name, self.details, gap=2)
        money = boxes.column(
            (self.amount, 0, Qt.AlignmentFlag.AlignRight),
            (self.badge, 0, Qt.AlignmentFlag.AlignRight),
            gap=4,
        )
        first = boxes.row(self.tick, (text_column, 1), money, gap=8)
        boxes.row(
            (self._sign, 0, Qt.AlignmentFlag.AlignVCenter),
            (self.result, 1),
            self.slip,
            on=self._below,
            gap=8,
            margins=(56, 0, 0, 0),
        )
        boxes.column(first, self._below, on=self, gap=4, margins=8)
