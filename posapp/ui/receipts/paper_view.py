"""A paper on the screen: its lines and its code on a slip with a torn lower edge."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.printing.order_code import code_matrix
from posapp.ui.printing.page_layout import CopyMark
from posapp.ui.printing.paper import LineKind, Paper, PaperLine
from posapp.ui.widgets import boxes
from posapp.ui.widgets.qr import QrCode
from posapp.ui.widgets.roles import BoldLabel, Frame, Label

PAPER_WIDTH = 560
"""Width in pixels."""

TOOTH = 8
"""Height of the torn edge's teeth in pixels; they are twice as wide."""

CODE_SIDE = 128
"""Side of the code's white square in pixels: 4 a module, as a number of an order needs 29."""

_ROUNDING = 16
_MARGIN = 32
_GAP = 12
_CENTRE = Qt.AlignmentFlag.AlignHCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
_ROLES = {
    LineKind.HEADING: "heading",
    LineKind.CAPTION: "muted",
    LineKind.AMOUNT: "money-large",
    LineKind.TEXT: "body",
}
_ROWS = (LineKind.PAIR, LineKind.ITEM, LineKind.GOODS, LineKind.SUM)


class PaperView(QWidget):
    """Shows a paper as it would be printed now. All texts can be selected."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._paper: Paper | None = None
        self._labels: list[QLabel] = []
        self.mark_label = Label("heading", wraps=True)
        self.mark_details = Label("caption", wraps=True)
        self.mark_frame = self._marked()
        self._inside: QWidget | None = None
        self.setFixedWidth(PAPER_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._column = boxes.column(
            self.mark_frame, on=self, gap=_GAP, margins=(_MARGIN, 24, _MARGIN, 24 + TOOTH)
        )
        theme.changed.connect(self.update)

    def show_paper(self, paper: Paper | None, mark: CopyMark | None = None) -> None:
        """Show a paper with the mark of its next print, or nothing."""
        if self._inside is not None:
            self._inside.hide()
            self._column.removeWidget(self._inside)
            self._inside.deleteLater()
            self._inside = None
        self._labels.clear()
        self._paper = paper
        if paper is not None:
            self._inside = self._contents(paper)
            self._column.addWidget(self._inside)
            self.setAccessibleName(paper.label)
        self.show_mark(mark)

    def show_mark(self, mark: CopyMark | None) -> None:
        """Show the mark of the next print, or none."""
        self.mark_label.setText(mark.label if mark else "")
        self.mark_details.setText(mark.details if mark else "")
        self.mark_frame.setVisible(mark is not None)
        self.setAccessibleDescription(", ".join(self.lines()))
        self.updateGeometry()

    def lines(self) -> list[str]:
        """Return every text on the paper in reading order, for tests and screen readers."""
        marks = [one.text() for one in (self.mark_label, self.mark_details) if one.text()]
        return marks + [label.text() for label in self._labels]

    def sizeHint(self) -> QSize:
        """Return the height of the contents at the fixed width."""
        return QSize(PAPER_WIDTH, self._column.totalHeightForWidth(PAPER_WIDTH))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: a paper is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the paper, with round upper corners and a torn lower edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("hairline"), 1))
        painter.setBrush(self._theme.colour("surface-raised"))
        painter.drawPath(_outline(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)))
        painter.end()

    def _marked(self) -> Frame:
        frame = Frame("banner")
        frame.setProperty("tone", "notice")
        inside = boxes.column(on=frame, gap=4, margins=(16, 12, 16, 12))
        for label in (self.mark_label, self.mark_details):
            label.setAlignment(_CENTRE)
            inside.addWidget(label)
        frame.hide()
        return frame

    def _contents(self, paper: Paper) -> QWidget:
        inside = QWidget()
        column = boxes.column(on=inside, gap=4)
        grid: QGridLayout | None = None
        for line, following in zip(paper.lines, (*paper.lines[1:], None), strict=True):
            of_goods = following is not None and following.kind is LineKind.GOODS
            if line.kind is LineKind.RULE and grid is not None and of_goods:
                # The names of the columns stand above their figures.
                grid.addWidget(DashedLine(self._theme), grid.rowCount(), 0, 1, -1)
                continue
            if line.kind not in _ROWS:
                grid = None
                self._add(column, line)
                continue
            if grid is None:
                grid = _grid(stretched=1 if line.kind is LineKind.PAIR else 0)
                column.addLayout(grid)
            self._add_row(grid, line)
        self._add_code(column, paper.code)
        return inside

    def _add_code(self, column: QVBoxLayout, code: str) -> None:
        square = QrCode()
        square.set_side(CODE_SIDE)
        square.show_matrix(code_matrix(code))
        square.setAccessibleName(code)
        column.addSpacing(_GAP)
        column.addWidget(square, 0, _CENTRE)
        column.addWidget(self._label("muted", code), 0, _CENTRE)

    def _add(self, column: QVBoxLayout, line: PaperLine) -> None:
        if line.kind is LineKind.RULE:
            column.addWidget(DashedLine(self._theme))
        elif line.kind is LineKind.BADGE:
            badge = self._label("badge", line.text)
            badge.setProperty("mode", "test")
            column.addWidget(badge, 0, _CENTRE)
        else:
            label = self._kept(BoldLabel(), line.text) if line.kind is LineKind.NOTE else None
            label = label or self._label(_ROLES[line.kind], line.text, wraps=True)
            if line.kind is not LineKind.TEXT:
                label.setAlignment(_CENTRE)
            column.addWidget(label)

    def _add_row(self, grid: QGridLayout, line: PaperLine) -> None:
        match line.kind:
            case LineKind.ITEM:
                self._add_item(grid, line)
            case LineKind.GOODS:
                self._add_goods(grid, line)
            case LineKind.SUM:
                self._add_sum(grid, line)
            case _:
                self._add_pair(grid, line)

    def _add_goods(self, grid: QGridLayout, line: PaperLine) -> None:
        row = grid.rowCount()
        name = f"{line.text}\n{line.detail}" if line.detail else line.text
        grid.addWidget(self._label("body", name, wraps=True), row, 0, Qt.AlignmentFlag.AlignTop)
        for column, text in enumerate((*line.cells, line.value), start=1):
            grid.addWidget(self._label("body", text), row, column, _RIGHT)

    def _add_sum(self, grid: QGridLayout, line: PaperLine) -> None:
        row = grid.rowCount()
        for text, column, span in ((line.text, 0, 1), (line.value, 1, 3)):
            label = BoldLabel() if line.is_strong else Label("body" if column else "muted")
            self._kept(label, text)
            label.setAlignment(_RIGHT if column else Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(label, row, column, 1, span)

    def _add_item(self, grid: QGridLayout, line: PaperLine) -> None:
        role, row = "muted" if line.is_void else "body", grid.rowCount()
        grid.addWidget(self._label(role, line.text, wraps=True), row, 0)
        grid.addWidget(self._label("caption", line.detail), row, 1, _RIGHT)
        grid.addWidget(self._label(role, line.value), row, 2, _RIGHT)

    def _add_pair(self, grid: QGridLayout, line: PaperLine) -> None:
        row = grid.rowCount()
        grid.addWidget(self._label("muted", line.text), row, 0, Qt.AlignmentFlag.AlignTop)
        value = self._label("body", line.value, wraps=True)
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(value, row, 1)

    def _label(self, role: str, text: str, *, wraps: bool = False) -> QLabel:
        return self._kept(Label(role, wraps=wraps), text)

    def _kept(self, label: QLabel, text: str) -> QLabel:
        label.setText(text)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._labels.append(label)
        return label


class DashedLine(QWidget):
    """Dashed separator."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(17)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashes in the middle of the height."""
        painter = QPainter(self)
        pen = QPen(self._theme.colour("border"), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, 8.5), QPointF(self.width(), 8.5))
        painter.end()


def _grid(*, stretched: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(stretched, 1)
    return grid


def _outline(area: QRectF) -> QPainterPath:
    teeth = max(1, round(area.width() / (2 * TOOTH)))
    step = area.width() / teeth
    foot = area.bottom() - TOOTH
    path = QPainterPath(QPointF(area.left(), foot))
    path.lineTo(area.left(), area.top() + _ROUNDING)
    path.quadTo(area.topLeft(), QPointF(area.left() + _ROUNDING, area.top()))
    path.lineTo(area.right() - _ROUNDING, area.top())
    path.quadTo(area.topRight(), QPointF(area.right(), area.top() + _ROUNDING))
    path.lineTo(area.right(), foot)
    for tooth in range(teeth, 0, -1):
        path.lineTo(area.left() + (tooth - 0.5) * step, area.bottom())
        path.lineTo(area.left() + (tooth - 1) * step, foot)
    path.closeSubpath()
    return path
