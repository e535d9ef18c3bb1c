"""Products are made, changed, stopped and found at the counter (docs/specification.md 2.8)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import Product
from posapp.domain.permissions import Permission
from posapp.domain.product_codes import (
    MOST_OWN_CODES,
    code_key,
    own_code,
    scanned_code,
    typed_code,
)
from posapp.domain.product_options import Option, OptionGroup
from posapp.domain.products import ProductCode, SaleUnit, is_stored_picture, picture_name
from posapp.domain.text import clean_name
from posapp.domain.users import HOUSE, HOUSE_NAME, User, UserStatus
from posapp.domain.vat import TaxKind
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.goods import ON_SALE, ProductFilter
from posapp.services.ports.record_ids import RecordKind
from posapp.services.ports.unit_of_work import Store, UnitOfWork

LONGEST_NAME = 60
HIGHEST_PRICE = Won(99_999_999)
MOST_STOCK = 999_999_999
MOST_IN_A_PACK = 999
HIGHEST_PLU = 9_999_999_999
MOST_OPTIONS = 50

_COLOUR = re.compile(r"(#[0-9a-f]{6})?")


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as a person enters it.

    Attributes:
        price: of a piece, or of a kilogram, in won.
        codes: each as it was typed, with the pieces of its pack.
        group_ids: its groups of options, in their order.
        parent_id: the product of which it is a variant.
        colour: ``#rrggbb``, or empty.
    """

    name: str
    price: int
    seller_id: int
    codes: Sequence[tuple[str, int]] = ()
    category: str = ""
    tax: TaxKind = TaxKind.TAXABLE
    unit: SaleUnit = SaleUnit.COUNT
    stock: int = 0
    is_tracked: bool = True
    group_ids: Sequence[int] = ()
    parent_id: int | None = None
    plu: int | None = None
    colour: str = ""
    is_favourite: bool = False
    is_on_sale: bool = True


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """A product with its codes and options."""

    product: Product
    codes: tuple[ProductCode, ...] = ()
    groups: tuple[OptionGroup, ...] = ()


