"""QR code widget: dark on white in every theme, whole pixels a module, cleared when over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from posapp.ui.widgets.qr_matrix import QrMatrix

LEAST_MODULE = 8
"""Minimum device-independent pixels a module: readable by a phone at arm's length."""

LEAST_FINE_MODULE = 6
"""The same for a code above version 4, which a link of PortOne's length never needs."""

COARSE_SIDE = 41
"""Modules along one side of a code of version 4, quiet zone included."""

LEAST_PAPER = 352
"""Smallest side of the white square in pixels: 44 units of 8."""

RING = 4
"""Pixels around the white square, where a focus ring is drawn."""

PADDING = 4
"""Least white beyond the quiet zone in pixels; the round corners stay within it."""

MARGIN = RING + PADDING

ROUNDING = 12

WHITE = Qt.GlobalColor.white
"""Fixed in every theme: not every phone reads an inverted or tinted code."""


class QrCode(QWidget):
    """Shows a ``QrMatrix`` on a white square that is as large as the widget, or nothing at all.

    The caller encodes the matrix by ``qr_matrix.encode`` and sets the size by ``set_side``. The
    widget keeps one pixmap for its size and device pixel ratio, scaled without smoothing by a whole
    number of device pixels a module. A finer code changes the module, not the square.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix: QrMatrix | None = None
        self._image: QImage | None = None
        self._pixmap: QPixmap | None = None
        self._made_for: tuple[int, float] | None = None
        self._side = LEAST_PAPER
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def is_scannable(self) -> bool:
        """Return whether there is a code to paint."""
        return self._image is not None

    @property
    def paper_rect(self) -> QRectF:
        """Return the white square, in device-independent pixels of the widget."""
        ratio = self.devicePixelRatioF()
        side = min(self.width(), self.height()) - 2 * RING
        # Whole device pixels: half a pixel of offset would blur every module's edge.
        left = int((self.width() - side) / 2 * ratio) / ratio
        top = int((self.height() - side) / 2 * ratio) / ratio
        return QRectF(left, top, side, side)

    def set_side(self, paper: int) -> None:
        """Set the side of the white square in pixels; a code that is finer still gets more."""
        self._side = paper
        self._fit()

    def show_matrix(self, matrix: QrMatrix) -> None:
        """Show this code from the next paint on."""
        if matrix is self._matrix:
            return
        self._matrix = matrix
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
        self._matrix = self._image = None
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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the white square, and the code in its middle."""
        if self._image is None:
            return
        pixmap = self._current_pixmap(self._image)
        ratio = self.devicePixelRatioF()
        paper = self.paper_rect
        inset = int((paper.width() - pixmap.width() / ratio) / 2 * ratio) / ratio
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(WHITE)
        painter.drawRoundedRect(paper, ROUNDING, ROUNDING)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawPixmap(paper.topLeft() + QPointF(inset, inset), pixmap)
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
        least = 0
        if self._image is not None and self._image.width() > COARSE_SIDE:
            least = self._image.width() * LEAST_FINE_MODULE + 2 * PADDING
        side = max(self._side, least) + 2 * RING
        self.setFixedSize(side, side)
