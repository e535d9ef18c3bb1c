"""Refund slips for the buyer: of a refund by QR, and of cash that was handed out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posapp.domain.cash import CashRefund
from posapp.domain.codes import order_code
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.services.bookkeeping.print_log import cash_slip_key, refund_slip_key
from posapp.services.payments.receipts import Receipt, TenderLine, return_tenders
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.printing.paper import RULE, RUN, LineKind, Paper, PaperLine
from posapp.ui.printing.sale_receipt import refund_lines, shop_lines, till_moment


def slip_place(refund_id: int) -> str:
    """Return the name of a refund's slip among the papers of its order."""
    return f"slip {refund_id}"


def cash_slip_place(cash_refund_id: int) -> str:
    """Return the name of the slip of cash that was handed out among the papers of its order."""
    return f"cash slip {cash_refund_id}"


def slip_of(
    texts: Translator,
    refund: Refund,
    *,
    shop: str,
    buyer: str,
    items: Sequence[OrderItem],
    online: bool = True,
    is_test: bool = False,
    receipt: Receipt | None = None,
    cash: CashRefund | None = None,
) -> Paper:
    """Return the slip of a refund by QR. The heading shows if it is not sent yet, and a note warns
    unless it is confirmed.

    Args:
        items: the refunded items; empty: the whole payment.
        is_test: the payment was a test, and no real money came back.
        receipt: of the order; of one of the counter the slip names its number, and the tax in what
            went back.
        cash: what of its item goes back in cash beside it.
    """
    waiting = refund.state is RefundState.APPROVED
    names = [_named(texts, item) for item in items]
    back_at = texts.moment(refund.confirmed_at) if refund.confirmed_at else ""
    rows = (
        ("item", ", ".join(names) or texts("order_page.detail_whole")),
        ("order", str(refund.order_id)),
        ("buyer", display_text(buyer, run=RUN)),
        ("reason", display_text(refund.reason, run=RUN)),
        ("state", status_text.of_refund(texts, refund, online=online).label),
        ("asked", texts.moment(refund.created_at)),
        ("confirmed", back_at),
        ("number", display_text(refund.tag)),
        ("imp_uid", display_text(refund.imp_uid)),
        ("cancellation", display_text(refund.cancellation_id)),
    )
    heading = texts("order_page.refund_offline" if waiting else "order_page.slip")
    goods: tuple[PaperLine, ...] = ()
    if receipt is not None and refund.state is not RefundState.REFUSED:
        goods = _goods(texts, receipt, items, return_tenders(refund, cash))
    if goods and not waiting:
        heading = texts("receipt.sale_refund_heading")
    lines = _lines(
        texts,
        shop,
        heading,
        rows,
        details=_details(texts, receipt) if goods and receipt is not None else (),
        is_test=is_test,
        goods=goods or (PaperLine(LineKind.AMOUNT, texts.won(refund.amount)),),
        note=_note(texts, refund.state),
    )
    return Paper(
        slip_place(refund.id),
        refund_slip_key(refund),
        texts("order_page.slip"),
        texts("order_page.slip_title", order=refund.order_id, refund=refund.id),
        lines,
        order_code(refund.order_id),
    )


def cash_slip_of(
    texts: Translator,
    cash: CashRefund,
    *,
    receipt: Receipt,
    refund: Refund | None = None,
    is_test: bool = False,
) -> Paper:
    """Return the slip of cash that was handed out for an item.

    Args:
        receipt: of the order: the slip names its number, and the tax in what went back.
        refund: the item's refund by QR, which went back before the cash.
        is_test: the payment was a test, and no real money came back.
    """
    items = [one for one in receipt.order.items if one.id == cash.item_id]
    goods = _goods(texts, receipt, items, return_tenders(refund, cash))
    rows = (
        ("order", str(cash.order_id)),
        ("reason", display_text(cash.reason, run=RUN)),
        ("confirmed", till_moment(cash.paid_at) if cash.paid_at else ""),
    )
    lines = _lines(
        texts,
        receipt.shop,
        texts("receipt.sale_refund_heading"),
        rows,
        details=_details(texts, receipt),
        is_test=is_test,
        goods=goods or (PaperLine(LineKind.AMOUNT, texts.won(-cash.amount)),),
    )
    return Paper(
        cash_slip_place(cash.id),
        cash_slip_key(cash),
        texts("order_page.cash_slip"),
        texts("order_page.cash_slip_title", order=cash.order_id, refund=cash.id),
        lines,
        order_code(cash.order_id),
    )


def _lines(
    texts: Translator,
    shop: str,
    heading: str,
    rows: Iterable[tuple[str, str]],
    *,
    details: Sequence[PaperLine],
    is_test: bool,
    goods: Sequence[PaperLine],
    note: str = "",
) -> tuple[PaperLine, ...]:
    """Return the lines of a slip, without those that would be empty.

    Args:
        rows: names of texts, and values below the goods.
        details: what is known of the shop.
    """
    pairs = [(texts(f"order_page.slip_{key}"), value) for key, value in rows]
    lines = (
        PaperLine(LineKind.CAPTION, display_text(shop, run=RUN)),
        *details,
        PaperLine(LineKind.HEADING, heading),
        *((PaperLine(LineKind.BADGE, texts("receipt.test")),) if is_test else ()),
        RULE,
        *goods,
        RULE,
        *(PaperLine(LineKind.PAIR, name, value) for name, value in pairs if value),
        *((RULE, PaperLine(LineKind.NOTE, note)) if note else ()),
    )
    return tuple(line for line in lines if line.text or line.kind is LineKind.RULE)


def _goods(
    texts: Translator, receipt: Receipt, items: Sequence[OrderItem], tenders: Sequence[TenderLine]
) -> tuple[PaperLine, ...]:
    """Return what went back of a sale at the counter, with the number of its receipt; nothing of
    another order, or where no tax of it is known."""
    sale = receipt.sale
    part = sale.tax_of([one.id for one in items]) if sale is not None else None
    if part is None:
        return ()
    number = receipt.order.receipt_no or str(receipt.order.id)
    original = PaperLine(LineKind.PAIR, texts("receipt.sale_original"), number)
    return (original, RULE, *refund_lines(texts, items, part, tenders, receipt.details))


def _details(texts: Translator, receipt: Receipt) -> tuple[PaperLine, ...]:
    return tuple(PaperLine(LineKind.CAPTION, line) for line in shop_lines(texts, receipt.details))


def _named(texts: Translator, item: OrderItem) -> str:
    """Return the item's name; of several pieces, or of a part, with their count."""
    name = display_text(item.name, run=RUN)
    if item.count == 1 and item.part_of is None:
        return name
    return texts("order_page.item_pieces", name=name, count=item.count)


def _note(texts: Translator, state: RefundState) -> str:
    if state is RefundState.CONFIRMED:
        return ""
    if state is RefundState.APPROVED:
        return texts("order_page.slip_not_yet")
    if state is RefundState.REFUSED:
        return texts("order_page.slip_refused")
    return texts("order_page.slip_unknown")
