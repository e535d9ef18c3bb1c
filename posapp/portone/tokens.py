"""The access token: fetched on demand, shared by all threads, renewed before it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.portone.api_call import ApiCall, ApiClient, parse_or_unknown
from posapp.portone.http_messages import HttpRequest
from posapp.portone.outcome_table import CallKind
from posapp.portone.payloads import token as read_token
from posapp.services.ports.system import Clock, Secrets

KEY_NAME = "imp_key"
SECRET_NAME = "imp_secret"  # noqa: S105 - the name under which the keyring has it

RENEW_AHEAD_MS = 45_000
"""Renewal margin. If a token is requested in its last minute, PortOne extends it by 5 minutes
(docs/portone.md, "Token"); an earlier request returns the same end."""
LONGEST_MS = 24 * 3600 * 1000
"""Upper limit of a token's life: a day, whatever its answer says."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token in use. Times are milliseconds of the monotonic clock.

    Attributes:
        now: PortOne's clock (UTC) at ``requested_at``.
    """

    text: str = field(repr=False)
    requested_at: int
    ends_at: int
    now: datetime


class Tokens:
    """Provides the one token. Thread-safe: while one thread requests it from PortOne, the others
    wait for that answer."""

    def __init__(self, caller: ApiClient, api_base: str, secrets: Secrets, clock: Clock) -> None:
        self._caller = caller
        self._api_base = api_base
        self._secrets = secrets
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._asking: Future[Token] | None = None

    def current(self) -> Token:
        """Return a token with some life left, requesting one only if there is none.

        Raises:
            GatewayError: always RETRY_SAFE, since the call that needs the token was not sent;
                UNAUTHORIZED when PortOne refuses the keys.
            EnvironmentProblem: the keyring does not give the keys.
        """
        return self._get(self._is_valid)

    def cached(self) -> Token | None:
        """Return the token if there is one with some life left; sends nothing and does not wait."""
        with self._lock:
            token = self._token
        return token if token is not None and self._is_valid(token) else None

    def renew(self, refused: Token) -> Token:
        """Return another token after PortOne refused one; raises like ``current``.

        A token that another thread fetched meanwhile is used.
        """
        return self._get(lambda token: token is not refused)

    def fetch(self) -> Token:
        """Request a token from PortOne now; raises like ``current``."""
        return self._get(lambda token: False)

    def server_now(self) -> datetime:
        """Return PortOne's clock (UTC), computed from the last answer and the monotonic clock."""
        token = self.current()
        return token.now + timedelta(milliseconds=self._clock.monotonic() - token.requested_at)

    def _is_valid(self, token: Token) -> bool:
        return self._clock.monotonic() < token.ends_at - RENEW_AHEAD_MS

    def _get(self, serves: Callable[[Token], bool]) -> Token:
        with self._lock:
            if self._token is not None and serves(self._token):
                return self._token
            asking = self._asking
            mine: Future[Token] | None = None
            if asking is None:
                asking = self._asking = mine = Future()
        if mine is not None:
            self._ask_for(mine)
        return asking.result()

    def _ask_for(self, answer: Future[Token]) -> None:
        try:
            token = self._ask()
        except BaseException as error:  # noqa: BLE001 - decided: it goes to all who wait for it
            with self._lock:
                self._asking = None
            answer.set_exception(error)
        else:
            with self._lock:
                self._token, self._asking = token, None
            answer.set_result(token)

    def _ask(self) -> Token:
        keys = {name: self._secrets.get(name) for name in (KEY_NAME, SECRET_NAME)}
        request = HttpRequest("POST", self._api_base, "/users/getToken", body=keys)
        requested_at = self._clock.monotonic()
        try:
            # A read: a repeated request changes nothing (PortOne returns the same token).
            reply = self._caller.call(ApiCall(CallKind.READ, request))
            answer = parse_or_unknown(read_token, (reply.value or {}).get("response"))
        except GatewayError as error:
            refused = error.outcome is GatewayOutcome.REFUSED
            raise GatewayError(
                GatewayOutcome.RETRY_SAFE,
                GatewayCause.UNAUTHORIZED if refused else error.cause,
                code=error.code,
                text=error.text,
                retry_after=error.retry_after,
            ) from None
        life = min(answer.life * 1000, LONGEST_MS)
        return Token(answer.text, requested_at, requested_at + life, answer.now)
