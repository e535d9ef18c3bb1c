"""Products to pick: the search, and the tiles of what it finds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QStackedLayout, QWidget

from posapp.domain.orders import Product
from posapp.services.goods.product_service import ProductDetails
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.sale.option_picker import OptionPicker
from posapp.ui.sale.tile_grid import TileGrid
from posapp.ui.widgets import boxes
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.roles import Frame
from posapp.ui.widgets.search_field import SearchField

_SHORT = 24


class GoodsPane(Frame):
    """Favourites and what sells most, or what a search finds."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__("card")
        self._texts = texts
        self._searched = ""
        self.search = SearchField(theme)
        self.search.setObjectName("productSearch")
        texts.bind("sale.search_hint").show_in(self.search, QLineEdit.setPlaceholderText)
        texts.bind("sale.search").show_in(self.search, QWidget.setAccessibleName)
        self.tiles = TileGrid(texts, theme, self.search)
        self.empty = EmptyState(theme)
        ground = QWidget()
        self._pages = QStackedLayout(ground)
        self._pages.addWidget(self.tiles)
        self._pages.addWidget(self.empty)
        self.picker = OptionPicker(texts, theme)
        found = QWidget()
        boxes.column(self.search, (ground, 1), on=found, gap=8, margins=8)
        self._both = QStackedLayout(self)
        self._both.addWidget(found)
        self._both.addWidget(self.picker)
        self.search.moved.connect(self.tiles.select_by)
        texts.changed.connect(self._write)
        self._write()

    def show_products(self, products: Sequence[Product], searched: str) -> None:
        """Show what a search found; an empty one finds what is sold most."""
        self._searched = searched
        if not products and self.tiles.hasFocus():
            self.search.setFocus()
        self.tiles.show_products(products)
        self._pages.setCurrentIndex(0 if products else 1)
        self._write()

    def ask(self, details: ProductDetails) -> None:
        """Ask about a product, in the place of the others."""
        self._both.setCurrentIndex(1)
        self.picker.ask(details)

    def end_asking(self) -> None:
        """Show the products again."""
        self._both.setCurrentIndex(0)

    def _write(self) -> None:
        texts, text = self._texts, display_text(self._searched, _SHORT)
        name = "sale.none_found" if text else "sale.none"
        self.empty.set_text(texts(name, text=text), texts(f"{name}_why"))
