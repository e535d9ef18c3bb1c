"""What a scanned code names at the counter: a product, a label of one, several products, an order,
or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posapp.domain.codes import is_gtin, is_order_code, order_number
from posapp.domain.label_patterns import LabelPattern, LabelReading, read_label
from posapp.domain.orders import Product
from posapp.domain.product_codes import scanned_code
from posapp.domain.products import SaleUnit
from posapp.services.ports.unit_of_work import UnitOfWork

LONGEST_PLU = 10
"""Digits of a PLU that is scanned or typed by itself."""


@dataclass(frozen=True, slots=True)
class CodeFound:
    """What a code names.

    Attributes:
        code: as it was looked up; empty if nothing was left of the text.
        products: none, one, or those that share it; of several, those on sale.
        pack: pieces that a scan of it adds, if it names one product.
        label: what a label says beside its product.
        order_id: the order that it names, if it names no product.
    """

    code: str
    products: tuple[Product, ...] = ()
    pack: int = 1
    label: LabelReading | None = None
    order_id: int | None = None


class CodeLookup:
    """Looks scanned codes up, in the caller's unit of work.

    Args:
        patterns: of the labels that a scale or the shop prints.
    """

    def __init__(self, patterns: Sequence[LabelPattern] = ()) -> None:
        self._patterns = tuple(patterns)

    def find(self, uow: UnitOfWork, text: str) -> CodeFound:
        """Return what a scanner's text names.

        ``PO`` and digits name an order only. Any other code is a product's before it is a label's,
        and a label's before it is a PLU's; a number that is none of them is an order's.
        """
        code = scanned_code(text)
        if is_order_code(code):
            return CodeFound(code, order_id=_order_id(uow, code))
        found = uow.goods.with_code(code)
        if len(found) > 1:
            # Products that are not sold any more keep their barcodes: they are no choice.
            found = tuple(one for one in found if one[0].active) or found
        if len(found) == 1:
            product, pack = found[0]
            return CodeFound(code, (product,), pack)
        if found:
            return CodeFound(code, tuple(product for product, _ in found))
        label = read_label(self._patterns, code)
        if label is not None:
            # Never an order's: what cannot be sold by this label is for a person to see.
            return _labelled(uow, code, label)
        of_plu = _with_plu(uow, code)
        if of_plu is not None:
            return CodeFound(code, (of_plu,))
        return CodeFound(code, order_id=_order_id(uow, code))


def _labelled(uow: UnitOfWork, code: str, label: LabelReading) -> CodeFound:
    """Return the product of a label; nothing for a label without a price or a weight, for a PLU
    that no product has, and for a weight of what is not sold by weight."""
    product = uow.goods.with_plu(label.plu)
    is_weight = label.grams is not None
    if product is None or not (label.grams if is_weight else label.price):
        return CodeFound(code)
    if is_weight and product.unit is not SaleUnit.WEIGHT:
        return CodeFound(code)
    return CodeFound(code, (product,), label=label)


def _with_plu(uow: UnitOfWork, code: str) -> Product | None:
    is_number = code.isascii() and code.isdigit() and len(code) <= LONGEST_PLU
    return uow.goods.with_plu(int(code)) if is_number and not is_gtin(code) else None


def _order_id(uow: UnitOfWork, code: str) -> int | None:
    number = order_number(code)
    return number if number is not None and uow.orders.get(number) is not None else None
