"""Calls of the V1 REST service with its token, as reads and writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.portone.api_call import ApiCall, ApiClient, parse_or_unknown
from posapp.portone.http_messages import HttpReply, HttpRequest
from posapp.portone.outcome_table import CallKind
from posapp.portone.refusals import Purpose
from posapp.portone.tokens import Token, Tokens

T = TypeVar("T")


class RestCalls:
    """Makes calls and parses their answers. Thread-safe; every method raises ``GatewayError``."""

    def __init__(self, caller: ApiClient, tokens: Tokens, api_base: str) -> None:
        self._caller = caller
        self._tokens = tokens
        self._api_base = api_base

    def read(
        self,
        path: str,
        query: tuple[tuple[str, str], ...] = (),
        purpose: Purpose = Purpose.OTHER,
    ) -> ApiCall:
        """Return a call that changes nothing."""
        request = HttpRequest("GET", self._api_base, path, query)
        return ApiCall(CallKind.READ, request, purpose=purpose)

    def write(
        self, method: str, path: str, body: dict[str, object] | None, purpose: Purpose
    ) -> ApiCall:
        """Return a call that may change something."""
        request = HttpRequest(method, self._api_base, path, body=body)
        return ApiCall(CallKind.WRITE, request, purpose=purpose)

    def or_none(self, call: ApiCall, read: Callable[[object], T]) -> T | None:
        """Return the answer parsed by ``read``; ``None`` if PortOne found nothing."""
        try:
            return self.answer(call, read)
        except GatewayError as error:
            if error.cause is GatewayCause.NOT_FOUND:
                return None
            raise

    def answer(
        self, call: ApiCall, read: Callable[[object], T], *, repeat_unauthorized: bool = True
    ) -> T:
        """Return the answer parsed by ``read``; see :meth:`send`."""
        reply = self.send(call, repeat_unauthorized=repeat_unauthorized)
        return parse_or_unknown(read, (reply.value or {}).get("response"))

    def send(self, call: ApiCall, *, repeat_unauthorized: bool = True) -> HttpReply:
        """Send with the token; if PortOne refuses the token, renew it once.

        Raises:
            GatewayError: after a second refusal, or after the first where the call must not be
                repeated before the payment was read.
        """
        token = self._tokens.current()
        try:
            return self._caller.call(with_token(token, call))
        except GatewayError as error:
            refused = error.cause is GatewayCause.UNAUTHORIZED
            # A call that may have been executed must be reported as such, even if a new token
            # cannot be fetched; the next reading fetches one.
            if not refused or error.outcome is not GatewayOutcome.RETRY_SAFE:
                raise
            token = self._tokens.renew(token)
            if not repeat_unauthorized:
                raise
        return self._caller.call(with_token(token, call))


def with_token(token: Token, call: ApiCall) -> ApiCall:
    """Return the call with the token in its header."""
    headers = (("Authorization", f"Bearer {token.text}"),)
    return replace(call, request=replace(call.request, headers=headers))


def path_segment(text: str, limit: int) -> str:
    """Quote one part of a path, so that it stays one part."""
    if not 1 <= len(text) <= limit or text in (".", ".."):
        raise ValueError("no number that PortOne could have")
    return quote(text, safe="")
