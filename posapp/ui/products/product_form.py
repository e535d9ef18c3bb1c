"""Form of one product: all that the counter knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import Product
from posapp.domain.product_options import OptionGroup
from posapp.domain.products import ProductCode, SaleUnit
from posapp.domain.tile_colours import TILE_COLOURS
from posapp.domain.vat import TaxKind
from posapp.services.goods.product_service import LONGEST_NAME, ProductDetails, ProductDraft
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.products.code_list import CodeList
from posapp.ui.products.option_choice import OptionChoice
from posapp.ui.products.picture_field import NO_PICTURE, DrawnPicture, PictureField
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.pick_menu import PickMenu
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.segmented_control import SegmentedControl

_NARROW = 760
_GAP = 12


class ProductForm(QWidget):
    """Fields of a new product, or of a known one. What is wrong stands below its field, which then
    has the focus. Enter in a field submits, but for those of codes and options."""

    submitted = Signal()
    """Enter was pressed in a field."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        bind = texts.bind
        self.known: Product | None = None
        self.visit = 0
        """Counts the products that were shown."""
        self._draft = ProductDraft("", 0, 0)
        self.heading = Label("heading", wraps=True)
        self.about = Label("caption", wraps=True)
        self.name = self._field("productName", "name", LONGEST_NAME)
        self.codes = CodeList(texts, theme)
        self.category = self._field("productCategory", "category", 40)
        self.price = self._field("productPrice", "price", 11, is_number=True)
        self.tax = SegmentedControl(theme, tuple(TaxKind))
        self.tax.say(bind("products.tax"), [bind(f"products.tax_{one.value}") for one in TaxKind])
        self.unit = SegmentedControl(theme, tuple(SaleUnit))
        self.unit.say(
            bind("products.unit"), [bind(f"products.unit_{one.value}") for one in SaleUnit]
        )
        self.stock = self._field("productStock", "stock", 11, is_number=True)
        self.untracked = CheckChip(theme)
        self.untracked.say(bind("products.untracked"))
        self.favourite = CheckChip(theme)
        self.favourite.say(bind("products.favourite"))
        self.on_sale = CheckChip(theme)
        self.on_sale.say(bind("products.on_sale"))
        self.plu = self._field("productPlu", "plu", 10, is_number=True)
        self.colour = Button("secondary")
        self.colour.setObjectName("productColour")
        self.colours = PickMenu(self.colour)
        self.picture = PictureField(texts, theme)
        self.options = OptionChoice(texts, theme)
        self._lay_out()
        self.unit.chosen.connect(self._follow_unit)
        self.untracked.toggled.connect(self._follow_unit)
        self.colour.clicked.connect(self._offer_colours)
        self.colours.picked.connect(self._show_colour)
        for field in self._fields:
            field.line.returnPressed.connect(self.submitted)
            field.line.textEdited.connect(lambda _, one=field: one.set_wrong(""))
        self.name.line.textChanged.connect(self._name_picture)
        self.category.line.textChanged.connect(self._name_picture)
        texts.changed.connect(self._write)
        self.setFocusProxy(self.name)

    def begin(self, draft: ProductDraft, groups: Sequence[OptionGroup], parent: str = "") -> None:
        """Show a new product.

        Args:
            draft: what is known of it.
            parent: the name of the product of which it is a variant.
        """
        self._show(None, draft, groups, parent, NO_PICTURE)

    def edit(
        self,
        details: ProductDetails,
        groups: Sequence[OptionGroup],
        parent: str,
        picture: DrawnPicture,
    ) -> None:
        """Show a known product."""
        self._show(details.product, draft_of(details), groups, parent, picture)

    def show_picture(self, picture: DrawnPicture, product: Product | None) -> None:
        """Show another picture, which a known product has by now."""
        if self.known is not None and product is not None:
            self.known = replace(self.known, picture=product.picture)
        self.picture.show_picture(picture)

    def given(self) -> ProductDraft:
        """Return what is filled in; a number that is none is one that the service refuses."""
        tax, unit = self.tax.key, self.unit.key
        assert isinstance(tax, TaxKind) and isinstance(unit, SaleUnit)  # noqa: S101 - their keys
        is_tracked = unit is SaleUnit.COUNT and not self.untracked.isChecked()
        plu = self.plu.line.text().strip()
        return replace(
            self._draft,
            name=self.name.line.text(),
            price=_number(self.price.line.text()),
            codes=[(one.code, one.pack) for one in self.codes.codes],
            category=self.category.line.text(),
            tax=tax,
            unit=unit,
            stock=_number(self.stock.line.text() or "0") if is_tracked else self._draft.stock,
            is_tracked=is_tracked,
            group_ids=self.options.chosen,
            plu=_number(plu) if plu else None,
            is_favourite=self.favourite.isChecked(),
            is_on_sale=self.on_sale.isChecked(),
        )

    def is_complete(self) -> bool:
        """Take a code that is still typed; ``False``: it is none, which is said."""
        return self.codes.take()

    def show_groups(self, groups: Sequence[OptionGroup], chosen: Sequence[int]) -> None:
        """Show the groups of options anew."""
        self.options.clear_draft()
        self.options.show_groups(groups, chosen)

    def show_refusal(self, error: UserError) -> bool:
        """Show what is wrong below its field; ``False``: it is about no field."""
        field = self._field_of(error.code)
        if field is None:
            return False
        field.set_wrong(self._texts.error(error))
        field.line.setFocus()
        return True

    def show_group_refusal(self, error: UserError) -> None:
        """Show what is wrong with a new group of options."""
        self.options.line.set_wrong(self._texts.error(error))
        self.options.line.line.setFocus()

    def _field_of(self, code: ErrorCode) -> Field | None:
        return {
            ErrorCode.PRODUCT_NAME: self.name,
            ErrorCode.PRODUCT_PRICE: self.price,
            ErrorCode.PRODUCT_STOCK: self.stock,
            ErrorCode.PRODUCT_PLU: self.plu,
            ErrorCode.PLU_TAKEN: self.plu,
            ErrorCode.PRODUCT_PACK: self.codes.field,
            ErrorCode.CODE_CHECK_DIGIT: self.codes.field,
            ErrorCode.CODE_FORM: self.codes.field,
            ErrorCode.CODE_TAKEN: self.codes.field,
            ErrorCode.OPTION_UNKNOWN: self.options.line,
        }.get(code)

    def _show(
        self,
        known: Product | None,
        draft: ProductDraft,
        groups: Sequence[OptionGroup],
        parent: str,
        picture: DrawnPicture,
    ) -> None:
        self.known, self._draft = known, draft
        self.visit += 1
        self.picture.show_picture(picture)
        for field in self._fields:
            field.set_wrong("")
        self.name.line.setText(draft.name)
        self.category.line.setText(draft.category)
        self.price.line.setText(str(draft.price) if draft.price else "")
        self.stock.line.setText(str(draft.stock) if draft.stock or known is not None else "")
        self.plu.line.setText(str(draft.plu) if draft.plu is not None else "")
        self.codes.show_codes(tuple(ProductCode(code, pack) for code, pack in draft.codes))
        self.tax.choose(draft.tax)
        self.unit.choose(draft.unit)
        self.untracked.setChecked(not draft.is_tracked)
        self.favourite.setChecked(draft.is_favourite)
        self.on_sale.setChecked(draft.is_on_sale)
        self.show_groups(groups, draft.group_ids)
        name = display_text(parent, 40)
        self.about.setText(self._texts("products.variant_of", product=name) if parent else "")
        self.about.setVisible(bool(parent))
        self._follow_unit()
        self._write()

    @Slot()
    def _follow_unit(self) -> None:
        """Weighed goods have no stock, and what is not counted shows none."""
        is_weighed = self.unit.key is SaleUnit.WEIGHT
        self.untracked.setEnabled(not is_weighed)
        self.stock.setEnabled(not is_weighed and not self.untracked.isChecked())
        name = "products.price_of_weight" if is_weighed else "products.price"
        self.price.set_text(self._texts(name), self._texts("products.price_hint"))

    @Slot()
    def _name_picture(self) -> None:
        self.picture.view.name_product(self.name.line.text(), self.category.line.text().strip())

    @Slot()
    def _offer_colours(self) -> None:
        names = [(key, self._texts(f"products.colour_{key}")) for key in TILE_COLOURS]
        self.colours.offer(names)

    @Slot(object)
    def _show_colour(self, key: object) -> None:
        self._draft = replace(self._draft, colour=TILE_COLOURS[str(key)])
        self._write()

    @Slot()
    def _write(self) -> None:
        texts = self._texts
        known = self.known
        self.heading.setText(
            display_text(known.name, LONGEST_NAME) if known is not None else texts("products.new")
        )
        key = next((one for one, rgb in TILE_COLOURS.items() if rgb == self._draft.colour), "own")
        colour = texts(f"products.colour_{key}")
        self.colour.set_text(f"{texts('products.colour')}: {colour}  ▼")
        self._follow_unit()

    def _field(self, name: str, key: str, most: int, *, is_number: bool = False) -> Field:
        bind, field = self._texts.bind, Field(name)
        field.line.setMaxLength(most)
        if is_number:
            field.line.setProperty("scan", "number")
        field.say(bind(f"products.{key}"), bind(f"products.{key}_hint"))
        return field

    @property
    def _fields(self) -> tuple[Field, ...]:
        return (self.name, self.category, self.price, self.stock, self.plu)

    def _lay_out(self) -> None:
        texts = self._texts
        first, second = QWidget(), QWidget()
        beside = boxes.row((self.category, 1), (self.price, 1), gap=_GAP)
        boxes.column(self.name, self.codes, beside, self.picture, 1, on=first, gap=4)
        boxes.column(
            *(Label("field", text=texts.bind("products.tax")), self.tax),
            *(Label("field", text=texts.bind("products.unit")), self.unit),
            boxes.row((self.stock, 1), self.untracked, gap=_GAP),
            boxes.row((self.plu, 1), self.colour, gap=_GAP),
            boxes.row(self.favourite, self.on_sale, 1, gap=_GAP),
            1,
            on=second,
            gap=4,
        )
        split = ResponsiveSplit(narrow_below=_NARROW, gap=2 * _GAP, when_tall=False)
        split.add(first)
        split.add(second)
        boxes.column(self.heading, self.about, split, self.options, 1, on=self, gap=8)


def draft_of(details: ProductDetails) -> ProductDraft:
    """Return a known product as a person would enter it."""
    product = details.product
    return ProductDraft(
        name=product.name,
        price=int(product.price),
        seller_id=product.seller_id,
        codes=[(one.code, one.pack) for one in details.codes],
        category=product.category,
        tax=product.tax,
        unit=product.unit,
        stock=product.stock,
        is_tracked=product.is_tracked,
        group_ids=[group.id for group in details.groups],
        parent_id=product.parent_id,
        plu=product.plu,
        colour=product.colour,
        is_favourite=product.is_favourite,
        is_on_sale=product.active,
    )


def _number(text: str) -> int:
    """Return a typed number, with or without commas and 원; -1 for what is none."""
    digits = text.strip().removesuffix("원").replace(",", "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() else -1
