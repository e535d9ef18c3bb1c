"""The QR code on screen: dark on white in every theme, whole pixels a module, gone when over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from posapp.ui.widgets.qr_matrix import QrMatrix

LEAST_MODULE = 8
"""Device-independent pixels a module, at least: what a phone reads from arm's length."""

USUAL_SIDE = 37
"""Modules of a code for a link of PortOne's length, quiet zone included: the room kept for it."""

PADDING = 8
"""Pixels of white beyond the quiet zone; the sheet's round corners stay within it."""

MARGIN = PADDING + 4
"""Pixels kept free around the quiet zone: the white, and room for a ring that shows the focus."""

ROUNDING = 12

WHITE = Qt.GlobalColor.white
"""Never a theme's colour: a code that is inverted or tinted is not read by every phone."""


class QrCode(QWidget):
    """Shows a ``QrMatrix``, or nothing at all.

    The matrix comes from ``qr_matrix.encode``, called elsewhere. The widget keeps one pixmap for
    its size and device pixel ratio, scaled without smoothing by a whole number of device pixels a
    module, and paints it on a white sheet in its middle.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._pixmap: QPixmap | None = None
        self._made_for: tuple[int, float] | None = None
        self.sheet = QRectF()
        """The white that was painted last."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._fit()

    @property
    def is_scannable(self) -> bool:
        """A code is there to be painted."""
        return self._image is not None

    def show_matrix(self, matrix: QrMatrix) -> None:
        """Show this code from the next paint on."""
        side = matrix.side
        # The image would only borrow the bytes; the copy owns them.
        self._image = QImage(
            matrix.pixels, side, side, side, QImage.Format.Format_Grayscale8
        ).copy()
        self._made_for = None
        self._fit()
        self.update()

    def clear(self) -> None:
        """Forget the code: from the next paint on there is nothing left to scan.

        Painted at once and not at the event loop's leisure, because a code that is over must not
        be scanned in between.
        """
        if self._image is None:
            return
        self._image = None
        self._pixmap = None
        self._made_for = None
        if self.isVisible():
            self.repaint()

    def module_size(self) -> int:
        """Device pixels a module at the present size; 0 while there is no code."""
        if self._image is None:
            return 0
        room = (min(self.width(), self.height()) - 2 * MARGIN) * self.devicePixelRatioF()
        return max(1, int(room) // self._image.width())

    def sizeHint(self) -> QSize:
        """At least a third of the screen's height, so that nobody has to bend down to scan."""
        side = max(self.minimumWidth(), self.screen().availableSize().height() // 3)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a sheet of white in the middle, and the code on it."""
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
        self.sheet = code.adjusted(-PADDING, -PADDING, PADDING, PADDING)
        painter.drawRoundedRect(self.sheet, ROUNDING, ROUNDING)
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
