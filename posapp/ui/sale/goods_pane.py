"""Products to pick: the search, and the tiles of what it finds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QWidget

from posapp.domain.orders import Product
from posapp.services.goods.product_service import ProductDetails
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.sale.category_chips import CategoryChips
from posapp.ui.sale.discount_panel import DiscountPanel
from posapp.ui.sale.note_panel import NotePanel
from posapp.ui.sale.option_picker import OptionPicker
from posapp.ui.sale.tile_grid import TileGrid
from posapp.ui.widgets import boxes
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.product_pictures import ProductPictures
from posapp.ui.widgets.roles import Frame
from posapp.ui.widgets.search_field import SearchField

_SHORT = 24
_ROOM_FOR_CATEGORIES = 320
"""Height in pixels from which the categories are there."""


class GoodsPane(Frame):
    """Favourites and what sells most, or what a search finds."""

    def __init__(self, texts: Translator, theme: Theme, pictures: ProductPictures) -> None:
        super().__init__("card")
        self._texts = texts
        self._searched = ""
        self.search = SearchField(theme)
        self.search.setObjectName("productSearch")
        texts.bind("sale.search_hint").show_in(self.search, QLineEdit.setPlaceholderText)
        texts.bind("sale.search").show_in(self.search, QWidget.setAccessibleName)
        self.tiles = TileGrid(texts, theme, pictures, self.search)
        self.empty = EmptyState(theme)
        ground = QWidget()
        self._pages = QStackedLayout(ground)
        self._pages.addWidget(self.tiles)
        self._pages.addWidget(self.empty)
        self.picker = OptionPicker(texts, theme)
        self._found = found = QWidget()
        self.categories = CategoryChips(texts, theme)
        boxes.column(self.search, self.categories, (ground, 1), on=found, gap=8, margins=8)
        self._both = QStackedLayout(self)
        self._both.addWidget(found)
        self._both.addWidget(self.picker)
        self.discount, self.note = DiscountPanel(texts, theme), NotePanel(texts)
        self._both.addWidget(self.discount)
        self._both.addWidget(self.note)
        self._panel: QWidget | None = None
        self.search.moved.connect(self.tiles.select_by)
        texts.changed.connect(self._write)
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the categories out on a low page: the tiles need the room."""
        super().resizeEvent(event)
        self.categories.set_room(self.height() >= _ROOM_FOR_CATEGORIES)

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
        """Show the open panel again, or else the products."""
        self._show_below()

    @property
    def has_panel(self) -> bool:
        """Return whether a panel is open, perhaps behind a question about a product."""
        return self._panel is not None

    def open_panel(self, panel: QWidget) -> None:
        """Show a panel in the place of the products."""
        self._panel = panel
        self._show_below()

    def close_panel(self) -> None:
        """Show the products again."""
        self._panel = None
        self._show_below()

    def _show_below(self) -> None:
        self._both.setCurrentWidget(self._panel or self._found)

    def _write(self) -> None:
        texts, text = self._texts, display_text(self._searched, _SHORT)
        name = "sale.none_found" if text else "sale.none"
        self.empty.set_text(texts(name, text=text), texts(f"{name}_why"))
