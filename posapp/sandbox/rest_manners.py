"""What all V1 calls have in common: the token, and refusals in PortOne's envelope."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from .documented import as_documented
from .envelopes import ApiRefusal, bad_request, refused
from .tokens import TokenDesk

ARRIVED_AT = "posapp.sandbox.arrived_at"
"""Key in the WSGI environ: arrival of the call in unix seconds. The token of a delayed call is
checked at this time."""

WITHOUT_TOKEN = "rest.get_token"  # noqa: S105 - the name of a route
"""The one call that needs no token."""


def v1_blueprint(name: str, tokens: TokenDesk) -> Blueprint:
    """Return a blueprint whose calls require the token and refuse in the envelope, with statuses
    that the schema documents."""
    routes = Blueprint(name, __name__)

    @routes.errorhandler(ApiRefusal)
    def refuse(refusal: ApiRefusal) -> Response:
        return refused(as_documented(_call(), refusal))

    @routes.errorhandler(HTTPException)
    def refuse_form(error: HTTPException) -> Response:
        return refused(as_documented(_call(), bad_request(error.name)))

    @routes.before_request
    def check_token() -> None:
        if request.endpoint != WITHOUT_TOKEN:
            header = request.headers.get("Authorization", "")
            tokens.check(header, request.environ.get(ARRIVED_AT))

    return routes


def _call() -> str:
    return (request.endpoint or "").rpartition(".")[2]
