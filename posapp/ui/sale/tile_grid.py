"""Tiles of products: a press, or Enter on the current one, picks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from posapp.domain.orders import Product
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.product_pictures import ProductPictures

LEAST_WIDTH, HEIGHT = 152, 96
"""Size of a tile in pixels with the gap around it; the tiles of a line share what room there is."""

_GAP, _PADDING, _BAR = 8, 10, 4
_PICTURE = 60
_BESIDE = 8
_PRICE = 22
_NAME_LINES = 3
_LONG = 60
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)


class TileModel(QAbstractListModel):
    """The products of the tiles."""

    ProductRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, texts: Translator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._products: tuple[Product, ...] = ()
        texts.changed.connect(self._write_again)

    @property
    def products(self) -> tuple[Product, ...]:
        """Return the products in their order."""
        return self._products

    def show(self, products: Sequence[Product]) -> None:
        """Replace the products."""
        if tuple(products) == self._products:
            return
        self.beginResetModel()
        self._products = tuple(products)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of tiles."""
        return 0 if parent.isValid() else len(self._products)

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        """Return the name; whole as the tool tip, with the price for screen readers."""
        if not index.isValid():
            return None
        product = self._products[index.row()]
        name = display_text(product.name, _LONG, run=_LONG)
        if role == self.ProductRole:
            return product
        if role in (_DISPLAY, _TOOL_TIP):
            return name
        if role == _SPOKEN:
            return f"{name}, {self.price_of(product)}"
        return None

    def price_of(self, product: Product) -> str:
        """Return what is said below the name: that it is sold out, or its price."""
        if product.is_tracked and product.stock <= 0:
            return self._texts("sale.sold_out")
        return self._texts.won(product.price)

    def _write_again(self) -> None:
        if self._products:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._products) - 1, 0))


class _TilePainter(QStyledItemDelegate):
    """Paints a tile in the colours of the theme."""

    def __init__(
        self, theme: Theme, pictures: ProductPictures, model: TileModel, parent: TileGrid
    ) -> None:
        super().__init__(parent)
        self._theme, self._pictures, self._model, self._grid = theme, pictures, model, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size that a tile has in the grid."""
        return self._grid.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint ground, picture, name and price; the current tile has the ring of the focus."""
        product: Product = index.data(TileModel.ProductRole)
        theme, half = self._theme, _GAP / 2
        is_current = bool(option.state & QStyle.StateFlag.State_Selected) and self._grid.is_used
        has_focus = is_current and self._grid.hasFocus()
        area = QRectF(option.rect).adjusted(half, half, -half, -half)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.colour("focus" if has_focus else "accent" if is_current else "border")
        painter.setPen(QPen(edge, theme.size("ring") if has_focus else 1))
        painter.setBrush(theme.colour("selection" if is_current else "surface-raised"))
        radius = theme.size("radius-small")
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)
        if product.colour:
            bar = QRectF(area.x() + 4, area.y() + _PADDING, _BAR, area.height() - 2 * _PADDING)
            painter.fillRect(bar, QColor(product.colour))
        picture = QRectF(0, 0, _PICTURE, _PICTURE)
        picture.moveTopLeft(area.topLeft() + QPointF(_PADDING, (area.height() - _PICTURE) / 2))
        self._pictures.paint(painter, product, picture)
        left = _PADDING + _PICTURE + _BESIDE
        inside = area.adjusted(left, _PADDING, -_BESIDE, -_PADDING + 2)
        top = QRectF(inside.x(), inside.y(), inside.width(), inside.height() - _PRICE)
        below = QRectF(inside.x(), top.bottom(), inside.width(), _PRICE)
        text = theme.colour("on-selection" if is_current else "text")
        painter.setPen(text)
        self._paint_name(painter, option.font, top, product.name)
        font = QFont(option.font)
        font.setPixelSize(theme.size("font-caption"))
        painter.setFont(font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(below, right, self._model.price_of(product))
        painter.restore()

    def _paint_name(self, painter: QPainter, base: QFont, room: QRectF, name: str) -> None:
        """Paint a name in three lines, of which the last is cut where it is too long."""
        font = QFont(base)
        font.setBold(True)
        font.setPixelSize(self._theme.size("font-caption"))
        painter.setFont(font)
        metrics, width = painter.fontMetrics(), int(room.width())
        rest, height = display_text(name, _LONG, run=_LONG), metrics.height()
        line = QRectF(room.x(), room.y(), room.width(), height)
        for at in range(_NAME_LINES):
            if at < _NAME_LINES - 1:
                text, rest = _broken(rest, width, metrics.horizontalAdvance)
            else:
                text = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
            painter.drawText(line, 0, text)
            line.translate(0, height)


def _broken(text: str, width: int, advance: Any) -> tuple[str, str]:
    """Break a text once: after the last word that fits, or after the last letter that does."""
    if advance(text) <= width:
        return text, ""
    fits = next(at for at in range(len(text), 0, -1) if at == 1 or advance(text[:at]) <= width)
    blank = text.rfind(" ", 0, fits + 1)
    at = blank if blank > 0 else fits
    return text[:at], text[at:].strip()


class TileGrid(QListView):
    """Arrows move between the tiles; a press or Enter picks one.

    Args:
        pictures: of the products.
        search: moves the current tile, too.
    """

    picked = Signal(object)
    """A product is picked. Carries it."""

    def __init__(
        self, texts: Translator, theme: Theme, pictures: ProductPictures, search: QWidget
    ) -> None:
        super().__init__()
        self._search = search
        self.tiles = TileModel(texts, self)
        self.setModel(self.tiles)
        self.setObjectName("productTiles")
        texts.bind("sale.tiles").show_in(self, QWidget.setAccessibleName)
        self.setItemDelegate(_TilePainter(theme, pictures, self.tiles, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.clicked.connect(lambda _: self.pick())
        theme.changed.connect(self.viewport().update)
        pictures.changed.connect(self.viewport().update)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self.viewport().update)

    @property
    def is_used(self) -> bool:
        """Return whether Enter would pick the current tile: otherwise none is shown as that."""
        return self.hasFocus() or self._search.hasFocus()

    @property
    def current(self) -> Product | None:
        """Return the product of the current tile, or ``None``."""
        at = self.currentIndex().row()
        return self.tiles.products[at] if 0 <= at < len(self.tiles.products) else None

    def show_products(self, products: Sequence[Product]) -> None:
        """Show other products; the first one is current."""
        self.tiles.show(products)
        self.select(0)

    def select(self, at: int) -> None:
        """Make a tile current; one beyond an end is the one at that end."""
        last = len(self.tiles.products) - 1
        if last >= 0:
            self.setCurrentIndex(self.tiles.index(min(max(at, 0), last), 0))

    def select_by(self, by: int) -> None:
        """Make the tile that is so many tiles after the current one current."""
        self.select(self.currentIndex().row() + by)

    def pick(self) -> None:
        """Pick the current tile."""
        product = self.current
        if product is not None:
            self.picked.emit(product)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick by Enter, once; letters and digits are the page's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.pick()
        elif event.text() or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among as many tiles as it has room for."""
        room = self.viewport().width()
        columns = max(1, (room - 1) // LEAST_WIDTH)
        # A line that ends at the last pixel of the view would be broken before its last tile.
        self.setGridSize(QSize(max(1, (room - 1) // columns), HEIGHT))
        super().resizeEvent(event)

    def viewportSizeHint(self) -> QSize:
        """Return room for a few tiles; the layout gives the rest."""
        return QSize(3 * LEAST_WIDTH, 2 * HEIGHT)
