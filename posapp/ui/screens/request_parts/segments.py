"""One of a few, side by side in one track."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from posapp.ui.theme import Theme

_HEIGHT = 48
_PADDING = 14
_INSET = 4


class Segment(QAbstractButton):
    """One choice of a track. The chosen one is raised, has an edge and bold words."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hovered = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_words(self, words: str, *, name: str) -> None:
        """Set the words; ``name`` is what a screen reader says."""
        self.setText(words)
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for its words as they are when it is chosen, so that nothing moves then."""
        font = self.font()
        font.setBold(True)
        width = QFontMetrics(font).horizontalAdvance(self.text())
        return QSize(width + 2 * _PADDING, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The same: words are never cut."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is over it."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in the theme's colours."""
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


class Segments(QWidget):
    """A track of choices of which exactly one is chosen.

    One stop for Tab; arrows choose the next one.

    Args:
        keys: what the choices stand for, in their order; the first is chosen at the start.
    """

    chosen = Signal(object)
    """A person has chosen another one; its key."""

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
        """What the chosen one stands for."""
        at = next(at for at, one in enumerate(self.segments) if one.isChecked())
        return self.keys[at]

    def choose(self, key: object) -> None:
        """Show another choice, as if it had always been so: nothing is emitted.

        Raises:
            ValueError: there is no such choice.
        """
        self._silent = True
        self.segments[self.keys.index(key)].setChecked(True)
        self._silent = False

    def set_words(self, name: str, words: Sequence[str]) -> None:
        """Set the name of the whole, and the words of each choice."""
        self.setAccessibleName(name)
        for segment, word in zip(self.segments, words, strict=True):
            segment.set_words(word, name=f"{name}: {word}")

    def focus(self) -> None:
        """Take the focus to the chosen one."""
        self.segments[self.keys.index(self.key)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track."""
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
