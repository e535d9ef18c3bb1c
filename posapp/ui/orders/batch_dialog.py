"""Confirmation of a batch cancellation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.domain.cancellation import CancelAction, cancel_action_for, default_reason
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.widgets.confirm_dialog import ConfirmDialog

_NAMED = 6


def batch_dialog(
    texts: Translator,
    items: Sequence[OrderItem],
    *,
    buyer: str,
    actor: Actor,
    reason: str,
    parent: QWidget,
) -> ConfirmDialog:
    """Return the confirmation with the sum of the refunds and the items."""
    refunds = [item for item in items if cancel_action_for(item) is CancelAction.REFUND]
    unpaid = [item for item in items if cancel_action_for(item) is CancelAction.CANCEL]
    names = ", ".join(display_text(item.name, 40, run=24) for item in items[:_NAMED])
    if len(items) > _NAMED:
        names += " …"
    facts = [
        (texts("order_page.batch_items"), names),
        (texts("order_page.batch_refund"), _sum_text(texts, refunds)),
        (texts("order_page.batch_cancel"), _sum_text(texts, unpaid)),
        (texts("order_page.buyer"), buyer),
        (texts("cancel.reason"), display_text(reason, 120) or default_reason(actor.kind)),
    ]
    text = "order_page.batch_words" if refunds else "order_page.batch_words_unpaid"
    count = len(items)
    yes = texts("order_page.batch_yes", count=count)
    if refunds:
        yes = texts("order_page.batch_yes_refund", count=count, amount=texts.won(_sum(refunds)))
    return ConfirmDialog(
        texts("order_page.batch_question", count=count),
        texts(text),
        yes,
        texts("words.close"),
        parent,
        amount=texts.won(_sum(refunds or unpaid)),
        facts=facts,
    )


def _sum(items: Sequence[OrderItem]) -> Won:
    return sum((item.total for item in items), ZERO)


def _sum_text(texts: Translator, items: Sequence[OrderItem]) -> str:
    if not items:
        return ""
    amount = texts.won(_sum(items))
    return texts("order_page.batch_amount", count=len(items), amount=amount)
