"""The limit of discounts: above it a second person agrees, once for as much."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.actors import Actor
from posapp.domain.carts import Cart
from posapp.domain.refund_limits import DISCOUNT_OF
from posapp.domain.sale_rules import SaleRules
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.unit_of_work import UnitOfWork
from posapp.services.sale.cart_view import CartView


def require_discount(
    access: AccessControl, rules: SaleRules, uow: UnitOfWork, actor: Actor, view: CartView
) -> Cart:
    """Return the cart, with who approved its discounts if they are above the limit. An approval is
    thereby used, and is good for as many won as it was given for.

    Raises:
        UserError: ``APPROVAL_REQUIRED`` with ``what``, ``amount`` and ``reason``.
    """
    cart, given = view.cart, view.amounts.given
    if given <= cart.approved_discount or not rules.is_above_limit(view.line_amounts, view.amounts):
        return cart
    what = f"{DISCOUNT_OF}{cart.id}"
    approver = access.require_discount(uow, actor, what, given, view.discount_reason)
    if approver is None:
        return cart
    return replace(cart, approved_discount=given, approved_by=approver)