class ProductService:
    """Makes, changes and finds products. All of a product is written, or nothing.

    Sellers manage their own products. Whoever acts for no user needs the right to act for others.
    """

    def __init__(self, store: Store, access: AccessControl) -> None:
        self._store = store
        self._access = access

    def create(self, actor: Actor, draft: ProductDraft, picture: bytes = b"") -> ProductDetails:
        """Make a new product.

        Args:
            picture: as ``set_picture`` takes it.

        Raises:
            UserError: ``NOT_PERMITTED``; ``NOT_A_SELLER``; ``PRODUCT_OF_ANOTHER``;
                ``PRODUCT_NAME``, ``PRODUCT_PRICE``, ``PRODUCT_STOCK``, ``PRODUCT_COLOUR``,
                ``PRODUCT_PLU``, ``PLU_TAKEN``, ``PRODUCT_PACK``, ``PRODUCT_PARENT``;
                ``CODE_CHECK_DIGIT``, ``CODE_FORM``, ``CODE_TAKEN``; ``OPTION_UNKNOWN``;
                ``PICTURE_BROKEN``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MANAGE_PRODUCTS)
            self._guard_seller(uow, actor, draft.seller_id)
            number = uow.record_ids.next(RecordKind.PRODUCT)
            product = _product_of(uow, draft, number, draft.stock)
            uow.catalogue.add_products([product])
            product = _write_picture(uow, product, picture)
            details = _write_details(uow, draft, product)
            uow.commit()
        return details

    def change(
        self, actor: Actor, product_id: int, draft: ProductDraft, stock_seen: int
    ) -> ProductDetails:
        """Replace the fields, codes and options of a product. Its barcode of a file stays.

        Args:
            stock_seen: the stock beside which the draft's was entered. What was sold or returned
                since then counts: the stock changes by the difference of the two.

        Raises:
            UserError: like ``create``; ``PRODUCT_UNKNOWN``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MANAGE_PRODUCTS)
            known = _known(uow, product_id)
            self._guard_seller(uow, actor, known.seller_id)
            self._guard_seller(uow, actor, draft.seller_id)
            if not 0 <= draft.stock <= MOST_STOCK:
                raise UserError(ErrorCode.PRODUCT_STOCK)
            stock = known.stock + draft.stock - stock_seen
            product = replace(
                _product_of(uow, draft, product_id, stock),
                barcode=known.barcode,
                picture=known.picture,
            )
            uow.catalogue.update_products([product])
            details = _write_details(uow, draft, product)
            uow.commit()
        return details

    def set_on_sale(self, actor: Actor, product_id: int, *, is_on_sale: bool) -> Product:
        """Stop selling a product, or sell it again. Its orders and codes stay.

        Raises:
            UserError: ``NOT_PERMITTED``; ``PRODUCT_OF_ANOTHER``; ``PRODUCT_UNKNOWN``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MANAGE_PRODUCTS)
            known = _known(uow, product_id)
            self._guard_seller(uow, actor, known.seller_id)
            product = replace(known, active=is_on_sale)
            uow.catalogue.update_products([product])
            uow.commit()
        return product

    def set_picture(self, actor: Actor, product_id: int, content: bytes) -> tuple[Product, bytes]:
        """Give a product a picture in place of the one that it has, or take it away.

        Args:
            content: a PNG or WebP of ``PICTURE_SIDE`` pixels at most; empty: none.

        Returns:
            The product, and the picture that it had, or empty.

        Raises:
            UserError: ``NOT_PERMITTED``; ``PRODUCT_OF_ANOTHER``; ``PRODUCT_UNKNOWN``;
                ``PICTURE_BROKEN``: it is no PNG or WebP, or larger than ``MOST_PICTURE_BYTES``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MANAGE_PRODUCTS)
            known = _known(uow, product_id)
            self._guard_seller(uow, actor, known.seller_id)
            before = uow.goods.pictures([product_id]).get(product_id, b"")
            product = _write_picture(uow, known, content)
            uow.commit()
        return product, before

    def pictures(self, ids: Collection[int]) -> dict[int, bytes]:
        """Return the pictures of those of these products that have one, by product."""
        with self._store.snapshot() as uow:
            return uow.goods.pictures(ids)

    def add_own_code(self, actor: Actor, product_id: int) -> str:
        """Give a product a code of the shop's own, and return it; the one that it has already.

        Raises:
            UserError: ``NOT_PERMITTED``; ``PRODUCT_OF_ANOTHER``; ``PRODUCT_UNKNOWN``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MANAGE_PRODUCTS)
            product = _known(uow, product_id)
            self._guard_seller(uow, actor, product.seller_id)
            number = product.id % MOST_OWN_CODES or 1
            while any(other.id != product.id for other in _named(uow, own_code(number))):
                number = number % (MOST_OWN_CODES - 1) + 1
            code = own_code(number)
            kept = uow.goods.codes_of(product.id)
            if all(one.code != code_key(code) for one in kept):
                uow.goods.set_codes(product.id, [*kept, ProductCode(code_key(code))])
            uow.commit()
        return code

    def add_group(
        self,
        actor: Actor,
        name: str,
        options: Sequence[tuple[str, int]],
        *,
        least: int = 0,
        most: int = 1,
    ) -> OptionGroup:
        """Make a group of options, of which from ``least`` to ``most`` are chosen.

        Args:
            options: name and price of each, in won.

        Raises:
            UserError: ``NOT_PERMITTED``; ``PRODUCT_NAME``: of the group or an option;
                ``OPTION_PRICE``; ``OPTION_COUNTS``: more have to be chosen than there are, fewer
                may be chosen than have to be, or there are none or more than ``MOST_OPTIONS``.
        """
        group = OptionGroup(
            0,
            _name(name),
            least,
            most,
            tuple(Option(0, _name(one), _option_price(price)) for one, price in options),
        )
        if not (0 <= least <= most and 0 < most <= len(options) <= MOST_OPTIONS):
            raise UserError(ErrorCode.OPTION_COUNTS)
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MANAGE_PRODUCTS)
            stored = uow.goods.add_group(group)
            uow.commit()
        return stored

    def get(self, product_id: int) -> ProductDetails:
        """Return a product with its codes and options.

        Raises:
            UserError: ``PRODUCT_UNKNOWN``.
        """
        with self._store.snapshot() as uow:
            return _details(uow, _known(uow, product_id))

    def find(self, text: str, limit: int, within: ProductFilter = ON_SALE) -> tuple[Product, ...]:
        """Return the first of some products that a typed text finds."""
        with self._store.snapshot() as uow:
            return uow.goods.find(text, limit, within)

    def with_code(self, code: str) -> tuple[Product, ...]:
        """Return the products that a scanned code names, those on sale first."""
        with self._store.snapshot() as uow:
            found = _named(uow, scanned_code(code))
        return tuple(sorted(found, key=lambda one: not one.active))

    def categories(self, within: ProductFilter = ON_SALE) -> tuple[str, ...]:
        """Return the categories of some products, those sold most first."""
        with self._store.snapshot() as uow:
            return uow.goods.categories(within)

    def groups(self) -> tuple[OptionGroup, ...]:
        """Return all groups of options, by their names."""
        with self._store.snapshot() as uow:
            return uow.goods.groups()

    def _guard_seller(self, uow: UnitOfWork, actor: Actor, seller_id: int) -> None:
        """Require that the actor may manage this seller's products."""
        if not actor.is_user:
            self._access.require(uow, actor, Permission.ACT_FOR_OTHERS)
        elif actor.acts_as is not ActorKind.SELLER or actor.user_id != seller_id:
            raise UserError(ErrorCode.PRODUCT_OF_ANOTHER)


