"""Receipt of a paid order for the buyer."""

from __future__ import annotations

from collections.abc import Iterator

from posapp.domain.codes import order_code
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.services.bookkeeping.print_log import receipt_key
from posapp.services.payments.receipts import CounterSale, Receipt
from posapp.ui.core.cash_receipt_text import line_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.printing.paper import RULE, RUN, LineKind, Paper, PaperLine
from posapp.ui.printing.sale_receipt import sale_lines, shop_lines, till_moment

RECEIPT_PLACE = "receipt"

_MOST_LINES = 200
"""Item lines at most."""


def receipt_paper(texts: Translator, receipt: Receipt) -> Paper:
    """Return the receipt: shop, date, amount, items, and how it was paid."""
    if receipt.sale is not None:
        return _sale_paper(texts, receipt, receipt.sale)
    payment = receipt.payment
    lines = [
        PaperLine(LineKind.HEADING, display_text(receipt.shop, run=RUN)),
        *(PaperLine(LineKind.CAPTION, line) for line in shop_lines(texts, receipt.details)),
        PaperLine(LineKind.CAPTION, texts("receipt.title")),
        PaperLine(LineKind.CAPTION, texts.moment(receipt.paid_at)),
    ]
    if payment is not None and payment.sandbox:
        lines.append(PaperLine(LineKind.BADGE, texts("receipt.test")))
    lines += [
        PaperLine(LineKind.CAPTION, texts("receipt.total")),
        PaperLine(LineKind.AMOUNT, texts.won(receipt.amount)),
        RULE,
        *(_item(texts, item) for item in receipt.order.items[:_MOST_LINES]),
        RULE,
        *(PaperLine(LineKind.PAIR, name, value) for name, value in _facts(texts, receipt)),
    ]
    return Paper(
        RECEIPT_PLACE,
        receipt_key(receipt.order.id),
        texts("receipt.title"),
        texts("receipt.title_of", order=receipt.order.id),
        tuple(lines),
        order_code(receipt.order.id),
        _url(receipt),
    )


def _sale_paper(texts: Translator, receipt: Receipt, sale: CounterSale) -> Paper:
    """Return the receipt of a sale at the counter."""
    number = receipt.order.receipt_no or str(receipt.order.id)
    is_test = receipt.payment is not None and receipt.payment.sandbox
    lines = [
        PaperLine(LineKind.HEADING, display_text(receipt.shop, run=RUN)),
        *(PaperLine(LineKind.CAPTION, line) for line in shop_lines(texts, receipt.details)),
        *((PaperLine(LineKind.BADGE, texts("receipt.test")),) if is_test else ()),
        RULE,
        PaperLine(
            LineKind.SUM,
            till_moment(receipt.paid_at),
            texts("receipt.sale_number", number=number),
        ),
        RULE,
        *sale_lines(texts, sale, receipt.details),
        RULE,
        *(
            PaperLine(LineKind.PAIR, name, value)
            for name, value in (
                (texts("receipt.order"), str(receipt.order.id)),
                *_number(texts, receipt),
                *_cash_receipt(texts, receipt),
                *_refunded(texts, receipt),
            )
        ),
        PaperLine(LineKind.CAPTION, texts("receipt.sale_back")),
    ]
    return Paper(
        RECEIPT_PLACE,
        receipt_key(receipt.order.id),
        texts("receipt.title"),
        texts("receipt.title_of", order=number),
        tuple(lines),
        order_code(receipt.order.id),
        _url(receipt),
    )


def _cash_receipt(texts: Translator, receipt: Receipt) -> Iterator[tuple[str, str]]:
    if receipt.cash_receipt is not None:
        yield texts("cash_receipt.title"), line_text(texts, receipt.cash_receipt)


def _refunded(texts: Translator, receipt: Receipt) -> Iterator[tuple[str, str]]:
    if receipt.refunded > 0:
        yield texts("receipt.refunded"), texts.won(-receipt.refunded)
        yield texts("receipt.remaining"), texts.won(receipt.amount - receipt.refunded)


def _item(texts: Translator, item: OrderItem) -> PaperLine:
    gone = item.status is ItemStatus.CANCEL
    return PaperLine(
        LineKind.ITEM,
        display_text(item.name, run=RUN) or texts("receipt.nameless"),
        texts("receipt.cancelled") if gone else texts.won(item.total),
        texts("receipt.unit", price=texts.won(item.price), count=item.count),
        gone,
    )


def _number(texts: Translator, receipt: Receipt) -> Iterator[tuple[str, str]]:
    """Return PortOne's number of the payment, if there is one."""
    if receipt.payment is not None:
        yield texts("receipt.imp_uid"), display_text(receipt.payment.imp_uid, 40)


def _url(receipt: Receipt) -> str:
    return receipt.payment.receipt_url if receipt.payment is not None else ""


def _facts(texts: Translator, receipt: Receipt) -> Iterator[tuple[str, str]]:
    buyer = texts("receipt.buyer_number", number=receipt.order.buyer_id)
    if receipt.buyer is not None:
        buyer = display_text(receipt.buyer.name, run=RUN) or buyer
    yield texts("receipt.order"), str(receipt.order.id)
    yield texts("receipt.buyer"), buyer
    yield texts("receipt.method"), texts("receipt.kakaopay")
    yield from _number(texts, receipt)
    yield from _refunded(texts, receipt)
    if url := _url(receipt):
        yield texts("receipt.link"), display_text(url, 300, run=RUN)
