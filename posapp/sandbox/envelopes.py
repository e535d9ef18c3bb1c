"""PortOne's envelope ``{"code", "message", "response"}`` and the refusals that travel in it.

Codes, HTTP statuses and Korean texts are those observed of the real service. A text that was never
observed is a guess of the same kind and is marked so.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from flask import Request, Response

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_MOST_WON = 10**15


class ApiRefusal(Exception):
    """A call that PortOne refuses: HTTP ``status``, envelope ``code`` and ``message``.

    HTTP 200 with a code other than 0 is a refusal too.
    """

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class DialledRefusal(ApiRefusal):
    """A refusal set on the dial; the call may not document its status."""


def unauthorized() -> ApiRefusal:
    """Refuse a token that is missing, unknown or expired."""
    return ApiRefusal(401, -1, "Unauthorized")


def no_such_payment() -> ApiRefusal:
    """Refuse a reading call that found nothing."""
    return ApiRefusal(404, -1, "존재하지 않는 결제정보입니다.")


def bad_request(message: str) -> ApiRefusal:
    """Refuse a parameter that is missing or malformed (the texts used with this are guesses)."""
    return ApiRefusal(400, -1, message)


def json_answer(value: object, status: int = 200) -> Response:
    """Answer ``value`` as UTF-8 JSON, Hangul unescaped as the real service sends it."""
    text = json.dumps(value, ensure_ascii=False)
    return Response(text, status, content_type="application/json; charset=UTF-8")


def done(response: object) -> Response:
    """Answer with the envelope of a success."""
    return json_answer({"code": 0, "message": None, "response": response})


def refused(refusal: ApiRefusal) -> Response:
    """Answer with the envelope of a refusal."""
    body = {"code": refusal.code, "message": refusal.message, "response": None}
    return json_answer(body, refusal.status)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def strict_json(text: str | bytes) -> Any:
    """Parse JSON without NaN, Infinity and binary floats; ValueError if it is invalid."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def written_fields(request: Request) -> dict[str, Any]:
    """Parse the fields of a write, JSON or form-encoded: PortOne accepts both.

    Raises :class:`ApiRefusal` (400) when the body is neither.
    """
    if request.form:
        return dict(request.form.items())
    if not request.get_data():
        return {}
    try:
        fields = strict_json(request.get_data())
    except ValueError as error:
        raise bad_request("요청 본문을 읽을 수 없습니다.") from error
    if not isinstance(fields, dict):
        raise bad_request("요청 본문을 읽을 수 없습니다.")
    return fields


def whole_won(value: object, name: str) -> int | None:
    """Parse a won amount from JSON or a form: None when missing or empty.

    Raises :class:`ApiRefusal` (400) for anything but a whole number: won have no fractions.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise bad_request(f"{name}: 올바르지 않은 금액입니다.")
    if not _NUMBER.fullmatch(str(value)):
        raise bad_request(f"{name}: 올바르지 않은 금액입니다.")
    amount = Decimal(str(value))
    # The size first: int() would write out all digits of 1e99.
    if abs(amount) > _MOST_WON or amount != int(amount):
        raise bad_request(f"{name}: 올바르지 않은 금액입니다.")
    return int(amount)


def text_field(value: object) -> str:
    """Parse a text of a write; a missing one is empty, a number becomes its digits."""
    return "" if value is None else str(value)
