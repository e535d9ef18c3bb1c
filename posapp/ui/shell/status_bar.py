"""Line at the bottom of the window: shop, message, lamps, and the time."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role
from posapp.ui.widgets.status_indicator import IndicatorState, StatusIndicator
from posapp.ui.widgets.toast import SHOWN_MS

HEIGHT = 48

_LONGEST = 16
"""Maximum length of a shop's name in characters, so that the lamps stay visible."""

_CLOCK_MS = 5_000


class StatusBar(Frame):
    """Its place and height are the same at every size; what is pressed in it is 48 pixels high."""

    def __init__(
        self, texts: Translator, theme: Theme, *, shop: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("status", parent)
        self._texts = texts
        self.setFixedHeight(HEIGHT)
        self._message = ""
        self._passing = ""
        self._passing_timer = QTimer(self)
        self._passing_timer.setSingleShot(True)
        self._passing_timer.setInterval(SHOWN_MS)
        self._passing_timer.timeout.connect(self._end_passing)
        self._open, self._for_person = 0, 0
        self._shop = Label("shop")
        self._shop.setText(shop if len(shop) <= _LONGEST else shop[: _LONGEST - 1] + "…")
        self._shop.setToolTip(shop)
        self.message = Label("caption")
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.indicator = StatusIndicator(theme)
        self._state = IndicatorState.UNKNOWN
        self.open_money = Button("quiet", "F12")
        self.open_money.setObjectName("openMoney")
        self.open_money.setProperty("lies", "low")
        self.clock = Label("caption")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 0, 16, 0)
        self._row.setSpacing(12)
        for widget, stretch in (
            (self._shop, 0),
            (self.message, 1),
            (self.indicator, 0),
            (self.open_money, 0),
            (self.clock, 0),
        ):
            self._row.addWidget(widget, stretch)
        self._clock_timer = QTimer(self)
        self._clock_timer.setInterval(_CLOCK_MS)
        self._clock_timer.timeout.connect(self._show_time)
        self._clock_timer.start()
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def add_lamp(self, lamp: QWidget) -> None:
        """Add a lamp before the time."""
        self._row.insertWidget(self._row.indexOf(self.clock), lamp)

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

    def show_connectivity(self, state: IndicatorState) -> None:
        """Show whether PortOne is reachable."""
        self._state = state
        self.indicator.show_state(state, self._texts(f"window.lamp_{state.value}"))

    @Slot(object, object)
    def show_open_money(self, count: int, for_person: int) -> None:
        """Show the number of unresolved entries, and of those that need staff.

        The button is also visible without any: its key is named in many places.
        """
        self._open, self._for_person = count, for_person
        text = "window.money_open" if count else "window.money_none"
        text = "window.money_person" if for_person else text
        self.open_money.set_text(
            self._texts(text, count=for_person or count),
            description=self._texts("window.money_why"),
        )
        set_role(self.open_money, "light", "red" if for_person else "")

    def _write_message(self) -> None:
        message = self._texts(self._message) if self._message else ""
        self.message.setText(self._passing or message)
        self.message.setToolTip(self.message.text())

    @Slot()
    def _end_passing(self) -> None:
        self._passing = ""
        self._write_message()

    @Slot()
    def _show_time(self) -> None:
        self.clock.setText(self._texts.time_now())

    def _retranslate(self) -> None:
        self.show_connectivity(self._state)
        self.show_open_money(self._open, self._for_person)
        self._write_message()
        self._show_time()
