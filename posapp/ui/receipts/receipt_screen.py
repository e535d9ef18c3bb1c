"""Receipt screen of a paid order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QSize, Qt
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

from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.receipts.receipt_view import SLIP_WIDTH, ReceiptView
from posapp.ui.shell.routes import PAYING
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.enter_key import EnterKey

if TYPE_CHECKING:
    from posapp.services.payments.receipts import Receipt, Receipts

_SCROLL_BAR = 32
_BUTTON = QSize(240, 60)


class ReceiptScreen(Screen):
    """Shows the receipt of one order.

    The address of PortOne's own receipt is text to copy: this screen opens no browser.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        receipts: Receipts,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._receipts = receipts
        self._order_id = 0
        self._receipt: Receipt | None = None
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self._read)
        self.busy = BusyBar(theme)
        self.slip = ReceiptView(texts, theme)
        self.empty = EmptyState(theme)
        self.copy = Button("secondary", "Ctrl+C")
        self.copy.setObjectName("copyReceiptLink")
        self.copy.clicked.connect(self._copy)
        self.done = Button("primary", "Enter")
        self.done.setObjectName("receiptDone")
        self.done.clicked.connect(self.home_requested)
        self._build_layout()
        self._enter = EnterKey(self, lambda: self.done)
        self.setFocusProxy(self.done)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        return cls(context.texts, context.theme, context.runner, context.services.receipts)

    def open(self, order_id: int) -> None:
        """Show the current receipt of an order."""
        self._order_id = order_id
        self._receipt = None
        self.slip.show_receipt(None)
        self.copy.hide()
        self._read()

    def leads_home(self, before: str) -> bool:
        """Return whether the receipt ended a sale; from an order's page, Back returns there."""
        return before == PAYING

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons beside the slip, or below it in a tall window."""
        super().resizeEvent(event)
        tall = self.height() > self.width()
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(down if tall else right)
        self._buttons.setDirection(QBoxLayout.Direction.RightToLeft if tall else down)
        self._buttons.setStretch(0, int(tall))
        middle = Qt.AlignmentFlag.AlignHCenter if tall else Qt.AlignmentFlag(0)
        self._columns.setAlignment(self._pages, middle)

    def _read(self) -> None:
        self.banner.clear()
        self._pages.setCurrentWidget(self._waiting)
        self.busy.start(self._texts("receipt.loading"))
        if self._order_id:
            work = partial(self._receipts.for_order, self._order_id)
            self._runner.run(work, self._arrived, owner=self, key="receipt")

    def _arrived(self, outcome: TaskResult[Receipt | None]) -> None:
        self.busy.stop()
        if outcome.error is not None:
            self.banner.show_error(outcome.error, button="words.retry")
            return
        self._receipt = outcome.value
        self.slip.show_receipt(outcome.value)
        self.copy.setVisible(outcome.value is not None and bool(outcome.value.payment.receipt_url))
        self._pages.setCurrentWidget(self._scroll if outcome.value is not None else self.empty)
        self._scroll.verticalScrollBar().setValue(0)
        text = (
            self.slip.accessibleDescription() if outcome.value is not None else self.empty.message
        )
        announce(self, text)
        if self.isVisible():
            self.done.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        if self._receipt is not None:
            QGuiApplication.clipboard().setText(self._receipt.payment.receipt_url)
            text = self._texts("receipt.copied")
            announce(self, text)
            self.notified.emit(text)

    def _build_layout(self) -> None:
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
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._pages.setFixedWidth(SLIP_WIDTH + _SCROLL_BAR)
        self._columns.addStretch(1)
        self._columns.addWidget(self._pages, 100)
        self._columns.addLayout(self._buttons)
        self._columns.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.banner)
        column.addLayout(self._columns, 1)

    def _retranslate(self) -> None:
        texts = self._texts
        self.setAccessibleName(texts("receipt.title"))
        self.copy.set_text(texts("receipt.copy"))
        self.done.set_text(texts("receipt.done"))
        self.empty.set_text(texts("receipt.none"), texts("receipt.none_why"))
        if self.busy.is_busy:
            self.busy.start(texts("receipt.loading"))
