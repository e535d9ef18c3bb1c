"""Layout of the page of products: a list with its search, or the form of one product."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QStackedLayout, QWidget

from posapp.domain.orders import Product
from posapp.domain.products import SaleUnit
from posapp.domain.vat import TaxKind
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.products.product_form import ProductForm
from posapp.ui.settings.step_scroll import StepScroll
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.pick_menu import PickMenu
from posapp.ui.widgets.roles import Frame
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.segmented_control import SegmentedControl
from posapp.ui.widgets.two_line_table import TwoLineTable

_MARGIN, _GAP = 24, 12
_LONG, _SHORT = 60, 16
_SLOT = 28
"""Height in pixels of the line of an error, and of a label."""

STATES = (True, False, None)
"""What is listed: products on sale, those that are not, or all."""


class ProductLayout(QWidget):
    """All widgets of the page and their texts, without logic."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        bind = texts.bind
        self.banner = Banner(texts, theme)
        self.search = SearchField(theme)
        self.search.setObjectName("productsSearch")
        bind("sale.search_hint").show_in(self.search, QLineEdit.setPlaceholderText)
        bind("sale.search").show_in(self.search, QWidget.setAccessibleName)
        self.state = SegmentedControl(theme, STATES)
        self.state.say(
            bind("products.state"),
            [bind(f"products.state_{name}") for name in ("sold", "stopped", "all")],
        )
        self.category = Button("secondary", "F3")
        self.categories = PickMenu(self.category)
        columns = (
            Column(bind("products.product"), stretches=True),
            Column(bind("products.price"), is_right=True),
            Column(bind("products.stock"), is_right=True),
        )
        self.rows = RowsModel(texts, columns, lambda one: one.id, self._cells, lambda: None, self)
        self.table = TwoLineTable(theme, self.rows)
        self.table.setObjectName("productTable")
        bind("products.title").show_in(self.table, QWidget.setAccessibleName)
        self.empty = EmptyState(theme)
        self.form = ProductForm(texts, theme)
        self.add = Button("secondary", "F4", text=bind("products.add"))
        self.edit = Button("secondary", "Enter", text=bind("products.edit"))
        self.code = Button("secondary", "F5", text=bind("products.make_code"))
        self.label = Button("secondary", "Ctrl+P", text=bind("products.label"))
        self.variant = Button("secondary", text=bind("products.variant"))
        self.stop = Button("danger", "F8", text=bind("products.stop"))
        self.resume = Button("secondary", text=bind("products.resume"))
        self.cancel = Button("secondary", text=bind("words.close"))
        self.store = Button("primary", "Enter", text=bind("products.store"))
        self.head = QWidget()
        boxes.row(self.category, self.add, on=self.head, gap=8)
        self._lay_out()
        texts.changed.connect(self._write)
        self._category: str | None = None
        self._searched = ""
        self.show_list()
        self.show_category(None)

    @property
    def has_form(self) -> bool:
        """Return whether a form is open."""
        return self._pages.currentIndex() == 1

    @property
    def current(self) -> Product | None:
        """Return the current product of the list, or ``None``."""
        row = self.table.current
        return row if isinstance(row, Product) else None

    def show_products(self, products: Sequence[Product], searched: str) -> None:
        """Show what was found."""
        self._searched = searched
        self.rows.show(products, has_more=False)
        self._lists.setCurrentIndex(0 if products else 1)
        self._write()
        self.show_buttons()

    def show_category(self, category: str | None) -> None:
        """Show which category is listed; ``None``: all."""
        self._category = category
        self._write()

    def offer_categories(self, categories: Sequence[str]) -> None:
        """Open the menu of categories, with all of them as the first choice."""
        every = self._texts("products.every_category")
        named = [(one, display_text(one, _LONG)) for one in categories]
        self.categories.offer([(None, every), *named])

    def show_list(self) -> None:
        """Show the list."""
        had_form = self.has_form
        self._pages.setCurrentIndex(0)
        self.show_buttons()
        if had_form and self.isVisible():
            self.table.setFocus()

    def show_form(self) -> None:
        """Show the form."""
        self._pages.setCurrentIndex(1)
        self.show_buttons()
        self._scroll.verticalScrollBar().setValue(0)
        self.form.name.line.setFocus()

    def show_buttons(self) -> None:
        """Show what can be done now."""
        has_form, one = self.has_form, self.current
        known = self.form.known if has_form else one
        for button in (self.add, self.category):
            button.setEnabled(not has_form)
        self.edit.setVisible(not has_form)
        self.edit.setEnabled(one is not None)
        self.code.setVisible(has_form or one is not None)
        self.label.setVisible(not has_form and one is not None)
        self.variant.setVisible(has_form and known is not None and known.parent_id is None)
        self.stop.setVisible(known is not None and known.active)
        self.resume.setVisible(not has_form and known is not None and not known.active)
        self.cancel.setVisible(has_form)
        self.store.setVisible(has_form)

    def show_focused(self, focused: QWidget) -> None:
        """Scroll to a field that got the focus, with its label and the line of its error."""
        if self._inside.isAncestorOf(focused):
            self._scroll.ensureWidgetVisible(focused, 0, _SLOT)

    def hasHeightForWidth(self) -> bool:
        """Return ``False``: the list takes what height there is, and scrolls."""
        return False

    def _cells(self, row: Product) -> tuple[Cell, ...]:
        texts = self._texts
        remarks = (
            row.category,
            texts("sale.exempt") if row.tax is TaxKind.EXEMPT else "",
            texts("products.is_variant") if row.parent_id is not None else "",
            texts("products.favourite") if row.is_favourite else "",
            "" if row.active else texts("products.state_stopped"),
        )
        below = " · ".join(display_text(one, _LONG, run=_LONG) for one in remarks if one)
        is_weighed = row.unit is SaleUnit.WEIGHT
        price = texts.won(row.price)
        stock = f"{row.stock:,}" if row.is_tracked and not is_weighed else "–"
        return (
            Cell(display_text(row.name, _LONG, run=_LONG), below),
            Cell(texts("products.per_kilo", price=price) if is_weighed else price),
            Cell(stock),
        )

    def _lay_out(self) -> None:
        listed = Frame("card")
        found, pages = QWidget(), QWidget()
        self._lists = QStackedLayout(found)
        self._lists.addWidget(self.table)
        self._lists.addWidget(self.empty)
        boxes.column(found, on=listed, margins=8)
        first = QWidget()
        boxes.column(
            boxes.row((self.search, 1), self.state, gap=_GAP), (listed, 1), on=first, gap=8
        )
        self._inside = Frame("panel")
        boxes.column(self.form, on=self._inside, margins=(4, 4, _GAP, 4))
        self._scroll = StepScroll(self._inside)
        card = Frame("card")
        boxes.column(self._scroll, on=card, margins=_GAP)
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(first)
        self._pages.addWidget(card)
        bar = boxes.row(
            *(self.edit, self.code, self.label, self.variant, 1),
            *(self.resume, self.stop, self.cancel, self.store),
            gap=8,
        )
        boxes.column(
            *(self.banner, (pages, 1), bar),
            on=self,
            gap=8,
            margins=(_MARGIN, 0, _MARGIN, _GAP),
        )

    def _write(self) -> None:
        texts, text = self._texts, display_text(self._searched, 24)
        category = self._category
        shown = texts("products.every_category") if category is None else category
        label = display_text(shown, _SHORT, run=_SHORT)
        self.category.set_text(f"{label}  ▼", name=f"{texts('products.category')}: {shown}")
        name = "sale.none_found" if text else "products.none"
        self.empty.set_text(texts(name, text=text), texts(f"{name}_why"))
