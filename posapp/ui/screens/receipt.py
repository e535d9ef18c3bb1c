"""The receipt screen: the slip that a paid order gives."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.pay_parts.enter_key import EnterKey
from posapp.ui.screens.receipt_parts.slip import SLIP_WIDTH, Slip
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty import EmptyState
from posapp.ui.widgets.roles import Label

if TYPE_CHECKING:
    from posapp.services.receipts import Receipt, Receipts

_SCROLL_BAR = 32
_BUTTON = QSize(240, 60)


class ReceiptScreen(QWidget):
    """Shows the receipt of one order. The address of PortOne's own receipt is text to be copied:
    nothing here opens a browser."""

    home_requested = Signal()
    """완료 was pressed, or the way back."""

    told = Signal(str)
    """A word in passing, for a toast."""

    def __init__(
        self, texts: Texts, theme: Theme, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._theme, self._runner = texts, theme, runner
        self._receipts: Receipts | None = None
        self._order_id = 0
        self._receipt: Receipt | None = None
        self._title = Label("title")
        self._back = Button("quiet", "Esc")
        self._back.clicked.connect(self.home_requested)
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self._read)
        self.busy = BusyBar(theme)
        self.slip = Slip(texts, theme)
        self.empty = EmptyState(theme)
        self.copy = Button("secondary", "Ctrl+C")
        self.copy.setObjectName("copyReceiptLink")
        self.copy.clicked.connect(self._copy)
        self.done = Button("primary", "Enter")
        self.done.setObjectName("receiptDone")
        self.done.clicked.connect(self.home_requested)
        self._lay_out()
        self._enter = EnterKey(self, lambda: self.done)
        self.setFocusProxy(self.done)
        texts.changed.connect(self._write)
        theme.changed.connect(self._draw)
        self._write()
        self._draw()

    def attach(self, receipts: Receipts) -> None:
        """The service stands; what was asked for before is read now."""
        self._receipts = receipts
        if self._order_id:
            self._read()

    def open_order(self, order_id: int) -> None:
        """Show the receipt of an order, as it is now."""
        self._order_id = order_id
        self._receipt = None
        self.slip.show_receipt(None)
        self.copy.hide()
        self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The buttons stand beside the slip, or below it where the window is tall."""
        super().resizeEvent(event)
        tall = self.height() > self.width()
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._sheet.setDirection(down if tall else right)
        self._buttons.setDirection(QBoxLayout.Direction.RightToLeft if tall else down)
        self._buttons.setStretch(0, int(tall))
        middle = Qt.AlignmentFlag.AlignHCenter if tall else Qt.AlignmentFlag(0)
        self._sheet.setAlignment(self._pages, middle)

    def _read(self) -> None:
        self.banner.clear()
        self._pages.setCurrentWidget(self._waiting)
        self.busy.start(self._texts("receipt.loading"))
        if self._receipts is not None and self._order_id:
            work = partial(self._receipts.of_order, self._order_id)
            self._runner.run(work, self._arrived, owner=self, key="receipt")

    def _arrived(self, outcome: Outcome[Receipt | None]) -> None:
        self.busy.stop()
        if outcome.error is not None:
            self.banner.show_error(outcome.error, button="words.retry")
            return
        self._receipt = outcome.value
        self.slip.show_receipt(outcome.value)
        self.copy.setVisible(outcome.value is not None and bool(outcome.value.payment.receipt_url))
        self._pages.setCurrentWidget(self._scroll if outcome.value is not None else self.empty)
        self._scroll.verticalScrollBar().setValue(0)
        words = self.slip.accessibleDescription() if outcome.value is not None else self.empty.words
        announce(self, words)
        if self.isVisible():
            self.done.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        if self._receipt is not None:
            QGuiApplication.clipboard().setText(self._receipt.payment.receipt_url)
            words = self._texts("receipt.copied")
            announce(self, words)
            self.told.emit(words)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._back)
        head.addWidget(self._title)
        head.addStretch(1)
        ground = QWidget()
        middle = QHBoxLayout(ground)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(self.slip, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(ground)
        self._waiting = QWidget()
        waiting = QVBoxLayout(self._waiting)
        waiting.addStretch(1)
        waiting.addWidget(self.busy)
        waiting.addStretch(1)
        self._pages = QStackedWidget()
        for page in (self._waiting, self._scroll, self.empty):
            self._pages.addWidget(page)
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons.setSpacing(12)
        self._buttons.addStretch(0)
        for button in (self.done, self.copy):
            button.setMinimumSize(_BUTTON)
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self._sheet = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sheet.setSpacing(16)
        self._pages.setFixedWidth(SLIP_WIDTH + _SCROLL_BAR)
        self._sheet.addStretch(1)
        self._sheet.addWidget(self._pages, 100)
        self._sheet.addLayout(self._buttons)
        self._sheet.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addLayout(self._sheet, 1)

    def _write(self) -> None:
        texts = self._texts
        self.setAccessibleName(texts("receipt.title"))
        self._title.setText(texts("receipt.title"))
        self._back.set_words(texts("words.back"))
        self._back.setShortcut("")  # Esc belongs to the window
        self.copy.set_words(texts("receipt.copy"))
        self.done.set_words(texts("receipt.done"))
        self.empty.set_words(texts("receipt.none"), texts("receipt.none_why"))
        if self.busy.is_busy:
            self.busy.start(texts("receipt.loading"))

    def _draw(self) -> None:
        self._back.set_sign("back", self._theme.colour("text-muted"))
