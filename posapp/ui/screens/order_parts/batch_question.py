"""The question in front of several cancellations at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from posapp.domain.cancelling import Deed, Side, deed_of
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.confirmation import Confirmation
from posapp.ui.screens.order_parts.foreign import shown

_NAMED = 6


def batch_question(
    texts: Texts,
    items: Sequence[OrderItem],
    *,
    buyer: str,
    side: Side,
    reason: str,
    parent: QWidget,
) -> Confirmation:
    """Ask with the sum that goes back, and with what it is for."""
    refunds = [item for item in items if deed_of(item) is Deed.REFUND]
    unpaid = [item for item in items if deed_of(item) is Deed.CANCEL]
    names = ", ".join(shown(item.name, 40, run=24) for item in items[:_NAMED])
    if len(items) > _NAMED:
        names += " …"
    facts = [
        (texts("order_page.batch_items"), names),
        (texts("order_page.batch_refund"), _sum_words(texts, refunds)),
        (texts("order_page.batch_cancel"), _sum_words(texts, unpaid)),
        (texts("order_page.buyer"), buyer),
        (texts("cancel.reason"), shown(reason, 120) or side.default_reason),
    ]
    words = "order_page.batch_words" if refunds else "order_page.batch_words_unpaid"
    count = len(items)
    return Confirmation(
        texts("order_page.batch_question", count=count),
        texts(words),
        texts("order_page.batch_yes", count=count),
        texts("order_page.batch_no"),
        parent,
        amount=texts.won(_sum(refunds or unpaid)),
        facts=facts,
    )


def _sum(items: Sequence[OrderItem]) -> Won:
    return sum((item.total for item in items), ZERO)


def _sum_words(texts: Texts, items: Sequence[OrderItem]) -> str:
    if not items:
        return ""
    amount = texts.won(_sum(items))
    return texts("order_page.batch_amount", count=len(items), amount=amount)
