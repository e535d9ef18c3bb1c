"""The access token: fetched when needed, shared by all threads, renewed ahead of its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
from posapp.portone.calling import Call, Caller, believed
from posapp.portone.outcomes import Deed
from posapp.portone.transport import Request
from posapp.portone.wire import token as read_token
from posapp.services.ports.machine import Clock, Secrets

KEY_NAME = "imp_key"
SECRET_NAME = "imp_secret"  # noqa: S105 - the name under which the keyring has it

RENEW_AHEAD_MS = 45_000
"""Asked in its last minute, PortOne lets a token live 5 minutes longer (docs/portone.md, "Token");
asked earlier, it gives the same end again."""
LONGEST_MS = 24 * 3600 * 1000
"""No token is trusted longer than a day, whatever its answer says."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token in use. Times are milliseconds of the monotonic clock.

    Attributes:
        now: PortOne's clock (UTC) at ``asked_at``.
    """

    text: str = field(repr=False)
    asked_at: int
    ends_at: int
    now: datetime


class Tokens:
    """Hands out the one token. Thread-safe: while one thread asks PortOne, the others wait for
    its answer instead of asking too."""

    def __init__(self, caller: Caller, api_base: str, secrets: Secrets, clock: Clock) -> None:
        self._caller = caller
        self._api_base = api_base
        self._secrets = secrets
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._asking: Future[Token] | None = None

    def current(self) -> Token:
        """Return a token with some life left, asking for one only if there is none.

        Raises:
            GatewayError: always RETRY_SAFE, since the deed itself was not sent; UNAUTHORIZED when
                PortOne refuses the keys.
            EnvironmentProblem: the keyring does not give the keys.
        """
        return self._get(self._lives)

    def at_hand(self) -> Token | None:
        """The token, if there is one with some life left: asks nobody and waits for nobody."""
        with self._lock:
            token = self._token
        return token if token is not None and self._lives(token) else None

    def instead_of(self, refused: Token) -> Token:
        """Return another token after PortOne refused one; raises like ``current``.

        One that another thread fetched meanwhile serves.
        """
        return self._get(lambda token: token is not refused)

    def fresh(self) -> Token:
        """Ask PortOne now; raises like ``current``."""
        return self._get(lambda token: False)

    def server_now(self) -> datetime:
        """PortOne's clock (UTC) as the last answer and the monotonic clock tell it."""
        token = self.current()
        return token.now + timedelta(milliseconds=self._clock.monotonic() - token.asked_at)

    def _lives(self, token: Token) -> bool:
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
        request = Request("POST", self._api_base, "/users/getToken", body=keys)
        asked_at = self._clock.monotonic()
        try:
            # A read: asking twice changes nothing (the same token comes back).
            reply = self._caller.call(Call(Deed.READ, request))
            answer = believed(read_token, (reply.value or {}).get("response"))
        except GatewayError as error:
            refused = error.outcome is Outcome.REFUSED
            raise GatewayError(
                Outcome.RETRY_SAFE,
                GatewayCause.UNAUTHORIZED if refused else error.cause,
                code=error.code,
                text=error.text,
                retry_after=error.retry_after,
            ) from None
        life = min(answer.life * 1000, LONGEST_MS)
        return Token(answer.text, asked_at, asked_at + life, answer.now)
