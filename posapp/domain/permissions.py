"""Permissions: one for each kind of action that a person may be allowed or not."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """Kind of an action that writes records or sends something.

    ``TAKE_PAYMENT``: start and abandon the QR of an order. ``CANCEL_ORDER``: cancel unpaid items.
    ``REFUND``: return money for paid items. ``CREATE_REQUEST``: make and withdraw a request for an
    exchange or a refund. ``DECIDE_REQUEST``: approve and reject requests, and undo that.
    ``FULFIL``: move items through delivery. ``RESOLVE_MONEY``: decide what no rule can about
    unresolved money. ``SYNC``: expedite pending refunds and reconciliation. ``IMPORT``, ``EXPORT``:
    write records from a file, and to one. ``BACK_UP``, ``RESTORE``: copy the database, and replace
    it by a copy.
    """

    TAKE_PAYMENT = "take_payment"
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
