"""Read-only table: whole rows, no grid, rows of touch height."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from posapp.ui.core.theme import Theme

ROW_HEIGHT = 56
"""Height in pixels; above the smallest target of 48."""

_RING, _BAR = 3, 4
_AHEAD = 20
"""Rows before the end at which the next page is fetched, so that scrolling is not interrupted."""


class Table(QTableView):
    """Shows a model's rows and fetches further pages in advance.

    The vertical header is hidden: with it a long model that shrinks freezes the view for seconds.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: QAbstractItemModel | None = None
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(ROW_HEIGHT)
        horizontal = self.horizontalHeader()
        horizontal.setHighlightSections(False)
        horizontal.setSectionsClickable(False)
        horizontal.setSectionsMovable(False)
        self.verticalScrollBar().valueChanged.connect(self._fetch_ahead)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._fetch_ahead())

    def show_rows(self, model: QAbstractItemModel) -> None:
        """Show the rows of a model."""
        self._rows = model
        self.setModel(model)

    def set_widths(self, widths: Sequence[int], stretched: int) -> None:
        """Set the widths of the columns in pixels; one takes the rest."""
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            if column == stretched:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(column, width)

    def viewportSizeHint(self) -> QSize:
        """Return room for a few rows; the layout gives the rest."""
        return QSize(640, 4 * ROW_HEIGHT)

    def _fetch_ahead(self) -> None:
        bar = self.verticalScrollBar()
        model = self._rows
        if model is not None and bar.maximum() - bar.value() < _AHEAD * ROW_HEIGHT:
            root = QModelIndex()
            if model.canFetchMore(root):
                model.fetchMore(root)


def paint_row_ground(
    painter: QPainter,
    theme: Theme,
    area: QRectF,
    *,
    is_chosen: bool,
    has_focus: bool,
    is_first: bool = True,
    is_last: bool = True,
) -> None:
    """Paint the ground of a cell: a hairline below it, or the selection and its focus ring.

    Args:
        is_first, is_last: the cell is at the left, or at the right end of its row.
    """
    left, top, width, height = area.left(), area.top(), area.width(), area.height()
    if not is_chosen:
        painter.fillRect(QRectF(left, area.bottom() - 1, width, 1), theme.colour("hairline"))
        return
    painter.fillRect(area, theme.colour("selection"))
    if is_first:
        painter.fillRect(QRectF(left, top, _BAR, height), theme.colour("accent"))
    if has_focus:
        ring = theme.colour("text" if theme.name == "contrast" else "focus")
        painter.fillRect(QRectF(left, top, width, _RING), ring)
        painter.fillRect(QRectF(left, area.bottom() - _RING, width, _RING), ring)
        if is_first:
            painter.fillRect(QRectF(left, top, _RING, height), ring)
        if is_last:
            painter.fillRect(QRectF(area.right() - _RING, top, _RING, height), ring)
