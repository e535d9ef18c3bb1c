"""Form that requests an exchange or a refund: item, kind and reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.requests import MAX_REQUEST_TEXT_LENGTH, RequestKind
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.check_chip import CheckChip
from posapp.ui.widgets.flow_layout import FlowLayout
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.segmented_control import SegmentedControl

KINDS = (RequestKind.REFUND, RequestKind.EXCHANGE)
REASONS = ("mind", "broken", "wrong", "size")
"""Predefined reasons: ``buyer_requests.reason_<key>``."""


class RequestForm(Card):
    """An item's number, the kind, a required reason, and one button."""

    sent = Signal()
    """The button was pressed, or Enter in the reason."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._busy = False
        self.item = IdField("requestItemId")
        self.kind = SegmentedControl(theme, KINDS)
        self.reason = QLineEdit()
        self.reason.setObjectName("requestReason")
        self.reason.setMaxLength(MAX_REQUEST_TEXT_LENGTH)
        self.choices = tuple(CheckChip(theme) for _ in REASONS)
        around = QWidget()
        flow = FlowLayout(around)
        for choice in self.choices:
            choice.clicked.connect(lambda _=False, chip=choice: self.reason.setText(chip.text()))
            flow.addWidget(choice)
        self._label = Label("field")
        self._label.setBuddy(self.reason)
        self.button = Button("primary", "Enter")
        self.button.setObjectName("sendRequest")
        self.item.changed.connect(self._update_enabled)
        self.item.submitted.connect(lambda: self.reason.setFocus(Qt.FocusReason.OtherFocusReason))
        self.reason.textChanged.connect(lambda _: self._update_enabled())
        self.reason.returnPressed.connect(self._send)
        self.button.clicked.connect(self._send)
        KeyRepeatFilter(self.reason, blanks=True, parent=self)
        for part in (self.item, self.kind, self._label, around, self.reason, self.button):
            self.body.addWidget(part)
        self.setFocusProxy(self.item)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def begin(self, item_id: int | None) -> None:
        """Reset the form for an item, or for any."""
        self.item.set_value(item_id)
        self.kind.choose(KINDS[0])
        self.reason.clear()
        field = self.reason if item_id is not None else self.item.line
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """Disable sending while a request is being sent."""
        self._busy = busy
        self._update_enabled()

    def _send(self) -> None:
        if self.button.isEnabled():
            self.sent.emit()

    def _update_enabled(self) -> None:
        typed = self.reason.text().strip()
        for choice in self.choices:
            choice.setChecked(bool(typed) and choice.text() == typed)
        ready = self.item.value() is not None and bool(typed)
        self.button.setEnabled(ready and not self._busy)

    def _retranslate(self) -> None:
        texts = self._texts
        self.set_text(texts("buyer_requests.form"))
        self.item.set_text(
            texts("buyer_requests.item"),
            texts("buyer_requests.item_hint"),
            lambda: texts("errors.id400"),
        )
        kinds = [texts(f"requests.kind_{kind.value}") for kind in KINDS]
        self.kind.set_text(texts("buyer_requests.kind"), kinds)
        self._label.setText(texts("buyer_requests.reason"))
        for choice, key in zip(self.choices, REASONS, strict=True):
            choice.set_text(texts(f"buyer_requests.reason_{key}"))
        self.reason.setPlaceholderText(texts("buyer_requests.reason_hint"))
        self.reason.setAccessibleName(texts("buyer_requests.reason"))
        self.button.set_text(texts("buyer_requests.send"))
        self._update_enabled()
