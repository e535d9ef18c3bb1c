"""Panel with the result of a payment: icon, state, sentences, amount and the ways on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.payment.payment_view_model import PaymentViewState
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.money import AmountLabel
from posapp.ui.widgets.phase_icon import PhaseIcon
from posapp.ui.widgets.roles import Frame, Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter
_MARK, _LOW_MARK = 96, 64
_READING = 640
"""Widest text in pixels."""

_PRIMARY = 240
_ONE_ROW, _EACH_MORE = 840, 320
"""Widths in pixels from which the buttons are in one row, and what those of cash need besides."""

_PADDING = 24


class OutcomePanel(Frame):
    """Paid, failed, stopped, expired, returned or doubtful, told apart by shape and word.

    The text scrolls where it is longer than the panel; the buttons always have one place. The
    primary button begins with the next customer after a payment, tries again where that can help,
    and otherwise leads home. There is none while the result is still being checked.
    """

    retry_requested = Signal()
    """다시 시도 was pressed."""
    print_requested = Signal()
    """영수증 인쇄 was pressed."""
    order_requested = Signal()
    """주문 보기 was pressed."""
    cash_receipt_requested = Signal()
    """현금영수증 was pressed."""
    cash_requested = Signal()
    """현금 was pressed."""
    give_back_requested = Signal()
    """현금 반환 was pressed."""
    home_requested = Signal()
    """다음 손님 or 홈 was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self._texts = texts
        self._retries = False
        self._width = 0
        self.mark = PhaseIcon(theme, _MARK)
        self.state_label = Label("muted")
        self.heading = Label("heading", wraps=True)
        self.amount = AmountLabel(texts)
        self.message = Label("body", wraps=True)
        self.detail = Label("muted", wraps=True)
        self.code = Label("caption", wraps=True)
        self.texts_shown = (self.heading, self.message, self.detail, self.code)
        for label in self.texts_shown:
            label.setAlignment(_CENTRE)
            policy = label.sizePolicy()  # its height follows from the width that it has
            policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)
            label.setSizePolicy(policy)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.busy = BusyBar(theme)
        self.order = Button("secondary", "F3", text=texts.bind("pay.show_order"))
        self.order.setObjectName("orderButton")
        self.order.clicked.connect(self.order_requested)
        self.receipt = Button("secondary", "Ctrl+P", text=texts.bind("pay.receipt"))
        self.receipt.setObjectName("receiptButton")
        self.receipt.clicked.connect(self.print_requested)
        self.cash_receipt = Button("secondary", "F4", text=texts.bind("cash_receipt.title"))
        self.cash_receipt.setObjectName("outcomeCashReceipt")
        self.cash_receipt.clicked.connect(self.cash_receipt_requested)
        self.cash = Button("secondary", "F7", text=texts.bind("cash.title"))
        self.cash.setObjectName("outcomeCash")
        self.cash.clicked.connect(self.cash_requested)
        self.given = Button("secondary", text=texts.bind("cash.given_back"))
        self.given.setObjectName("givenBack")
        self.given.clicked.connect(self.give_back_requested)
        for button in (self.cash_receipt, self.cash, self.given):
            button.hide()  # an outcome without them is no wider
        self.next = Button("primary", "Enter")
        self.next.setObjectName("nextButton")
        self.next.clicked.connect(self._go_on)
        self.text = FocusScrollArea(theme)
        self._build_layout()

    @property
    def primary(self) -> Button | None:
        """Return the button that Enter presses now, if there is one."""
        return self.next if not self.next.isHidden() else None

    def set_shape(self, *, low: bool, width: int) -> None:
        """Make the icon smaller if ``low``, and put the buttons into two rows if ``width`` (pixels)
        has no room for one."""
        self.mark.set_side(_LOW_MARK if low else _MARK)
        self._column.setSpacing(4 if low else 8)
        self._width = width
        self._place_buttons()

    def show_state(
        self,
        state: PaymentViewState,
        amount: Won | None,
        error: str = "",
        *,
        takes_cash: bool = False,
        was_cash: bool = False,
    ) -> None:
        """Show a result, with the amount (paid, or the change) if there is a receipt.

        Args:
            takes_cash: what is left can be paid in cash.
            was_cash: cash paid it, or a part: a cash receipt can be issued.
            error: why the result could not be read again.
        """
        texts = self._texts
        self._retries = state.retry
        self.mark.show_mark(state.mark, state.tone)
        self.state_label.setText(state.label)
        shown = (state.heading, state.message, state.detail, error or state.code)
        for label, text in zip(self.texts_shown, shown, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        self.amount.set_amount(amount if state.receipt else None)
        self.amount.setVisible(state.receipt)
        self.receipt.setVisible(state.receipt)
        self.cash.setVisible(takes_cash)
        self.cash_receipt.setVisible(was_cash and state.receipt)
        self.given.setVisible(state.gives_back)
        self._place_buttons()
        usual = "pay.next" if state.receipt else "words.retry" if state.retry else "pay.home"
        way = state.way or usual
        self.next.say(texts.bind(way))
        self.next.setVisible(not state.moving)
        self.busy.setVisible(state.moving)
        if state.moving:
            self.busy.start("")
        else:
            self.busy.stop()
        self.setAccessibleName(state.label)
        self.text.setAccessibleName(state.label)
        self.setAccessibleDescription(state.spoken)

    def _place_buttons(self) -> None:
        more = [one for one in (self.cash_receipt, self.given, self.cash) if not one.isHidden()]
        least = _ONE_ROW + (_EACH_MORE if more else 0)
        way = QBoxLayout.Direction
        is_narrow = self._width < least
        self._buttons.setDirection(way.TopToBottom if is_narrow else way.LeftToRight)

    def _go_on(self) -> None:
        (self.retry_requested if self._retries else self.home_requested).emit()

    def _build_layout(self) -> None:
        inside = Frame("panel")
        inside.setMaximumWidth(_READING)
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        column.addWidget(self.mark, 0, _CENTRE)
        column.addWidget(self.state_label, 0, _CENTRE)
        column.addWidget(self.heading)
        column.addWidget(self.amount, 0, _CENTRE)
        for label in (self.message, self.detail, self.code, self.busy):
            column.addWidget(label)
        column.addStretch(1)
        self.text.setWidget(inside)
        self.text.setAlignment(_CENTRE)
        self.next.setMinimumWidth(_PRIMARY)
        others = QHBoxLayout()
        others.setSpacing(12)
        others.addWidget(self.order, 0, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.receipt, self.cash_receipt, self.given, self.cash):
            others.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        others.addStretch(1)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(12)
        self._buttons.addLayout(others, 1)
        self._buttons.addWidget(self.next)
        both = QVBoxLayout(self)
        both.setContentsMargins(_PADDING, 16, _PADDING, 16)
        both.setSpacing(8)
        both.addWidget(self.text, 1)
        both.addLayout(self._buttons)
