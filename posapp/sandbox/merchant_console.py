"""The books as a page for people and as JSON for tests, and the cancels of PortOne's console.

They show the true records, whatever form the dial sets for the service.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from .behaviour import Behaviour
from .book_keeping import PaymentBook
from .envelopes import ApiRefusal, bad_request, json_answer, text_field, whole_won, written_fields
from .link_access import link_end
from .receipt_book import ReceiptBook
from .records import record_to_plain
from .wire import payment_json, prepared_json

TRUE = Behaviour(cancel_fields="kept", paid_time="kept")
"""Settings that write every field."""


def console_routes(books: PaymentBook, receipts: ReceiptBook, base: str) -> Blueprint:
    """Routes of ``/sandbox/books``, ``books.json``, ``/sandbox/cancel``, ``/sandbox/payments``."""
    routes = Blueprint("console", __name__)

    @routes.get("/sandbox/")
    def front() -> AnyResponse:
        return redirect("/sandbox/books")

    @routes.get("/sandbox/books")
    def page(problem: str = "", status: int = 200) -> Response:
        now = books.now()
        payments = books.payments()
        paid = [each for each in payments if each.captured]
        text = render_template(
            "books.html",
            now=now,
            payments=payments[::-1],
            cancels=[(each, slip) for each in paid[::-1] for slip in each.cancellations[::-1]],
            links=[
                (each, books.link_address(each.link_id), link_end(each, now))
                for each in books.links()[::-1]
            ],
            receipts=receipts.all()[::-1],
            captured=books.captured_total(),
            cancelled=books.cancelled_total(),
            problem=problem,
        )
        return Response(text, status)

    @routes.get("/sandbox/books.json")
    def plain() -> Response:
        captured, cancelled = books.captured_total(), books.cancelled_total()
        return json_answer(
            {
                "now": books.now(),
                "payments": [
                    {**payment_json(each, base, TRUE), "balance": each.balance}
                    for each in books.payments()
                ],
                "links": [
                    {**record_to_plain(each), "url": books.link_address(each.link_id)}
                    for each in books.links()
                ],
                "receipts": [record_to_plain(each) for each in receipts.all()],
                "prepared": [prepared_json(each, TRUE) for each in books.registered()],
                "totals": {
                    "captured": captured,
                    "cancelled": cancelled,
                    "balance": captured - cancelled,
                },
            }
        )

    @routes.post("/sandbox/cancel")
    def cancel() -> AnyResponse:
        # An empty field is an empty reason; a missing field takes the usual reason.
        reason = request.form.get("reason", "관리자 콘솔 취소")
        try:
            amount = whole_won(request.form.get("amount"), "취소 금액")
            books.console_cancel(request.form.get("imp_uid", ""), amount, reason)
        except ApiRefusal as refusal:
            return page(problem=refusal.message, status=409)
        return redirect("/sandbox/books", 303)

    @routes.post("/sandbox/payments")
    def add_foreign() -> Response:
        try:
            fields = written_fields(request)
            amount = whole_won(fields.get("amount"), "amount")
            if amount is None or amount < 0:
                raise bad_request("amount: 올바르지 않은 금액입니다.")
            entered = books.add_foreign(text_field(fields.get("merchant_uid")), amount)
        except ApiRefusal as refusal:
            return json_answer({"error": refusal.message}, 400)
        return json_answer({"imp_uid": entered.imp_uid}, 201)

    return routes
