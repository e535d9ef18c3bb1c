"""QR code widget: dark on white in every theme, whole pixels a module, cleared when over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from posapp.ui.widgets.qr_matrix import QrMatrix

LEAST_MODULE = 8
"""Minimum device-independent pixels a module: readable by a phone at arm's length."""

USUAL_SIDE = 37
"""Reserved size in modules, quiet zone included: a code for a link of PortOne's length."""

PADDING = 8
"""Pixels of white beyond the quiet zone; the round corners stay within it."""

MARGIN = PADDING + 4
"""Pixels reserved around the quiet zone: the white, and room for a focus ring."""

ROUNDING = 12

WHITE = Qt.GlobalColor.white
"""Fixed in every theme: not every phone reads an inverted or tinted code."""


class QrCode(QWidget):
    """Shows a ``QrMatrix``, or nothing at all.

    The caller encodes the matrix by ``qr_matrix.encode``. The widget keeps one pixmap for its size
    and device pixel ratio, scaled without smoothing by a whole number of device pixels a module,
    and paints it on a white background in its middle.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._pixmap: QPixmap | None = None
        self._made_for: tuple[int, float] | None = None
        self.paper_rect = QRectF()
        """The white rectangle painted last."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._fit()

    @property
    def is_scannable(self) -> bool:
        """Return whether there is a code to paint."""
        return self._image is not None

    def show_matrix(self, matrix: QrMatrix) -> None:
        """Show this code from the next paint on."""
        side = matrix.side
        # QImage only references the bytes; the copy owns them.
        self._image = QImage(
            matrix.pixels, side, side, side, QImage.Format.Format_Grayscale8
        ).copy()
        self._made_for = None
        self._fit()
        self.update()

    def clear(self) -> None:
        """Drop the code and repaint at once.

        A code that is over must not be scanned before the event loop would repaint.
        """
        if self._image is None:
            return
        self._image = None
        self._pixmap = None
        self._made_for = None
        if self.isVisible():
            self.repaint()

    def module_size(self) -> int:
        """Return the device pixels a module at the current size; 0 while there is no code."""
        if self._image is None:
            return 0
        room = (min(self.width(), self.height()) - 2 * MARGIN) * self.devicePixelRatioF()
        return max(1, int(room) // self._image.width())

    def sizeHint(self) -> QSize:
        """Return at least a third of the screen's height, so that the code is easy to scan."""
        side = max(self.minimumWidth(), self.screen().availableSize().height() // 3)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a white rectangle in the middle, and the code on it."""
        if self._image is None:
            return
        pixmap = self._current_pixmap(self._image)
        ratio = self.devicePixelRatioF()
        side = pixmap.width() / ratio
        # Whole device pixels: half a pixel of offset would blur every module's edge.
        left = int((self.width() - side) / 2 * ratio) / ratio
        top = int((self.height() - side) / 2 * ratio) / ratio
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(WHITE)
        code = QRectF(left, top, side, side)
        self.paper_rect = code.adjusted(-PADDING, -PADDING, PADDING, PADDING)
        painter.drawRoundedRect(self.paper_rect, ROUNDING, ROUNDING)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawPixmap(QPointF(left, top), pixmap)
        painter.end()

    def _current_pixmap(self, image: QImage) -> QPixmap:
        wanted = (self.module_size(), self.devicePixelRatioF())
        if self._pixmap is None or self._made_for != wanted:
            side = image.width() * wanted[0]
            scaled = image.scaled(
                side,
                side,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.FastTransformation,
            )
            self._pixmap = QPixmap.fromImage(scaled)
            self._pixmap.setDevicePixelRatio(wanted[1])
            self._made_for = wanted
        return self._pixmap

    def _fit(self) -> None:
        side = self._image.width() if self._image is not None else USUAL_SIDE
        least = side * LEAST_MODULE + 2 * MARGIN
        self.setMinimumSize(least, least)
