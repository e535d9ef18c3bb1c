"""Before the QR: how much, by what, and the one button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.ui.i18n import Texts
from posapp.ui.screens.pay_parts.amount import Amount
from posapp.ui.screens.pay_parts.kakao_tag import KakaoTag
from posapp.ui.theme import Theme
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class ReadyPanel(QWidget):
    """The amount and 결제. While the QR is being made the button is off and a line moves."""

    pay_requested = Signal()
    """결제 was pressed."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._has_amount = self._behind = False
        self._tag = KakaoTag(texts, theme)
        self._what = Label("muted")
        self.amount = Amount(texts)
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
        texts.changed.connect(self._write)
        self._write()

    def show_amount(self, amount: Won | None) -> None:
        """Show what is to be paid; without an order the button is off."""
        self.amount.set_amount(amount)
        self._has_amount = amount is not None
        self.pay.setEnabled(self._has_amount and not self._behind)
        self.busy.stop()

    def set_behind(self, behind: bool) -> None:
        """The file is an older copy that is still being compared: nothing is paid."""
        self._behind = behind
        self.pay.setEnabled(self._has_amount and not behind and not self.busy.is_busy)
        self._write()

    def show_starting(self) -> None:
        """The QR is being made."""
        self.pay.setEnabled(False)
        self.busy.start(self._texts("pay.preparing"))

    def _write(self) -> None:
        texts = self._texts
        self._what.setText(texts("pay.to_pay"))
        self._how.setText(texts("window.behind" if self._behind else "pay.ready_how"))
        self.pay.set_words(texts("requests.in_doubt" if self._behind else "pay.pay"))
        if self.busy.is_busy:
            self.busy.start(texts("pay.preparing"))
