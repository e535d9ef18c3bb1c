"""Panels that ask for a reason, or for an amount of cash with its reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.cash import MoveKind
from posapp.domain.errors import ErrorCode, UserError
from posapp.ui.core.i18n import Translator
from posapp.ui.shift.drawer_acts import ActPanel, CashReason
from posapp.ui.shift.won_text import typed_number
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.keypad import Keypad
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.side_panel import SidePanel

_ROOM_FOR_KEYPAD = 584
"""Height in pixels from which the keypad is there; on a lower page, the keyboard's digits."""


class ReasonPanel(SidePanel):
    """Asks why a shift is closed beside something that is open. Enter stores it."""

    agreed = Signal(str)
    """Carries the reason as it is typed."""

    def __init__(self, texts: Translator, parent: QWidget) -> None:
        super().__init__(texts, texts.bind("shift.name"), parent=parent)
        bind = texts.bind
        self.what = Label("body", wraps=True)
        self.reason = CashReason(texts, "matterReason", "shift.name_hint")
        self.keep = Button("secondary", "Enter", text=bind("shift.name_keep"))
        self.keep.setObjectName("keepReason")
        why = Label("muted", wraps=True, text=bind("shift.name_why"))
        for part in (self.what, why, self.reason, self.keep):
            self.content.addWidget(part)
        self.content.addStretch(1)
        self.reason.line.returnPressed.connect(self._agree)
        self.keep.clicked.connect(self._agree)

    def ask(self, what: str, reason: str) -> None:
        """Begin with what it is about, and the reason that was given before."""
        self.what.setText(what)
        self.reason.line.setText(reason)
        self.reason.line.selectAll()
        self.reason.line.setFocus()

    @Slot()
    def _agree(self) -> None:
        self.agreed.emit(self.reason.line.text())


class MovePanel(ActPanel):
    """Asks how much cash is put into the drawer, or taken out of it, and why.

    Args:
        kind: ``IN``: 입금. ``OUT``: 출금.
    """

    agreed = Signal(object, str)
    """Carries won (-1: what is typed is no amount) and the reason as it is typed."""

    def __init__(self, texts: Translator, kind: MoveKind, parent: QWidget) -> None:
        name = "pay_in" if kind is MoveKind.IN else "pay_out"
        bind = texts.bind
        super().__init__(texts, bind(f"shift.{name}"), parent=parent)
        self._texts, self.kind = texts, kind
        self.amount = Field("moveAmount")
        self.amount.line.setMaxLength(11)
        self.amount.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.amount.say(bind("shift.amount"), bind("shift.amount_hint"))
        self.reason = CashReason(texts, "moveReason", f"shift.{name}_hint")
        self.act = Button("primary", "Enter", text=bind(f"shift.{name}"))
        self.act.setObjectName("moveCash")
        self.keypad = Keypad(self.amount.line, bind("shift.float_clear"), bind(f"shift.{name}"))
        why = Label("muted", wraps=True, text=bind(f"shift.{name}_why"))
        for part in (why, self.amount, self.reason, self.keypad, self.act):
            self.content.addWidget(part)
        self.content.addStretch(1)
        self.amount.line.returnPressed.connect(self._next)
        self.reason.line.returnPressed.connect(self._agree)
        self.keypad.pressed.connect(self._agree)
        self.act.clicked.connect(self._agree)

    def begin(self) -> None:
        """Focus the amount."""
        self.amount.line.setFocus()

    def forget(self) -> None:
        """Forget what is typed."""
        self.reason.forget()
        self.amount.line.clear()
        self.amount.set_wrong("")

    def set_busy(self, busy: bool) -> None:
        """Take no press while the cash is recorded."""
        self.act.set_busy(busy)
        self.keypad.act.set_busy(busy)

    def show_error(self, error: Exception) -> None:
        """Say why nothing was recorded, at the field that it is about."""
        is_reason = isinstance(error, UserError) and error.code is ErrorCode.CASH_REASON
        field = self.reason if is_reason else self.amount
        field.set_wrong(self._texts.error(error))
        field.line.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the keypad out on a low page; its action is a button then."""
        super().resizeEvent(event)
        has_room = self.height() >= _ROOM_FOR_KEYPAD
        self.keypad.setVisible(has_room)
        self.act.setVisible(not has_room)

    @Slot()
    def _next(self) -> None:
        """Go on to the reason; with one that is typed already, record it."""
        if self.reason.line.text().strip():
            self._agree()
        else:
            _focus(self.reason.line)

    @Slot()
    def _agree(self) -> None:
        for field in (self.amount, self.reason):
            field.set_wrong("")
        won = typed_number(self.amount.line.text())
        self.agreed.emit(-1 if won is None else won, self.reason.line.text())


def _focus(line: QLineEdit) -> None:
    line.setFocus(Qt.FocusReason.OtherFocusReason)
