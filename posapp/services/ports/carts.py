"""Port for the carts of a till."""

from __future__ import annotations

from typing import Protocol

from posapp.domain.carts import Cart, CartLine


class Carts(Protocol):
    """Carts of the till that writes. The database holds that one is open at most, and that lines
    change only in an open cart."""

    def get(self, cart_id: int) -> Cart | None:
        """Return a cart with its lines, or ``None``."""
        ...

    def open(self) -> Cart | None:
        """Return the open cart, or ``None``."""
        ...

    def held(self) -> tuple[Cart, ...]:
        """Return the carts on hold, oldest first."""
        ...

    def add(self, cart: Cart) -> Cart:
        """Store a new cart without lines (its id is ignored) and return it with its id."""
        ...

    def save(self, cart: Cart) -> None:
        """Write state, name, note, discount, its approval and the order of a cart."""
        ...

    def add_line(self, line: CartLine) -> CartLine:
        """Store a new line (its id is ignored) as the last one and return it with its id.

        Raises:
            UserError: ``CART_FULL``: the cart has ``MOST_LINES``.
        """
        ...

    def save_line(self, line: CartLine) -> None:
        """Write all of a line but its cart."""
        ...

    def remove_line(self, line_id: int) -> None:
        """Remove a line."""
        ...
