"""Permissions: one for each kind of action, and the one table of which role has which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """Kind of an action that a person may be allowed or not.

    ``SELL``: ring up a sale of the counter and make its order. ``GIVE_DISCOUNT``: approve
    discounts above the limit, which nobody gives alone.
    ``TAKE_PAYMENT``: start and abandon the QR of an order, and take cash for it. ``OPEN_SHIFT``:
    begin a shift with its float, and see what it came to. ``CLOSE_SHIFT``: close it.
    ``SEE_EXPECTED_CASH``: see what is in the drawer before it is counted.
    ``MOVE_CASH``: put cash into the drawer or take it out, and open it without a sale.
    ``CANCEL_ORDER``: cancel unpaid items.
    ``REFUND``: return money for paid items. ``CREATE_REQUEST``: make and withdraw a request for an
    exchange or a refund. ``DECIDE_REQUEST``: approve and reject requests, and undo that.
    ``FULFIL``: move items through delivery. ``RESOLVE_MONEY``: decide what no rule can about
    unresolved money. ``SYNC``: expedite pending refunds and reconciliation. ``IMPORT``, ``EXPORT``:
    write records from a file, and to one. ``BACK_UP``, ``RESTORE``: copy the database, and replace
    it by a copy. ``MANAGE_STAFF``: add and change staff, and reset their PINs. ``MANAGE_PRODUCTS``:
    make, change and stop products, their codes and options.

    Asked by screens and by services above these: ``CHANGE_SETTINGS``: change the settings of the
    till. ``PRINT``: print papers. ``SEE_FIGURES``: see the shop's figures of today.
    ``ACT_FOR_OTHERS``: act for any seller, by number, and manage every seller's products.
    """

    SELL = "sell"
    GIVE_DISCOUNT = "give_discount"
    TAKE_PAYMENT = "take_payment"
    OPEN_SHIFT = "open_shift"
    MOVE_CASH = "move_cash"
    CLOSE_SHIFT = "close_shift"
    SEE_EXPECTED_CASH = "see_expected_cash"
    CANCEL_ORDER = "cancel_order"
    REFUND = "refund"
    CREATE_REQUEST = "create_request"
    DECIDE_REQUEST = "decide_request"
    FULFIL = "fulfil"
    RESOLVE_MONEY = "resolve_money"
    SYNC = "sync"
    IMPORT = "import"
    EXPORT = "export"
    BACK_UP = "back_up"
    RESTORE = "restore"
    MANAGE_STAFF = "manage_staff"
    MANAGE_PRODUCTS = "manage_products"
    CHANGE_SETTINGS = "change_settings"
    PRINT = "print"
    SEE_FIGURES = "see_figures"
    ACT_FOR_OTHERS = "act_for_others"


class StaffRole(StrEnum):
    """Role of a member of staff: 점원, 판매자 (bound to one seller's number), 점장."""

    CASHIER = "CASHIER"
    SELLER = "SELLER"
    MANAGER = "MANAGER"


class Grant(StrEnum):
    """What a role may do: nothing of it, only what a second person with the right approves, or
    all."""

    NO = "no"
    WITH_APPROVER = "with_approver"
    YES = "yes"


_P, _NO, _ASK, _YES = Permission, Grant.NO, Grant.WITH_APPROVER, Grant.YES
_ROLES = (StaffRole.CASHIER, StaffRole.SELLER, StaffRole.MANAGER)
_TABLE: Mapping[Permission, tuple[Grant, Grant, Grant]] = {
    # permission: 점원, 판매자, 점장
    _P.SELL: (_YES, _YES, _YES),
    _P.GIVE_DISCOUNT: (_ASK, _YES, _YES),
    _P.TAKE_PAYMENT: (_YES, _YES, _YES),
    _P.OPEN_SHIFT: (_YES, _YES, _YES),
    _P.MOVE_CASH: (_NO, _YES, _YES),
    _P.CLOSE_SHIFT: (_NO, _YES, _YES),
    _P.SEE_EXPECTED_CASH: (_NO, _NO, _YES),
    _P.CANCEL_ORDER: (_YES, _YES, _YES),
    _P.REFUND: (_ASK, _YES, _YES),
    _P.CREATE_REQUEST: (_YES, _YES, _YES),
    _P.DECIDE_REQUEST: (_NO, _YES, _YES),
    _P.FULFIL: (_NO, _YES, _YES),
    _P.RESOLVE_MONEY: (_NO, _NO, _YES),
    _P.SYNC: (_NO, _YES, _YES),
    _P.IMPORT: (_NO, _NO, _YES),
    _P.EXPORT: (_NO, _YES, _YES),
    _P.BACK_UP: (_NO, _NO, _YES),
    _P.RESTORE: (_NO, _NO, _YES),
    _P.MANAGE_STAFF: (_NO, _NO, _YES),
    _P.MANAGE_PRODUCTS: (_NO, _YES, _YES),
    _P.CHANGE_SETTINGS: (_NO, _NO, _YES),
    _P.PRINT: (_YES, _YES, _YES),
    _P.SEE_FIGURES: (_NO, _NO, _YES),
    _P.ACT_FOR_OTHERS: (_NO, _NO, _YES),
}


def grant_of(role: StaffRole, permission: Permission) -> Grant:
    """Return what the role may do of this kind."""
    return _TABLE[permission][_ROLES.index(role)]
