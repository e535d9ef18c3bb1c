"""Line at the bottom of the window: shop, message, lamps, and the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.lamp import Lamp
from posapp.ui.widgets.roles import ElidedLabel, Frame, Label
from posapp.ui.widgets.toast import SHOWN_MS

if TYPE_CHECKING:
    from posapp.ui.widgets.undo import UndoStack
    from posapp.ui.widgets.undo_offer import UndoOffer

HEIGHT = 49
"""Height in pixels: 48 for what is pressed in it, and the line above."""

_LONGEST = 16
"""Maximum length of a shop's name in characters, so that the lamps stay visible."""

_WIDE = 1280
"""Width in pixels from which the shop's name stays beside an undo."""

_CLOCK_MS = 5_000


class StatusBar(Frame):
    """Its place and height are the same at every size; what is pressed in it is 48 pixels high."""

    room_changed = Signal()
    """An undo came or went: ``free_left`` is another."""

    def __init__(
        self, texts: Translator, theme: Theme, *, shop: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("status", parent)
        self._texts = texts
        self.setFixedHeight(HEIGHT)
        self._is_offering = False
        self._message = ""
        self._passing = ""
        self._passing_timer = QTimer(self)
        self._passing_timer.setSingleShot(True)
        self._passing_timer.setInterval(SHOWN_MS)
        self._passing_timer.timeout.connect(self._end_passing)
        self._open: int | None = None
        self._for_person = 0
        self._shop = Label("shop")
        self._shop.setText(shop if len(shop) <= _LONGEST else shop[: _LONGEST - 1] + "…")
        self._shop.setToolTip(shop)
        self.message = ElidedLabel("caption")
        self.open_money = Lamp(theme, "F12")
        self.open_money.setObjectName("openMoney")
        self.sync = Lamp(theme, "F11")
        self.sync.setObjectName("syncLamp")
        self._theme = theme
        self._printer: Lamp | None = None
        self.clock = Label("caption")
        self.undo: UndoOffer | None = None
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 16, 0)
        row.setSpacing(12)
        for widget, stretch in (
            (self._shop, 0),
            (self.message, 1),
            (self.open_money, 0),
            (self.sync, 0),
            (self.clock, 0),
        ):
            row.addWidget(widget, stretch)
        self._clock_timer = QTimer(self)
        self._clock_timer.setInterval(_CLOCK_MS)
        self._clock_timer.timeout.connect(self._show_time)
        self._clock_timer.start()
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @property
    def printer(self) -> Lamp:
        """Return the lamp of the receipt printer, which most shops have no need of: hidden."""
        if self._printer is None:
            self._printer = lamp = Lamp(self._theme, "")
            lamp.setObjectName("printerLamp")
            lamp.hide()
            self._row.insertWidget(self._row.indexOf(self.open_money), lamp)
        return self._printer

    @property
    def free_left(self) -> int:
        """Return where what is pressed begins, in pixels from the left."""
        undo = self.undo
        if undo is not None and undo.isVisible():
            return undo.x() + undo.button.x()
        printer = self._printer
        return (self.open_money if printer is None or printer.isHidden() else printer).x()

    def offer_undo(self, stack: UndoStack) -> None:
        """Offer what the program can take back, in place of the message."""
        from posapp.ui.widgets.undo_offer import UndoOffer  # not needed by the first window

        self.undo = UndoOffer(self._texts, stack)
        self._row.insertWidget(self._row.indexOf(self.message) + 1, self.undo)
        stack.changed.connect(self._make_room)
        self._make_room()

    def show_message(self, message_id: str) -> None:
        """Show a message until the next one; an empty id clears it."""
        self._message = message_id
        self._write_message()

    def show_passing(self, text: str) -> None:
        """Show a text for some seconds, in place of the message."""
        self._passing = text
        self._passing_timer.start()
        self._write_message()
        announce(self.message, text)

    def show_sync(self, tone: str, text: str, description: str) -> None:
        """Show the gravest of network, unsent refunds, live QRs and backups.

        Args:
            tone: a lamp's; empty while nothing is known.
        """
        self.sync.show_state(tone, text, description)
        self._make_room()

    def show_printer(self, tone: str, text: str, description: str, *, is_there: bool) -> None:
        """Show the state of the receipt printer, where the shop has one.

        Args:
            tone: a lamp's; empty while nothing is known.
        """
        if not is_there and self._printer is None:
            return
        self.printer.show_state(tone, text, description)
        if self.printer.isHidden() == is_there:
            self.printer.setVisible(is_there)
            self.room_changed.emit()
        self._make_room()

    def show_open_money(self, count: int | None, for_person: int) -> None:
        """Show the number of unresolved entries, and of those that need staff.

        The lamp is there without any, too: its key is named in many places.

        Args:
            count: ``None`` while nothing is known.
        """
        self._open, self._for_person = count, for_person
        tone, text = "success", "window.money_none"
        if count is None:
            tone, text = "", "window.money_unknown"
        elif for_person:
            tone, text = "error", "window.money_person"
        elif count:
            tone, text = "busy", "window.money_open"
        self.open_money.show_state(
            tone,
            self._texts(text, count=for_person or count),
            self._texts("window.money_why"),
        )
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what gives way to an undo where that needs the room."""
        super().resizeEvent(event)
        self._make_room()

    @Slot()
    def _make_room(self) -> None:
        is_offering = self.undo is not None and self.undo.isVisibleTo(self)
        if self._shop.isHidden() != (is_offering and self.width() < _WIDE):
            self._shop.setVisible(not self._shop.isVisibleTo(self))
        lamps = [one for one in (self.sync, self.open_money, self._printer) if one is not None]
        for lamp in lamps:
            lamp.set_brief(False)
        for lamp in lamps:
            if is_offering and self._needed() > self.width():
                lamp.set_brief(True)
        if is_offering != self._is_offering:
            self._is_offering = is_offering
            self.room_changed.emit()

    def _needed(self) -> int:
        """Return the width in pixels of all that may not be cut, as it is now: Qt's own layout
        learns of a changed text in the next turn only."""
        parts = (self._shop, self.undo, self._printer, self.open_money, self.sync, self.clock)
        widths = [
            one.sizeHint().width() for one in parts if one is not None and one.isVisibleTo(self)
        ]
        margins = self._row.contentsMargins()
        return sum(widths) + self._row.spacing() * len(widths) + margins.left() + margins.right()

    def _write_message(self) -> None:
        message = self._texts(self._message) if self._message else ""
        self.message.set_whole(self._passing or message)

    @Slot()
    def _end_passing(self) -> None:
        self._passing = ""
        self._write_message()

    @Slot()
    def _show_time(self) -> None:
        self.clock.setText(self._texts.time_now())

    def _retranslate(self) -> None:
        if not self.sync.tone:
            self.show_sync("", self._texts("window.lamp_checking"), self._texts("window.lamp_why"))
        self.show_open_money(self._open, self._for_person)
        self._write_message()
        self._show_time()
