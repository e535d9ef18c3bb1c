"""Card of one request of a buyer: contents, state, and a button to withdraw it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.requests import ClosedBy, Request, RequestState
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.bold_label import BoldLabel
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label

_TONES = {
    RequestState.WAIT: "busy",
    RequestState.OK: "success",
    RequestState.CANCEL: "notice",
}


class RequestCard(Frame):
    """Displays one request."""

    withdraw_pressed = Signal(object)
    """Withdraw the request. Carries the id of its item."""

    def __init__(
        self, texts: Translator, theme: Theme, request: Request, parent: QWidget | None = None
    ) -> None:
        super().__init__("card", parent)
        self._texts, self.request = texts, request
        self._name = BoldLabel()
        self._reason = Label("body", wraps=True)
        self._when = Label("caption", wraps=True)
        self._badge = StatusBadge(theme)
        self.withdraw = Button("secondary")
        self.withdraw.clicked.connect(lambda: self.withdraw_pressed.emit(self.request.item_id))
        column = QVBoxLayout()
        column.setSpacing(2)
        for label in (self._name, self._reason, self._when):
            column.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 16, 14)
        row.setSpacing(12)
        row.addLayout(column, 1)
        row.addWidget(self._badge)
        row.addWidget(self.withdraw)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def _retranslate(self) -> None:
        texts, request = self._texts, self.request
        kind = texts(f"requests.kind_{request.kind.value}")
        name = texts("buyer_requests.card_of", kind=kind, item=request.item_id)
        state = texts(f"requests.state_{request.state.value}")
        if request.ended_by is ClosedBy.SELLER and request.state is RequestState.CANCEL:
            state = texts("requests.decided_REJECT")
        self._name.setText(name)
        self._reason.setText(display_text(request.reason, 160))
        when = [texts("buyer_requests.asked", when=texts.when(request.created_at))]
        if request.processed_at is not None:
            when.append(texts("buyer_requests.ended", when=texts.when(request.processed_at)))
        if request.note:
            when.append(texts("buyer_requests.note", note=display_text(request.note, 160)))
        self._when.setText(" · ".join(when))
        self._badge.show_state(_TONES[request.state], state)
        self.withdraw.set_text(
            texts("buyer_requests.withdraw"),
            name=texts("buyer_requests.withdraw_one", request=name),
        )
        self.withdraw.setVisible(request.state is RequestState.WAIT)
        self.setAccessibleName(f"{name}. {state}. {self._reason.text()}. {self._when.text()}")
