"""Tables of a report's figures, and their bars."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from enum import StrEnum

from PySide6.QtWidgets import QStackedWidget, QWidget

from posapp.services.orders.sales_report import SalesBar, SalesReport
from posapp.services.ports.sales_figures import ProductSales
from posapp.ui.charts.bar_chart import Bar
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.two_line_table import TwoLineTable

_LONG = 200


class ChartKind(StrEnum):
    """What the bars of a chart are."""

    HOUR = "hour"
    DAY = "day"
    PRODUCT = "product"
    TENDER = "tender"


LYING = frozenset({ChartKind.PRODUCT, ChartKind.TENDER})
"""Kinds whose bars have long names: they lie below each other."""

Row = SalesBar | ProductSales


def rows_of(report: SalesReport, kind: ChartKind) -> tuple[Row, ...]:
    """Return the rows of a kind; none if no money moved."""
    if kind is ChartKind.PRODUCT:
        return report.products
    if not report.total.paid.count and not report.total.refunded.count:
        return ()
    return {
        ChartKind.HOUR: report.hours,
        ChartKind.DAY: report.days,
        ChartKind.TENDER: report.tenders,
    }[kind]


class RowTexts:
    """Names and amounts of rows in the current language.

    Attributes:
        by_month: whether a date is a month.
    """

    def __init__(self, texts: Translator) -> None:
        self._texts = texts
        self.by_month = False

    def label(self, row: Row) -> str:
        """Return the name of a row."""
        texts = self._texts
        if isinstance(row, ProductSales):
            return display_text(row.name, _LONG, run=_LONG)
        if isinstance(row.key, date):
            parts = {"year": row.key.year, "month": row.key.month, "day": row.key.day}
            return texts("charts.month" if self.by_month else "charts.day", **parts)
        if isinstance(row.key, int):
            return texts("charts.hour", hour=row.key)
        tender = f"charts.tender_{row.key}"
        return texts(tender) if texts.has(tender) else row.key

    def bar(self, row: Row) -> Bar:
        """Return the bar of a row: of a product what stands, else what was paid and refunded."""
        if isinstance(row, ProductSales):
            return Bar(self.label(row), int(row.amount), text=self._texts.won(row.amount))
        paid, refunded = int(row.paid.amount), int(row.refunded.amount)
        return Bar(self.label(row), paid, refunded, self._texts.won(row.net))

    def cells(self, row: Row) -> tuple[Cell, ...]:
        """Return the cells of a row."""
        texts = self._texts
        if isinstance(row, ProductSales):
            count = texts("charts.pieces", count=grouped(row.count))
            return Cell(self.label(row)), Cell(count), Cell(texts.won(row.amount))
        return (
            Cell(self.label(row)),
            *(
                Cell(texts.won(total.amount), texts("charts.times", count=grouped(total.count)))
                if total.count
                else Cell("")
                for total in (row.paid, row.refunded)
            ),
            Cell(texts.won(row.net)),
        )


class FiguresTable(QStackedWidget):
    """A table of what was paid and refunded, and one of products, of which one is shown."""

    def __init__(self, texts: Translator, theme: Theme, row_texts: RowTexts) -> None:
        super().__init__()
        self._texts, self._row_texts = texts, row_texts
        amounts = [
            Column(texts.bind(f"charts.{name}"), is_right=True)
            for name in ("paid", "refunded", "net")
        ]
        name = Column(texts.bind("charts.row"), stretches=True)
        moneys = self._table(theme, "moneyFigures", name, *amounts)
        products = self._table(
            *(theme, "productFigures"),
            Column(texts.bind("charts.products"), stretches=True),
            Column(texts.bind("charts.count"), is_right=True),
            Column(texts.bind("charts.amount"), is_right=True),
        )
        self._tables = {False: moneys, True: products}
        for table in self._tables.values():
            self.addWidget(table[0])

    @property
    def table(self) -> TwoLineTable:
        """Return the table that is shown."""
        shown = self.currentWidget()
        return next(table for table, _ in self._tables.values() if table is shown)

    @property
    def tables(self) -> tuple[TwoLineTable, ...]:
        """Return both tables."""
        return tuple(table for table, _ in self._tables.values())

    def show_rows(self, kind: ChartKind, rows: tuple[Row, ...]) -> None:
        """Show the rows of a kind."""
        table, model = self._tables[kind is ChartKind.PRODUCT]
        self.setCurrentWidget(table)
        model.show(rows, has_more=False)

    def _table(self, theme: Theme, name: str, *columns: Column) -> tuple[TwoLineTable, RowsModel]:
        model = RowsModel(self._texts, columns, _key_of, self._row_texts.cells, lambda: None)
        table = TwoLineTable(theme, model)
        model.setParent(table)
        table.setObjectName(name)
        self._texts.bind("charts.table").show_in(table, QWidget.setAccessibleName)
        return table, model


def _key_of(row: Row) -> Hashable:
    return row.product_id if isinstance(row, ProductSales) else row.key
