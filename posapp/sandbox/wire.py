"""Payments as PortOne V1 writes them.

The answer has every field of a real KakaoPay answer, with its values and nulls (a payment from
KakaoPay's own balance has pay_method ``point``; ``emb_pg_provider`` is null).
"""

from __future__ import annotations

from typing import Any

from .behaviour import Behaviour
from .forms import formed, in_case, listed, numbered
from .records import Payment, Prepared


def receipt_path(payment: Payment, cancellation: int | None = None) -> str:
    """Return the path of the receipt page, or of the slip of the cancel with this index."""
    path = f"/receipt/{payment.imp_uid}/{payment.pg_tid}"
    return path if cancellation is None else f"{path}/{cancellation}"


def cancel_history(payment: Payment, base: str) -> list[dict[str, Any]]:
    """Return the cancels so far, oldest first."""
    return [
        {
            "pg_tid": each.pg_tid,
            "amount": each.amount,
            "cancelled_at": each.cancelled_at,
            "reason": each.reason,
            "cancellation_id": each.cancellation_id,
            "receipt_url": base + receipt_path(payment, index),
        }
        for index, each in enumerate(payment.cancellations)
    ]


def payment_json(payment: Payment, base: str, conduct: Behaviour) -> dict[str, Any]:
    """Return the payment's JSON object in the form set on the dial; ``base`` begins the receipt
    addresses."""
    return formed(_payment_json(payment, base, conduct), conduct)


def line_json(payment: Payment, base: str, conduct: Behaviour) -> dict[str, Any]:
    """Return the payment as a line of a list."""
    return listed(payment_json(payment, base, conduct), conduct)


def _payment_json(payment: Payment, base: str, conduct: Behaviour) -> dict[str, Any]:
    last = payment.cancellations[-1] if payment.cancellations else None
    history = cancel_history(payment, base)
    return {
        "amount": payment.amount,
        "apply_num": "",
        "bank_code": None,
        "bank_name": None,
        "buyer_addr": payment.buyer.addr or None,
        "buyer_email": payment.buyer.email or None,
        "buyer_name": payment.buyer.name or None,
        "buyer_postcode": payment.buyer.postcode or None,
        "buyer_tel": payment.buyer.tel or None,
        "cancel_amount": payment.cancel_amount,
        "cancel_history": history,
        "cancel_reason": last.reason if last else None,
        "cancel_receipt_urls": [each["receipt_url"] for each in history],
        "cancelled_at": last.cancelled_at if last else 0,
        "card_code": None,
        "card_issuer_code": None,
        "card_issuer_name": None,
        "card_name": None,
        "card_number": None,
        "card_publisher_code": None,
        "card_publisher_name": None,
        "card_quota": 0,
        "card_type": None,
        "cash_receipt_issued": conduct.pays_with_receipt and payment.captured > 0,
        "channel": "mobile",
        "currency": payment.currency,
        "custom_data": payment.custom_data,
        "customer_uid": None,
        "customer_uid_usage": None,
        "deposit_history": [],
        "emb_pg_provider": None,
        "escrow": False,
        "fail_reason": payment.fail_reason,
        "failed_at": payment.failed_at,
        "imp_uid": payment.imp_uid,
        "merchant_uid": conduct.other_merchant_uid or payment.merchant_uid or None,
        "name": payment.name,
        "paid_at": payment.paid_at,
        "pay_method": "point",
        "pg_id": payment.pg_id,
        "pg_provider": payment.pg_provider,
        "pg_tid": payment.pg_tid or None,
        "promotion": None,
        "receipt_url": base + receipt_path(payment) if payment.paid_at else None,
        "sandbox": payment.sandbox,
        "started_at": payment.started_at,
        "status": payment.status.value,
        "user_agent": payment.user_agent or None,
        "vbank_code": None,
        "vbank_date": 0,
        "vbank_holder": None,
        "vbank_issued_at": 0,
        "vbank_name": None,
        "vbank_num": None,
    }


def balance_json(payment: Payment, conduct: Behaviour) -> dict[str, Any]:
    """Return the remaining balance of a payment by kind of money (won). KakaoPay's money is the
    first kind; VAT is a tenth of the supply, half a won up. PortOne documents this for PAYCO; for
    KakaoPay the numbers are a guess of the same shape."""
    free = payment.tax_free_balance
    taxable = payment.balance - free
    vat = (2 * taxable + 11) // 22
    nothing = _of_kind(0, 0, 0, conduct)
    amounts = {
        "cash_receipt": nothing,
        "primary": _of_kind(free, taxable - vat, vat, conduct),
        "secondary": nothing,
        "discount": nothing,
    }
    history = [{**amounts, "created": payment.updated_at}] if payment.captured else []
    return {"amount": numbered(payment.amount, conduct), **amounts, "histories": history}


def _of_kind(tax_free: int, supply: int, vat: int, conduct: Behaviour) -> dict[str, int | float]:
    return {
        "tax_free": numbered(tax_free, conduct),
        "supply": numbered(supply, conduct),
        "vat": numbered(vat, conduct),
        "service": numbered(0, conduct),
    }


def prepared_json(prepared: Prepared, conduct: Behaviour) -> dict[str, Any]:
    """Return a registered amount."""
    currency = prepared.currency
    return {
        "merchant_uid": prepared.merchant_uid,
        "amount": numbered(prepared.amount, conduct),
        "currency": currency and in_case(conduct.currency_case, currency),
    }
