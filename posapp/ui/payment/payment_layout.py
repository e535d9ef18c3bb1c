"""Layout of the payment page: the order, the QR and the text beside it, at every size."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QSizePolicy, QStackedLayout, QWidget

from posapp.domain.money import Won
from posapp.domain.orders import Order
from posapp.domain.users import User
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.payment.order_card import LINE_HEIGHT, OrderCard
from posapp.ui.payment.outcome_panel import OutcomePanel
from posapp.ui.payment.qr_panel import GAP, QrPanel
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.qr import LEAST_MODULE, PADDING, RING

LARGEST_PAPER = 480
"""Largest white square of the QR in pixels: 60 units of 8."""

_WIDE, _FULL_ORDER = 1200, 1340
"""Widths in pixels from which the margins are wide, and the order has its full width."""

_NARROWEST, _LOWEST, _LOWEST_TALL = 1000, 520, 1250
"""Width and height in pixels (and height of a tall page) below which the order is folded."""

_LOWEST_LINE = 420
"""Height in pixels below which the line of the order gives way to the QR, too."""

_SIDE_OF_LINK = 37
"""Modules along one side of a code for a link of PortOne's length, quiet zone included."""

_LOW = 460
"""Height in pixels below which the result has a smaller icon."""

_ORDER, _NARROW_ORDER = 416, 280
_TALL_ORDER = 560
_LEAST_FACTS, _FACTS, _FACTS_BELOW = 304, 400, 560
_FACTS_HEIGHT = 384
_AROUND, _LOW_AROUND = 9, 5
_LINE_GAP = 8
_SIDE, _WIDE_SIDE = 16, 24


@dataclass(frozen=True, slots=True)
class PageShape:
    """Sizes of the page in pixels. They follow from the page's own size alone.

    Attributes:
        tall: order, QR and text are one below the other.
        folded: the order is one line.
        line: there is room for that line; otherwise the head of the page shows it.
        side: margin left and right.
        around: margin above and below.
        order: width of the order's column.
        paper: side of the QR's white square.
        facts: width of the text beside the QR, or below it.
    """

    tall: bool
    folded: bool
    line: bool
    side: int
    around: int
    order: int
    paper: int
    facts: int


def shape_of(width: int, height: int, ratio: float = 1.0) -> PageShape:
    """Return the shape for a page.

    Args:
        ratio: device pixels for each pixel. In a window that is smaller than the smallest one, the
            QR shrinks below 352 pixels so that it stays whole, but each of its modules keeps
            ``LEAST_MODULE`` device pixels.
    """
    tall = height > width
    folded = height < (_LOWEST_TALL if tall else _LOWEST) or (width < _NARROWEST and not tall)
    line = folded and height >= _LOWEST_LINE
    side = _WIDE_SIDE if width >= _WIDE else _SIDE
    order = _ORDER if width >= _FULL_ORDER else _NARROW_ORDER
    room = width - 2 * side
    around = _LOW_AROUND if height < _LOWEST_LINE else _AROUND
    high = height - 2 * (around + RING) - (LINE_HEIGHT + _LINE_GAP if line else 0)
    if tall:
        high -= _FACTS_HEIGHT + GAP
        paper = min(LARGEST_PAPER, room - 2 * RING, high)
        facts = min(_FACTS_BELOW, room)
    else:
        room -= 0 if folded else order + GAP
        paper = min(LARGEST_PAPER, room - GAP - _LEAST_FACTS - 2 * RING, high)
        facts = max(_LEAST_FACTS, min(_FACTS, room - GAP - paper - 2 * RING))
    least = ceil(_SIDE_OF_LINK * LEAST_MODULE / ratio) + 2 * PADDING
    return PageShape(tall, folded, line, side, around, order, max(paper, least), facts)


