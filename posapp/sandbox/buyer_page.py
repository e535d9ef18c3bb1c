"""The buyer's phone page behind a link's QR, and the receipts.

Plain forms, no scripts. Entering makes a ``ready`` payment. A cookie and a hidden field hold its
imp_uid, so that a buyer inside stays inside after a reload or after the link was closed.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from .book_keeping import GAVE_UP, NO_BALANCE, PaymentBook
from .envelopes import ApiRefusal, whole_won
from .link_access import GRACE, EntryRefusal, PaymentNotAllowed, link_end
from .records import Link, Payment, Status

MOST = 100_000_000
"""Largest amount in won that the field for another amount accepts."""


@dataclass(frozen=True, slots=True)
class PageNotice:
    """Text of a page without a payment."""

    http: int
    mark: str
    title: str
    text: str


NOTICES = {
    EntryRefusal.UNKNOWN: PageNotice(
        404, "?", "없는 결제 링크입니다", "QR 코드를 다시 확인해 주세요."
    ),
    EntryRefusal.CLOSED: PageNotice(
        410, "!", "종료된 결제입니다", "판매자가 이 결제를 종료했습니다. 매장에 문의해 주세요."
    ),
    EntryRefusal.EXPIRED: PageNotice(
        410, "!", "결제 시간이 지났습니다", "매장에서 새 QR 코드를 받아 주세요."
    ),
    EntryRefusal.AMOUNT: PageNotice(
        409, "!", "결제할 수 없습니다", "결제 금액이 사전 등록된 금액과 일치하지 않습니다."
    ),
    EntryRefusal.PAID: PageNotice(
        409, "✓", "이미 결제된 주문입니다", "다시 결제하지 않아도 됩니다."
    ),
    EntryRefusal.OVER: PageNotice(409, "!", "끝난 결제입니다", "처음부터 다시 진행해 주세요."),
    EntryRefusal.SESSION_OVER: PageNotice(
        410, "!", "결제 시간이 초과되었습니다", "결제되지 않았습니다. 매장에 문의해 주세요."
    ),
}


def phone_routes(books: PaymentBook) -> Blueprint:
    """Routes of ``/<8 hex>``, its actions, and ``/receipt/…``."""
    routes = Blueprint("phone", __name__)

    @routes.errorhandler(PaymentNotAllowed)
    def turned_away(error: PaymentNotAllowed) -> tuple[str, int]:
        notice = NOTICES[error.why]
        link_id = (request.view_args or {}).get("link_id", "")
        link = books.link(str(link_id))
        page = render_template(
            "notice.html",
            notice=notice,
            link=link,
            why=error.why.value,
            can_be_late=_can_be_late(link, books.now()),
        )
        return page, notice.http

    @routes.get("/<string(length=8):link_id>")
    def enter(link_id: str) -> AnyResponse:
        mine = books.payment(request.cookies.get(_cookie(link_id), ""))
        again = "again" in request.args
        if mine is not None and mine.link_id == link_id and not again:
            if mine.status is Status.READY:
                return _page(mine)
            if mine.paid_at:
                return _result(mine)
            # After a failed try the same address begins a new one.
        if request.method == "HEAD":
            # A HEAD request (link previews send it) is no buyer.
            return Response(status=200)
        return _page(books.open_link(link_id, user_agent=request.user_agent.string, again=again))

    @routes.post("/<string(length=8):link_id>/pay")
    def pay(link_id: str) -> AnyResponse:
        return _result(books.pay_try(_inside(link_id)))

    @routes.post("/<string(length=8):link_id>/other")
    def pay_other(link_id: str) -> AnyResponse:
        try:
            amount = whole_won(request.form.get("amount"), "amount")
        except ApiRefusal:
            amount = None
        imp_uid = _inside(link_id)
        if amount is None or not 0 < amount <= MOST:
            return _page(_payment(imp_uid), problem="1원부터 1억 원까지 숫자로 입력해 주세요.")
        return _result(books.pay_try(imp_uid, amount))

    @routes.post("/<string(length=8):link_id>/late")
    def pay_late(link_id: str) -> AnyResponse:
        # A buyer inside, or one who entered before the link ended.
        if request.form.get("imp_uid"):
            return _result(books.pay_try(_inside(link_id)))
        entered = books.enter_late(link_id, user_agent=request.user_agent.string)
        return _result(books.pay_try(entered.imp_uid))

    @routes.post("/<string(length=8):link_id>/again")
    def pay_again(link_id: str) -> AnyResponse:
        if request.form.get("imp_uid"):
            books.pay_try(_inside(link_id))
        entered = books.open_link(link_id, user_agent=request.user_agent.string, again=True)
        return _result(books.pay_try(entered.imp_uid))

    @routes.post("/<string(length=8):link_id>/fail")
    def fail(link_id: str) -> AnyResponse:
        return _result(books.fail_try(_inside(link_id), NO_BALANCE))

    @routes.post("/<string(length=8):link_id>/close")
    def close(link_id: str) -> AnyResponse:
        return _result(books.fail_try(_inside(link_id), GAVE_UP))

    @routes.get("/receipt/<imp_uid>/<pg_tid>")
    @routes.get("/receipt/<imp_uid>/<pg_tid>/<int:cancellation>")
    def receipt(imp_uid: str, pg_tid: str, cancellation: int | None = None) -> AnyResponse:
        payment = books.payment(imp_uid)
        # KakaoPay's number makes the address unguessable, as real receipt addresses are.
        known = payment is not None and payment.paid_at and payment.pg_tid == pg_tid
        if not known or payment is None:
            raise PaymentNotAllowed(EntryRefusal.UNKNOWN)
        slip = None
        if cancellation is not None:
            if cancellation >= len(payment.cancellations):
                raise PaymentNotAllowed(EntryRefusal.UNKNOWN)
            slip = payment.cancellations[cancellation]
        return Response(render_template("receipt.html", payment=payment, slip=slip))

    @routes.get("/result/<string(length=8):link_id>/<imp_uid>")
    def result(link_id: str, imp_uid: str) -> Response:
        payment = _payment(imp_uid)
        if payment.link_id != link_id:
            raise PaymentNotAllowed(EntryRefusal.UNKNOWN)
        link = books.link(link_id)
        return Response(
            render_template(
                "result.html",
                payment=payment,
                link=link,
                open=link is not None and link_end(link, books.now()) is None,
            )
        )

    def _payment(imp_uid: str) -> Payment:
        payment = books.payment(imp_uid)
        if payment is None:
            raise PaymentNotAllowed(EntryRefusal.UNKNOWN)
        return payment

    def _inside(link_id: str) -> str:
        imp_uid = request.form.get("imp_uid") or request.cookies.get(_cookie(link_id), "")
        if _payment(imp_uid).link_id != link_id:
            raise PaymentNotAllowed(EntryRefusal.UNKNOWN)
        return imp_uid

    def _page(payment: Payment, problem: str = "") -> AnyResponse:
        link = books.link(payment.link_id or "")
        page = render_template("pay.html", payment=payment, link=link, problem=problem)
        return _remember(Response(page), payment)

    def _result(payment: Payment) -> AnyResponse:
        # Redirect after an action: a reload of the result page must not pay again.
        answer = redirect(f"/result/{payment.link_id}/{payment.imp_uid}", 303)
        return _remember(answer, payment)

    return routes


def _cookie(link_id: str) -> str:
    return f"try_{link_id}"


def _remember(answer: AnyResponse, payment: Payment) -> AnyResponse:
    answer.set_cookie(
        _cookie(payment.link_id or ""), payment.imp_uid, httponly=True, samesite="Lax"
    )
    return answer


def _can_be_late(link: Link | None, now: int) -> bool:
    if link is None or link_end(link, now) is None:
        return False
    return now < link.ends_at + GRACE
