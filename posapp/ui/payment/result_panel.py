"""Panel with the result, or its pending check: icon, text and actions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.payment.payment_view_model import PaymentViewState
from posapp.ui.payment.phase_icon import PhaseIcon
from posapp.ui.widgets.amount_label import AmountLabel
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter
_MARK = 96
_WIDEST = 560
_BUTTON = 60
"""Height of all buttons in pixels, so that adjacent ones have one size."""


class ResultPanel(QWidget):
    """Shows at most one primary button: the receipt, else retry, else home."""

    retry_requested = Signal()
    """다시 시도 was pressed."""
    receipt_requested = Signal()
    """영수증 보기 was pressed."""
    home_requested = Signal()
    """홈 was pressed."""
    stop_requested = Signal()
    """결제 중단 was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.mark = PhaseIcon(theme, _MARK)
        self.state_label = Label("muted")
        self.heading = Label("heading", wraps=True)
        self.amount = AmountLabel(texts)
        self.message = Label("body", wraps=True)
        self.detail = Label("muted", wraps=True)
        self.code = Label("caption", wraps=True)
        for label in (self.heading, self.message, self.detail, self.code):
            label.setAlignment(_CENTRE)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.busy = BusyBar(theme)
        self.receipt = self._button("primary", "Enter", "receiptButton", self.receipt_requested)
        self.retry = self._button("primary", "Enter", "retryButton", self.retry_requested)
        self.home_strong = self._button("primary", "Enter", "homeButton", self.home_requested)
        self.home = self._button("secondary", "", "homeButtonQuiet", self.home_requested)
        self.stop = self._button("secondary", "F8", "stopButtonQuiet", self.stop_requested)
        self._build_layout()
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @property
    def strong(self) -> Button | None:
        """Return the visible primary button, if there is one."""
        buttons = (self.receipt, self.retry, self.home_strong)
        return next((button for button in buttons if not button.isHidden()), None)

    def show_state(self, state: PaymentViewState, amount: Won | None) -> None:
        """Show a result, with the paid amount if there is a receipt."""
        self.mark.show_mark(state.mark, state.tone)
        self.state_label.setText(state.label)
        self.heading.setText(state.heading)
        for label, text in (
            (self.message, state.message),
            (self.detail, state.detail),
            (self.code, state.code),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.amount.set_amount(amount if state.receipt else None)
        self.amount.setVisible(state.receipt)
        self.receipt.setVisible(state.receipt)
        self.retry.setVisible(state.retry)
        strong = state.receipt or state.retry
        self.home_strong.setVisible(not strong and not state.moving)
        self.home.setVisible(strong or state.moving)
        self.stop.setVisible(state.stoppable)
        self.set_working(False)
        self.busy.setVisible(state.moving)
        if state.moving:
            self.busy.start("")
        self.setAccessibleName(state.label)
        self.setAccessibleDescription(state.spoken)

    def set_working(self, working: bool) -> None:
        """Disable the buttons while another QR is created or the attempt is abandoned."""
        for button in (self.receipt, self.retry, self.stop):
            button.setEnabled(not working)
        if working:
            self.busy.show()
            self.busy.start(self._texts("pay.working"))
        else:
            self.busy.stop()

    def _button(self, role: str, key: str, name: str, pressed: SignalInstance) -> Button:
        button = Button(role, key)
        button.setObjectName(name)
        button.setMinimumSize(208, _BUTTON)
        button.clicked.connect(pressed)
        return button

    def _build_layout(self) -> None:
        text_column = QVBoxLayout()
        text_column.setSpacing(8)
        text_column.addWidget(self.mark, 0, _CENTRE)
        text_column.addSpacing(8)
        text_column.addWidget(self.state_label, 0, _CENTRE)
        text_column.addWidget(self.heading)
        text_column.addWidget(self.amount, 0, _CENTRE)
        text_column.addWidget(self.message)
        text_column.addWidget(self.detail)
        text_column.addWidget(self.code)
        text_column.addSpacing(16)
        text_column.addWidget(self.busy)
        text_column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        for button in (self.stop, self.home, self.retry, self.receipt, self.home_strong):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        buttons.addStretch(1)
        text_column.addLayout(buttons)
        middle = QWidget()
        middle.setLayout(text_column)
        text_column.setContentsMargins(0, 0, 0, 0)
        middle.setMaximumWidth(_WIDEST)
        row = QHBoxLayout()
        row.addWidget(middle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(3)
        column.addLayout(row)
        column.addStretch(4)

    def _retranslate(self) -> None:
        texts = self._texts
        for button, message in (
            (self.receipt, "pay.receipt"),
            (self.retry, "words.retry"),
            (self.home_strong, "pay.home"),
            (self.home, "pay.home"),
            (self.stop, "pay.stop"),
        ):
            button.set_text(texts(message))