class PaymentLayout(QScrollArea):
    """Widgets and their arrangement, without payment logic. A window too small for it scrolls."""

    arranged = Signal()
    """The sizes changed, and with them perhaps ``caption``."""

    def __init__(
        self, texts: Translator, theme: Theme, *, shop: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.order = OrderCard(texts, theme)
        self.qr = QrPanel(texts, theme, shop=shop)
        self.outcome = OutcomePanel(texts, theme)
        self._page = QWidget(self)
        # With a parent from the start: without one, its first page would be a window.
        self._ground = ground = QWidget(self._page)
        self._panels = QStackedLayout(ground)
        for panel in (self.qr, self.outcome):
            self._panels.addWidget(panel)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._page)
        self._both.addWidget(self.order)
        self._both.addWidget(ground, 1)
        self._shape = shape_of(*_SMALLEST)
        self._has_order, self._is_private = True, False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWidgetResizable(True)
        self.setWidget(self._page)

    @property
    def panel(self) -> QWidget:
        """Return the panel that is shown: ``qr`` or ``outcome``."""
        return self.outcome if self._panels.currentWidget() is self.outcome else self.qr

    @property
    def primary(self) -> Button | None:
        """Return the button that Enter presses now, if there is one."""
        return self.qr.primary if self.panel is self.qr else self.outcome.primary

    @property
    def focus_place(self) -> QWidget:
        """Return what takes the focus: the primary button, the QR, or the text of the result."""
        if self.primary is not None and self.primary.isEnabled():
            return self.primary
        return self.qr.code if self.panel is self.qr else self.outcome.text

    @property
    def caption(self) -> str:
        """Return the order's number and buyer, where there is room for the page's head only."""
        return self.order.caption if self._shape.folded and not self._shape.line else ""

    def show_order(
        self, order: Order | None, buyer: User | None, cash: Won, *, expected: bool
    ) -> None:
        """Show the order. Without one its place is kept while it is ``expected``.

        Args:
            cash: won that were received in cash beside a QR.
        """
        self.order.show_order(order, buyer, cash)
        self._has_order = order is not None or expected
        self._show_card()

    def set_private(self, private: bool) -> None:
        """Show neither the buyer nor a button."""
        self._is_private = private
        self.qr.show_buttons(not private)
        self.outcome.setEnabled(not private)
        # Beside the lock there is room for the QR alone.
        wants = QSizePolicy.Policy.Ignored if private else QSizePolicy.Policy.Preferred
        self.outcome.setSizePolicy(wants, wants)
        self._ground.updateGeometry()  # a hidden panel invalidates no layout
        self._show_card()

    def show_panel(self, panel: QWidget) -> None:
        """Show a panel. The focus stays where it is."""
        self._panels.setCurrentWidget(panel)

    def focus_panel(self) -> None:
        """Focus the place of the focus."""
        place = self.focus_place
        place.setFocus(Qt.FocusReason.TabFocusReason)
        if place is self.qr.code:  # a button that had it for a moment may have scrolled it away
            self.verticalScrollBar().setValue(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus the primary button when the page is entered."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.OtherFocusReason:
            self.focus_panel()

    def sizeHint(self) -> QSize:
        """Return the body of the smallest window."""
        return QSize(*_SMALLEST)

    def minimumSizeHint(self) -> QSize:
        """Return nothing: a small window scrolls, and is never made larger than its screen."""
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange order, QR and text for the new size."""
        self._arrange(shape_of(self.width(), self.height(), self.devicePixelRatioF()))
        super().resizeEvent(event)

    def _arrange(self, shape: PageShape) -> None:
        self._shape = shape
        is_column = shape.tall or shape.folded
        way = QBoxLayout.Direction
        self._both.setDirection(way.TopToBottom if is_column else way.LeftToRight)
        self._both.setSpacing(_LINE_GAP if shape.folded else GAP)
        self._both.setContentsMargins(shape.side, shape.around, shape.side, shape.around)
        self._show_card()
        is_narrow = not shape.tall and shape.order == _NARROW_ORDER
        self.order.set_shape(folded=shape.folded, narrow=is_narrow)
        if shape.folded:
            self._size_order(_ANY, LINE_HEIGHT)
        elif shape.tall:
            others = 2 * (shape.around + RING) + shape.paper + _FACTS_HEIGHT + 2 * GAP
            self._size_order(_ANY, min(_TALL_ORDER, self.height() - others))
        else:
            self._size_order(shape.order, _ANY)
        room = self.height() - 2 * shape.around
        self.qr.set_shape(shape.paper, facts=shape.facts, room=room, tall=shape.tall)
        beside = 0 if is_column else shape.order + GAP
        wide = self.width() - 2 * shape.side - beside
        self.outcome.set_shape(low=self.height() < _LOW, width=wide)
        self._ground.updateGeometry()  # the panel that is hidden invalidates no layout
        self.arranged.emit()

    def _show_card(self) -> None:
        has_room = self._shape.line or not self._shape.folded
        self.order.setVisible(self._has_order and has_room and not self._is_private)

    def _size_order(self, width: int, height: int) -> None:
        self.order.setMaximumSize(width, height)
        self.order.setMinimumSize(width if width != _ANY else 0, height if height != _ANY else 0)


_SMALLEST = (1024, 430)
"""Body of the smallest window in pixels."""

_ANY = 16_777_215
"""``QWIDGETSIZE_MAX``: no limit."""
