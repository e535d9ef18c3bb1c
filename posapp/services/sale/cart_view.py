"""A cart as it is shown and ordered: its lines beside the products as they are now, and what it
comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.carts import Cart, CartLine, LineError
from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.money import MAX_AMOUNT, ZERO, Won
from posapp.domain.orders import Product
from posapp.domain.product_options import (
    Option,
    OptionGroup,
    choose_options,
    name_with_options,
    price_with_options,
)
from posapp.domain.sale_amounts import (
    LineAmount,
    SaleAmounts,
    measure_text,
    sale_amounts,
    weight_price,
)
from posapp.services.ports.unit_of_work import UnitOfWork


class LineProblem(StrEnum):
    """What happened to the product of a line since it was added. Each is asked about before the
    sale is ordered.

    ``NOT_ON_SALE``: the product was stopped or deleted. ``OPTIONS_CHANGED``: an option of the line
    is gone, or others have to be chosen. ``PRICE_CHANGED``: it costs something else now.
    ``OUT_OF_STOCK``: less is left than the cart has of it.
    """

    NONE = ""
    NOT_ON_SALE = "NOT_ON_SALE"
    OPTIONS_CHANGED = "OPTIONS_CHANGED"
    PRICE_CHANGED = "PRICE_CHANGED"
    OUT_OF_STOCK = "OUT_OF_STOCK"


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a cart, and its product as it is now.

    Attributes:
        product: ``None``: its code names none yet, or it was deleted.
        name: with the options; the code of a line that is no product yet.
        discount: of the line, with its share of those of the sale, in won.
        price_now: what one piece costs now, in won; ``None``: it cannot be sold.
        measure: how it was weighed, or empty.
        choices: the products of which one is to be chosen.
    """

    line: CartLine
    product: Product | None
    name: str
    discount: Won = ZERO
    price_now: Won | None = None
    measure: str = ""
    problem: LineProblem = LineProblem.NONE
    choices: tuple[Product, ...] = ()

    @property
    def amount(self) -> Won:
        """What the line comes to without its discounts, in won."""
        return self.line.amount - self.discount


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart with its lines, and what it comes to."""

    cart: Cart
    lines: tuple[LineView, ...]
    line_amounts: tuple[LineAmount, ...]
    amounts: SaleAmounts

    @property
    def has_codes(self) -> bool:
        """Whether a line is a code that names no product yet."""
        return any(one.line.error is not LineError.NONE for one in self.lines)

    @property
    def problems(self) -> tuple[LineView, ...]:
        """The lines whose product changed."""
        return tuple(one for one in self.lines if one.problem is not LineProblem.NONE)

    @property
    def discount_reason(self) -> str:
        """The reasons of its discounts, each once."""
        given = [self.cart.discount, *(line.discount for line in self.cart.lines)]
        reasons = [one.reason for one in given if one is not None and one.reason]
        return "; ".join(dict.fromkeys(reasons))


def view_cart(
    uow: UnitOfWork, cart: Cart, round_to: int, *, is_only_shown: bool = False
) -> CartView:
    """Return a cart as it is shown, by the products of the caller's unit of work.

    Args:
        round_to: unit to which amounts are rounded down, in won.
        is_only_shown: the amounts are without the sale's discount if that is more than it is of: a
            shop may round otherwise since it was given.

    Raises:
        UserError: ``CART_AMOUNT``: it comes to more than an amount can be; ``DISCOUNT_ABOVE``: a
            discount is more than it is of.
    """
    of_lines = _line_amounts(cart, round_to)
    try:
        amounts = sale_amounts(of_lines, cart.discount, round_to)
    except UserError:
        if not is_only_shown:
            raise
        amounts = sale_amounts(of_lines, None, round_to)
    numbers = [line.product_id for line in cart.lines if line.product_id is not None]
    products = uow.catalogue.existing_products(dict.fromkeys(numbers))
    wanted = Counter[int]()
    for line in cart.lines:
        if line.product_id is not None:
            wanted[line.product_id] += line.count
    groups = uow.goods.options_of_products(products)
    lines = tuple(
        _coded(uow, line)
        if line.product_id is None
        else _sold(line, products, groups, wanted, discount, round_to)
        for line, discount in zip(cart.lines, amounts.discounts, strict=True)
    )
    return CartView(cart, lines, of_lines, amounts)


def price_of(product: Product, options: tuple[Option, ...], line: CartLine, round_to: int) -> Won:
    """Return what one piece of a line costs by a product's present price, in won. A label's price
    stays; grams are one piece.

    Raises:
        UserError: ``CART_AMOUNT``: more than an amount can be.
    """
    price = product.price
    try:
        if line.label_price is not None:
            price = line.label_price
        elif line.grams is not None:
            price = weight_price(product.price, line.grams, round_to)
        return price_with_options(price, options)
    except InvalidAmount as error:
        raise UserError(ErrorCode.CART_AMOUNT) from error


def _line_amounts(cart: Cart, round_to: int) -> tuple[LineAmount, ...]:
    if sum(int(line.price) * line.count for line in cart.lines) > MAX_AMOUNT:
        raise UserError(ErrorCode.CART_AMOUNT)
    return tuple(
        LineAmount(
            line.amount,
            line.discount.of(line.amount, round_to) if line.discount is not None else ZERO,
            is_weighed=line.grams is not None,
        )
        for line in cart.lines
    )


def _coded(uow: UnitOfWork, line: CartLine) -> LineView:
    """Return a line whose code names no product yet, with the products that it may be."""
    found = uow.goods.with_code(line.code) if line.error is LineError.SEVERAL_PRODUCTS else ()
    choices = tuple(product for product, _ in found if product.active)
    return LineView(line, None, line.code, choices=choices)


def _sold(
    line: CartLine,
    products: Mapping[int, Product],
    groups: Mapping[int, tuple[OptionGroup, ...]],
    wanted: Counter[int],
    discount: Won,
    round_to: int,
) -> LineView:
    product = products.get(line.product_id or 0)
    if product is None:
        return LineView(line, None, line.code, discount, problem=LineProblem.NOT_ON_SALE)
    try:
        options = choose_options(groups.get(product.id, ()), line.options)
        price = price_of(product, options, line, round_to)
    except UserError:
        problem = LineProblem.OPTIONS_CHANGED if product.active else LineProblem.NOT_ON_SALE
        return LineView(line, product, product.name, discount, problem=problem)
    problem = LineProblem.NONE
    if not product.active:
        problem = LineProblem.NOT_ON_SALE
    elif price != line.price:
        problem = LineProblem.PRICE_CHANGED
    elif product.is_tracked and product.stock < wanted[product.id]:
        problem = LineProblem.OUT_OF_STOCK
    return LineView(
        line,
        product,
        name_with_options(product.name, options),
        discount,
        price if product.active else None,
        measure_text(product.price, line.grams) if line.grams is not None else "",
        problem,
    )
