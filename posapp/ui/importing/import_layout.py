"""Layout of the page of the import."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QStackedLayout, QWidget

from posapp.domain.orders import named_count
from posapp.services.importing import Complaint
from posapp.services.importing.rows import ImportOrderRow
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.order_name import order_name
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import of_item
from posapp.ui.core.theme import Theme
from posapp.ui.importing.column_mapper import ColumnMapper
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.message_bar import Banner, MessageBar
from posapp.ui.widgets.roles import ElidedLabel, Frame, Label
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.segmented_control import SegmentedControl
from posapp.ui.widgets.seller_picker import SellerPicker
from posapp.ui.widgets.two_line_table import TwoLineTable

PROBLEMS, ORDERS = "problems", "orders"
SHOWN = 1000
"""Rows that a table shows at most; all are counted."""

_LONG = 400
_BUYER, _FIELD = 180, 200
_GAP = 12
_MARGIN = 24
_STEPS = 1000
_LEAST_BUTTON = 160
_SLOT = 50
"""Height in pixels that is kept for the whole text of a problem, so that it moves nothing."""

NOTHING, TABLES, MAPPING = range(3)


class ImportProgressBar(MessageBar):
    """Shows how much of a file is read or written, and 취소."""

    cancelled = Signal()
    """취소 was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self.line = QProgressBar()
        self.line.setTextVisible(False)
        texts.bind("import_page.title").show_in(self.line, QWidget.setAccessibleName)
        self.button = Button("secondary", text=texts.bind("import_page.import_cancel"))
        self.button.clicked.connect(self.cancelled)
        self.column.addWidget(self.line)
        self.row.addWidget(self.button)

    def show_progress(self, done: int, size: int) -> None:
        """Show the records written; ``size`` is 0 while the file is read."""
        self.line.setRange(0, _STEPS if size else 0)
        if size:
            self.line.setValue(min(_STEPS, done * _STEPS // size))
        self.button.show()
        message = "import_page.writing" if size else "import_page.reading"
        self._say(self._texts.bind(message, done=grouped(done), size=grouped(size)))

    def show_taking_back(self) -> None:
        """Show that what was written is taken back, which nothing stops."""
        self.line.setRange(0, 0)
        self.button.hide()
        self._say(self._texts.bind("import_page.taking_back"))

    def _say(self, text: BoundText) -> None:
        if self.isHidden():
            self.show_message("notice", text)
        else:
            self._make = text
            self._retranslate()


class ImportLayout(QWidget):
    """All widgets of the page and their texts, without logic."""

    def __init__(
        self, texts: Translator, theme: Theme, picker: SellerPicker, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._counts = (0, 0)
        bind = texts.bind
        self.banner = Banner(texts, theme)
        self.choose_first = Button("primary", "Enter", text=bind("import_page.choose"))
        self.choose_first.setObjectName("importFile")
        self.empty = EmptyState(theme, action=self.choose_first)
        self.empty.say(bind("import_page.empty"), bind("import_page.empty_why"))
        self.choose = Button("secondary", text=bind("import_page.choose_other"))
        self.file = ElidedLabel("body")
        self.picker = picker
        self.sellers = CheckChip(theme)
        self.sellers.say(bind("import_page.allow_sellers"))
        self.summary = Label("body", wraps=True)
        self.segments = SegmentedControl(theme, (PROBLEMS, ORDERS))
        self.problems = RowsModel(
            texts,
            (
                Column(bind("import_page.line"), is_right=True),
                Column(bind("import_page.field"), most=_FIELD),
                Column(bind("import_page.problem"), stretches=True),
            ),
            lambda row: row[0],
            self._cells_of_problem,
            lambda: None,
            self,
        )
        self.orders = RowsModel(
            texts,
            (
                Column(bind("import_page.order")),
                Column(bind("import_page.goods"), stretches=True),
                Column(bind("import_page.buyer"), most=_BUYER),
                Column(bind("import_page.amount"), is_right=True),
            ),
            lambda row: row.order.id,
            self._cells_of_order,
            lambda: None,
            self,
        )
        self.problem_table = TwoLineTable(theme, self.problems)
        self.problem_table.setObjectName("importProblems")
        self.order_table = TwoLineTable(theme, self.orders)
        self.order_table.setObjectName("importOrders")
        bind("import_page.problems").show_in(self.problem_table, QWidget.setAccessibleName)
        bind("import_page.orders").show_in(self.order_table, QWidget.setAccessibleName)
        self.problem_text = Label("body", wraps=True)
        self.mapper = ColumnMapper(texts)
        self.skip = CheckChip(theme)
        self.skip.say(bind("import_page.skip"))
        self.last = ElidedLabel("muted")
        self.map = Button("quiet", "F3", text=bind("import_page.map"))
        self.template = Button("quiet", "F4", text=bind("import_page.template"))
        self.again = Button("quiet", "F5", text=bind("import_page.again"))
        self.take = Button("primary", "F7", text=bind("import_page.take"))
        self.undo = Button("secondary", "F8", text=bind("import_page.undo"))
        self.apply_map = Button("primary", text=bind("import_page.map_apply"))
        self.apply_map.setMinimumWidth(_LEAST_BUTTON)
        self.progress = ImportProgressBar(texts, theme)
        self.head = QWidget()
        boxes.row(self.map, self.template, self.again, on=self.head, gap=8)
        self._build_layout()
        texts.changed.connect(self._write_counts)
        self._write_counts()

    @property
    def part(self) -> int:
        """Return which part is shown: ``NOTHING``, ``TABLES`` or ``MAPPING``."""
        return self._parts.currentIndex()

    def show_part(self, part: int) -> None:
        """Show the place to drop a file, the tables, or the columns."""
        self._parts.setCurrentIndex(part)
        has_file = part != NOTHING
        for widget in (self.choose, self.file, self.sellers):
            widget.setVisible(has_file)

    def show_counts(self, problems: int, orders: int) -> None:
        """Show the numbers of problems and orders."""
        self._counts = (problems, orders)
        self._write_counts()

    def show_table(self, table: object) -> None:
        """Show the problems or the orders."""
        self.segments.choose(table)
        self._tables.setCurrentIndex(0 if table == PROBLEMS else 1)
        self.problem_text.setVisible(table == PROBLEMS)

    @property
    def table(self) -> TwoLineTable:
        """Return the table that is shown."""
        return self.problem_table if self.segments.key == PROBLEMS else self.order_table

    def hasHeightForWidth(self) -> bool:
        """Return ``False``: the tables take what height there is, and scroll."""
        return False

    def sentence(self, complaint: Complaint) -> str:
        """Return a problem in words."""
        return display_text(
            self._texts(complaint.message_id, **complaint.parameters), _LONG, run=_LONG
        )

    def _cells_of_problem(self, row: tuple[int, Complaint]) -> tuple[Cell, ...]:
        complaint = row[1]
        line = str(complaint.line) if complaint.line else "–"
        field = display_text(complaint.field, _LONG, run=_LONG)
        value = display_text(complaint.value, _LONG, run=_LONG)
        return (Cell(line, tone="error"), Cell(field or "–", value), Cell(self.sentence(complaint)))

    def _cells_of_order(self, row: ImportOrderRow) -> tuple[Cell, ...]:
        texts, order = self._texts, row.order
        status = of_item(texts, order.items[0].status) if order.items else None
        name = order_name(texts, order.name, named_count(order.items))
        name = display_text(name, _LONG, run=_LONG)
        place = texts("import_page.at_line", line=row.line)
        return (
            Cell(str(order.id), texts.when(order.created_at)),
            Cell(name, f"{status.label} · {place}" if status else place),
            Cell(str(order.buyer_id)),
            Cell(texts.won(order.total)),
        )

    def _write_counts(self) -> None:
        texts = self._texts
        names = (texts("import_page.problems"), texts("import_page.orders"))
        labels = [
            f"{name} {grouped(count)}" for name, count in zip(names, self._counts, strict=True)
        ]
        self.segments.set_text(texts("import_page.title"), labels)

    def _build_layout(self) -> None:
        tables = Frame("panel")
        shown = QWidget()
        self._tables = QStackedLayout(shown)
        self._tables.addWidget(self.problem_table)
        self._tables.addWidget(self.order_table)
        self.problem_text.setMinimumHeight(_SLOT)
        boxes.column(
            boxes.row(self.segments, (self.summary, 1), gap=_GAP),
            (shown, 1),
            self.problem_text,
            on=tables,
            gap=8,
        )
        card, ground = Frame("card"), QWidget()
        self._parts = QStackedLayout(ground)
        boxes.column(ground, on=card, margins=8)
        for part in (self.empty, tables, self.mapper):
            self._parts.addWidget(part)
        boxes.column(
            boxes.row(self.choose, (self.file, 1), self.sellers, self.picker, gap=_GAP),
            self.banner,
            (card, 1),
            self.progress,
            boxes.row(self.skip, (self.last, 1), self.undo, self.take, self.apply_map, gap=_GAP),
            on=self,
            gap=_GAP,
            margins=(_MARGIN, 0, _MARGIN, _GAP),
        )
