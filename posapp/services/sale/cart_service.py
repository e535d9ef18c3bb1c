"""The cart of the counter's own sale (docs/specification.md 2.8): each change is committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from posapp.domain.actors import Actor
from posapp.domain.carts import (
    MOST_HELD,
    Cart,
    CartLine,
    CartState,
    CartTrigger,
    LineError,
)
from posapp.domain.codes import LONGEST_BARCODE
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import MAX_AMOUNT, ZERO, Won
from posapp.domain.orders import Product
from posapp.domain.permissions import Permission
from posapp.domain.product_options import choose_options
from posapp.domain.products import SaleUnit
from posapp.domain.sale_amounts import Discount
from posapp.domain.sale_rules import SaleRules
from posapp.domain.text import strip_controls
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.goods.code_lookup import CodeFound, CodeLookup
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.sale.cart_view import CartView, price_of, view_cart
from posapp.services.sale.discount_approval import require_discount

MOST_GRAMS = 999_999
LONGEST_NAME, LONGEST_NOTE = 40, 200
"""Characters of the name of a sale on hold, and of a note; longer ones are cut."""


class ScanKind(StrEnum):
    """What a scan did: it added a line, or an error line; or it added nothing, as options or a
    weight have to be asked for first, or as it names an order."""

    ADDED = "added"
    ERROR = "error"
    ASK_OPTIONS = "ask_options"
    ASK_WEIGHT = "ask_weight"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan did.

    Attributes:
        cart: the open cart now; ``None``: there is none.
        line_id: the line that was added, or that has the pieces.
        product: whose options or weight are to be asked for.
        count: pieces to add of it.
        order_id: the order that the code names.
    """

    kind: ScanKind
    cart: CartView | None = None
    line_id: int | None = None
    product: Product | None = None
    count: int = 1
    order_id: int | None = None


