"""The payment link API (documented for V1, updated 2026-03; not in the V1 schema).

It has no login and no envelope. The shape of its errors is not documented: here it is
``{"code", "message"}`` with HTTP 400 or 404 (a guess).
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from .book_keeping import PaymentBook
from .envelopes import ApiRefusal, bad_request, json_answer, strict_json, text_field, whole_won
from .link_access import differs
from .records import Buyer, Link

NEEDED = ("title", "user_code", "amount", "merchant_uid", "name", "currency", "buyer_tel")
"""Required fields of payment_info; only ``buyer_tel`` may be empty (documented)."""


def link_routes(books: PaymentBook, user_code: str, channel_key: str) -> Blueprint:
    """Routes that make and close links."""
    routes = Blueprint("links", __name__)

    @routes.errorhandler(ApiRefusal)
    def refuse(refusal: ApiRefusal) -> Response:
        return json_answer({"code": refusal.code, "message": refusal.message}, refusal.status)

    def shortened(link: Link) -> Response:
        return json_answer({"shortenedUrl": books.link_address(link.link_id)})

    @routes.post("/api/supplements/v1/link/payment")
    def make() -> Response:
        body = _object(request.get_data(), "요청 본문")
        info_text = body.get("payment_info")
        if not isinstance(info_text, str):
            raise bad_request("payment_info: JSON 문자열이어야 합니다.")
        info = _object(info_text, "payment_info")
        expired_at = _expiry(body.get("expired_at"), books.now())
        _check_needed(info, user_code)
        method, key = _way_of_paying(info)
        if key != channel_key:
            raise bad_request("channelKey: 등록되지 않은 채널입니다.")
        amount = whole_won(info["amount"], "amount")
        if amount is None or amount <= 0:
            raise bad_request("amount: 올바르지 않은 금액입니다.")
        tax_free = whole_won(info.get("tax_free"), "tax_free") or 0
        if not 0 <= tax_free <= amount:
            raise bad_request("tax_free: 올바르지 않은 면세 금액입니다.")
        merchant_uid, currency = str(info["merchant_uid"]), str(info["currency"])
        if differs(books.prepared(merchant_uid), amount, currency):
            raise bad_request("amount: 사전 등록된 결제 금액과 일치하지 않습니다.")

        def link(link_id: str) -> Link:
            return Link(
                link_id=link_id,
                merchant_uid=merchant_uid,
                title=str(info["title"]),
                name=str(info["name"]),
                amount=amount,
                tax_free=tax_free,
                created_at=books.now(),
                expired_at=expired_at,
                currency=currency,
                pay_method=method,
                channel_key=key,
                custom_data=text_field(info.get("custom_data")) or None,
                buyer=Buyer(
                    # The longest texts that the V1 schema allows.
                    name=text_field(info.get("buyer_name"))[:16],
                    tel=text_field(info.get("buyer_tel"))[:16],
                    email=text_field(info.get("buyer_email"))[:64],
                    addr=text_field(info.get("buyer_addr"))[:128],
                    postcode=text_field(info.get("buyer_postcode"))[:8],
                ),
            )

        return shortened(books.add_link(link))

    @routes.put("/api/supplements/v1/link/payment/<link_id>")
    def close(link_id: str) -> Response:
        closed = books.close_link(link_id)
        if closed is None:
            raise ApiRefusal(404, -1, "존재하지 않는 결제 링크입니다.")
        return shortened(closed)

    return routes


def _object(text: str | bytes, name: str) -> dict[str, Any]:
    try:
        value = strict_json(text)
    except ValueError as error:
        raise bad_request(f"{name}: JSON이 아닙니다.") from error
    if not isinstance(value, dict):
        raise bad_request(f"{name}: JSON 객체가 아닙니다.")
    return value


def _expiry(value: object, now: int) -> int:
    expired_at = whole_won(value, "expired_at")
    if expired_at is None or expired_at <= now:
        raise bad_request("expired_at: 현재 시각 이후여야 합니다.")
    return expired_at


def _check_needed(info: dict[str, Any], user_code: str) -> None:
    for name in NEEDED:
        value = info.get(name)
        if value is None or (value == "" and name != "buyer_tel"):
            raise bad_request(f"payment_info.{name}: 필수 값입니다.")
    if info["user_code"] != user_code:
        raise bad_request("user_code: 등록되지 않은 가맹점 식별코드입니다.")
    for name, most in (("merchant_uid", 40), ("name", 40)):
        if len(str(info[name])) > most:
            raise bad_request(f"{name}: {most}자를 넘을 수 없습니다.")


def _way_of_paying(info: dict[str, Any]) -> tuple[str, str]:
    """Return pay_method and channel key of ``direct``, else of the first of ``pay_methods``."""
    way = info.get("direct")
    listed = info.get("pay_methods")
    if way is None and isinstance(listed, list) and listed:
        way = listed[0]
    if not isinstance(way, dict) or not way.get("channelKey") or not way.get("pay_method"):
        raise bad_request("direct 또는 pay_methods: channelKey와 pay_method가 필요합니다.")
    return str(way["pay_method"]), str(way["channelKey"])
