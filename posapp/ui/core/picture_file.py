"""Pictures of products: read from a file, and scaled to what is stored.

All of it runs in any thread. None of it belongs on the GUI thread: a large PNG takes seconds.
"""

from __future__ import annotations

import stat
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QImageReader, QImageWriter, QPainter

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.products import PICTURE_SIDE

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 50_000_000
"""Of a file that is chosen. At four bytes a pixel Qt still reads it: its own limit is 256 MiB."""

_QUALITY = 90
_STARTS = ((b"\x89PNG\r\n\x1a\n", b"png"), (b"\xff\xd8\xff", b"jpeg"), (b"RIFF", b"webp"))
"""How files of each kind begin. The kind is named to Qt, which would else try each one it knows."""

_JPEG_SCAN, _JPEG_END = b"\xff\xda", b"\xff\xd9"


def read_picture(path: Path) -> bytes:
    """Return the picture of a file as it is stored.

    Raises:
        UserError: ``PICTURE_UNREADABLE``: it is no file, or may not be read; and what
            ``stored_picture`` raises.
    """
    try:
        # A pipe or a device would never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UserError(ErrorCode.PICTURE_UNREADABLE)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UserError(ErrorCode.PICTURE_UNREADABLE) from error
    return stored_picture(content)


def stored_picture(content: bytes) -> bytes:
    """Return the middle square of a picture, scaled to what is stored, with nothing but its pixels.

    Raises:
        UserError: ``PICTURE_LARGE``: more than ``MOST_BYTES`` or ``MOST_PIXELS``;
            ``PICTURE_KIND``: no PNG, JPEG or WebP; ``PICTURE_BROKEN``: damaged or cut off.
    """
    if len(content) > MOST_BYTES:
        raise UserError(ErrorCode.PICTURE_LARGE)
    kind = next((one for start, one in _STARTS if content.startswith(start)), None)
    if kind is None or (kind == b"webp" and content[8:12] != b"WEBP"):
        raise UserError(ErrorCode.PICTURE_KIND)
    # Qt shows a JPEG that is cut off as one that is grey below.
    if kind == b"jpeg" and content.rfind(_JPEG_END) < content.rfind(_JPEG_SCAN):
        raise UserError(ErrorCode.PICTURE_BROKEN)
    reader = _reader(content, kind)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > MOST_PIXELS:
        raise UserError(ErrorCode.PICTURE_LARGE)
    side = min(size.width(), size.height())
    if not size.isValid() or side < 1:
        raise UserError(ErrorCode.PICTURE_BROKEN)
    middle = QRect((size.width() - side) // 2, (size.height() - side) // 2, side, side)
    reader.setClipRect(middle)
    reader.setScaledSize(QSize(1, 1) * min(side, PICTURE_SIDE))
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        raise UserError(ErrorCode.PICTURE_BROKEN)
    return _written(image)


def rounded_picture(content: bytes, side: int, radius: float) -> QImage:
    """Return a stored picture as a square of so many pixels with round corners; null if broken."""
    image = QImage.fromData(QByteArray(content))
    if image.isNull():
        return image
    scaled = image.scaled(
        *(side, side),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    made = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(0)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QBrush(scaled))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(0, 0, side, side), radius, radius)
    painter.end()
    return made


def _reader(content: bytes, kind: bytes) -> QImageReader:
    kept = QBuffer()
    kept.setData(QByteArray(content))
    kept.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(kept, QByteArray(kind))
    reader._kept = kept  # type: ignore[attr-defined]  # the reader does not own its device
    return reader


def _written(image: QImage) -> bytes:
    """Return a picture without what a camera wrote beside its pixels: places, names, a preview."""
    plain = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    plain.fill(0)
    painter = QPainter(plain)
    painter.drawImage(0, 0, image)
    painter.end()
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    kinds = {bytes(one.data()) for one in QImageWriter.supportedImageFormats()}
    writer = QImageWriter(kept, QByteArray(b"webp" if b"webp" in kinds else b"png"))
    if b"webp" in kinds:
        writer.setQuality(_QUALITY)
    if not writer.write(plain):
        raise UserError(ErrorCode.PICTURE_BROKEN)
    return bytes(kept.data().data())
