"""Pictures of products as they are painted: kept ready, and loaded in the background."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from functools import partial
from zlib import crc32

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from posapp.domain.orders import Product
from posapp.ui.core.picture_file import rounded_picture
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme

MOST_KEPT = 256
"""Pictures that are kept at once, about 4 MiB of tiles: a page shows at most 60."""

_AT_ONCE = 12
"""Pictures that one task reads, so that the first of a page are soon there."""

_LETTER = 0.44
"""Size of the letter in place of a picture, as a share of its side."""

_TINTS = (
    ("accent-soft", "on-accent-soft"),
    ("success-soft", "success"),
    ("warning-soft", "warning"),
)
"""Ground and letter of a product without a picture: those of a category are alike."""

_LONG = 60

_Key = tuple[int, str, int]
"""A product, the name of its picture, and pixels a side."""

_Images = dict[_Key, QImage]


class ProductPictures(QObject):
    """Keeps pixmaps of pictures. What is not kept yet is read and decoded by the task runner, while
    the page paints the placeholder.

    Args:
        read: returns the pictures of some products; called in another thread.
    """

    changed = Signal()
    """More pictures can be painted."""

    def __init__(
        self,
        theme: Theme,
        runner: TaskRunner,
        read: Callable[[Collection[int]], dict[int, bytes]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._runner, self._read = theme, runner, read
        self._kept: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._wanted: dict[_Key, float] = {}
        self._loading: set[_Key] = set()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._load)

    def paint(self, painter: QPainter, product: Product, area: QRectF) -> None:
        """Paint the picture of a product, or the first letter of its name on a tint."""
        pixmap = self._pixmap(product, area.width(), painter.device().devicePixelRatio())
        if pixmap is None:
            paint_letter(painter, self._theme, product.name, product.category, area)
        else:
            painter.drawPixmap(area.topLeft(), pixmap)

    def _pixmap(self, product: Product, side: float, ratio: float) -> QPixmap | None:
        """Return the picture if it is ready; have it read if it is not."""
        if not product.picture:
            return None
        key = (product.id, product.picture, round(side * ratio))
        pixmap = self._kept.get(key)
        if pixmap is not None:
            self._kept.move_to_end(key)
            return None if pixmap.isNull() else pixmap
        if key not in self._loading:
            self._wanted[key] = ratio
            self._soon.start()
        return None

    @Slot()
    def _load(self) -> None:
        while self._wanted:
            some = [self._wanted.popitem() for _ in range(min(_AT_ONCE, len(self._wanted)))]
            ratios = dict(some)
            self._loading |= ratios.keys()
            radius = self._theme.size("radius-small")
            work = partial(_images, self._read, ratios, radius)
            self._runner.run(work, partial(self._loaded, ratios), owner=self)

    def _loaded(self, ratios: dict[_Key, float], outcome: TaskResult[_Images]) -> None:
        self._loading -= ratios.keys()
        if outcome.value is None:
            return  # the next paint asks again: the file was busy, perhaps
        for key, image in outcome.value.items():
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(ratios[key])
            self._kept[key] = pixmap
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        self.changed.emit()


def _images(
    read: Callable[[Collection[int]], dict[int, bytes]], ratios: dict[_Key, float], radius: float
) -> _Images:
    """Return the pictures in the sizes that are wanted; null ones of what is not there."""
    contents = read({number for number, _, _ in ratios})
    return {
        key: rounded_picture(contents.get(key[0], b""), key[2], radius * ratio)
        for key, ratio in ratios.items()
    }


def letter_of(name: str) -> str:
    """Return the first letter or digit of a name, or nothing."""
    shown = display_text(name, _LONG, run=_LONG)
    return next((one for one in shown if one.isalnum()), "").upper()


def paint_letter(painter: QPainter, theme: Theme, name: str, category: str, area: QRectF) -> None:
    """Paint the first letter or digit of a product's name on the tint of its category."""
    ground, colour = _TINTS[crc32((category or name).encode("utf-8", "replace")) % len(_TINTS)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    radius = theme.size("radius-small")
    painter.drawRoundedRect(area, radius, radius)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(round(area.height() * _LETTER))
    painter.setFont(font)
    painter.setPen(theme.colour(colour))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, letter_of(name))
    painter.restore()


class PictureView(QWidget):
    """Shows one picture, or the first letter of the product that has none."""

    def __init__(self, theme: Theme, side: int) -> None:
        super().__init__()
        self._theme = theme
        self._name = self._category = ""
        self._pixmap = QPixmap()
        self.setFixedSize(side, side)
        theme.changed.connect(self.update)

    def show_image(self, image: QImage) -> None:
        """Show a picture; a null one shows the letter."""
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def name_product(self, name: str, category: str) -> None:
        """Set what the letter and its tint are of."""
        self._name, self._category = name, category
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, or the letter, or an empty frame where no name is typed yet."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._pixmap.isNull() and self._name.strip():
            paint_letter(painter, self._theme, self._name, self._category, area)
        elif self._pixmap.isNull():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("border"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(self._theme.colour("surface-sunken"))
            radius = self._theme.size("radius-small")
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self.rect(), self._pixmap)
        painter.end()
