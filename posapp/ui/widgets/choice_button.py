"""Buttons that stay pressed: the base of segments, boxes to tick, and chips."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.box_icons import box_icon, box_size
from posapp.ui.widgets.icons import sign_icon
from posapp.ui.widgets.roles import set_role

_GAP = 6
"""Pixels between box and text, in addition to Qt's."""

_LONGEST = 220
"""Largest width of a text in pixels; a longer one is elided, and whole in the tool tip."""


class ChoiceButton(QPushButton):
    """A button of which the theme shows by its edge and by bold text whether it is chosen.

    Space toggles it, and arrows move to the next one.
    """

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setCheckable(True)
        self.setAutoDefault(False)  # Enter belongs to the dialog
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, text: BoundText) -> None:
        """Show a text that follows the language; not together with ``set_text``."""
        text.show_in(self, _set_text)

    def set_text(self, text: str, *, name: str = "") -> None:
        """Set the text; ``name`` is the text for screen readers if it differs."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(name or text)

    def sizeHint(self) -> QSize:
        """Return the room for the bold text, so that choosing it moves nothing."""
        hint, text = super().sizeHint(), self.text()
        if text:
            bold = self.font()
            bold.setBold(True)
            plain = self.fontMetrics().horizontalAdvance(text)
            more = QFontMetrics(bold).horizontalAdvance(text) - plain
            hint.setWidth(hint.width() + more + 2)  # advances are rounded
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the text is never cut."""
        return self.sizeHint()


def _set_text(button: ChoiceButton, text: str) -> None:
    button.set_text(text)  # of its own class


class CheckChip(ChoiceButton):
    """A box with a text; without a text it is a box with a full-sized target.

    The ticked state differs by the shape in the box and not only by colour.

    Args:
        kind: ``"check"``, ``"radio"`` (one of several) or ``"switch"``.
        round_box: the same as ``kind="radio"``.
    """

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        kind: str = "check",
        round_box: bool = False,
    ) -> None:
        super().__init__("choice", parent)
        self._theme = theme
        self._kind = "radio" if round_box else kind
        self.setProperty("bare", True)
        theme.changed.connect(self._draw)
        self._draw()

    def set_text(self, text: str, *, name: str = "") -> None:
        """Set the text; ``name`` is the text for screen readers if there is none."""
        super().set_text(text, name=name)
        set_role(self, "bare", not text)
        self._draw()

    def _draw(self) -> None:
        gap = _GAP if self.text() else 0
        self.setIconSize(box_size(self._theme, self._kind) + QSize(gap, 0))
        self.setIcon(box_icon(self._theme, self._kind, gap))


class Chip(ChoiceButton):
    """A press clears its filter, as do Delete and Backspace while it has the focus.

    It is drawn lower than its height, which is that of a touch target.
    """

    cleared = Signal(str)
    """Carries the name of its filter."""

    def __init__(self, theme: Theme, filter_name: str, parent: QWidget | None = None) -> None:
        super().__init__("filter-chip", parent)
        self._theme = theme
        self.filter_name = filter_name
        self.setCheckable(False)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross follows the text
        self.clicked.connect(lambda: self.cleared.emit(self.filter_name))
        theme.changed.connect(self._draw)
        self._draw()

    def set_text(self, text: str, *, name: str = "") -> None:
        """Set the text; ``name`` describes the effect of a press."""
        elided = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _LONGEST)
        super().set_text(elided, name=name)
        self.setToolTip(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the filter on Delete or Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
            return
        super().keyPressEvent(event)

    def _draw(self) -> None:
        self.setIcon(sign_icon("close", self._theme.colour("on-accent-soft")))