def _product_of(uow: UnitOfWork, draft: ProductDraft, number: int, stock: int) -> Product:
    """Return the product of a draft that is right in itself."""
    seller = uow.people.get(draft.seller_id)
    if seller is None and draft.seller_id == HOUSE:
        seller = User(HOUSE, HOUSE_NAME, status=UserStatus.SELLER)
        uow.catalogue.add_users([seller])
    if seller is None or not seller.is_seller:
        raise UserError(ErrorCode.NOT_A_SELLER)
    if not 1 <= draft.price <= HIGHEST_PRICE:
        raise UserError(ErrorCode.PRODUCT_PRICE)
    if not 0 <= stock <= MOST_STOCK:
        raise UserError(ErrorCode.PRODUCT_STOCK)
    if not _COLOUR.fullmatch(draft.colour):
        raise UserError(ErrorCode.PRODUCT_COLOUR)
    _guard_plu(uow, draft.plu, number)
    _guard_parent(uow, draft.parent_id, number)
    return Product(
        id=number,
        seller_id=draft.seller_id,
        name=_name(draft.name),
        price=Won(draft.price),
        stock=stock,
        category=clean_name(draft.category),
        active=draft.is_on_sale,
        tax=draft.tax,
        unit=draft.unit,
        # An order counts pieces: of weighed goods it cannot count what is left.
        is_tracked=draft.is_tracked and draft.unit is SaleUnit.COUNT,
        parent_id=draft.parent_id,
        plu=draft.plu,
        colour=draft.colour,
        is_favourite=draft.is_favourite,
    )


def _name(text: str) -> str:
    name = clean_name(text)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise UserError(ErrorCode.PRODUCT_NAME, longest=LONGEST_NAME)
    return name


def _option_price(price: int) -> Won:
    if not 0 <= price <= HIGHEST_PRICE:
        raise UserError(ErrorCode.OPTION_PRICE)
    return Won(price)


def _guard_plu(uow: UnitOfWork, plu: int | None, number: int) -> None:
    if plu is None:
        return
    if not 0 <= plu <= HIGHEST_PLU:
        raise UserError(ErrorCode.PRODUCT_PLU)
    other = uow.goods.with_plu(plu)
    if other is not None and other.id != number:
        raise UserError(ErrorCode.PLU_TAKEN, product=other.name)


def _guard_parent(uow: UnitOfWork, parent_id: int | None, number: int) -> None:
    """Refuse a parent that is not there, is a variant itself, or is the product itself."""
    if parent_id is None:
        return
    parent = uow.orders.product(parent_id)
    if parent is None or parent.parent_id is not None or parent.id == number:
        raise UserError(ErrorCode.PRODUCT_PARENT)


def _write_details(uow: UnitOfWork, draft: ProductDraft, product: Product) -> ProductDetails:
    """Write codes and options of a stored product."""
    codes: dict[str, ProductCode] = {}
    for text, pack in draft.codes:
        if not 1 <= pack <= MOST_IN_A_PACK:
            raise UserError(ErrorCode.PRODUCT_PACK, most=MOST_IN_A_PACK)
        code = ProductCode(typed_code(text), pack)
        if codes.setdefault(code.code, code) != code:
            raise UserError(ErrorCode.CODE_TAKEN, product=product.name)
    uow.goods.set_codes(product.id, tuple(codes.values()))
    uow.goods.set_options(product.id, draft.group_ids)
    return _details(uow, product)


def _write_picture(uow: UnitOfWork, product: Product, content: bytes) -> Product:
    """Store a picture of a stored product; return the product with its name."""
    if content and not is_stored_picture(content):
        raise UserError(ErrorCode.PICTURE_BROKEN)
    if content or product.picture:
        uow.goods.set_picture(product.id, content)
    return replace(product, picture=picture_name(content))


def _details(uow: UnitOfWork, product: Product) -> ProductDetails:
    codes, groups = uow.goods.codes_of(product.id), uow.goods.options_of(product.id)
    return ProductDetails(product, codes, groups)


def _known(uow: UnitOfWork, product_id: int) -> Product:
    product = uow.orders.product(product_id)
    if product is None:
        raise UserError(ErrorCode.PRODUCT_UNKNOWN)
    return product


def _named(uow: UnitOfWork, code: str) -> tuple[Product, ...]:
    return tuple(product for product, _ in uow.goods.with_code(code))
