"""Panel in which cash is taken: what is to be paid, what was received, and the change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.cash import QUICK_KEYS, is_unlikely
from posapp.domain.money import ZERO, Won
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.action_guard import ActionGuard, milliseconds
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.keypad import ZEROS, Keypad
from posapp.ui.widgets.money import AmountLabel
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.side_panel import SidePanel

_ROOM_FOR_KEYPAD = 720
"""Height in pixels from which the keypad is there; on a lower page the keyboard has the digits."""

_GAP = 8
_AMOUNT = 44
"""Height in pixels of an amount, whatever its font."""


class CashPanel(SidePanel):
    """Takes one amount. An empty field is the exact amount; ``.`` types three zeros.

    Less than is to be paid can be a first part, whose rest is paid by QR. An amount that may be a
    slip of the keys is asked about: the same press once more takes it.

    Args:
        clock: returns milliseconds.
    """

    entered = Signal(int, bool)
    """Take so many won. The second value: the rest is paid by QR."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        page: QWidget,
        *,
        clock: Callable[[], int] = milliseconds,
    ) -> None:
        bind = texts.bind
        super().__init__(texts, bind("cash.title"), parent=page)
        self._texts, self._due, self._may_split = texts, ZERO, False
        self._questioned: tuple[int, bool] | None = None
        self._message: Callable[[], str] = str
        self._guard = ActionGuard(self, clock=clock)
        self.due = AmountLabel(texts, role="title")
        self.change = AmountLabel(texts, role="title")
        self._change_name = Label("muted")
        bind("cash.due").show_in(self.due, QWidget.setAccessibleDescription)
        self.received = IdField("cashReceived")
        self.received.say(bind("cash.received"), bind("cash.received_hint"))
        self.received.disable_input_method()
        self.exact = Button("secondary", text=bind("cash.exact"))
        self.notes = tuple(Button("secondary") for _ in QUICK_KEYS)
        for button in (self.exact, *self.notes):
            button.setProperty("lies", "tight")
        self.keypad = Keypad(self.received.line, bind("sale.dismiss"), triple=True)
        self.take = Button("primary", "F7", text=bind("cash.take"))
        self.take.setObjectName("takeCash")
        self.rest = Button("kakao", "F8", text=bind("cash.rest"))
        self.rest.setObjectName("restByQr")
        self._lay_out(theme)
        self.received.line.textChanged.connect(self._typed)
        self.received.submitted.connect(self._enter)
        self.exact.clicked.connect(self._type_exact)
        for note, button in zip(QUICK_KEYS, self.notes, strict=True):
            button.clicked.connect(lambda _=False, won=note: self._add(won))
        self.take.clicked.connect(self._enter)
        self.rest.clicked.connect(self._enter_part)
        texts.changed.connect(self._write)
        self._write()

    @property
    def amount_due(self) -> Won:
        """Return the won to pay, as shown."""
        return self._due

    @property
    def value(self) -> int:
        """Return the won that were received; the exact amount if nothing is typed; 0 if what is
        typed is no amount."""
        if self.received.is_empty:
            return int(self._due)
        return self.received.value() or 0

    def begin(self, due: Won, *, may_split: bool) -> None:
        """Ask for an amount, with the field empty.

        Args:
            due: won to pay.
            may_split: a part may be taken; the rest is paid by QR.
        """
        self._may_split = may_split
        self._guard.begin()
        self.set_busy(busy=False)
        self.received.line.clear()
        self.show_due(due)
        self.received.line.setFocus()

    def show_due(self, due: Won) -> None:
        """Show another amount to pay; what is typed stays."""
        self._due = due
        self._forget_question()
        self._write()

    def set_busy(self, *, busy: bool) -> None:
        """Take no press while the records are written."""
        self.received.line.setReadOnly(busy)
        for button in (self.take, self.rest):
            button.set_busy(busy)

    def say(self, make: Callable[[], str]) -> None:
        """Say why nothing was taken, or what has to be known of the amount.

        Args:
            make: returns the text in the current language; empty: there is nothing to say.
        """
        self._message = make
        self.received.set_wrong(make())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Note when the panel is seen first."""
        super().paintEvent(event)
        self._guard.note_paint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the keypad out on a low page."""
        super().resizeEvent(event)
        self.keypad.setVisible(self.height() >= _ROOM_FOR_KEYPAD)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits that are typed beside the field."""
        if event.text().isdigit() or event.text() == ".":
            self.received.add_typed(event.text())
        else:
            super().keyPressEvent(event)

    # Actions.

    @Slot()
    def _enter(self) -> None:
        if not self.received.is_empty or self._guard.is_past:
            self._take(self.value, rest_by_qr=False)

    @Slot()
    def _enter_part(self) -> None:
        self._take(self.value, rest_by_qr=True)

    def _take(self, received: int, *, rest_by_qr: bool) -> None:
        if self.take.is_busy:
            return
        texts, short = self._texts, int(self._due) - received
        if not received:
            self.say(lambda: texts("cash.no_amount"))
        elif short > 0 and not rest_by_qr:
            self.say(lambda: texts("cash.short", amount=texts.won(short)))
        elif is_unlikely(received, self._due) and self._questioned != (received, rest_by_qr):
            self._questioned = received, rest_by_qr
            self.say(lambda: texts("cash.is_it_right", amount=texts.won(received)))
        else:
            self.say(str)
            self.entered.emit(received, rest_by_qr)

    def _type_exact(self) -> None:
        self.received.set_value(int(self._due))
        self.received.line.setFocus()

    def _add(self, won: int) -> None:
        typed = 0 if self.received.is_empty else self.received.value() or 0
        self.received.set_value(typed + won)
        self.received.line.setFocus()

    @Slot(str)
    def _typed(self, text: str) -> None:
        if "." in text:
            self.received.line.setText(text.replace(".", ZEROS))
            return
        self._forget_question()
        self._write()

    def _forget_question(self) -> None:
        self._questioned = None
        if self._message is not str:
            self._message = str
            self.received.set_wrong("")

    # Display.

    def _lay_out(self, theme: Theme) -> None:
        due = Label("muted", text=self._texts.bind("cash.due"))
        left, right = (QWidget(), QWidget())
        boxes.column(due, self.due, on=left, gap=0)
        boxes.column(self._change_name, self.change, on=right, gap=0)
        for amount in (self.due, self.change):
            amount.setFixedHeight(_AMOUNT)
        for side in (left, right):  # each has a half, whatever its amount
            side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        inside = Frame("panel")
        boxes.column(
            boxes.row((left, 1), (right, 1), gap=4),
            self.received,
            boxes.row(self.exact, *((one, 1) for one in self.notes), gap=_GAP),
            *(self.keypad, 1),
            on=inside,
            gap=_GAP,
        )
        area = FocusScrollArea(theme)  # a window that is too small for it scrolls
        area.setWidget(inside)
        area.setMinimumHeight(1)  # the buttons below it stay inside any window
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._texts.bind("cash.title").show_in(area, QWidget.setAccessibleName)
        self.content.addWidget(area, 1)
        self.content.addLayout(boxes.row((self.rest, 1), (self.take, 1), gap=_GAP))

    @Slot()
    def _write(self) -> None:
        texts, received = self._texts, self.value
        left = int(self._due) - received
        if said := self._message():
            self.received.set_wrong(said)
        self.due.set_amount(self._due)
        name = "cash.left" if left > 0 else "cash.change"
        self._change_name.setText(texts(name))
        self.change.set_amount(abs(left))
        self.change.setAccessibleDescription(texts(name))
        for note, button in zip(QUICK_KEYS, self.notes, strict=True):
            button.set_text(f"{note:,}", name=texts.won(note))
        self.rest.setVisible(self._may_split and received > 0 and left > 0)
