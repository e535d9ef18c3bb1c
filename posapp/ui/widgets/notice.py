"""What happened elsewhere, over whatever screen is up, until somebody has seen it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role

_SIGN = 28
_TOP, _MARGIN = 8, 16
_WIDEST = 720


class Notice(Frame):
    """Lies over the upper right part of its parent: nothing moves when it comes, and it takes
    neither the focus nor a key but its own.

    Args:
        below: the widget under which it lies, e.g. the window's header.
    """

    view_requested = Signal()
    """The button, or its key."""

    close_requested = Signal()

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget, below: QWidget) -> None:
        super().__init__("banner", parent)
        self._texts, self._over, self._below = texts, parent, below
        self._make: Callable[[], str] | None = None
        self._sign = Sign(theme, _SIGN)
        self._words = Label("body", wraps=True)
        self.view = Button("primary", "Ctrl+O")
        self.view.clicked.connect(self.view_requested)
        self.close_button = Button("quiet")
        self.close_button.clicked.connect(self.close_requested)
        for button in (self.view, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        row.addWidget(self.view)
        row.addWidget(self.close_button)
        texts.changed.connect(self._write)
        parent.installEventFilter(self)
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
        """Stay in its corner when the window changes its size."""
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        room = self._over.width() - 2 * _MARGIN
        width = min(_WIDEST, room)
        layout = self.layout()
        height = max(64, layout.totalHeightForWidth(width) if layout is not None else 0)
        left = self._over.width() - _MARGIN - width
        self.setGeometry(left, self._below.geometry().bottom() + _TOP, width, height)

    def _write(self) -> None:
        self.view.set_words(self._texts("words.view"))
        self.close_button.set_words(self._texts("words.close"))
        if self._make is not None:
            self._words.setText(self._make())
            self.setAccessibleName(self._words.text())
            self._place()
