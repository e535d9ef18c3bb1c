"""Files that are chosen as pictures become a small square, or are refused for what they are."""

from __future__ import annotations

import os
import random
import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.products import MOST_PICTURE_BYTES, PICTURE_SIDE, is_stored_picture
from posapp.ui.core.picture_file import (
    MOST_BYTES,
    MOST_PIXELS,
    read_picture,
    rounded_picture,
    stored_picture,
)

KINDS = ("png", "jpeg", "webp")


def written(image: QImage, kind: str, **texts: str) -> bytes:
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(kept, QByteArray(kind.encode()))
    for key, text in texts.items():
        writer.setText(key, text)
    assert writer.write(image)
    return bytes(kept.data().data())


def flag(width: int, height: int) -> QImage:
    """Red, with a green square in its middle."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    side = min(width, height)
    painter = QPainter(image)
    painter.fillRect((width - side) // 2, (height - side) // 2, side, side, QColor("green"))
    painter.end()
    return image


def png_of(width: int, height: int) -> bytes:
    """The head of a PNG that says it is so large; no pixels follow."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\x09IDAT"


def refused(content: bytes) -> ErrorCode:
    with pytest.raises(UserError) as error:
        stored_picture(content)
    return error.value.code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(640, 400), (300, 900)])
def test_the_middle_square_is_kept(kind: str, size: tuple[int, int]) -> None:
    stored = stored_picture(written(flag(*size), kind))
    image = QImage.fromData(stored)
    assert is_stored_picture(stored)
    assert (image.width(), image.height()) == (PICTURE_SIDE, PICTURE_SIDE)
    for x, y in ((12, 12), (128, 128), (243, 243)):
        colour = image.pixelColor(x, y)
        assert colour.green() > 100 > 40 > colour.red(), (x, y, colour.name())


def test_a_small_picture_is_not_blown_up() -> None:
    image = QImage.fromData(stored_picture(written(flag(40, 30), "png")))
    assert (image.width(), image.height()) == (30, 30)


def test_a_thin_line_does_not_become_a_huge_picture() -> None:
    image = QImage.fromData(stored_picture(written(flag(20_000, 1), "png")))
    assert (image.width(), image.height()) == (1, 1)


def test_what_is_transparent_stays_so() -> None:
    image = QImage(64, 64, QImage.Format.Format_ARGB32)
    image.fill(0)
    assert QImage.fromData(stored_picture(written(image, "png"))).pixelColor(9, 9).alpha() == 0


def test_metadata_of_a_camera_is_left_out() -> None:
    content = written(flag(64, 64), "png", Comment="37.5665N 126.9780E")
    assert b"37.5665N" in content
    assert b"37.5665N" not in stored_picture(content)


def test_the_noisiest_picture_is_small_enough_to_be_stored() -> None:
    pixels = random.Random(1).randbytes(4 * PICTURE_SIDE**2)
    image = QImage(pixels, PICTURE_SIDE, PICTURE_SIDE, QImage.Format.Format_ARGB32)
    assert len(stored_picture(written(image, "png"))) < MOST_PICTURE_BYTES
    assert len(written(image, "png")) < MOST_PICTURE_BYTES, "where Qt writes no WebP"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
@pytest.mark.qt_log_ignore(".*")
def test_a_picture_that_is_cut_off_is_broken(kind: str, share: float) -> None:
    pixels = random.Random(2).randbytes(4 * 200 * 200)
    content = written(QImage(pixels, 200, 200, QImage.Format.Format_RGB32), kind)
    assert refused(content[: int(len(content) * share)]) is ErrorCode.PICTURE_BROKEN


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\x89PNG", b"GIF89a" + bytes(99), b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        *(b"RIFF\x10\0\0\0WAVEfmt ", "빵".encode(), b"BM" + bytes(99)),
    ],
)
def test_other_files_are_no_pictures(content: bytes) -> None:
    assert refused(content) is ErrorCode.PICTURE_KIND


@pytest.mark.qt_log_ignore(".*")
def test_too_many_pixels_or_bytes_are_refused_before_they_are_decoded() -> None:
    assert refused(png_of(MOST_PIXELS // 5_000 + 1, 5_000)) is ErrorCode.PICTURE_LARGE
    assert refused(png_of(MOST_PIXELS // 5_000, 5_000)) is ErrorCode.PICTURE_BROKEN
    assert refused(png_of(0, 9)) is ErrorCode.PICTURE_BROKEN
    content = written(flag(9, 9), "png")
    assert stored_picture(content.ljust(MOST_BYTES, b"\0"))
    assert refused(content.ljust(MOST_BYTES + 1, b"\0")) is ErrorCode.PICTURE_LARGE


def test_files_are_read_and_what_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "빵.png"
    path.write_bytes(written(flag(64, 64), "png"))
    assert read_picture(path) == stored_picture(path.read_bytes())
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    for wrong, code in (
        (tmp_path, ErrorCode.PICTURE_UNREADABLE),
        (tmp_path / "gone.png", ErrorCode.PICTURE_UNREADABLE),
        (pipe, ErrorCode.PICTURE_UNREADABLE),
        (Path("a\0b.png"), ErrorCode.PICTURE_UNREADABLE),
        (large, ErrorCode.PICTURE_LARGE),
    ):
        with pytest.raises(UserError) as error:
            read_picture(wrong)
        assert error.value.code is code, wrong


def test_a_stored_picture_is_drawn_with_round_corners() -> None:
    image = rounded_picture(stored_picture(written(flag(300, 300), "webp")), 60, 8)
    assert (image.width(), image.height()) == (60, 60)
    assert (image.pixelColor(0, 0).alpha(), image.pixelColor(30, 30).alpha()) == (0, 255)
    assert rounded_picture(b"", 60, 8).isNull() and rounded_picture(b"RIFF...", 60, 8).isNull()
