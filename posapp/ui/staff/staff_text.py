"""Texts of the page of staff."""

from __future__ import annotations

from posapp.domain.permissions import Grant, Permission, grant_of
from posapp.domain.refund_limits import RefundLimits
from posapp.services.staff.staff_directory import StaffEntry
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.widgets.entry_list import EntryText

NAME = 40
"""Letters of a name, as many as it may have."""


def state_of(entry: StaffEntry) -> tuple[str, str]:
    """Return the tone of a person's state, and its name in message ids."""
    if not entry.active:
        return "idle", "removed"
    if entry.is_locked:
        return "error", "locked"
    return ("success", "active") if entry.has_pin else ("warning", "no_pin")


def row_text(texts: Translator, entry: StaffEntry) -> EntryText:
    """Return what the list says of a person."""
    tone, state = state_of(entry)
    return EntryText(
        tone,
        display_text(entry.name, NAME),
        texts(f"staff.state_{state}"),
        texts(f"staff.role_{entry.role.value}"),
        _last(texts, entry),
    )


def facts_of(texts: Translator, entry: StaffEntry, limits: RefundLimits) -> list[tuple[str, str]]:
    """Return (name, value) pairs about a person."""
    seller = entry.seller_id
    rows = [
        (texts("staff.role"), texts(f"staff.role_{entry.role.value}")),
        (texts("staff.seller"), str(seller) if seller is not None else ""),
        (texts("staff.signed_in"), _last(texts, entry)),
        (texts("staff.tries"), texts("staff.tries_of", count=entry.tries) if entry.tries else ""),
    ]
    return [*rows, *(_limits(texts, entry, limits) if entry.active else ())]


def _last(texts: Translator, entry: StaffEntry) -> str:
    at = entry.signed_in_at
    return texts.when(at) if at is not None else texts("staff.never")


def _limits(texts: Translator, entry: StaffEntry, limits: RefundLimits) -> list[tuple[str, str]]:
    """Return what the person needs to give money back, by amount."""
    upper = texts("staff.needs_manager", amount=texts.won(limits.second_person))
    if grant_of(entry.role, Permission.REFUND) is not Grant.YES:
        steps = [texts("staff.needs_always", amount=texts.won(limits.second_person)), upper]
    else:
        steps = [
            texts("staff.needs_nothing", amount=texts.won(limits.without_pin)),
            texts("staff.needs_pin", amount=texts.won(limits.with_pin)),
            texts("staff.needs_person", amount=texts.won(limits.second_person)),
            upper,
        ]
    of_day = texts(
        "staff.of_day", amount=texts.won(entry.refunded_today), limit=texts.won(limits.day)
    )
    return [(texts("staff.limits"), "\n".join(steps)), (texts("staff.today"), of_day)]
