"""Notice of an event, over every screen until it is acknowledged."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role

_SIGN = 20
_LEAST = 560


class Notice(Frame):
    """Covers the right half of the page's head, up to the page's own actions.

    Nothing shifts when it appears, a notice of one line covers no amount and no button of a page,
    and it takes neither the focus nor a key except its own two.

    Args:
        head: the line that it covers.
        free_right: returns where it has to end, in pixels from the left.
    """

    view_requested = Signal()
    """The view button or its key was pressed."""

    close_requested = Signal()
    """The close button or its key was pressed."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        parent: QWidget,
        head: QWidget,
        free_right: Callable[[], int],
    ) -> None:
        super().__init__("banner", parent)
        self._texts, self._head, self._free_right = texts, head, free_right
        self._make: Callable[[], str] | None = None
        self._sign = Sign(theme, _SIGN)
        self._text_label = Label("body", wraps=True)
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
        row.addWidget(self._text_label, 1)
        row.addWidget(self.view)
        row.addWidget(self.close_button)
        texts.changed.connect(self._retranslate)
        for each in (parent, head):
            each.installEventFilter(self)
        self.hide()

    @property
    def message(self) -> str:
        """Return the message, or empty."""
        return self._text_label.text() if self._make is not None else ""

    def show_text(self, make: Callable[[], str], tone: str, *, urgent: bool = False) -> None:
        """Show a message; ``tone`` is success, warning or error."""
        self._make = make
        set_role(self, "tone", {"warning": "notice"}.get(tone, tone))
        self._sign.set_tone(tone)
        self._retranslate()
        self.show()
        self.raise_()
        announce(self, self.message, urgent=urgent)

    def clear(self) -> None:
        """Hide the notice."""
        self._make = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Update the geometry when the window or the safety button is resized."""
        moved = event.type() in (QEvent.Type.Resize, QEvent.Type.Move)
        if moved and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        line, right = self._head.geometry(), self._free_right()
        width = min(max(_LEAST, right - line.width() // 2), right)
        layout = self.layout()
        needed = layout.totalHeightForWidth(width) if layout is not None else 0
        self.setGeometry(right - width, line.top(), width, max(line.height(), needed))

    def _retranslate(self) -> None:
        self.view.set_text(self._texts("words.view"))
        self.close_button.set_text(self._texts("words.close"))
        if self._make is not None:
            self._text_label.setText(self._make())
            self.setAccessibleName(self._text_label.text())
            self._place()
