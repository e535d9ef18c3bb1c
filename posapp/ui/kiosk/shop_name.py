"""The shop's name on a kiosk's screen, with the mark of a shop in which no money moves."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets import boxes
from posapp.ui.widgets.mode_mark import LIVE, ModeBadge
from posapp.ui.widgets.roles import Label

_GAP = 16


class ShopName(QWidget):
    """The shop's name in at most two lines; five quick taps ask for the PIN.

    Args:
        mode: as of ``ModeBadge``.
    """

    tapped = Signal()

    def __init__(self, texts: Translator, shop: str, mode: str) -> None:
        super().__init__()
        self._name = Label("shop", wraps=True)
        self._name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge = ModeBadge(texts, mode)
        self._badge.setVisible(mode != LIVE)
        boxes.row((self._name, 1), self._badge, on=self, gap=_GAP)
        self.show_name(shop)

    def show_name(self, shop: str) -> None:
        """Show the name."""
        self._name.setText(shop)

    def least_size(self) -> QSize:
        """Return the least size in which the name is whole."""
        self._name.ensurePolished()
        metrics = self._name.fontMetrics()
        width = metrics.horizontalAdvance(self._name.text())
        widest_word = max(map(metrics.horizontalAdvance, self._name.text().split() or [""]))
        lines = 1 if width <= 12 * metrics.height() else 2
        if lines == 2:
            width = max(width * 7 // 10, widest_word)
        badge = self._badge.sizeHint() if not self._badge.isHidden() else QSize(0, 0)
        width += 2 * metrics.averageCharWidth()
        height = max(lines * (metrics.lineSpacing() + 1), badge.height())
        return QSize(width + (badge.width() + _GAP if badge.width() else 0), height)

    def height_at(self, width: int) -> int:
        """Return the height of the name in a row of its own."""
        badge = 0 if self._badge.isHidden() else self._badge.sizeHint().width() + _GAP
        return max(self._name.heightForWidth(width - badge), self._badge.sizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Count a tap."""
        super().mouseReleaseEvent(event)
        self.tapped.emit()
