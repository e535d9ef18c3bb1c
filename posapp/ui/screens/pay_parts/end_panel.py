"""What became of it, or what is still being found out: shape, sentence, and the ways out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.ui.i18n import Texts
from posapp.ui.screens.pay_parts.amount import Amount
from posapp.ui.screens.pay_parts.phase_mark import PhaseMark
from posapp.ui.screens.pay_parts.standing import Standing
from posapp.ui.theme import Theme
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter
_MARK = 96
_WIDEST = 560
_BUTTON = 60
"""Pixels of height, strong or not: buttons that stand beside each other are of one size."""


class EndPanel(QWidget):
    """One strong button at most: the receipt, or another try, or home where neither is there."""

    retry_requested = Signal()
    """다시 시도 was pressed."""
    receipt_requested = Signal()
    """영수증 보기 was pressed."""
    home_requested = Signal()
    """결제 홈 was pressed."""
    stop_requested = Signal()
    """그만두기 was pressed."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.mark = PhaseMark(theme, _MARK)
        self.word = Label("muted")
        self.heading = Label("heading", wraps=True)
        self.amount = Amount(texts)
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
        self._lay_out()
        texts.changed.connect(self._write)
        self._write()

    @property
    def strong(self) -> Button | None:
        """The strong button that is there now, if there is one."""
        buttons = (self.receipt, self.retry, self.home_strong)
        return next((button for button in buttons if not button.isHidden()), None)

    def show_standing(self, standing: Standing, amount: Won | None) -> None:
        """Show an outcome, with the amount that was paid where there is a receipt."""
        self.mark.show_mark(standing.mark, standing.tone)
        self.word.setText(standing.word)
        self.heading.setText(standing.heading)
        for label, words in (
            (self.message, standing.message),
            (self.detail, standing.detail),
            (self.code, standing.code),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        self.amount.set_amount(amount if standing.receipt else None)
        self.amount.setVisible(standing.receipt)
        self.receipt.setVisible(standing.receipt)
        self.retry.setVisible(standing.retry)
        strong = standing.receipt or standing.retry
        self.home_strong.setVisible(not strong and not standing.moving)
        self.home.setVisible(strong or standing.moving)
        self.stop.setVisible(standing.stoppable)
        self.set_working(False)
        self.busy.setVisible(standing.moving)
        if standing.moving:
            self.busy.start("")
        self.setAccessibleName(standing.word)
        self.setAccessibleDescription(standing.spoken)

    def set_working(self, working: bool) -> None:
        """Another QR is being made, or this attempt given up: nothing can be pressed twice."""
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

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.mark, 0, _CENTRE)
        words.addSpacing(8)
        words.addWidget(self.word, 0, _CENTRE)
        words.addWidget(self.heading)
        words.addWidget(self.amount, 0, _CENTRE)
        words.addWidget(self.message)
        words.addWidget(self.detail)
        words.addWidget(self.code)
        words.addSpacing(16)
        words.addWidget(self.busy)
        words.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        for button in (self.stop, self.home, self.retry, self.receipt, self.home_strong):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        buttons.addStretch(1)
        words.addLayout(buttons)
        middle = QWidget()
        middle.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        middle.setMaximumWidth(_WIDEST)
        row = QHBoxLayout()
        row.addWidget(middle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(3)
        column.addLayout(row)
        column.addStretch(4)

    def _write(self) -> None:
        texts = self._texts
        for button, message in (
            (self.receipt, "pay.receipt"),
            (self.retry, "words.retry"),
            (self.home_strong, "pay.home"),
            (self.home, "pay.home"),
            (self.stop, "pay.stop"),
        ):
            button.set_words(texts(message))
