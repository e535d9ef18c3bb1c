"""Panel before the QR: amount, payment method and the primary button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.amount_label import AmountLabel
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.kakao_badge import KakaoBadge
from posapp.ui.widgets.roles import Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class ReadyPanel(QWidget):
    """The amount and 결제. While the QR is created the button is disabled and a bar moves."""

    pay_requested = Signal()
    """결제 was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._has_amount = self._behind = False
        self._tag = KakaoBadge(texts, theme)
        self._what = Label("muted")
        self.amount = AmountLabel(texts)
        self.amount.setAlignment(_CENTRE)
        self._how = Label("muted", wraps=True)
        self._how.setAlignment(_CENTRE)
        self.pay = Button("kakao", "Enter")
        self.pay.setObjectName("payButton")
        self.pay.setMinimumWidth(320)
        self.pay.clicked.connect(self.pay_requested)
        self.busy = BusyBar(theme)
        self.busy.setMinimumWidth(320)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(3)
        column.addWidget(self._tag, 0, _CENTRE)
        column.addSpacing(24)
        column.addWidget(self._what, 0, _CENTRE)
        column.addSpacing(8)
        column.addWidget(self.amount, 0, _CENTRE)
        column.addSpacing(16)
        column.addWidget(self._how)
        column.addSpacing(32)
        column.addWidget(self.pay, 0, _CENTRE)
        column.addSpacing(24)
        column.addWidget(self.busy, 0, _CENTRE)
        column.addStretch(4)
        self.setFocusProxy(self.pay)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def show_amount(self, amount: Won | None) -> None:
        """Show the amount to pay; without an order the button is disabled."""
        self.amount.set_amount(amount)
        self._has_amount = amount is not None
        self.pay.setEnabled(self._has_amount and not self._behind)
        self.pay.set_busy(False)
        self.busy.stop()

    def set_behind(self, behind: bool) -> None:
        """Disable payment while the file is an older copy that is still being reconciled."""
        self._behind = behind
        self.pay.setEnabled(self._has_amount and not behind)
        self._retranslate()

    def show_starting(self) -> None:
        """Show that the QR is being created; presses do nothing."""
        self.pay.set_busy(True)
        self.busy.start(self._texts("pay.preparing"))

    def _retranslate(self) -> None:
        texts = self._texts
        self._what.setText(texts("pay.to_pay"))
        self._how.setText(texts("window.behind" if self._behind else "pay.ready_how"))
        self.pay.set_text(texts("requests.in_doubt" if self._behind else "pay.pay"))
        if self.busy.is_busy:
            self.busy.start(texts("pay.preparing"))
