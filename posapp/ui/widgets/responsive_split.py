"""Widgets side by side, or one above the other where there is too little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

GAP = 16
"""Usual distance between the parts, in pixels."""


class ResponsiveSplit(QWidget):
    """Parts from left to right; from top to bottom if it is narrow, or higher than wide.

    What depends on the direction besides (an alignment, a margin) follows ``turned``.

    Args:
        narrow_below: width in logical pixels below which it is narrow; 0: whatever the width.
        when_tall: it also counts as narrow if it is higher than wide.
        gap: distance between the parts, in pixels.
        measured: the widget whose size counts; ``None`` is the split itself. A split in a scroll
            area names the area: its own height follows its contents.
    """

    turned = Signal(bool)
    """The direction changed. Carries whether it is narrow."""

    def __init__(
        self,
        *,
        narrow_below: int,
        when_tall: bool = True,
        gap: int = GAP,
        measured: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._narrow_below, self._when_tall = narrow_below, when_tall
        self._measured = measured
        self._shares: dict[QWidget, tuple[int, int]] = {}
        self.is_narrow = False
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(gap)
        if measured is not None:
            measured.installEventFilter(self)

    def add(self, part: QWidget, share: int = 1, *, above: int | None = None) -> None:
        """Add a part at the end.

        Args:
            share: of the room, beside the others.
            above: its share if the parts are one above the other; ``None`` is the same.
        """
        self._shares[part] = (share, share if above is None else above)
        self.box.addWidget(part, self._shares[part][self.is_narrow])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn the parts if the size asks for it."""
        super().resizeEvent(event)
        if self._measured is None:
            self._turn(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn the parts if the size of the measured widget asks for it."""
        if watched is self._measured and event.type() == QEvent.Type.Resize:
            self._turn(self._measured)
        return False

    def _turn(self, measured: QWidget) -> None:
        width, height = measured.width(), measured.height()
        is_narrow = width < self._narrow_below or (self._when_tall and height > width)
        if is_narrow == self.is_narrow:
            return
        self.is_narrow = is_narrow
        ways = QBoxLayout.Direction
        self.box.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        for part, shares in self._shares.items():
            self.box.setStretchFactor(part, shares[is_narrow])
        self.box.activate()
        self.turned.emit(is_narrow)
