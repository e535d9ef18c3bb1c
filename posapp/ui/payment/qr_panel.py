"""Panel with the QR, or its place, and what the buyer has to know: state, amount, time left."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from posapp.domain.money import Won
from posapp.ui.core.formats import clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.payment.payment_controller import PendingAction
from posapp.ui.payment.payment_view_model import PaymentViewState
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.kakao_badge import KakaoBadge
from posapp.ui.widgets.money import AmountLabel
from posapp.ui.widgets.phase_icon import PhaseIcon
from posapp.ui.widgets.qr import ROUNDING, QrCode
from posapp.ui.widgets.qr_matrix import QrMatrix
from posapp.ui.widgets.roles import Label, set_role

LAST_SECONDS = 30
"""Seconds before the end from which the time left is a warning."""

GAP = 24
"""Pixels between the QR and the text."""

_FOCUS = 3
_MARK, _PLACE_MARK, _SIGN = 40, 96, 24
_ROW, _AMOUNT, _BUTTON = 40, 60, 64
"""Heights in pixels, whatever the text."""

_SMALL_PLACE = 240
"""Side in pixels below which the place of the QR has no room for an icon."""

_MARGIN, _SMALL_MARGIN = 32, 8
"""Pixels left and right of the text in the place of the QR."""

_NARROW = 360
"""Width of the text in pixels below which a notice has four lines, not three."""

_SPACING, _LOW_SPACING, _LOW = 8, 4, 400
"""Pixels between the texts, and where the QR is lower than so many."""

_LONGEST_SHOP = 40


class QrSlot(QrCode):
    """The QR, or in its place a square of the same size with an icon and the reason.

    It takes the focus so that Enter does nothing; a screen reader reads its name.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("paymentQr")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.mark = PhaseIcon(theme, _PLACE_MARK)
        self.message = Label("muted", wraps=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.busy = BusyBar(theme)
        self._place = QWidget()
        self._inside = column = QVBoxLayout(self._place)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.message)
        column.addWidget(self.busy)
        column.addStretch(1)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._place)
        theme.changed.connect(self.update)

    def show_state(self, state: PaymentViewState, matrix: QrMatrix | None) -> None:
        """Show the QR, or the state in its place."""
        if matrix is not None:
            self.show_matrix(matrix)
        else:
            self.clear()
        self._place.setVisible(matrix is None)
        self.mark.show_mark(state.mark, state.tone)
        self.message.setText(" ".join(part for part in (state.message, state.detail) if part))
        self.message.setVisible(bool(self.message.text()))
        if state.moving and matrix is None:
            self.busy.start("")
        else:
            self.busy.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the text whole where the square is small: without the icon."""
        super().resizeEvent(event)
        is_small = self.width() < _SMALL_PLACE
        side = _SMALL_MARGIN if is_small else _MARGIN
        self._inside.setContentsMargins(side, 0, side, 0)
        self.mark.setVisible(not is_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the QR or the edge of its place, and the focus ring."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.is_scannable:
            painter.setBrush(self._theme.colour("surface-raised"))
            self._draw_around(painter, QPen(self._theme.colour("border"), 1, Qt.PenStyle.DashLine))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            self._draw_around(painter, QPen(self._theme.colour("focus"), _FOCUS))
        painter.end()

    def _draw_around(self, painter: QPainter, pen: QPen) -> None:
        painter.setPen(pen)
        by = pen.widthF() / 2
        painter.drawRoundedRect(self.paper_rect.adjusted(-by, -by, by, by), ROUNDING, ROUNDING)


class QrPanel(QWidget):
    """Everything from the order to the end of its QR. No text moves another widget.

    The QR has its place from the start. The button is 결제 before, and 결제 중단 afterwards.

    Args:
        shop: the shop's name.
    """

    pay_requested = Signal()
    """결제 was pressed."""

    cash_requested = Signal()
    """현금 was pressed."""

    stop_requested = Signal()
    """결제 중단 was pressed."""

    def __init__(
        self, texts: Translator, theme: Theme, *, shop: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._state: PaymentViewState | None = None
        self._online, self._behind, self._has_no_display = True, False, False
        self._can_pay = self._is_idle = False
        self._error: Exception | None = None
        self._seconds: int | None = None
        self.code = QrSlot(theme)
        self.mark = PhaseIcon(theme, _MARK)
        self.state_label = Label("heading")
        self.how = Label("body", wraps=True)
        self.amount = AmountLabel(texts)
        self._left_label = Label("muted", text=texts.bind("pay.time_left"))
        self.last = Sign(theme, _SIGN)
        self.last.set_tone("warning")
        self.left = Label("title")
        self.notice = Label("caption", wraps=True)
        self.pay = Button("kakao", "Enter", text=texts.bind("pay.pay"))
        self.pay.setObjectName("payButton")
        self.pay.clicked.connect(self.pay_requested)
        self.cash = Button("secondary", "F7", text=texts.bind("cash.title"))
        self.cash.setObjectName("payCash")
        self.cash.setProperty("lies", "tall")
        self.cash.clicked.connect(self.cash_requested)
        self.cash.hide()
        self.stop = Button("secondary", "F8", text=texts.bind("pay.stop"))
        self.stop.setObjectName("stopButton")
        self.stop.clicked.connect(self.stop_requested)
        # With a parent from the start: without one, its first page would be a window.
        self._facts = QWidget(self)
        self._column = QVBoxLayout(self._facts)
        self._button_place = QWidget(self._facts)
        self._buttons = QStackedLayout(self._button_place)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._build_layout(display_text(shop, _LONGEST_SHOP, run=16), KakaoBadge(texts, theme))
        self.show_seconds(None)

    @property
    def is_online(self) -> bool:
        """Return whether PortOne is reachable, as far as is known."""
        return self._online

    @property
    def primary(self) -> Button | None:
        """Return the button that Enter presses now, if there is one."""
        if self._state is None or not self._state.before:
            return None
        takes_cash = self.cash.isVisibleTo(self) and self.cash.isEnabled()
        return self.cash if takes_cash and not self._online else self.pay

    def set_shape(self, paper: int, *, facts: int, room: int, tall: bool) -> None:
        """Set the sizes in pixels.

        Args:
            paper: side of the white square.
            facts: width of the text.
            room: height of the page; if the text needs more and scrolls, the QR does not.
            tall: the text is below the QR, not beside it.
        """
        way = QBoxLayout.Direction
        self._both.setDirection(way.TopToBottom if tall else way.LeftToRight)
        self.code.set_side(paper)
        for label, lines in ((self.how, 2), (self.notice, 4 if facts < _NARROW else 3)):
            label.ensurePolished()
            label.setMinimumHeight(lines * (label.fontMetrics().lineSpacing() + 1))
        self.how.setMaximumHeight(self.how.minimumHeight())
        self._column.setSpacing(_SPACING if tall or paper >= _LOW else _LOW_SPACING)
        least = self._facts.minimumSizeHint().height()
        self._facts.setFixedSize(facts, least if tall else max(least, self.code.height()))
        scrolls = not tall and self._facts.height() > room
        self._both.setAlignment(
            self.code, Qt.AlignmentFlag.AlignTop if scrolls else Qt.AlignmentFlag.AlignCenter
        )

    def show_state(
        self,
        state: PaymentViewState,
        matrix: QrMatrix | None,
        amount: Won | None,
        action: PendingAction,
        *,
        takes_cash: bool = False,
    ) -> None:
        """Show a state.

        Args:
            matrix: the QR, if it may be scanned now.
            amount: the amount of the attempt, or of the order before it.
            action: the running action, which disables the button.
            takes_cash: cash is taken for the order.
        """
        self._state = state
        self.code.show_state(state, matrix)
        self.mark.show_mark(state.mark, state.tone)
        self.state_label.setText(state.label)
        self.how.setText(state.heading)
        self.amount.set_amount(amount)
        is_idle = action is PendingAction.NONE
        self._can_pay = state.before and amount is not None
        self.cash.setVisible(takes_cash)
        self._is_idle = is_idle
        self.pay.set_busy(action is PendingAction.START)
        self.stop.setEnabled(state.stoppable and is_idle)
        is_stopping = action is PendingAction.STOP
        self.stop.say(self._texts.bind("pay.stopping" if is_stopping else "pay.stop"))
        self._buttons.setCurrentIndex(0 if state.before else 1)
        self.setAccessibleDescription(state.spoken)
        self.code.setAccessibleName(state.label if matrix is None else self._texts("pay.code"))
        self._write()

    def show_buttons(self, shown: bool) -> None:
        """Show the buttons, or keep their place empty: a hidden one has no key."""
        policy = self._button_place.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._button_place.setSizePolicy(policy)
        self._button_place.setVisible(shown)

    def describe(self, order_id: int, amount: Won) -> None:
        """Describe the QR for screen readers."""
        said = self._texts("pay.code_of", order=order_id, amount=self._texts.won(amount))
        self.code.setAccessibleDescription(said)

    def show_seconds(self, seconds: int | None) -> None:
        """Show the seconds left, near the end as a warning; ``None`` while nothing runs."""
        before, self._seconds = self._seconds, seconds
        is_last = seconds is not None and seconds <= LAST_SECONDS
        self.last.setVisible(is_last)
        set_role(self.left, "tone", "warning" if is_last else "")
        self._left_label.setVisible(seconds is not None)
        self.left.setText(clock(seconds) if seconds is not None else "")
        self.left.setAccessibleName(f"{self._left_label.text()} {self.left.text()}")
        if seconds is not None and is_last and before is not None and before > LAST_SECONDS:
            announce(self, self._texts("pay.seconds_left", seconds=seconds))

    def show_error(self, error: Exception | None) -> None:
        """Show why stopping or reading failed; the QR stays. ``None`` clears it."""
        self._error = error
        self._write()

    @property
    def error_text(self) -> str:
        """Return the shown error, or empty."""
        if self._error is None:
            return ""
        texts, error = self._texts, self._error
        return texts.error_with_code(error)

    def set_online(self, online: bool) -> None:
        """Show whether PortOne is reachable; the QR stays."""
        self._online = online
        self._write()

    def set_behind(self, behind: bool) -> None:
        """Disable payment while the file is an older copy that is still being reconciled."""
        self._behind = behind
        self.pay.say(self._texts.bind("requests.in_doubt" if behind else "pay.pay"))
        self._write()

    def set_display_missing(self, missing: bool) -> None:
        """Show whether the buyer's display is not connected."""
        self._has_no_display = missing
        self._write()

    def _write(self) -> None:
        texts, is_before = self._texts, self._state is not None and self._state.before
        self.pay.setEnabled(self._can_pay and not self._behind)
        self.cash.setEnabled(self._is_idle and not self._behind)
        offline = "" if self._online else "pay.needs_internet" if is_before else "pay.offline"
        missing = "display.missing" if self._has_no_display else ""
        notice = "window.behind" if self._behind and is_before else offline or missing
        text = self.error_text or (texts(notice) if notice else "")
        set_role(self.notice, "tone", "error" if self.error_text else "")
        self.notice.setText(text)

    def _build_layout(self, shop: str, badge: KakaoBadge) -> None:
        before = QWidget(self._button_place)
        boxes.row(self.cash, (self.pay, 1), on=before, gap=8)
        for page in (before, self.stop):
            self._buttons.addWidget(page)
        self._button_place.setFixedHeight(_BUTTON)
        self.amount.setFixedHeight(_AMOUNT)
        self.how.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.notice.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self.notice.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        shop_label = Label("muted")
        shop_label.setText(shop)
        column = self._column
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(_row(self.mark, self.state_label, None))
        column.addWidget(self.how)
        column.addWidget(_row(shop_label, None, badge))
        column.addWidget(self.amount)
        column.addWidget(_row(self._left_label, None, self.last, self.left))
        column.addWidget(self.notice, 1)
        column.addWidget(self._button_place)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(0)
        self._both.addStretch(1)
        self._both.addWidget(self.code, 0, Qt.AlignmentFlag.AlignCenter)
        self._both.addSpacing(GAP)
        self._both.addWidget(self._facts, 0, Qt.AlignmentFlag.AlignCenter)
        self._both.addStretch(1)
        self.setFocusProxy(self.code)


def _row(*widgets: QWidget | None) -> QWidget:
    """Return a row of fixed height; ``None`` takes the free width."""
    holder = QWidget()
    holder.setFixedHeight(_ROW)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    return holder
