"""Segmented control: one choice of a few, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from posapp.ui.core.theme import Theme

_HEIGHT = 48
_PADDING = 14
_INSET = 4


class Segment(QAbstractButton):
    """One choice. The chosen one is raised, has an edge and bold text."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hovered = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_text(self, text: str, *, name: str) -> None:
        """Set the text; ``name`` is the text for screen readers."""
        self.setText(text)
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for the bold text, so that choosing it moves nothing."""
        font = self.font()
        font.setBold(True)
        width = QFontMetrics(font).horizontalAdvance(self.text())
        return QSize(width + 2 * _PADDING, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the text is never cut."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Highlight the segment under the pointer."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """End the highlight."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the segment in the theme's colours."""
        colour, chosen = self._theme.colour, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self._theme.size("radius-small")
        place = QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)
        if chosen:
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(colour("accent-soft"))
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), radius, radius)
        elif self._hovered and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("hairline"))
            painter.drawRoundedRect(place, radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(colour("focus"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), radius, radius)
        font = self.font()
        font.setBold(chosen)
        painter.setFont(font)
        token = "on-accent-soft" if chosen else "text-muted"
        painter.setPen(colour(token if self.isEnabled() else "on-disabled"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class SegmentedControl(QWidget):
    """A row of choices of which exactly one is chosen.

    It is one tab stop; arrows choose the next one.

    Args:
        keys: the values of the choices, in their order; the first is chosen at the start.
    """

    chosen = Signal(object)
    """The user chose another one. Carries its key."""

    def __init__(self, theme: Theme, keys: Sequence[object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.keys = tuple(keys)
        self._group = QButtonGroup(self)
        self.segments = tuple(Segment(theme, self) for _ in keys)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for segment in self.segments:
            self._group.addButton(segment)
            row.addWidget(segment)
        self.segments[0].setChecked(True)
        self._group.buttonToggled.connect(self._toggled)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self._silent = False

    @property
    def key(self) -> object:
        """Return the key of the chosen one."""
        at = next(at for at, one in enumerate(self.segments) if one.isChecked())
        return self.keys[at]

    def choose(self, key: object) -> None:
        """Choose a key without a signal.

        Raises:
            ValueError: the key does not exist.
        """
        self._silent = True
        self.segments[self.keys.index(key)].setChecked(True)
        self._silent = False

    def set_text(self, name: str, text: Sequence[str]) -> None:
        """Set the name of the control, and the text of each choice."""
        self.setAccessibleName(name)
        for segment, label in zip(self.segments, text, strict=True):
            segment.set_text(label, name=f"{name}: {label}")

    def focus(self) -> None:
        """Focus the chosen segment."""
        self.segments[self.keys.index(self.key)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("border"), 1))
        painter.setBrush(self._theme.colour("surface-raised"))
        radius = self._theme.size("radius")
        place = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(place, radius, radius)
        painter.end()

    def _toggled(self, button: QAbstractButton, checked: bool) -> None:
        if checked and not self._silent:
            self.chosen.emit(self.key)
