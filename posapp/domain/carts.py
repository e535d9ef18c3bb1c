"""Carts: what is being rung up, and the states of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.sale_amounts import Discount
from posapp.domain.state_machine import StateMachine

MOST_LINES = 200
MOST_PIECES = 9_999
MOST_HELD = 50
"""Lines of a cart, pieces of a line, and carts on hold, at most."""


class CartState(StrEnum):
    """State of a cart. A till has one open cart at most; ``ORDERED`` and ``DROPPED`` are ends."""

    OPEN = "OPEN"
    HELD = "HELD"
    ORDERED = "ORDERED"
    DROPPED = "DROPPED"


class CartTrigger(StrEnum):
    """Event that changes the state of a cart."""

    PUT_ON_HOLD = "put_on_hold"
    TAKEN_UP = "taken_up"
    ORDERED = "ordered"
    DROPPED = "dropped"


_S, _T = CartState, CartTrigger

CART_TRANSITIONS: StateMachine[CartState, CartTrigger] = StateMachine(
    "cart",
    {
        (_S.OPEN, _T.PUT_ON_HOLD): _S.HELD,
        (_S.HELD, _T.TAKEN_UP): _S.OPEN,
        (_S.OPEN, _T.ORDERED): _S.ORDERED,
        (_S.OPEN, _T.DROPPED): _S.DROPPED,
        (_S.HELD, _T.DROPPED): _S.DROPPED,
    },
)


class LineError(StrEnum):
    """Why a line of a cart is no product yet: nothing has its code, or several products have it."""

    NONE = ""
    UNKNOWN_CODE = "UNKNOWN_CODE"
    SEVERAL_PRODUCTS = "SEVERAL_PRODUCTS"


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line of a cart.

    Attributes:
        product_id: ``None`` for a code that names no product yet (``error``).
        options: ids of the chosen options, in the order of the product's groups.
        price: of one piece with its options, in won, as it was when it was added.
        grams: of weighed goods; ``price`` is that of all of them.
        label_price: the price that a label named.
        code: what was scanned, or empty.
    """

    id: int
    cart_id: int
    product_id: int | None
    options: tuple[int, ...] = ()
    price: Won = ZERO
    count: int = 1
    grams: int | None = None
    label_price: Won | None = None
    discount: Discount | None = None
    code: str = ""
    error: LineError = LineError.NONE

    @property
    def amount(self) -> Won:
        """Price × count, in won."""
        return self.price * self.count

    @property
    def is_measured(self) -> bool:
        """Whether a weight or a label made its price: it is one piece, and has no other count."""
        return self.grams is not None or self.label_price is not None

    def with_count(self, count: int) -> CartLine:
        """Return the line with another count.

        Raises:
            UserError: ``CART_COUNT``: not from 1 to ``MOST_PIECES``; or the line is measured or an
                error, and has one piece.
        """
        fixed = self.is_measured or self.error is not LineError.NONE
        if not 1 <= count <= (1 if fixed else MOST_PIECES):
            raise UserError(ErrorCode.CART_COUNT, most=1 if fixed else MOST_PIECES)
        return replace(self, count=count)

    def is_like(self, other: CartLine) -> bool:
        """Return whether the pieces of another line can be added to this one."""
        return (
            self.product_id == other.product_id
            and self.options == other.options
            and self.price == other.price
            and self.discount == other.discount is None
            and self.error is other.error is LineError.NONE
            and not self.is_measured
            and not other.is_measured
        )


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart with its lines, in the order in which they were added.

    Attributes:
        name: of a cart on hold, or empty.
        discount: of the whole sale.
        approved_discount: up to this many won, ``approved_by`` gave discounts above the limit.
        order_id: what was made of it.
    """

    id: int
    state: CartState
    opened_at: datetime
    opened_by: Actor
    name: str = ""
    note: str = ""
    discount: Discount | None = None
    approved_discount: Won = ZERO
    approved_by: Actor = NOBODY
    order_id: int | None = None
    lines: tuple[CartLine, ...] = ()

    def apply(self, trigger: CartTrigger, *, order_id: int | None = None) -> Cart:
        """Return the cart after ``trigger``; the only way to another state.

        Raises:
            IllegalTransition: the state has no such transition.
        """
        state = CART_TRANSITIONS.next_state(self.state, trigger)
        return replace(self, state=state, order_id=order_id)
