"""Panel with a result: icon, sentence, meaning, and possible actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.panel_scroll import PanelScroll
from posapp.ui.widgets.roles import Frame, Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter
"""As on the result of a payment."""

_SIGN = 56


@dataclass(frozen=True, slots=True)
class CancelResultText:
    """A result as it is displayed.

    Attributes:
        tone: success, error, warning, notice or busy.
        heading: the main sentence.
        text: the meaning and the possible actions.
        code: error code, in small type, for support calls.
        moving: it is still in progress; a bar moves meanwhile.
        action: of the primary button: ``home``, ``again`` or ``open_money``.
        rest: text of the button that refunds the whole remainder; empty: no button.
    """

    tone: str
    heading: str
    text: str = ""
    code: str = ""
    moving: bool = False
    action: str = "home"
    rest: str = ""


class CancelResultPanel(Card):
    """Takes a function that builds its texts, so that it follows a change of language."""

    chosen = Signal(str)
    """Carries ``home``, ``again``, ``open_money``, ``order`` or ``rest``."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=24)
        self._texts = texts
        self._make: Callable[[], CancelResultText] | None = None
        self._action = "home"
        self._has_order = self._behind = False
        self._said = ""
        self.sign = Sign(theme, _SIGN)
        self.heading = Label("heading", wraps=True)
        self.text_label = Label("body", wraps=True)
        self.code = Label("caption", wraps=True)
        for label in (self.heading, self.text_label, self.code):
            label.setAlignment(_CENTRE)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.busy = BusyBar(theme)
        self.go = Button("primary", "Enter")
        self.go.setObjectName("outcomeButton")
        self.go.clicked.connect(lambda: self.chosen.emit(self._action))
        self.order = Button("secondary", "F3")
        self.order.setObjectName("showOrder")
        self.order.clicked.connect(lambda: self.chosen.emit("order"))
        self.rest = Button("danger", "F8")
        self.rest.setObjectName("cancelRest")
        self.rest.clicked.connect(lambda: self.chosen.emit("rest"))
        self.rest.hide()
        panel = Frame("panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self.sign, 0, _CENTRE)
        for part in (self.heading, self.text_label, self.code, self.busy):
            column.addWidget(part)
        column.addStretch(1)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(PanelScroll(panel), 1)  # the actions stay in view
        self.body.addWidget(self.rest)
        self.body.addWidget(self.go)
        self.body.addWidget(self.order)
        self.setFocusProxy(self.go)
        texts.changed.connect(self._retranslate)

    @property
    def tone(self) -> str:
        """Return the current tone, or empty."""
        return self._make().tone if self._make is not None else ""

    def show_result(self, make: Callable[[], CancelResultText], *, has_order: bool) -> None:
        """Show a result; a new one is announced.

        Args:
            has_order: there is an order whose page can be opened from here.
        """
        self._make = make
        self._has_order = has_order
        self._retranslate()
        result = make()
        spoken = f"{result.heading} {result.text}".strip()
        if spoken != self._said:
            self._said = spoken
            announce(self, spoken, urgent=result.tone in ("error", "warning"))

    def set_behind(self, behind: bool) -> None:
        """Disable refunds while the file is an older copy that is still being reconciled."""
        self._behind = behind
        self._retranslate()

    def clear(self) -> None:
        """Clear the result."""
        self._make = None
        self._said = ""
        self.busy.stop()

    def _retranslate(self) -> None:
        if self._make is None:
            return
        result, texts = self._make(), self._texts
        self._action = result.action
        self.sign.set_tone(result.tone)
        for label, text in (
            (self.heading, result.heading),
            (self.text_label, result.text),
            (self.code, result.code),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.go.set_text(texts(f"cancel.go_{result.action}"))
        self._write_rest(result)
        self.order.set_text(texts("cancel.go_order"))
        self.order.setVisible(self._has_order)
        self.busy.setVisible(result.moving)
        if result.moving:
            self.busy.start("")
        else:
            self.busy.stop()
        self.setAccessibleName(result.heading)
        self.setAccessibleDescription(result.text)

    def _write_rest(self, result: CancelResultText) -> None:
        texts = self._texts
        self.rest.setVisible(bool(result.rest))
        self.rest.setEnabled(not self._behind)
        if self._behind:
            self.rest.set_text(texts("requests.in_doubt"), description=texts("window.behind"))
        else:
            self.rest.set_text(result.rest, description=texts("cancel.rest_consequence"))
