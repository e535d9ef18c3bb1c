"""Asking for an exchange or a refund: which, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.requests import LONGEST_WORDS, RequestKind
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.screens.order_parts.choice import Choice
from posapp.ui.screens.request_parts.flow import FlowLayout
from posapp.ui.screens.request_parts.segments import Segments
from posapp.ui.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.roles import Label

KINDS = (RequestKind.REFUND, RequestKind.EXCHANGE)
REASONS = ("mind", "broken", "wrong", "size")
"""Ready-made reasons: ``buyer_requests.reason_<key>``."""


class RequestForm(Card):
    """An item's number, the kind, a reason that is needed, and one button."""

    sent = Signal()
    """The button, or Enter in the reason."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._busy = False
        self.item = IdField("requestItemId")
        self.kind = Segments(theme, KINDS)
        self.reason = QLineEdit()
        self.reason.setObjectName("requestReason")
        self.reason.setMaxLength(LONGEST_WORDS)
        self.choices = tuple(Choice(theme) for _ in REASONS)
        around = QWidget()
        flow = FlowLayout(around)
        for choice in self.choices:
            choice.clicked.connect(lambda _=False, chip=choice: self.reason.setText(chip.text()))
            flow.addWidget(choice)
        self._label = Label("field")
        self._label.setBuddy(self.reason)
        self.button = Button("primary", "Enter")
        self.button.setObjectName("sendRequest")
        self.item.changed.connect(self._weigh)
        self.item.submitted.connect(lambda: self.reason.setFocus(Qt.FocusReason.OtherFocusReason))
        self.reason.textChanged.connect(lambda _: self._weigh())
        self.reason.returnPressed.connect(self._send)
        self.button.clicked.connect(self._send)
        HeldKeys(self.reason, blanks=True, parent=self)
        HeldKeys(self.button, parent=self)
        for part in (self.item, self.kind, self._label, around, self.reason, self.button):
            self.body.addWidget(part)
        self.setFocusProxy(self.item)
        texts.changed.connect(self._write)
        self._write()

    def begin(self, item_id: int | None) -> None:
        """Be ready for an item, or for any."""
        self.item.set_value(item_id)
        self.kind.choose(KINDS[0])
        self.reason.clear()
        field = self.reason if item_id is not None else self.item.line
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """While it is being sent nothing is sent again."""
        self._busy = busy
        self._weigh()

    def _send(self) -> None:
        if self.button.isEnabled():
            self.sent.emit()

    def _weigh(self) -> None:
        typed = self.reason.text().strip()
        for choice in self.choices:
            choice.setChecked(bool(typed) and choice.text() == typed)
        ready = self.item.value() is not None and bool(typed)
        self.button.setEnabled(ready and not self._busy)

    def _write(self) -> None:
        texts = self._texts
        self.set_words(texts("buyer_requests.form"))
        self.item.set_words(
            texts("buyer_requests.item"),
            texts("buyer_requests.item_hint"),
            lambda: texts("errors.id400"),
        )
        kinds = [texts(f"requests.kind_{kind.value}") for kind in KINDS]
        self.kind.set_words(texts("buyer_requests.kind"), kinds)
        self._label.setText(texts("buyer_requests.reason"))
        for choice, key in zip(self.choices, REASONS, strict=True):
            choice.set_words(texts(f"buyer_requests.reason_{key}"))
        self.reason.setPlaceholderText(texts("buyer_requests.reason_hint"))
        self.reason.setAccessibleName(texts("buyer_requests.reason"))
        self.button.set_words(texts("buyer_requests.send"))
        self._weigh()
