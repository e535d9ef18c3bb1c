"""What happened elsewhere, over whatever screen is up, until somebody has seen it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role

_SIGN = 20
_LEAST = 320


class Notice(Frame):
    """Lies over the line at the bottom of the window, beside the lamp: nothing moves when it
    comes, no amount and no button of a screen is under one line of it, and it takes neither the
    focus nor a key but its own two.

    Args:
        line: what it covers.
        beside: the widget at the right end of that line, which stays free.
    """

    view_requested = Signal()
    """The button, or its key."""

    close_requested = Signal()
    """The other button, or its key."""

    def __init__(
        self, texts: Texts, theme: Theme, parent: QWidget, line: QWidget, beside: QWidget
    ) -> None:
        super().__init__("banner", parent)
        self._texts, self._over, self._line, self._beside = texts, parent, line, beside
        self._make: Callable[[], str] | None = None
        self._sign = Sign(theme, _SIGN)
        self._words = Label("body", wraps=True)
        self.view = Button("quiet", "Ctrl+O")
        self.view.clicked.connect(self.view_requested)
        self.close_button = Button("quiet", "Ctrl+W")
        self.close_button.clicked.connect(self.close_requested)
        for button in (self.view, self.close_button):
            button.setProperty("lies", "low")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        row.addWidget(self.view)
        row.addWidget(self.close_button)
        texts.changed.connect(self._write)
        for each in (parent, line, beside):
            each.installEventFilter(self)
        self.hide()

    @property
    def words(self) -> str:
        """What it says, or empty."""
        return self._words.text() if self._make is not None else ""

    def show_words(self, make: Callable[[], str], tone: str, *, urgent: bool = False) -> None:
        """Say something; ``tone`` is success, warning or error."""
        self._make = make
        set_role(self, "tone", {"warning": "notice"}.get(tone, tone))
        self._sign.set_tone(tone)
        self._write()
        self.show()
        self.raise_()
        announce(self, self.words, urgent=urgent)

    def clear(self) -> None:
        """Take it away."""
        self._make = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in its place when the window or the lamp changes its size."""
        moved = event.type() in (QEvent.Type.Resize, QEvent.Type.Move)
        if moved and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        line = self._line.geometry()
        free = self._beside.mapTo(self._over, QPoint(0, 0)).x()
        width = max(_LEAST, free)
        layout = self.layout()
        height = max(line.height(), layout.totalHeightForWidth(width) if layout is not None else 0)
        self.setGeometry(0, line.bottom() + 1 - height, width, height)

    def _write(self) -> None:
        self.view.set_words(self._texts("words.view"))
        self.close_button.set_words(self._texts("words.close"))
        if self._make is not None:
            self._words.setText(self._make())
            self.setAccessibleName(self._words.text())
            self._place()
