"""The one place of KakaoPay's yellow beside the button that starts it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme

_PADDING = 12
_HEIGHT = 32


class KakaoTag(QWidget):
    """Says in KakaoPay's colours by what is paid."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        texts.changed.connect(self._write)
        theme.changed.connect(self.update)
        self._write()

    def sizeHint(self) -> QSize:
        """As wide as its word."""
        width = QFontMetrics(self._font()).horizontalAdvance(self._word())
        return QSize(width + 2 * _PADDING, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word on a yellow lozenge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("kakao"))
        painter.drawRoundedRect(QRectF(self.rect()), _HEIGHT / 2, _HEIGHT / 2)
        painter.setFont(self._font())
        painter.setPen(self._theme.colour("on-kakao"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._word())
        painter.end()

    def _word(self) -> str:
        return self._texts("pay.kakaopay")

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._theme.size("font-caption"))
        font.setBold(True)
        return font

    def _write(self) -> None:
        self.setAccessibleName(self._word())
        self.updateGeometry()
        self.update()
