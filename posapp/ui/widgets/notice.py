"""Notice of an event, over every screen until it is acknowledged."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.message_bar import MessageBar

_SIGN = 20
_LEAST = 560


class Notice(MessageBar):
    """Covers a line where nothing is pressed: the window says where.

    Nothing shifts when it appears, a notice of one line covers no amount and no button of a page,
    and it takes neither the focus nor a key except Ctrl+O, which shows what it is about. By the
    keyboard it is closed by that, or by going to another page.

    Args:
        room: returns the place for a notice of at least a width in pixels.
    """

    view_requested = Signal()
    """The view button or its key was pressed."""

    close_requested = Signal()
    """The close button was pressed."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        parent: QWidget,
        room: Callable[[int], QRect],
    ) -> None:
        super().__init__(texts, theme, parent, sign=_SIGN)
        self._room = room
        self.view = Button("quiet", "Ctrl+O", text=texts.bind("words.view"))
        self.view.leave_key()  # it is the window's, and also opens the live QR
        self.view.clicked.connect(self.view_requested)
        self.close_button = Button("quiet", text=texts.bind("words.close"))
        self.close_button.clicked.connect(self.close_requested)
        for button in (self.view, self.close_button):
            button.setProperty("lies", "low")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.row.addWidget(button)
        self.row.setContentsMargins(16, 0, 4, 0)
        self.row.setSpacing(8)
        parent.installEventFilter(self)

    def show_text(self, make: Callable[[], str], tone: str, *, urgent: bool = False) -> None:
        """Show a message; ``tone`` is success, warning or error."""
        self.show_message(tone, make, urgent=urgent)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Update the geometry when the window is resized."""
        moved = event.type() in (QEvent.Type.Resize, QEvent.Type.Move)
        if moved and not self.isHidden():
            self.place()
        return False

    @Slot()
    def place(self) -> None:
        """Take the place again: another page has other actions in its head."""
        place, layout = self._room(_LEAST), self.layout()
        needed = layout.totalHeightForWidth(place.width()) if layout is not None else 0
        more = max(0, needed - place.height())
        if place.top() > self._window_height // 2:  # a line at the bottom grows upwards
            place.setTop(place.top() - more)
        else:
            place.setHeight(place.height() + more)
        self.setGeometry(place)

    @property
    def _window_height(self) -> int:
        window = self.parentWidget()
        return window.height() if window is not None else 0

    def _retranslate(self) -> None:
        super()._retranslate()
        if self.message:
            self.place()
