"""The QR on screen is read by a decoder of another make, out of a picture of the real widget."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.core.theme import THEMES, Theme
from posapp.ui.widgets import qr
from posapp.ui.widgets.qr import (
    LEAST_FINE_MODULE,
    LEAST_MODULE,
    LEAST_PAPER,
    MARGIN,
    RING,
    QrCode,
)
from posapp.ui.widgets.qr_matrix import LONGEST_LINK, QUIET_ZONE, QrMatrix, encode

ROOT = Path(__file__).parents[3]
LINKS = (
    "https://impay.link/91e8f8cc",
    "http://192.168.123.234:54321/p/4c9b2a7f0d1e",
    "https://impay.link/" + "x" * 180,
)


def read(image: QImage) -> list[tuple[str, str]]:
    """The codes that zxing-cpp finds in a picture: (text, error correction level)."""
    shaped = memoryview(_grey(image)).cast("B", (image.height(), image.width()))
    found = zxingcpp.read_barcodes(shaped, formats=zxingcpp.BarcodeFormat.QRCode)
    return [(code.text, code.ec_level) for code in found]


def greys(image: QImage) -> set[int]:
    """Which shades there are; a smoothed edge brings more than black and white."""
    return set(_grey(image))


def _grey(image: QImage) -> bytes:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    view = memoryview(grey.constBits()).cast("B")
    step = grey.bytesPerLine()
    return b"".join(bytes(view[y * step : y * step + grey.width()]) for y in range(grey.height()))


@pytest.fixture
def code(qtbot: QtBot) -> QrCode:
    widget = QrCode()
    qtbot.addWidget(widget)
    return widget


def test_encode_is_square_and_has_its_quiet_zone():
    matrix = encode(LINKS[0])
    assert len(matrix.pixels) == matrix.side**2
    rows = [matrix.pixels[y * matrix.side : (y + 1) * matrix.side] for y in range(matrix.side)]
    for row in rows[:QUIET_ZONE] + rows[-QUIET_ZONE:]:
        assert set(row) == {255}
    assert all(set(row[:QUIET_ZONE] + row[-QUIET_ZONE:]) == {255} for row in rows)
    assert rows[QUIET_ZONE][QUIET_ZONE] == 0  # the corner of a finder


@pytest.mark.parametrize("link", ["", "x" * (LONGEST_LINK + 1)])
def test_encode_refuses_unencodable_text(link: str):
    with pytest.raises(ValueError, match="no QR code"):
        encode(link)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("link", LINKS)
def test_read_back_in_every_theme(qapp, qtbot: QtBot, theme: str, link: str):
    """On the theme's own ground, as the screen shows it."""
    dress = Theme(theme)
    dress.apply(qapp)
    room = QWidget()
    room.setProperty("role", "page")
    qtbot.addWidget(room)
    code = QrCode()
    layout = QHBoxLayout(room)
    layout.addWidget(code)
    code.show_matrix(encode(link))
    room.show()
    assert read(room.grab().toImage()) == [(link, "M")]
    qapp.setStyleSheet("")


