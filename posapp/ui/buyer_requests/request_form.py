"""Form that requests an exchange or a refund of one item: kind and reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.requests import MAX_REQUEST_TEXT_LENGTH, RequestKind
from posapp.services.ports.buyer_search import RequestableItem
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.reason_field import ReasonField
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.segmented_control import SegmentedControl

KINDS = (RequestKind.REFUND, RequestKind.EXCHANGE)
REASONS = ("mind", "broken", "wrong", "size")
"""Predefined reasons: ``buyer_requests.reason_<key>``."""

_LONGEST = 80
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RequestForm(QWidget):
    """What is to be asked back, the kind, a required reason, and one button.

    A digit chooses a predefined reason, Enter sends.
    """

    sent = Signal()
    """The button was pressed, or Enter."""

    closed = Signal()
    """The form is not wanted any more."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self._busy = False
        self.item: RequestableItem | None = None
        self.name = Label("heading", wraps=True)
        self.where = Label("muted", wraps=True)
        self.kind = SegmentedControl(theme, KINDS)
        self.reason = ReasonField(theme, "requestReason", MAX_REQUEST_TEXT_LENGTH)
        self.button = Button("primary", "Enter", text=texts.bind("buyer_requests.send"))
        self.button.setObjectName("sendRequest")
        self.close_button = Button("secondary", text=texts.bind("words.close"))
        self.reason.changed.connect(self._update_enabled)
        self.reason.entered.connect(self._send)
        self.button.clicked.connect(self._send)
        self.close_button.clicked.connect(self.closed)
        inside = Frame("panel")
        column = boxes.column(
            self.name, self.where, self.kind, self.reason, on=inside, gap=8, margins=(12, 0, 12, 0)
        )
        column.setAlignment(self.kind, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        area = FocusScrollArea(theme)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        answers = boxes.row(self.close_button, (self.button, 1), gap=12)
        boxes.column((area, 1), answers, on=self, gap=8)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def begin(self, item: RequestableItem | None) -> None:
        """Reset the form for an item; ``None`` leaves it without one."""
        self.item = item
        self.kind.choose(KINDS[0])
        self.reason.clear()
        self._retranslate()

    def set_busy(self, busy: bool) -> None:
        """Disable sending while a request is being sent."""
        self._busy = busy
        self._update_enabled()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a reason by its digit, and send by Enter."""
        if self.reason.choose(event.key()):
            return
        if event.key() not in _ENTER:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._send()

    def _send(self) -> None:
        if self.button.isEnabled():
            self.sent.emit()

    def _update_enabled(self) -> None:
        is_complete = self.item is not None and bool(self.reason.text.strip())
        self.button.setEnabled(is_complete and not self._busy)

    def _retranslate(self) -> None:
        texts, item = self._texts, self.item
        kinds = [texts(f"requests.kind_{kind.value}") for kind in KINDS]
        self.kind.set_text(texts("buyer_requests.kind"), kinds)
        self.reason.set_reasons([texts(f"buyer_requests.reason_{key}") for key in REASONS])
        self.reason.set_text(texts("buyer_requests.reason"), texts("buyer_requests.reason_hint"))
        if item is not None:
            name = display_text(item.product_name, _LONGEST)
            numbers = texts("deliveries.numbers", order=item.order_id, item=item.item_id)
            self.name.setText(texts("deliveries.named", count=item.count, name=name))
            self.where.setText(f"{numbers} · {texts.won(item.total)}")
        self._update_enabled()
