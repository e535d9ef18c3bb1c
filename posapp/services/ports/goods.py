"""Port for what is sold at the counter: codes, options and search of products."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from posapp.domain.orders import Product
from posapp.domain.product_options import OptionGroup
from posapp.domain.products import ProductCode
from posapp.domain.vat import TaxKind

CodedProduct = tuple[Product, int]
"""A product that has a code, and how many pieces a scan of that code adds."""


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products are found.

    Attributes:
        is_on_sale: ``None``: also those that are not sold any more.
        category: exactly this one; ``None``: any.
        seller_id: whose; ``None``: anybody's.
        is_favourite: ``None``: favourites and others.
    """

    is_on_sale: bool | None = True
    category: str | None = None
    seller_id: int | None = None
    is_favourite: bool | None = None

    def takes(self, product: Product) -> bool:
        """Return whether a product is one of them."""
        return (
            self.is_on_sale in (None, product.active)
            and self.category in (None, product.category)
            and self.seller_id in (None, product.seller_id)
            and self.is_favourite in (None, product.is_favourite)
        )


ON_SALE = ProductFilter()
"""All products that can be sold."""


class Goods(Protocol):
    """Products as the counter sells them. Their fields are written by ``Catalogue``."""

    def with_code(self, code: str) -> tuple[CodedProduct, ...]:
        """Return the products that a code names, on sale or not, by their ids; of a code without a
        form, none. Files may give several products one barcode."""
        ...

    def with_plu(self, plu: int) -> Product | None:
        """Return the product with this number on labels, or ``None``."""
        ...

    def codes_of(self, product_id: int) -> tuple[ProductCode, ...]:
        """Return the codes that were added to a product, in their order."""
        ...

    def set_codes(self, product_id: int, codes: Sequence[ProductCode]) -> None:
        """Replace the codes of a product.

        Raises:
            UserError: ``CODE_TAKEN`` with the other ``product``; nothing was written.
        """
        ...

    def options_of(self, product_id: int) -> tuple[OptionGroup, ...]:
        """Return the groups of options of a product, in their order."""
        ...

    def options_of_products(self, ids: Collection[int]) -> dict[int, tuple[OptionGroup, ...]]:
        """Return the groups of options of those of these products that have some, by product."""
        ...

    def add_group(self, group: OptionGroup) -> OptionGroup:
        """Store a new group with its options (ids are ignored); return it with its ids."""
        ...

    def set_options(self, product_id: int, group_ids: Sequence[int]) -> None:
        """Replace the groups of options of a product.

        Raises:
            UserError: ``OPTION_UNKNOWN``: there is no such group; nothing was written.
        """
        ...

    def find(self, text: str, limit: int, within: ProductFilter = ON_SALE) -> tuple[Product, ...]:
        """Return the first of some products that a typed text finds: those with exactly this code,
        then favourites, then those sold most, then the newest. A text that shows nothing finds
        all."""
        ...

    def categories(self, within: ProductFilter = ON_SALE) -> tuple[str, ...]:
        """Return the categories of some products, those sold most first."""
        ...

    def pictures(self, ids: Collection[int]) -> dict[int, bytes]:
        """Return the pictures of those of these products that have one, by product."""
        ...

    def set_picture(self, product_id: int, content: bytes) -> None:
        """Replace the picture of a product, and its name; an empty one removes it."""
        ...

    def groups(self) -> tuple[OptionGroup, ...]:
        """Return all groups of options, by their names."""
        ...

    def kinds_on_sale(self) -> frozenset[TaxKind]:
        """Return which kinds of goods are on sale: taxable, exempt, or both."""
        ...

    def note_sold(self, product_id: int, count: int) -> None:
        """Count pieces as sold, for the order of ``find``."""
        ...
