"""Routes of PortOne's V1 calls about cash receipts of money that was taken outside of PortOne."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from .behaviour import Behaviour
from .envelopes import done, text_field, whole_won, written_fields
from .receipt_book import ReceiptBook, ReceiptOrder
from .records import CashReceipt
from .rest_manners import v1_blueprint
from .tokens import TokenDesk


def receipt_routes(receipts: ReceiptBook, tokens: TokenDesk, conduct: Behaviour) -> Blueprint:
    """Routes of ``/receipts/external/{merchant_uid}``."""
    routes = v1_blueprint("receipts", tokens)

    def write(receipt: CashReceipt) -> Response:
        return done(receipt_json(receipt, conduct))

    @routes.get("/receipts/external/<number:merchant_uid>")
    def receipt(merchant_uid: str) -> Response:
        return write(receipts.read(merchant_uid))

    @routes.post("/receipts/external/<number:merchant_uid>")
    def issue_receipt(merchant_uid: str) -> Response:
        fields = written_fields(request)
        order = ReceiptOrder(
            merchant_uid=merchant_uid,
            channel_key=text_field(fields.get("channel_key")),
            name=text_field(fields.get("name")),
            amount=whole_won(fields.get("amount"), "amount"),
            tax_free=whole_won(fields.get("tax_free"), "tax_free"),
            type=text_field(fields.get("type")),
            identifier=text_field(fields.get("identifier")),
            identifier_type=text_field(fields.get("identifier_type")),
        )
        return write(receipts.issue(order))

    @routes.delete("/receipts/external/<number:merchant_uid>")
    def cancel_receipt(merchant_uid: str) -> Response:
        return write(receipts.cancel(merchant_uid))

    return routes


def receipt_json(receipt: CashReceipt, conduct: Behaviour) -> dict[str, Any]:
    """Return the cash receipt's JSON object in the form set on the dial."""
    return {
        "merchant_uid": receipt.merchant_uid,
        "receipt_tid": None if conduct.optional_texts == "null" else receipt.receipt_tid,
        "apply_num": receipt.apply_num,
        "type": receipt.type,
        "amount": receipt.amount,
        "vat": receipt.vat,
        "receipt_url": None,
        "applied_at": receipt.applied_at,
        "cancelled_at": receipt.cancelled_at,
    }
