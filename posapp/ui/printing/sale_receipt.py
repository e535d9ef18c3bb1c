"""Lines of the receipt of a sale at the counter, and of its refund slips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from posapp.domain.money import Won
from posapp.domain.orders import OrderItem
from posapp.domain.sale_tax import TaxPart
from posapp.domain.shop_details import ShopDetails
from posapp.domain.time_zone import SEOUL
from posapp.domain.vat import TaxKind
from posapp.services.payments.receipts import CounterSale, TenderLine
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.printing.paper import RULE, RUN, LineKind, PaperLine

EXEMPT_MARK = "* "
"""Before the name of exempt goods."""


def sale_lines(texts: Translator, sale: CounterSale, shop: ShopDetails) -> Iterator[PaperLine]:
    """Return what was sold, its tax, what it comes to, and what it was paid with."""
    yield _head(texts)
    yield RULE
    for item in sale.items:
        yield from _goods(texts, item, shop)
    yield RULE
    yield from _tax(texts, sale.tax, shop, sign=1)
    for tender in sale.tenders:
        yield _sum(texts(f"receipt.{tender.tender}"), tender.amount)
        if tender.received:
            yield _sum(texts("receipt.received"), tender.received)
            yield _sum(texts("receipt.change"), tender.change)


def refund_lines(
    texts: Translator,
    items: Iterable[OrderItem],
    part: TaxPart,
    tenders: Iterable[TenderLine],
    shop: ShopDetails,
) -> Iterator[PaperLine]:
    """Return what went back, its part of the tax, and by what it went back, as amounts below 0."""
    yield _head(texts)
    yield RULE
    for item in items:
        yield from _goods(texts, item, shop, sign=-1)
    yield RULE
    yield from _tax(texts, part, shop, sign=-1)
    for tender in tenders:
        yield _sum(texts(f"receipt.{tender.tender}"), -tender.amount)


def shop_lines(texts: Translator, shop: ShopDetails) -> Iterator[str]:
    """Return lines of what is known about the shop."""
    if shop.business_number:
        kind = texts(f"receipt.tax_{shop.tax_type}")
        yield texts("receipt.business_number", number=shop.business_number, kind=kind)
    if shop.owner_name:
        yield texts("receipt.owner", name=display_text(shop.owner_name, run=RUN))
    if shop.address:
        yield display_text(shop.address, run=RUN)
    if shop.phone:
        yield texts("receipt.phone", phone=display_text(shop.phone, run=RUN))


def till_moment(at: datetime) -> str:
    """Return a time (UTC) as tills write it, in any language: it shares a line."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def _head(texts: Translator) -> PaperLine:
    columns = (texts("receipt.sale_price"), texts("receipt.sale_count"))
    return PaperLine(
        LineKind.GOODS, texts("receipt.sale_product"), texts("receipt.sale_amount"), cells=columns
    )


def _goods(
    texts: Translator, item: OrderItem, shop: ShopDetails, *, sign: int = 1
) -> Iterator[PaperLine]:
    is_marked = item.tax is TaxKind.EXEMPT and not shop.is_exempt
    name = display_text(item.name, run=RUN) or texts("receipt.nameless")
    yield PaperLine(
        LineKind.GOODS,
        f"{EXEMPT_MARK if is_marked else ''}{name}",
        _won(sign * item.price * item.count),
        display_text(item.measure),
        cells=(_won(item.price), f"{sign * item.count:,}"),
    )
    if item.discount:
        yield _sum(texts("receipt.sale_discount"), -sign * item.discount)


def _tax(texts: Translator, tax: TaxPart, shop: ShopDetails, *, sign: int) -> Iterator[PaperLine]:
    if shop.names_tax and tax.supply + tax.vat:
        yield _sum(texts("receipt.sale_supply"), sign * tax.supply)
        yield _sum(texts("receipt.sale_vat"), sign * tax.vat)
    if tax.exempt:
        key = "exempt_all" if shop.is_exempt else "exempt"
        yield _sum(texts(f"receipt.sale_{key}"), sign * tax.exempt)
    total = _won(sign * tax.total)
    yield PaperLine(LineKind.SUM, texts("receipt.sale_sum"), total, is_strong=True)


def _sum(name: str, won: Won) -> PaperLine:
    return PaperLine(LineKind.SUM, name, _won(won))


def _won(won: Won) -> str:
    """Return an amount as tills write it in columns."""
    return f"{int(won):,}"