@pytest.mark.parametrize("paper", [312, 317, 341, 392, 509, 632])
def test_whole_pixels_a_module_at_every_size(code: QrCode, paper: int):
    """Every module of the picture is one colour throughout: nothing was smoothed."""
    matrix = encode(LINKS[0])
    code.show_matrix(matrix)
    code.set_side(paper)
    side = code.width()
    image = code.grab().toImage()
    module = code.module_size()
    assert module == (side - 2 * MARGIN) // matrix.side >= LEAST_MODULE
    left = top = (side - module * matrix.side) // 2
    for y in range(matrix.side):
        for x in range(matrix.side):
            want = matrix.pixels[y * matrix.side + x]
            for dx, dy in ((0, 0), (module - 1, 0), (0, module - 1), (module - 1, module - 1)):
                at = image.pixelColor(left + x * module + dx, top + y * module + dy)
                assert at.getRgb()[:3] == (want, want, want)
    assert read(image) == [(LINKS[0], "M")]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_high_dpi_is_sharp_and_read_back(ratio: float):
    """In a process of its own, because a device pixel ratio is chosen at the start of Qt."""
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
sys.path.insert(0, {str(Path(__file__).parent)!r})
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
app = QApplication([])
from test_qr import LINKS, QrCode, encode, greys, read
for link in LINKS:
    for margin in (11, 16):
        room = QWidget()
        QHBoxLayout(room).setContentsMargins(margin, margin, margin, margin)
        code = QrCode()
        room.layout().addWidget(code)
        code.show_matrix(encode(link))
        code.set_side(690 - 2 * margin)
        room.resize(700 + margin, 700)
        room.show()
        image = room.grab().toImage()
        assert image.devicePixelRatio() == {ratio}, image.devicePixelRatio()
        assert read(image) == [(link, "M")]
        side = int(min(code.width(), code.height()) * {ratio} / 1.4)
        middle = code.geometry().center() * {ratio}
        inner = image.copy(middle.x() - side // 2, middle.y() - side // 2, side, side)
        assert greys(inner) == {{0, 255}}, sorted(greys(inner))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(ratio),
            "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_white_square_has_44_units_and_keeps_them(code: QrCode):
    assert (code.width(), code.height()) == (LEAST_PAPER + 2 * RING,) * 2
    for link in LINKS[:2]:
        code.show_matrix(encode(link))
        assert code.module_size() >= LEAST_MODULE
        assert code.paper_rect == QRectF(RING, RING, 352, 352)
    code.clear()
    assert code.paper_rect == QRectF(RING, RING, 352, 352)


@pytest.mark.parametrize("length", [200, 500, LONGEST_LINK])
def test_a_longer_link_gets_the_room_that_a_phone_needs(code: QrCode, length: int):
    link = "x" * length
    code.show_matrix(encode(link))
    assert code.width() > LEAST_PAPER + 2 * RING
    assert code.module_size() >= LEAST_FINE_MODULE
    assert read(code.grab().toImage()) == [(link, "M")]
    code.show_matrix(encode(LINKS[0]))
    assert code.width() == LEAST_PAPER + 2 * RING


class Paints(QObject):
    """Counts the paint events of a widget."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_cleared_code_disappears_at_once(code: QrCode, qtbot: QtBot):
    """It is painted over before ``clear`` returns, without a turn of the event loop."""
    code.show_matrix(encode(LINKS[0]))
    with qtbot.waitExposed(code):
        code.show()
    assert code.is_scannable
    assert read(code.grab().toImage()) == [(LINKS[0], "M")]
    paints = Paints()
    code.installEventFilter(paints)
    code.clear()
    assert paints.count == 1
    assert not code.is_scannable
    assert read(code.grab().toImage()) == []


def test_one_pixmap_for_many_paints(code: QrCode, monkeypatch):
    """The picture is scaled once for a size, not once for a paint."""
    made: list[QImage] = []
    real = qr.QPixmap.fromImage

    class Counting(qr.QPixmap):
        @staticmethod
        def fromImage(image: QImage) -> qr.QPixmap:
            made.append(image)
            return real(image)

    monkeypatch.setattr(qr, "QPixmap", Counting)
    code.show_matrix(encode(LINKS[0]))
    code.set_side(400)
    for _ in range(5):
        code.grab()
    assert len(made) == 1
    code.set_side(500)
    code.grab()
    assert len(made) == 2
    code.show_matrix(encode(LINKS[1]))
    code.grab()
    assert len(made) == 3


def test_a_code_that_was_inverted_would_be_noticed(qtbot: QtBot):
    """The check of these tests can fail: a smeared and a half-covered code are not read."""
    matrix = encode(LINKS[0])
    image = QImage(
        matrix.pixels, matrix.side, matrix.side, matrix.side, QImage.Format.Format_Grayscale8
    )
    big = image.scaled(matrix.side * 8, matrix.side * 8).convertToFormat(QImage.Format.Format_RGB32)
    assert read(big)
    painter = QPainter(big)
    painter.fillRect(0, 0, big.width() // 2, big.height(), QColor("white"))
    painter.end()
    assert read(big) == []


def test_the_matrix_owns_its_bytes_after_the_source_is_gone(code: QrCode):
    side = 29
    code.show_matrix(QrMatrix(side, bytes(side * side)))
    gc.collect()
    assert code.grab().toImage().pixelColor(code.width() // 2, code.height() // 2) == QColor(
        0, 0, 0
    )


def test_the_first_window_does_not_import_the_encoder():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, posapp.ui.widgets.qr, posapp.ui.core.sync_worker;"
            "print('qrcode' in sys.modules)",
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "False"
