"""Configuration of one till: numbers and texts that the services need."""

from __future__ import annotations

from dataclasses import dataclass, field

from posapp.domain.cash_receipts import ReceiptRules
from posapp.domain.money import Won
from posapp.domain.refund_limits import RefundLimits
from posapp.domain.sale_rules import SaleRules
from posapp.domain.shop_details import NO_DETAILS, ShopDetails
from posapp.domain.vat import KakaoPayTax

SMALLEST = Won(100)
LARGEST = Won(2_000_000)
"""Amounts that KakaoPay accepts in one payment (docs/portone.md, "KakaoPay channel")."""


@dataclass(frozen=True, slots=True)
class TillConfig:
    """Settings of a till that affect money and time.

    Attributes:
        shop_name: the shop's name, as buyers see it.
        live: real money, test payments are refused; else real payments are refused.
        link_seconds: lifetime of a QR in seconds; docs/portone.md advises 300 to 600.
        poll_ms: pause between two polls of a live attempt whose link nobody has opened, in ms.
        poll_opened_ms: the same once a buyer was seen at the link.
        min_amount, max_amount: bounds of one payment, in won.
        refund_limits: up to which amount who may return money.
        lock_after_s: how long nobody may use the till before it asks for a PIN, in seconds.
        shop_details: what the receipt says about the shop.
        practice: the shop is one to practise in.
        sale: what the shop decides about its own sale.
        kakaopay_tax: kind of the shop's contract with KakaoPay.
        receipts: what it decides about cash receipts.
    """

    shop_name: str
    live: bool
    link_seconds: int = 300
    poll_ms: int = 2_000
    poll_opened_ms: int = 700
    min_amount: Won = SMALLEST
    max_amount: Won = LARGEST
    refund_limits: RefundLimits = field(default_factory=RefundLimits)
    lock_after_s: int = 180
    shop_details: ShopDetails = NO_DETAILS
    practice: bool = False
    sale: SaleRules = field(default_factory=SaleRules)
    kakaopay_tax: KakaoPayTax = KakaoPayTax.TAXABLE
    receipts: ReceiptRules = field(default_factory=ReceiptRules)
