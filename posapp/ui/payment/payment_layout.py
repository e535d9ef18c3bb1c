"""Layout of the payment screen: the order on one side, the payment on the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.payment.order_card import OrderCard
from posapp.ui.payment.payment_view_model import PaymentViewState
from posapp.ui.payment.qr_panel import QrDetails, QrPanel
from posapp.ui.payment.ready_panel import ReadyPanel
from posapp.ui.payment.result_panel import ResultPanel
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card

_WIDEST = 1440
_WIDE = 1200
"""Width in pixels from which the order gets more room."""

_ORDER_WIDE = 416
_ORDER_NARROW = 320


class PaymentLayout(QWidget):
    """Widgets and their arrangement, without payment logic."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self.banner.clear)
        self.order = OrderCard(texts, theme)
        self.waiting = BusyBar(theme)
        self.ready = ReadyPanel(texts, theme)
        self.code = QrPanel(texts, theme)
        self.end = ResultPanel(texts, theme)
        self._waiting_page = QWidget()
        # With a parent from the start: without one, its first page would be a window.
        self._ground = QWidget(self)
        self._pages = QStackedLayout(self._ground)
        for page in (self._waiting_page, self.ready, self.code, self.end):
            self._pages.addWidget(page)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build_layout()
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @property
    def page(self) -> QWidget | None:
        """Return the current page."""
        return self._pages.currentWidget()

    @property
    def strong_button(self) -> Button | None:
        """Return the primary button that Enter presses now, if there is one."""
        if self.page is self.ready:
            return self.ready.pay
        return self.end.strong if self.page is self.end else None

    def show_loading(self) -> None:
        """Show that the order is being read."""
        self.waiting.start(self._texts("pay.looking"))
        self.show_page(self._waiting_page)

    def show_working(self) -> None:
        """Show that an action is running and disable the buttons that would start it again."""
        self.banner.clear()
        # Otherwise Qt would move the focus to the next enabled button.
        self.setFocus(Qt.FocusReason.NoFocusReason)
        if self.page is self.ready:
            self.ready.show_starting()
        elif self.page is self.end:
            self.end.set_working(True)
        self.code.show_stopping()

    def show_code(
        self, state: PaymentViewState, facts: QrDetails, *, can_stop: bool, focus: bool = True
    ) -> None:
        """Show the QR with its details."""
        self.code.show_facts(facts)
        self.code.show_state(state)
        if not can_stop:
            self.code.show_stopping()
        self.show_page(self.code, focus=focus)

    def show_result(self, state: PaymentViewState, amount: Won | None, *, working: bool) -> None:
        """Show the result; ``working`` if the next action is already running."""
        self.end.show_state(state, amount)
        if working:
            self.end.set_working(True)
        self.show_page(self.end)

    def show_page(self, page: QWidget, *, focus: bool = True) -> None:
        """Show a page and focus its primary button, or else the page itself."""
        if page is not self._waiting_page:
            self.waiting.stop()
        if self.page is page and page is not self.end:
            return
        self._pages.setCurrentWidget(page)
        if focus and self.isVisible():
            self._focus_page()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus the primary button when the screen is entered."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.OtherFocusReason:
            self._focus_page()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards side by side, or one above the other in a tall window."""
        super().resizeEvent(event)
        tall = self.height() > self.width()
        way = QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight
        self._cards.setDirection(way)
        wide = self.width() >= _WIDE
        self.code.set_shape(tall=tall, narrow=not wide and not tall)
        room = _ORDER_WIDE if wide else _ORDER_NARROW
        self.order.set_narrow(not wide and not tall)
        self.order.setMinimumWidth(0 if tall else room)
        self.order.setMaximumWidth(_WIDEST if tall else room)

    def _focus_page(self) -> None:
        strong = self.strong_button
        if strong is not None:
            if strong.isEnabled():
                strong.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.page is self.code:
            self.code.code.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.setFocus(Qt.FocusReason.NoFocusReason)

    def _build_layout(self) -> None:
        column = QVBoxLayout(self._waiting_page)
        column.addStretch(1)
        column.addWidget(self.waiting)
        column.addStretch(1)
        card = Card(padding=24)
        card.body.setContentsMargins(0, 0, 0, 0)
        card.body.addWidget(self._ground)
        self._cards.setSpacing(16)
        self._cards.addWidget(self.order, 0)
        self._cards.addWidget(card, 1)
        middle = QWidget()
        middle.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(middle)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.banner)
        column.addLayout(self._cards, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(middle)

    def _retranslate(self) -> None:
        if self.waiting.is_busy:
            self.waiting.start(self._texts("pay.looking"))
