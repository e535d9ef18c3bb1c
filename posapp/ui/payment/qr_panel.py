"""Panel with the QR and its details: amount, order, shop, time left, state."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.ui.core.formats import clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.payment.payment_view_model import PaymentViewState
from posapp.ui.payment.phase_icon import PhaseIcon
from posapp.ui.widgets.amount_label import AmountLabel
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.kakao_badge import KakaoBadge
from posapp.ui.widgets.qr import ROUNDING, QrCode
from posapp.ui.widgets.roles import Frame, Label

_TALLEST, _LOWEST = 760, 600
"""Maximum height of the QR in pixels, in a tall window and in a wide one."""

_READING, _BESIDE = 560, 360
"""Maximum width of the details in pixels, below the QR and beside it."""

_RING = 3
_LONGEST_SHOP = 40


@dataclass(frozen=True, slots=True)
class QrDetails:
    """Details shown beside the QR."""

    shop: str
    order_id: int
    amount: Won


class FocusableQr(QrCode):
    """Focusable QR.

    Enter does nothing here, a screen reader reads its name, and a ring shows the focus.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the QR and the focus ring."""
        super().paintEvent(event)
        if self.is_scannable and self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("focus"), _RING))
            grown = self.paper_rect.adjusted(-_RING / 2, -_RING / 2, _RING / 2, _RING / 2)
            painter.drawRoundedRect(grown, ROUNDING, ROUNDING)
            painter.end()


class QrPanel(QWidget):
    """Arranges QR and details side by side, or one above the other in a tall window."""

    stop_requested = Signal()
    """결제 중단 was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._facts: QrDetails | None = None
        self._seconds = 0
        self.code = FocusableQr(theme)
        self.code.setObjectName("paymentQr")
        self.mark = PhaseIcon(theme, 40)
        self.state_label = Label("heading")
        self._shop = Label("muted", wraps=True)
        self.amount = AmountLabel(texts)
        self._order = Label("muted", text=texts.bind("pay.order"))
        self._left_label = Label("caption", text=texts.bind("pay.time_left"))
        self.left = Label("title")
        self.how = Label("body", wraps=True)
        self.notice = Label("notice", wraps=True)
        self.notice.hide()
        self.stop = Button("secondary", "F8", text=texts.bind("pay.stop"))
        self.stop.setObjectName("stopButton")
        self.stop.clicked.connect(self.stop_requested)
        self._tag = KakaoBadge(texts, theme)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(32)
        self._row.addWidget(self.code, 1)
        self._beside = QWidget()
        self._beside.setLayout(self._column())
        self._row.addWidget(self._beside, 0)
        self.setFocusProxy(self.code)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def set_shape(self, *, tall: bool, narrow: bool) -> None:
        """Set the arrangement of QR and details, and the size of the amount."""
        way = QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)
        self._row.setSpacing(24 if tall else 32)
        self.code.setMaximumHeight(_TALLEST if tall else _LOWEST)
        upright = QSizePolicy.Policy.Maximum if tall else QSizePolicy.Policy.Preferred
        self._beside.setSizePolicy(QSizePolicy.Policy.Preferred, upright)
        self._beside.setMaximumWidth(_READING if tall else _BESIDE)
        self._beside.setMinimumWidth(_READING if tall else 0)
        middle = Qt.AlignmentFlag.AlignHCenter if tall else Qt.AlignmentFlag(0)
        self._row.setAlignment(self._beside, middle)
        self.amount.set_room(not narrow)

    def show_facts(self, facts: QrDetails) -> None:
        """Show shop, order and amount."""
        self._facts = facts
        self._order.set_values(order=facts.order_id)
        self.stop.say(self._texts.bind("pay.stop"))
        self._retranslate()

    def show_state(self, state: PaymentViewState) -> None:
        """Show the state of the attempt."""
        self.mark.show_mark(state.mark, state.tone)
        self.state_label.setText(state.label)
        self.how.setText(state.heading)
        self.stop.setEnabled(state.stoppable)
        self.setAccessibleDescription(f"{state.label}. {state.heading}")

    def show_stopping(self) -> None:
        """Show that the attempt is being abandoned and disable the button."""
        self.stop.setEnabled(False)
        self.stop.say(self._texts.bind("pay.stopping"))

    def show_seconds(self, seconds: int) -> None:
        """Show the seconds left."""
        self._seconds = seconds
        self.left.setText(clock(seconds))
        self.left.setAccessibleName(f"{self._texts('pay.time_left')} {clock(seconds)}")

    def show_notice(self, text: str) -> None:
        """Show a passing notice beside the QR, or none."""
        self.notice.setText(text)
        self.notice.setVisible(bool(text))

    def _column(self) -> QVBoxLayout:
        rule = Frame("hairline")
        rule.setFixedHeight(1)
        state = QHBoxLayout()
        state.setSpacing(12)
        state.addWidget(self.mark)
        state.addWidget(self.state_label, 1)
        order = QHBoxLayout()
        order.setSpacing(12)
        order.addWidget(self._order)
        order.addStretch(1)
        order.addWidget(self._tag)
        left = QHBoxLayout()
        left.addWidget(self._left_label, 0, Qt.AlignmentFlag.AlignVCenter)
        left.addStretch(1)
        left.addWidget(self.left)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(1)
        column.addLayout(state)
        column.addWidget(self.how)
        column.addSpacing(16)
        column.addWidget(self._shop)
        column.addWidget(self.amount)
        column.addLayout(order)
        column.addSpacing(8)
        column.addWidget(rule)
        column.addLayout(left)
        column.addWidget(self.notice)
        column.addSpacing(16)
        column.addStretch(1)
        column.addWidget(self.stop)
        return column

    def _retranslate(self) -> None:
        texts = self._texts
        self.show_seconds(self._seconds)
        if self._facts is None:
            return
        facts = self._facts
        self._shop.setText(display_text(facts.shop, _LONGEST_SHOP, run=16))
        self.amount.set_amount(facts.amount)
        self.code.setAccessibleName(texts("pay.code"))
        self.code.setAccessibleDescription(
            texts("pay.code_of", order=facts.order_id, amount=texts.won(facts.amount))
        )
