"""The Flask application: all routes, the templates, and the headers of every answer."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from .assets import stylesheet, template_loader
from .book_keeping import PaymentBook
from .buyer_page import phone_routes
from .door import HEADER, Door
from .envelopes import json_answer
from .fault_dial import FaultInjector
from .fault_routes import dial_routes
from .formats import seoul_clock, seoul_time, won
from .links import link_routes
from .merchant_console import console_routes
from .path_numbers import Number
from .receipt_book import ReceiptBook
from .receipt_routes import receipt_routes
from .rest import rest_routes
from .tokens import TokenDesk

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of all pages: own style sheet and own forms only, no scripts."""
ENTER = "/sandbox/enter"
"""Path that takes the secret; everything else under ``/sandbox/`` requires it."""
MOST_BODY = 1024 * 1024
"""Largest request body in bytes."""


def build_app(
    books: PaymentBook,
    receipts: ReceiptBook,
    tokens: TokenDesk,
    faults: FaultInjector,
    *,
    user_code: str,
    channel_key: str,
    base: str,
    link_prefix: str,
    door: Door | None = None,
) -> Flask:
    """Build the application with all routes over these books. Without ``door`` the secret is a
    random one that no caller has, so that console and dial stay closed."""
    door = door or Door()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY
    app.url_map.converters["number"] = Number
    app.url_map.merge_slashes = False  # an empty number is an error, not a redirect
    app.jinja_loader = template_loader()
    app.jinja_env.filters.update(won=won, seoul_time=seoul_time, seoul_clock=seoul_clock)
    app.register_blueprint(rest_routes(books, tokens, faults.conduct, channel_key, base))
    app.register_blueprint(receipt_routes(receipts, tokens, faults.conduct))
    app.register_blueprint(link_routes(books, user_code, channel_key), url_prefix=link_prefix)
    app.register_blueprint(phone_routes(books))
    app.register_blueprint(console_routes(books, receipts, base))
    app.register_blueprint(dial_routes(faults))
    app.register_blueprint(door_routes(door))
    style = stylesheet()

    @app.get("/pages.css")
    def pages_css() -> Response:
        return Response(style, content_type="text/css; charset=utf-8")

    @app.before_request
    def guard() -> Response | None:
        return guard_console() or guard_forms() or guard_door(door)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Not "no-referrer": browsers would then send "Origin: null" with the forms.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(HTTPException)
    def plain_error(error: HTTPException) -> Response:
        body = {"code": -1, "message": error.name, "response": None}
        return json_answer(body, error.code or 500)

    return app


def guard_console() -> Response | None:
    """Admit this machine only to console and dial, also when phones can reach the rest."""
    if not request.path.startswith("/sandbox/"):
        return None
    # The host name too: a foreign web page can point its own name at this machine.
    name = urlsplit(f"//{request.host}").hostname or ""
    if not _is_loopback(request.remote_addr or "") or not (
        name == "localhost" or _is_loopback(name)
    ):
        return json_answer({"error": "이 컴퓨터에서만 볼 수 있습니다."}, 403)
    return None


def guard_door(door: Door) -> Response | None:
    """Require the secret for console and dial: this machine may have other users."""
    if not request.path.startswith("/sandbox/") or request.path == ENTER or door.lets_in(request):
        return None
    if request.method == "GET" and request.accept_mimetypes.accept_html:
        return closed_page()
    return json_answer({"error": f"{HEADER} 헤더에 비밀번호가 필요합니다."}, 401)


def door_routes(door: Door) -> Blueprint:
    """Routes of ``/sandbox/enter``: a person in a browser enters the secret once."""
    routes = Blueprint("door", __name__)

    @routes.post(ENTER)
    def enter() -> AnyResponse:
        if not door.fits(request.form.get("secret", "").strip()):
            return closed_page("비밀번호가 올바르지 않습니다.")
        opened = redirect("/sandbox/books", 303)
        door.admit(opened)
        return opened

    return routes


def closed_page(problem: str = "") -> Response:
    """Answer with the page that asks for the secret."""
    return Response(render_template("enter.html", problem=problem), 401)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def guard_forms() -> Response | None:
    """Refuse form posts that come from another web page."""
    origin = request.headers.get("Origin")
    if request.method == "GET" or origin is None:
        return None
    if urlsplit(origin).netloc != request.host:
        return json_answer({"error": "다른 사이트의 요청입니다."}, 403)
    return None
