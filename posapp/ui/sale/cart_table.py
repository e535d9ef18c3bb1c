"""Lines of the cart, newest last, with one column of amounts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.carts import LineError
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.vat import TaxKind
from posapp.services.sale.cart_view import LineProblem, LineView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.two_line_table import TwoLineTable

_LONG = 200
_BACKSPACE = Qt.Key.Key_Backspace
_ESCAPE = Qt.Key.Key_Escape


def is_count_key(event: QKeyEvent) -> bool:
    """Return whether a key belongs to the count: a digit, +, − or Backspace."""
    text = event.text()
    is_character = len(text) == 1 and text in "0123456789+-"
    return is_character or event.key() == _BACKSPACE


class CartTable(TwoLineTable):
    """The lines of the cart. Keys of the count are the page's: they are passed on.

    Attributes:
        empty: is shown in the place of the lines while there are none.
    """

    def __init__(self, texts: Translator, theme: Theme) -> None:
        self._texts = texts
        columns = (
            Column(texts.bind("sale.product"), stretches=True),
            Column(texts.bind("sale.price"), is_right=True),
            Column(texts.bind("sale.count"), is_right=True),
            Column(texts.bind("sale.discount"), is_right=True),
            Column(texts.bind("sale.amount"), is_right=True),
        )
        self.lines = RowsModel(texts, columns, lambda row: row.line.id, self._cells, lambda: None)
        super().__init__(theme, self.lines)
        self.lines.setParent(self)
        self.setObjectName("cartTable")
        texts.bind("sale.cart").show_in(self, QWidget.setAccessibleName)
        self.empty = EmptyState(theme)
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.empty.say(texts.bind("sale.empty"), texts.bind("sale.empty_why"))
        boxes.column(self.empty, on=self.viewport())

    def show_lines(self, lines: tuple[LineView, ...], line_id: int | None) -> None:
        """Show the lines, and make one current; ``None`` leaves it to the place that was."""
        self.lines.show(lines, has_more=False)
        self.empty.setVisible(not lines)
        if line_id is not None:
            self.select(self.lines.place_of(line_id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass the keys of the count on; all others move between the lines."""
        if is_count_key(event) or event.key() == _ESCAPE:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _cells(self, row: LineView) -> tuple[Cell, ...]:
        texts, line = self._texts, row.line
        trouble = trouble_of(texts, row)
        if line.error is not LineError.NONE:
            code = display_text(line.code, _LONG, run=_LONG)
            below = texts(f"sale.row_{line.error.value}")
            return (Cell(code, below, "error"), Cell(""), Cell(""), Cell(""), Cell(""))
        name = display_text(row.name, _LONG, run=_LONG)
        is_exempt = row.product is not None and row.product.tax is TaxKind.EXEMPT
        remarks = (row.measure, texts("sale.exempt") if is_exempt else "")
        below = trouble or " · ".join(one for one in remarks if one)
        return (
            Cell(name, below, "warning" if trouble else ""),
            Cell(texts.won(line.price)),
            Cell(str(line.count)),
            Cell(texts.won(-row.discount) if row.discount else ""),
            Cell(texts.won(row.amount)),
        )


def trouble_of(texts: Translator, row: LineView) -> str:
    """Return what keeps a line from being ordered, or empty."""
    code = display_text(row.line.code, _LONG, run=_LONG)
    name = display_text(row.name, _LONG, run=_LONG)
    if row.line.error is LineError.UNKNOWN_CODE:
        return texts("sale.unknown", code=code)
    if row.line.error is LineError.SEVERAL_PRODUCTS:
        return texts("sale.several", count=len(row.choices), code=code)
    if row.problem is LineProblem.NOT_ON_SALE:
        return texts.error(UserError(ErrorCode.PRODUCT_NOT_ON_SALE, product=name))
    if row.problem is LineProblem.OUT_OF_STOCK:
        return texts.error(UserError(ErrorCode.OUT_OF_STOCK, product=name))
    if row.problem is LineProblem.OPTIONS_CHANGED:
        return texts("sale.options_changed")
    if row.problem is LineProblem.PRICE_CHANGED and row.price_now is not None:
        return texts("sale.price_changed", price=texts.won(row.price_now))
    return ""
