"""Permissions: one for each kind of action that a person may be allowed or not."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """Kind of an action that writes records or sends something.

    ``RESOLVE_MONEY``: decide what no rule can about unresolved money. ``SYNC``: expedite pending
    refunds and reconciliation. ``BACK_UP``, ``RESTORE``: copy the database, and replace it by a
    copy.
    """

    RESOLVE_MONEY = "resolve_money"
    SYNC = "sync"
    BACK_UP = "back_up"
    RESTORE = "restore"