class CartService:
    """The open cart of a till, which begins with its first line, and the carts on hold.

    Each method that changes something asks for ``Permission.SELL``, commits, and returns the cart
    as it is then; a refusal changes nothing. Beside the errors that it names, each refuses with
    ``NOT_PERMITTED``, and what comes to too much with ``CART_AMOUNT`` or ``DISCOUNT_ABOVE``.
    """

    def __init__(self, store: Store, clock: Clock, access: AccessControl, rules: SaleRules) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._rules = rules
        self._lookup = CodeLookup(rules.labels)

    @property
    def discount_limits(self) -> tuple[int, Won]:
        """Return up to how many percent, and won, one person alone gives discounts."""
        return self._rules.discount_percent, self._rules.discount_won

    def read(self) -> CartView | None:
        """Return the open cart, or ``None``."""
        with self._store.snapshot() as uow:
            cart = uow.carts.open()
            return self._show(uow, cart) if cart is not None else None

    def held(self) -> tuple[CartView, ...]:
        """Return the carts on hold, oldest first."""
        with self._store.snapshot() as uow:
            return tuple(self._show(uow, cart) for cart in uow.carts.held())

    # Lines.

    def scan(self, actor: Actor, text: str, count: int = 1) -> ScanResult:
        """Add what a scanned code names. A code that nothing has, or several products have, becomes
        an error line, so that no scan is lost.

        Args:
            count: how many times.

        Raises:
            UserError: ``CODE_FORM``: nothing is left of the text; ``PRODUCT_NOT_ON_SALE``;
                ``CART_COUNT``, ``CART_FULL``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            found = self._lookup.find(uow, text)
            if not found.code:
                raise UserError(ErrorCode.CODE_FORM, longest=LONGEST_BARCODE)
            if found.order_id is not None:
                return ScanResult(ScanKind.ORDER, order_id=found.order_id)
            if len(found.products) != 1:
                line = self._add_line(uow, actor, _error_line(found))
                result = self._finish(uow, line, ScanKind.ERROR)
            else:
                (product,) = found.products
                asks = _asks(uow, product, found)
                if asks is not None:
                    return ScanResult(asks, product=product, count=count * found.pack)
                line = self._add_line(uow, actor, self._scanned(uow, product, found, count))
                result = self._finish(uow, line, ScanKind.ADDED)
            uow.commit()
        return result

    def add(
        self,
        actor: Actor,
        product_id: int,
        *,
        options: Sequence[int] = (),
        count: int = 1,
        grams: int | None = None,
    ) -> CartView:
        """Add pieces of a product, or a weight of it.

        Args:
            options: ids of the chosen options.
            grams: of what is sold by weight.

        Raises:
            UserError: ``PRODUCT_UNKNOWN``, ``PRODUCT_NOT_ON_SALE``; ``OPTION_UNKNOWN``,
                ``OPTIONS_FEW``, ``OPTIONS_MANY``; ``CART_WEIGHT``; ``CART_COUNT``, ``CART_FULL``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            line = self._of_product(uow, product_id, options, grams).with_count(count)
            self._add_line(uow, actor, line)
            return self._commit(uow)

    def choose(
        self,
        actor: Actor,
        line_id: int,
        product_id: int,
        *,
        options: Sequence[int] = (),
        grams: int | None = None,
    ) -> CartView:
        """Let the code of an error line be a product's: one of several that have it, or one that
        has it by now.

        Raises:
            UserError: like ``add``; ``CART_LINE_UNKNOWN``: there is no such error line;
                ``PRODUCT_UNKNOWN``: the product does not have that code.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            line = self._line(uow, line_id)
            if line.error is LineError.NONE:
                raise UserError(ErrorCode.CART_LINE_UNKNOWN)
            packs = {product.id: pack for product, pack in uow.goods.with_code(line.code)}
            if product_id not in packs:
                raise UserError(ErrorCode.PRODUCT_UNKNOWN)
            chosen = self._of_product(uow, product_id, options, grams, line.code)
            if not chosen.is_measured:
                chosen = chosen.with_count(packs[product_id])
            self._save_line(uow, replace(chosen, id=line.id, cart_id=line.cart_id))
            return self._commit(uow)

    def set_count(self, actor: Actor, line_id: int, count: int) -> CartView:
        """Change the pieces of a line.

        Raises:
            UserError: ``CART_LINE_UNKNOWN``; ``CART_COUNT``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            self._save_line(uow, self._line(uow, line_id).with_count(count))
            return self._commit(uow)

    def remove(self, actor: Actor, line_id: int) -> CartView:
        """Remove a line.

        Raises:
            UserError: ``CART_LINE_UNKNOWN``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            uow.carts.remove_line(self._line(uow, line_id).id)
            return self._commit(uow)

    def restore_line(self, actor: Actor, line: CartLine) -> CartView:
        """Add a line again that was just removed, as it was, as the last one. What its price and
        discount may be is asked where the sale is ordered.

        Raises:
            UserError: ``CART_FULL``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            cart = self._opened(uow, actor)
            uow.carts.add_line(_fitting(replace(line, cart_id=cart.id)))
            return self._commit(uow)

    def renew_prices(self, actor: Actor) -> CartView:
        """Take over the prices that products have now, where they changed since they were added.

        Raises:
            UserError: ``CART_EMPTY``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            for one in self._view(uow, self._open(uow)).lines:
                if one.price_now is not None and one.price_now != one.line.price:
                    self._save_line(uow, replace(one.line, price=one.price_now))
            return self._commit(uow)

    # The whole sale.

    def discount_line(self, actor: Actor, line_id: int, discount: Discount | None) -> CartView:
        """Give a line a discount in the place of its last one; ``None`` takes it away.

        Raises:
            UserError: ``CART_LINE_UNKNOWN``: also for an error line; ``APPROVAL_REQUIRED``: it is
                above the limit.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            line = self._line(uow, line_id)
            if line.error is not LineError.NONE:
                raise UserError(ErrorCode.CART_LINE_UNKNOWN)
            changed = replace(line, discount=discount)
            cart = self._open(uow)
            lines = tuple(changed if one.id == line_id else one for one in cart.lines)
            self._save_discounted(uow, actor, replace(cart, lines=lines))
            self._save_line(uow, changed)
            return self._commit(uow)

    def discount_sale(self, actor: Actor, discount: Discount | None) -> CartView:
        """Give the whole sale a discount in the place of its last one; ``None`` takes it away.

        Raises:
            UserError: ``CART_EMPTY``; ``APPROVAL_REQUIRED``: it is above the limit.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            self._save_discounted(uow, actor, replace(self._open(uow), discount=discount))
            return self._commit(uow)

    def set_note(self, actor: Actor, note: str, name: str = "") -> CartView:
        """Change the note of the sale, and the name by which it is known on hold.

        Raises:
            UserError: ``CART_EMPTY``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            noted = strip_controls(note)[:LONGEST_NOTE], strip_controls(name)[:LONGEST_NAME]
            uow.carts.save(replace(self._open(uow), note=noted[0], name=noted[1]))
            return self._commit(uow)

    def clear(self, actor: Actor) -> None:
        """Drop the open cart with all its lines; without one nothing happens."""
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            cart = uow.carts.open()
            if cart is not None:
                uow.carts.save(cart.apply(CartTrigger.DROPPED))
                uow.commit()

    def restore(self, actor: Actor, cart_id: int) -> CartView:
        """Begin a sale anew that was just cleared, with its lines, discounts and note. An approval
        of its discounts was for that cart: the order asks for it again.

        Raises:
            UserError: ``CART_UNKNOWN``: it was not cleared; ``CART_OPEN``: another cart with lines
                is open.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            dropped = uow.carts.get(cart_id)
            if dropped is None or dropped.state is not CartState.DROPPED:
                raise UserError(ErrorCode.CART_UNKNOWN)
            cart = self._opened(uow, actor)
            if cart.lines:
                raise UserError(ErrorCode.CART_OPEN)
            for line in dropped.lines:
                uow.carts.add_line(replace(line, cart_id=cart.id))
            uow.carts.save(
                replace(cart, name=dropped.name, note=dropped.note, discount=dropped.discount)
            )
            return self._commit(uow)

    # Carts on hold.

    def hold(self, actor: Actor) -> None:
        """Put the open cart on hold.

        Raises:
            UserError: ``CART_EMPTY``; ``CART_HOLDS_FULL``: ``MOST_HELD`` are on hold.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            cart = self._open(uow)
            if len(uow.carts.held()) >= MOST_HELD:
                raise UserError(ErrorCode.CART_HOLDS_FULL, most=MOST_HELD)
            uow.carts.save(cart.apply(CartTrigger.PUT_ON_HOLD))
            uow.commit()

    def take_up(self, actor: Actor, cart_id: int) -> CartView:
        """Go on with a cart on hold.

        Raises:
            UserError: ``CART_UNKNOWN``; ``CART_OPEN``: another cart with lines is open.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            held = _held(uow, cart_id)
            current = uow.carts.open()
            if current is not None:
                if current.lines:
                    raise UserError(ErrorCode.CART_OPEN)
                uow.carts.save(current.apply(CartTrigger.DROPPED))
            opened = held.apply(CartTrigger.TAKEN_UP)
            uow.carts.save(opened)
            view = self._show(uow, opened)
            uow.commit()
        return view

    def drop(self, actor: Actor, cart_id: int) -> None:
        """Drop a cart on hold.

        Raises:
            UserError: ``CART_UNKNOWN``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            uow.carts.save(_held(uow, cart_id).apply(CartTrigger.DROPPED))
            uow.commit()

    def _show(self, uow: UnitOfWork, cart: Cart) -> CartView:
        return view_cart(uow, cart, self._rules.round_to, is_only_shown=True)

    def _view(self, uow: UnitOfWork, cart: Cart) -> CartView:
        return view_cart(uow, cart, self._rules.round_to)

    def _open(self, uow: UnitOfWork) -> Cart:
        cart = uow.carts.open()
        if cart is None or not cart.lines:
            raise UserError(ErrorCode.CART_EMPTY)
        return cart

    def _line(self, uow: UnitOfWork, line_id: int) -> CartLine:
        cart = uow.carts.open()
        for line in cart.lines if cart is not None else ():
            if line.id == line_id:
                return line
        raise UserError(ErrorCode.CART_LINE_UNKNOWN)

    def _of_product(
        self,
        uow: UnitOfWork,
        product_id: int,
        options: Sequence[int],
        grams: int | None,
        code: str = "",
    ) -> CartLine:
        """Return a new line of a product, of one piece or of some grams."""
        product = uow.orders.product(product_id)
        if product is None:
            raise UserError(ErrorCode.PRODUCT_UNKNOWN)
        if (grams is not None) != (product.unit is SaleUnit.WEIGHT) or not (
            grams is None or 1 <= grams <= MOST_GRAMS
        ):
            raise UserError(ErrorCode.CART_WEIGHT, most=MOST_GRAMS)
        line = CartLine(0, 0, product.id, tuple(options), grams=grams, code=code)
        return self._priced(uow, product, line)

    def _scanned(self, uow: UnitOfWork, product: Product, found: CodeFound, count: int) -> CartLine:
        label = found.label
        line = CartLine(
            0,
            0,
            product.id,
            grams=label.grams if label is not None else None,
            label_price=label.price if label is not None else None,
            code=found.code,
        )
        return self._priced(uow, product, line).with_count(count * found.pack)

    def _priced(self, uow: UnitOfWork, product: Product, line: CartLine) -> CartLine:
        """Return a line with its price and its options in their order."""
        if not product.active:
            raise UserError(ErrorCode.PRODUCT_NOT_ON_SALE, product=product.name)
        options = choose_options(uow.goods.options_of(product.id), line.options)
        price = price_of(product, options, line, self._rules.round_to)
        return replace(line, options=tuple(one.id for one in options), price=price)

    def _opened(self, uow: UnitOfWork, actor: Actor) -> Cart:
        """Return the open cart; a new one, if there was none."""
        cart = uow.carts.open()
        return cart or uow.carts.add(Cart(0, CartState.OPEN, self._clock.now(), actor))

    def _add_line(self, uow: UnitOfWork, actor: Actor, line: CartLine) -> CartLine:
        """Add a line to the open cart, or its pieces to a line that is like it."""
        cart = self._opened(uow, actor)
        for known in cart.lines:
            if known.is_like(line):
                more = known.with_count(known.count + line.count)
                self._save_line(uow, more)
                return more
        return uow.carts.add_line(_fitting(replace(line, cart_id=cart.id)))

    def _save_line(self, uow: UnitOfWork, line: CartLine) -> None:
        uow.carts.save_line(_fitting(line))

    def _commit(self, uow: UnitOfWork) -> CartView:
        """Commit and return the open cart; refuse what it cannot come to before."""
        cart = uow.carts.open()
        if cart is None:
            raise UserError(ErrorCode.CART_EMPTY)
        view = self._view(uow, cart)
        uow.commit()
        return view

    def _save_discounted(self, uow: UnitOfWork, actor: Actor, cart: Cart) -> None:
        """Save a cart without its lines, if its discounts are within the limit or approved."""
        view = self._view(uow, cart)
        uow.carts.save(require_discount(self._access, self._rules, uow, actor, view))

    def _finish(self, uow: UnitOfWork, line: CartLine, kind: ScanKind) -> ScanResult:
        cart = uow.carts.open()
        view = self._view(uow, cart) if cart is not None else None
        return ScanResult(kind, view, line.id)


def _fitting(line: CartLine) -> CartLine:
    """Return the line if its amount is one; else ``CART_AMOUNT``."""
    if int(line.price) * line.count > MAX_AMOUNT:
        raise UserError(ErrorCode.CART_AMOUNT)
    return line


def _error_line(found: CodeFound) -> CartLine:
    error = LineError.SEVERAL_PRODUCTS if found.products else LineError.UNKNOWN_CODE
    return CartLine(0, 0, None, price=ZERO, code=found.code, error=error)


def _asks(uow: UnitOfWork, product: Product, found: CodeFound) -> ScanKind | None:
    """Return what has to be asked before a scanned product can be added, or ``None``."""
    if not product.active or found.label is not None:
        return None
    if any(group.least > 0 for group in uow.goods.options_of(product.id)):
        return ScanKind.ASK_OPTIONS
    if product.unit is SaleUnit.WEIGHT:
        return ScanKind.ASK_WEIGHT
    return None


def _held(uow: UnitOfWork, cart_id: int) -> Cart:
    cart = uow.carts.get(cart_id)
    if cart is None or cart.state is not CartState.HELD:
        raise UserError(ErrorCode.CART_UNKNOWN)
    return cart
