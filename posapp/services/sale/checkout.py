"""The order of a cart, made in one transaction: names and prices are frozen, stock is reserved."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.carts import CartTrigger
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.guards import guard_buyer
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.merchant_numbers import beginning_of
from posapp.domain.money import ZERO
from posapp.domain.orders import Order, OrderItem
from posapp.domain.permissions import Permission
from posapp.domain.users import WALK_IN, WALK_IN_NAME, User
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.payment_gap import MAY_HAVE_PAID, guard_reconciled
from posapp.services.ports.record_ids import RecordKind
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.sale.cart_view import CartView, LineProblem, view_cart
from posapp.services.sale.discount_approval import require_discount
from posapp.services.till_config import TillConfig

WALK_IN_BUYER = Actor.buyer(WALK_IN)

MOST_REASON = 500
"""Characters of the reasons of discounts in the ledger; longer ones are cut."""


class CartOrder:
    """Makes the order of the open cart in the caller's unit of work."""

    def __init__(self, access: AccessControl, config: TillConfig) -> None:
        self._access = access
        self._config = config

    def make(
        self,
        uow: UnitOfWork,
        actor: Actor,
        payable: int,
        now: datetime,
        *,
        buyer: Actor = WALK_IN_BUYER,
        cash: int = 0,
    ) -> Order:
        """Make the order; see ``CheckoutService.order``.

        Args:
            cash: won of it that are paid in cash; KakaoPay has to take the rest, if there is one.
        """
        self._access.require(uow, actor, Permission.SELL)
        guard_reconciled(uow)
        view = self._view(uow)
        self._guard_amount(view, payable, cash)
        cart = require_discount(self._access, self._config.sale, uow, actor, view)
        order = _order_of(uow, view, _buyer(uow, buyer), now)
        if self._config.sale.is_exempt:
            order = order.with_exempt_goods()
        for item in order.items:
            uow.orders.take_stock(item.product_id, item.count)
        uow.catalogue.add_orders([order])
        uow.carts.save(cart.apply(CartTrigger.ORDERED, order_id=order.id))
        _record_discount(uow, view, order, actor, now)
        return order

    def _view(self, uow: UnitOfWork) -> CartView:
        """Return the open cart, if each of its lines can be ordered as it is shown."""
        cart = uow.carts.open()
        if cart is None or not cart.lines:
            raise UserError(ErrorCode.CART_EMPTY)
        view = view_cart(uow, cart, self._config.sale.round_to)
        if view.has_codes:
            raise UserError(ErrorCode.CART_CODES)
        if any(one.problem is not LineProblem.OUT_OF_STOCK for one in view.problems):
            raise UserError(ErrorCode.CART_CHANGED)
        return view

    def _guard_amount(self, view: CartView, payable: int, cash: int) -> None:
        amount = view.amounts.payable
        if amount != payable:
            raise UserError(ErrorCode.CART_CHANGED)
        if amount == 0:
            raise UserError(ErrorCode.ORDER_ZERO)
        rest = amount - cash
        if rest and not self._config.min_amount <= rest <= self._config.max_amount:
            raise UserError(
                ErrorCode.AMOUNT_LIMIT,
                smallest=int(self._config.min_amount),
                largest=int(self._config.max_amount),
            )


class CheckoutService:
    """Makes the order of the open cart. The order then waits for its payment like any other."""

    def __init__(self, store: Store, clock: Clock, orders: CartOrder) -> None:
        self._store = store
        self._clock = clock
        self._orders = orders

    def order(self, actor: Actor, payable: int, buyer: Actor = WALK_IN_BUYER) -> Order:
        """Make the order of the open cart, for a buyer or for whoever is there.

        The cart is ``ORDERED`` then: a second call finds none, and makes no second order.

        Args:
            payable: won, as the caller showed them.
            buyer: whose order it is.

        Raises:
            UserError: ``NOT_PERMITTED``; ``FILE_BEHIND``: an older copy of the database was
                restored, and is not compared yet; ``USER_UNKNOWN``; ``CART_EMPTY``;
                ``CART_CODES``: a code names no product yet; ``CART_CHANGED``: a price, a product
                or the amount is another one than was shown; ``OUT_OF_STOCK``;
                ``APPROVAL_REQUIRED``: its discounts are above the limit; ``ORDER_ZERO``: nothing is
                to be paid; ``AMOUNT_LIMIT``: KakaoPay does not take the amount.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            order = self._orders.make(uow, actor, payable, now, buyer=buyer)
            uow.commit()
        return order


def _buyer(uow: UnitOfWork, buyer: Actor) -> User:
    """Return the buyer; the built-in one is stored with its first sale."""
    known = find_user(uow, buyer)
    if known is None and buyer == WALK_IN_BUYER:
        known = User(WALK_IN, WALK_IN_NAME)
        uow.catalogue.add_users([known])
    return guard_buyer(buyer, known)


def _order_of(uow: UnitOfWork, view: CartView, buyer: User, now: datetime) -> Order:
    number = _order_number(uow)
    items = []
    for one in view.lines:
        assert one.product is not None  # noqa: S101 - a line without one is a problem
        items.append(
            OrderItem(
                id=_item_number(uow),
                order_id=number,
                buyer_id=buyer.id,
                seller_id=one.product.seller_id,
                product_id=one.product.id,
                name=one.name,
                price=one.line.price,
                count=one.line.count,
                discount=one.discount,
                tax=one.product.tax,
                options=" ".join(map(str, one.line.options)),
                measure=one.measure,
            )
        )
    return Order(number, buyer.id, now, tuple(items), is_counter=True, note=view.cart.note)


def _order_number(uow: UnitOfWork) -> int:
    """Return a number under which no money was moved: a newer database that was lost may have given
    it to another sale."""
    while True:
        number = uow.record_ids.next(RecordKind.ORDER)
        beginning = beginning_of(uow.checkpoints.till_code(), number)
        is_named = (
            uow.attempts.for_order(number)
            or uow.payments.for_order(number)
            or uow.mismatches.is_open_under(MAY_HAVE_PAID, (), beginning)
        )
        if not is_named:
            return number


def _item_number(uow: UnitOfWork) -> int:
    """Return a number that no refund is about: the journal may know one of a lost newer
    database."""
    while uow.refunds.of_item(number := uow.record_ids.next(RecordKind.ORDER_ITEM)):
        pass
    return number


def _record_discount(
    uow: UnitOfWork, view: CartView, order: Order, actor: Actor, now: datetime
) -> None:
    discount = sum((item.discount for item in order.items), ZERO)
    if discount == 0:
        return
    uow.ledger.append(
        NewEntry(
            event=LedgerEvent.DISCOUNT_GIVEN,
            amount=ZERO,
            actor=actor,
            at=now,
            order_id=order.id,
            reference=str(discount),
            reason=view.discount_reason[:MOST_REASON],
        )
    )
