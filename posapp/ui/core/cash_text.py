"""What is said about cash that was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posapp.ui.core.i18n import Translator

if TYPE_CHECKING:
    from posapp.domain.cash import CashTaken


def outcome_text(texts: Translator, taken: CashTaken) -> str:
    """Return what the cashier does now: give change, or nothing."""
    change = taken.tender.change
    return texts("cash.give_change", amount=texts.won(change)) if change else texts("cash.done")
