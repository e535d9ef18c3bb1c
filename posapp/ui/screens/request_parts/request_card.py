"""One request of a buyer: what was asked for, how it stands, and a way to take it back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.requests import EndedBy, Request, RequestState
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.order_parts.strong import StrongLabel
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label

_TONES = {
    RequestState.WAIT: "busy",
    RequestState.OK: "success",
    RequestState.CANCEL: "notice",
}


class RequestCard(Frame):
    """Shows one request."""

    withdraw_pressed = Signal(object)
    """The id of its item."""

    def __init__(
        self, texts: Texts, theme: Theme, request: Request, parent: QWidget | None = None
    ) -> None:
        super().__init__("card", parent)
        self._texts, self.request = texts, request
        self._name = StrongLabel()
        self._reason = Label("body", wraps=True)
        self._when = Label("caption", wraps=True)
        self._badge = StatusBadge(theme)
        self.withdraw = Button("secondary")
        self.withdraw.clicked.connect(lambda: self.withdraw_pressed.emit(self.request.item_id))
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._name, self._reason, self._when):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 16, 14)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self._badge)
        row.addWidget(self.withdraw)
        texts.changed.connect(self._write)
        self._write()

    def _write(self) -> None:
        texts, request = self._texts, self.request
        kind = texts(f"requests.kind_{request.kind.value}")
        name = texts("buyer_requests.card_of", kind=kind, item=request.item_id)
        state = texts(f"requests.state_{request.state.value}")
        if request.ended_by is EndedBy.SELLER and request.state is RequestState.CANCEL:
            state = texts("requests.decided_REJECT")
        self._name.setText(name)
        self._reason.setText(shown(request.reason, 160))
        when = [texts("buyer_requests.asked", when=texts.when(request.created_at))]
        if request.processed_at is not None:
            when.append(texts("buyer_requests.ended", when=texts.when(request.processed_at)))
        if request.note:
            when.append(texts("buyer_requests.note", note=shown(request.note, 160)))
        self._when.setText(" · ".join(when))
        self._badge.show_state(_TONES[request.state], state)
        self.withdraw.set_words(
            texts("buyer_requests.withdraw"),
            name=texts("buyer_requests.withdraw_one", request=name),
        )
        self.withdraw.setVisible(request.state is RequestState.WAIT)
        self.setAccessibleName(f"{name}. {state}. {self._reason.text()}. {self._when.text()}")
