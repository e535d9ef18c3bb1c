"""Top of the window: the tabs, a QR that waits on another page, the mode, and help."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.core.formats import clock
from posapp.ui.core.i18n import Translator
from posapp.ui.shell.routes import TABS, Route
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role

STRIP_HEIGHT = 8
"""Height in pixels of the hatched strip that marks every window in which no money moves."""

BAR_HEIGHT = 56


class TopBar(Frame):
    """One row of tabs; ``Ctrl`` and a tab's number open it.

    Args:
        live: real money moves.
        practice: the shop is one to practise in; it is not live then.
        tabs: the tabs from left to right.
    """

    tab_pressed = Signal(str)
    """A tab was pressed. Carries its page's id."""

    person_pressed = Signal()
    """The chip of whoever is signed in was pressed."""

    payment_pressed = Signal()
    """The chip of the QR was pressed."""

    def __init__(
        self,
        texts: Translator,
        *,
        live: bool,
        practice: bool = False,
        tabs: Sequence[Route] = TABS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("header", parent)
        self._texts = texts
        self._mode = "live" if live else "practice" if practice else "test"
        self._is_first = True
        self.strip = Frame("test-strip")
        self.strip.setFixedHeight(STRIP_HEIGHT)
        self.mode = Label("badge")
        self.mode.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.mode.setProperty("mode", self._mode)
        self.payment = Button("secondary", text=texts.bind("window.live_payment_soon"))
        self.payment.setProperty("focusPolicy", _NO_FOCUS)
        self.payment.setObjectName("livePayment")
        self.payment.clicked.connect(self.payment_pressed)
        self.payment.hide()
        self.person = Button("quiet")
        self.person.setProperty("focusPolicy", _NO_FOCUS)
        self.person.setObjectName("person")
        self.person.clicked.connect(self.person_pressed)
        self.person.hide()
        self.help = Button("quiet", "F1")
        self.help.setObjectName("help")
        self.tabs = {route.id: self._tab(route) for route in tabs}
        self._numbers = {route.id: route.tab for route in tabs}
        self._titles = {route.id: route.name for route in tabs}
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(4)
        for tab in self.tabs.values():
            row.addWidget(tab)
        row.addStretch(1)
        row.addWidget(self.payment)
        row.addSpacing(8)
        row.addWidget(self.mode)
        row.addWidget(self.person)
        row.addWidget(self.help)
        bar = QWidget()
        bar.setFixedHeight(BAR_HEIGHT)
        bar.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(bar)
        if live:  # shown without a parent it would be a window of its own for a moment
            self.strip.hide()
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @property
    def mode_name(self) -> str:
        """Return ``live``, ``test`` or ``practice``."""
        return self._mode

    def show_current(self, page: str) -> None:
        """Mark the tab of a page; empty marks none."""
        for name, tab in self.tabs.items():
            value = "true" if name == page else ""
            if self._is_first:  # nothing is styled yet: see ``posapp.ui``
                tab.setProperty("current", value)
            else:
                set_role(tab, "current", value)
        self._is_first = False

    def show_tabs(self, pages: Collection[str]) -> None:
        """Show the tabs of these pages alone."""
        for name, tab in self.tabs.items():
            tab.setVisible(name in pages)
        self.help.setVisible(bool(pages))

    def show_person(self, text: str) -> None:
        """Show who is signed in; empty hides it."""
        self.person.setVisible(bool(text))
        name = f"{self._texts('staff.switch')} {text}".strip()
        self.person.set_text(text, name=name, description=self._texts("staff.switch_why"))

    def show_payment(self, seconds: int | None) -> None:
        """Show that a QR is live on another page, with the seconds left; ``None`` hides it."""
        self.payment.setVisible(seconds is not None)
        self._write_help()
        if seconds is not None:
            left = clock(seconds) if seconds else ""
            text = "window.live_payment" if seconds else "window.live_payment_soon"
            self.payment.say(
                self._texts.bind(text, left=left), self._texts.bind("window.live_payment_why")
            )

    def _write_help(self) -> None:
        """Leave the word out while a QR needs the room: the key is on the button."""
        name, has_room = self._texts("window.help"), self.payment.isHidden()
        why = self._texts("window.help_why")
        self.help.set_text(name if has_room else "", name=name, description=why)

    def _tab(self, route: Route) -> Button:
        tab = Button("tab")
        tab.setProperty("focusPolicy", _NO_FOCUS)
        tab.setObjectName(f"tab_{route.id}")
        tab.clicked.connect(lambda: self.tab_pressed.emit(route.id))
        return tab

    def _retranslate(self) -> None:
        texts = self._texts
        self.setAccessibleName(texts("window.header"))
        self.mode.setText(texts(f"window.mode_{self._mode}"))
        self.mode.setToolTip(texts(f"window.mode_{self._mode}_why"))
        self.mode.setAccessibleDescription(texts(f"window.mode_{self._mode}_why"))
        self.show_person(self.person.text())
        self._write_help()
        for name, tab in self.tabs.items():
            number = self._numbers[name]
            title = texts(self._titles[name])
            tab.set_text(f"{number} {title}", name=title, description=f"Ctrl+{number}")


_NO_FOCUS = 0
"""Value of ``Qt.FocusPolicy.NoFocus``: see ``posapp.ui``."""
