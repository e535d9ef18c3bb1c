"""KakaoPay badge: the only use of its yellow except for the payment button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme

_PADDING = 12
_HEIGHT = 32


class KakaoBadge(QWidget):
    """Names the payment method in KakaoPay's colours."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self.update)
        self._retranslate()

    def sizeHint(self) -> QSize:
        """Return the width of the text."""
        width = QFontMetrics(self._font()).horizontalAdvance(self._caption())
        return QSize(width + 2 * _PADDING, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text on a yellow pill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("kakao"))
        painter.drawRoundedRect(QRectF(self.rect()), _HEIGHT / 2, _HEIGHT / 2)
        painter.setFont(self._font())
        painter.setPen(self._theme.colour("on-kakao"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._caption())
        painter.end()

    def _caption(self) -> str:
        return self._texts("pay.kakaopay")

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._theme.size("font-caption"))
        font.setBold(True)
        return font

    def _retranslate(self) -> None:
        self.setAccessibleName(self._caption())
        self.updateGeometry()
        self.update()
