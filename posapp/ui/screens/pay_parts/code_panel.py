"""The QR, and beside it everything that belongs to it: amount, order, shop, time left, state."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.ui.formats import clock
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.pay_parts.amount import Amount
from posapp.ui.screens.pay_parts.kakao_tag import KakaoTag
from posapp.ui.screens.pay_parts.phase_mark import PhaseMark
from posapp.ui.screens.pay_parts.standing import Standing
from posapp.ui.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.qr import ROUNDING, QrCode
from posapp.ui.widgets.roles import Frame, Label

_TALLEST, _LOWEST = 760, 600
"""Pixels of height of the code's room, in a tall window and in a wide one."""

_READING, _BESIDE = 560, 360
"""Pixels of width of the facts at most, below the code and beside it."""

_RING = 3
_LONGEST_SHOP = 40


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What stands beside the QR."""

    shop: str
    order_id: int
    amount: Won


class FocusedCode(QrCode):
    """The QR as the safe place for the focus: Enter does nothing here, a reader reads its name,
    and a ring around the white shows where the focus is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The code, and the ring."""
        super().paintEvent(event)
        if self.is_scannable and self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("focus"), _RING))
            grown = self.sheet.adjusted(-_RING / 2, -_RING / 2, _RING / 2, _RING / 2)
            painter.drawRoundedRect(grown, ROUNDING, ROUNDING)
            painter.end()


class CodePanel(QWidget):
    """Beside each other where it is wide, one below the other where it is tall."""

    stop_requested = Signal()
    """그만두기 was pressed."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._facts: CodeFacts | None = None
        self._seconds = 0
        self.code = FocusedCode(theme)
        self.code.setObjectName("paymentQr")
        self.mark = PhaseMark(theme, 40)
        self.word = Label("heading")
        self._shop = Label("muted", wraps=True)
        self.amount = Amount(texts)
        self._order = Label("muted")
        self._left_words = Label("caption")
        self.left = Label("title")
        self.how = Label("body", wraps=True)
        self.notice = Label("notice", wraps=True)
        self.notice.hide()
        self.stop = Button("secondary", "F8")
        self.stop.setObjectName("stopButton")
        self.stop.clicked.connect(self.stop_requested)
        self._tag = KakaoTag(texts, theme)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(32)
        self._row.addWidget(self.code, 1)
        self._beside = QWidget()
        self._beside.setLayout(self._column())
        self._row.addWidget(self._beside, 0)
        self.setFocusProxy(self.code)
        texts.changed.connect(self._write)
        self._write()

    def set_shape(self, *, tall: bool, narrow: bool) -> None:
        """Choose the order of code and facts, and the size of the figure."""
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

    def show_facts(self, facts: CodeFacts) -> None:
        """Say whose, for what and how much."""
        self._facts = facts
        self._write()

    def show_standing(self, standing: Standing) -> None:
        """Say how the attempt stands."""
        self.mark.show_mark(standing.mark, standing.tone)
        self.word.setText(standing.word)
        self.how.setText(standing.heading)
        self.stop.setEnabled(standing.stoppable)
        self.setAccessibleDescription(f"{standing.word}. {standing.heading}")

    def show_stopping(self) -> None:
        """The payment is being given up: the button says so, and cannot be pressed meanwhile."""
        self.stop.setEnabled(False)
        self.stop.set_words(self._texts("pay.stopping"))

    def show_seconds(self, seconds: int) -> None:
        """Say how long is left."""
        self._seconds = seconds
        self.left.setText(clock(seconds))
        self.left.setAccessibleName(f"{self._texts('pay.time_left')} {clock(seconds)}")

    def show_notice(self, words: str) -> None:
        """Say something in passing beside the code, or nothing."""
        self.notice.setText(words)
        self.notice.setVisible(bool(words))

    def _column(self) -> QVBoxLayout:
        rule = Frame("hairline")
        rule.setFixedHeight(1)
        state = QHBoxLayout()
        state.setSpacing(12)
        state.addWidget(self.mark)
        state.addWidget(self.word, 1)
        order = QHBoxLayout()
        order.setSpacing(12)
        order.addWidget(self._order)
        order.addStretch(1)
        order.addWidget(self._tag)
        left = QHBoxLayout()
        left.addWidget(self._left_words, 0, Qt.AlignmentFlag.AlignVCenter)
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

    def _write(self) -> None:
        texts = self._texts
        self.stop.set_words(texts("pay.stop"))
        self._left_words.setText(texts("pay.time_left"))
        self.show_seconds(self._seconds)
        if self._facts is None:
            return
        facts = self._facts
        self._shop.setText(shown(facts.shop, _LONGEST_SHOP, run=16))
        self.amount.set_amount(facts.amount)
        self._order.setText(texts("pay.order", order=facts.order_id))
        self.code.setAccessibleName(texts("pay.code"))
        self.code.setAccessibleDescription(
            texts("pay.code_of", order=facts.order_id, amount=texts.won(facts.amount))
        )
