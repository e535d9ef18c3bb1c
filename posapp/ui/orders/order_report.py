"""Papers of an order, and its report: for the buyer, support calls, printing, or PDF."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from posapp.domain.cash import CashRefund, CashRefundState
from posapp.domain.codes import order_code
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund
from posapp.domain.users import User
from posapp.services.bookkeeping.print_log import order_report_key
from posapp.services.orders.order_history import OrderHistory
from posapp.services.payments.receipts import receipt_of
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text, unbroken
from posapp.ui.orders.timeline_events import events_of
from posapp.ui.printing.paper import RULE_TEXT, LineKind, Paper, PaperLine
from posapp.ui.printing.receipt_paper import receipt_paper
from posapp.ui.printing.refund_slip import cash_slip_of, slip_of

_WHOLE = 10_000
_RUN = 24
"""Longest run in characters, of Hangul too, that a paper on the screen has room for."""

REPORT_PLACE = "report"


def papers_of(
    texts: Translator,
    history: OrderHistory,
    *,
    shop: str,
    online: bool,
    made_at: datetime,
) -> tuple[Paper, ...]:
    """Return the papers of an order: the receipt if it is paid, its report, a slip a refund by
    QR, and one for each time that cash was handed out.

    Args:
        made_at: time of the report (UTC).
    """
    order, receipt = history.order, receipt_of(shop, history)
    text = order_report(texts, history, online=online, made_at=made_at)
    report = Paper(
        REPORT_PLACE,
        order_report_key(order.id),
        texts("order_page.timeline"),
        texts("order_page.account_heading", order=order.id),
        (PaperLine(LineKind.TEXT, _breakable(text)),),
        order_code(order.id),
    )
    slips = (
        slip_of(
            texts,
            refund,
            shop=shop,
            buyer=buyer_text(texts, history),
            items=[item for item in order.items if item.id in refund.item_ids],
            online=online,
            is_test=_is_test(history),
            receipt=receipt,
            cash=_beside(history, refund),
        )
        for refund in history.refunds
    )
    receipts = (receipt_paper(texts, receipt),) if receipt is not None else ()
    handed_out = cash_slips_of(texts, history, shop=shop)
    return (*receipts, report, *slips, *handed_out)


def cash_slips_of(
    texts: Translator, history: OrderHistory, *, shop: str, items: Collection[int] | None = None
) -> tuple[Paper, ...]:
    """Return the slips of cash that was handed out for items of an order.

    Args:
        items: ids of those items; ``None``: all.
    """
    receipt = receipt_of(shop, history)
    if receipt is None:
        return ()
    by_id = {one.id: one for one in history.refunds}
    return tuple(
        cash_slip_of(
            texts,
            cash,
            receipt=receipt,
            refund=by_id.get(cash.refund_id) if cash.refund_id is not None else None,
            is_test=_is_test(history),
        )
        for cash in history.cash_refunds
        if cash.state is CashRefundState.PAID_OUT and (items is None or cash.item_id in items)
    )


def _beside(history: OrderHistory, refund: Refund) -> CashRefund | None:
    """Return what goes back in cash beside a refund by QR."""
    return next((one for one in history.cash_refunds if one.refund_id == refund.id), None)


def buyer_text(texts: Translator, history: OrderHistory) -> str:
    """Return the buyer's name and number; a deleted buyer is marked as such."""
    return person_text(texts, history.buyer, history.order.buyer_id)


def person_text(texts: Translator, user: User | None, user_id: int) -> str:
    """Return a user's name and number, or that they are no longer a member."""
    if user is None:
        return texts("order_page.nobody", id=user_id)
    return f"{display_text(user.name, 60, run=24)} ({user.id})"


def order_report(
    texts: Translator,
    history: OrderHistory,
    *,
    online: bool = True,
    made_at: datetime | None = None,
) -> str:
    """Return everything about an order, line by line, with full times.

    Args:
        made_at: time of the report (UTC); omitted if ``None``.
    """
    order = history.order
    lines = [texts("order_page.account_heading", order=order.id)]
    if _is_test(history):
        lines.append(texts("receipt.test"))
    if made_at is not None:
        lines.append(texts("order_page.account_made", when=texts.moment(made_at)))
    lines += [
        RULE_TEXT,
        _pair(texts, "buyer", buyer_text(texts, history)),
        _pair(texts, "ordered", texts.moment(order.created_at)),
        _pair(texts, "total", texts.won(order.total)),
        _pair(texts, "captured", texts.won(history.captured)),
        _pair(texts, "returned", texts.won(history.returned)),
        "",
        texts("order_page.items"),
        RULE_TEXT,
    ]
    lines += [_item_line(texts, item) for item in order.items]
    lines += ["", texts("order_page.timeline"), RULE_TEXT]
    for event in events_of(texts, history, online=online):
        kind = texts(f"order_page.kind_{event.kind}")
        lines.append(f"{texts.moment(event.at)}  [{kind}] {event.title}  {event.amount}".rstrip())
        lines += [f"    {detail}" for detail in (*event.details, *event.evidence)]
    return _tidy(lines)


def _is_test(history: OrderHistory) -> bool:
    return any(payment.sandbox for payment in history.payments)


def _item_line(texts: Translator, item: OrderItem) -> str:
    state = status_text.of_item(texts, item.status).label
    number = texts("order_page.item_number", item=item.id)
    if item.part_of is not None:
        number += f" ({texts('order_page.item_part', item=item.part_of)})"
    count = texts("order_page.item_count", price=texts.won(item.price), count=item.count)
    line = (
        f"{number}  {display_text(item.name, _WHOLE)}  {count} = {texts.won(item.total)}  [{state}]"
    )
    reason = display_text(item.cancel_reason, _WHOLE)
    return f"{line}  {texts('order_page.detail_reason', value=reason)}" if reason else line


def _pair(texts: Translator, key: str, value: str) -> str:
    return f"{texts(f'order_page.{key}')}: {value}"


def _breakable(text: str) -> str:
    """Allow a break in every run that is longer than a line of a paper on the screen."""
    lines = ((line, line.lstrip(" ")) for line in text.rstrip().split("\n"))
    return "\n".join(
        line[: len(line) - len(rest)] + display_text(rest, _WHOLE, run=_RUN) for line, rest in lines
    )


def _tidy(lines: Sequence[str]) -> str:
    """Join the lines without invisible break characters, so that copied numbers are searchable."""
    return unbroken("\n".join(lines)) + "\n"
