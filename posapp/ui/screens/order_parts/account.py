"""An order as plain text: to be copied into a support call, printed, or kept as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from posapp.domain.orders import OrderItem
from posapp.domain.people import User
from posapp.services.order_history import OrderHistory
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts import standing
from posapp.ui.screens.order_parts.events import events_of
from posapp.ui.screens.order_parts.foreign import shown

_RULE = "—" * 20
_WHOLE = 10_000


def buyer_words(texts: Texts, history: OrderHistory) -> str:
    """The buyer's name and number; a deleted one is said to be gone."""
    return person_words(texts, history.buyer, history.order.buyer_id)


def person_words(texts: Texts, user: User | None, user_id: int) -> str:
    """A person's name and number, or that they are no member any more."""
    if user is None:
        return texts("order_page.nobody", id=user_id)
    return f"{shown(user.name, 60, run=24)} ({user.id})"


def account_of(
    texts: Texts, history: OrderHistory, *, online: bool = True, made_at: datetime | None = None
) -> str:
    """Everything about an order, line by line, with times in full.

    Args:
        made_at: when the text is made (UTC); left out where ``None``.
    """
    order = history.order
    lines = [texts("order_page.account_heading", order=order.id)]
    if made_at is not None:
        lines.append(texts("order_page.account_made", when=texts.moment(made_at)))
    lines += [
        _RULE,
        _pair(texts, "buyer", buyer_words(texts, history)),
        _pair(texts, "ordered", texts.moment(order.created_at)),
        _pair(texts, "total", texts.won(order.total)),
        _pair(texts, "captured", texts.won(history.captured)),
        _pair(texts, "returned", texts.won(history.returned)),
        "",
        texts("order_page.items"),
        _RULE,
    ]
    lines += [_item_line(texts, item) for item in order.items]
    lines += ["", texts("order_page.timeline"), _RULE]
    for event in events_of(texts, history, online=online):
        kind = texts(f"order_page.kind_{event.kind}")
        lines.append(f"{texts.moment(event.at)}  [{kind}] {event.title}  {event.amount}".rstrip())
        lines += [f"    {detail}" for detail in (*event.details, *event.evidence)]
    return _tidy(lines)


def _item_line(texts: Texts, item: OrderItem) -> str:
    state = standing.of_item(texts, item.status).word
    number = texts("order_page.item_number", item=item.id)
    count = texts("order_page.item_count", price=texts.won(item.price), count=item.count)
    line = f"{number}  {shown(item.name, _WHOLE)}  {count} = {texts.won(item.total)}  [{state}]"
    reason = shown(item.cancel_reason, _WHOLE)
    return f"{line}  {texts('order_page.detail_reason', value=reason)}" if reason else line


def _pair(texts: Texts, key: str, value: str) -> str:
    return f"{texts(f'order_page.{key}')}: {value}"


def _tidy(lines: Sequence[str]) -> str:
    """Numbers are searched for elsewhere: no invisible places to break in a copied text."""
    return "\n".join(lines).replace("\u200b", "") + "\n"
